// `demarc check` as a person and as a program meet it: the report in 80 columns, as facts, and as pictures.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { reportLines } from '../../cli/check-text.ts';
import { mermaidOf } from '../../cli/dependency-mermaid.ts';
import { svgOf } from '../../cli/dependency-svg.ts';
import { dependencyReport } from '../../map/dependency-report.ts';
import { parseMap } from '../../map/load.ts';
import { type Run, runDemarc } from './run-demarc.ts';

const MAP = `version: 1
site: home
services:
  blog:
    url: https://blog.example.com/
    dns: { zone: example.com, vendor: cloudflare }
    edge: { vendor: cloudflare }
    tunnel: { metrics: http://127.0.0.1:20241 }
    origin: { url: http://192.168.1.20:8080/, host: blog.example.com, hostPort: 22 }
  shop:
    url: https://shop.example.org/
    dns: { zone: example.org, vendor: cloudflare }
    edge: { vendor: fastly }
    origin: { url: http://192.168.1.20:8080/, host: shop.example.org, hostPort: 22 }
vendors:
  cloudflare: { components: { tunnel: { controls: [] } } }
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'demarc-check-'));
  writeFileSync(path.join(folder, 'demarc.yaml'), MAP);
});

const check = (...argv: string[]): Promise<Run> => runDemarc(['check', ...argv], folder);

describe('the report', () => {
  it('ranks what takes down most, and tells what happens and who would be named', async () => {
    const { code, stdout } = await check();
    expect(code).toBe(0);
    const [head = '', , title, ...lines] = stdout.split('\n');
    expect(head).toMatch(/^ok demarc\.yaml: 2 services, \d+ probes, \d warnings$/);
    expect(title).toBe('Single points of failure, the one that takes down most first');
    const shares = lines.flatMap((line) => /^ {2}(\d) of 2 /.exec(line)?.[1] ?? []);
    expect(shares.slice(0, 5)).toEqual(['2', '2', '2', '2', '1']);
    expect(stdout).toContain('  2 of 2   your line: blog, shop\n');
    expect(stdout).toMatch(/the machine 192\.168\.1\.20: blog, shop\n +One process on port 8080 serves them all\./);
    expect(stdout).toContain('demarc names your ISP: your router answers, nothing beyond it.');
    expect(stdout).toMatch(
      /^ {2}- example\.com and example\.org: 2 domains, but one DNS provider, Cloudflare's\n {4}DNS\.$/m,
    );
    expect(stdout).toMatch(/^ {2}off {3}vendor verdicts off for Cloudflare's tunnel service: it has no control/m);
  });

  it('fits 80 columns, warnings too', async () => {
    const { stdout, stderr } = await check();
    expect([...stdout.split('\n'), ...stderr.split('\n')].filter((line) => line.length > 80)).toEqual([]);
    expect(stderr).toMatch(/^warning demarc\.yaml:\d+:\d+ /m);
  });

  it('has the same facts for programs', async () => {
    const { stdout, stderr } = await check('--json');
    expect(stderr).toBe('');
    const facts = JSON.parse(stdout);
    const report = dependencyReport(parseMap(MAP, 'demarc.yaml', '/'));
    expect(facts).toMatchObject({ services: 2, warnings: expect.any(Array) });
    expect(facts.elements).toEqual(report.elements);
    expect(facts.sharedFate).toEqual(report.sharedFate);
    expect(facts.vendorVerdicts).toEqual(report.vendorVerdicts);
  });

  it('cuts a long list, and says where the rest is', () => {
    const services = Array.from(
      { length: 20 },
      (_, index) =>
        `  s${index}: { url: 'https://s${index}.example.com/', origin: { url: 'http://192.168.1.${index}/' } }`,
    );
    const map = parseMap(`version: 1\nservices:\n${services.join('\n')}\n`, 'demarc.yaml', '/');
    const lines = reportLines(dependencyReport(map));
    expect(lines.filter((line) => /^ {2}\d+ of 20/.test(line))).toHaveLength(12);
    expect(lines).toContain('  and 10 more: --json tells all');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('is silent about dependencies where there are no services', async () => {
    writeFileSync(path.join(folder, 'empty.yaml'), 'version: 1\nwatch: [aws, fastly]\n');
    const { stdout } = await check('empty.yaml');
    expect(stdout).not.toContain('Single points');
  });
});

describe('--strict', () => {
  it('makes a failure of a warning, and of nothing else', async () => {
    expect((await check('--strict')).code).toBe(1);
    writeFileSync(
      path.join(folder, 'clean.yaml'),
      'version: 1\nwatch: [aws, fastly]\nnotify: { receivers: { phone: { kind: ntfy, url: http://nas.lan, topic: alerts } }, heartbeat: { urlFile: /etc/heartbeat } }\n',
    );
    expect(await check('--strict', 'clean.yaml')).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('pictures', () => {
  it('go to files, and the text still to the terminal', async () => {
    const { code, stdout, stderr } = await check('--svg', 'depends.svg', '--mermaid', 'depends.mmd');
    expect(code).toBe(0);
    expect(stdout).toContain('Single points of failure');
    expect(stderr).toContain('drew depends.svg\ndrew depends.mmd\n');
    const report = dependencyReport(parseMap(MAP, 'demarc.yaml', '/'));
    expect(readFileSync(path.join(folder, 'depends.svg'), 'utf8')).toBe(svgOf(report, 'home'));
    expect(readFileSync(path.join(folder, 'depends.mmd'), 'utf8')).toBe(mermaidOf(report));
  });

  it('go to stdout alone when asked to', async () => {
    expect((await check('--mermaid', '-')).stdout).toMatch(/^flowchart LR\n/);
    expect((await check('--svg', '-')).stdout).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
  });

  it.each([
    [['--svg', '-', '--mermaid', '-'], /^-: only one thing can go to stdout, give the other a file of its own$/m],
    [['--svg', '-', '--json'], /^-: only one thing can go to stdout/m],
    [['--svg', 'no/where.svg'], /^no\/where\.svg: cannot be written \(ENOENT\), choose another, or - to print it$/m],
  ])('%j ends with 2', async (argv, said) => {
    const { code, stderr } = await check(...argv);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });
});

describe('the Mermaid text', () => {
  interface Drawn {
    nodes: Map<string, { label: string; group: string; style: string }>;
    edges: [from: string, to: string][];
    styles: Set<string>;
  }

  /** Reads the part of Mermaid's flowchart grammar that is written; any other line is an error. */
  function drawn(text: string): Drawn {
    const found: Drawn = { nodes: new Map(), edges: [], styles: new Set() };
    let group = '';
    const [first, ...lines] = text.trimEnd().split('\n');
    if (first !== 'flowchart LR') throw new Error(`no flowchart: ${first}`);
    for (const line of lines.map((one) => one.trim())) {
      const subgraph = /^subgraph (\w+)\["[^"<>]+"\]$/.exec(line)?.[1];
      const node = /^(\w+)\["([^"<>`]*)"\]:::(\w+)$/.exec(line);
      const edge = /^(\w+) --> (\w+)$/.exec(line);
      const style = /^classDef (\w+) (?:[a-z]+:#[0-9a-f]{6},?)+$/.exec(line)?.[1];
      if (line === 'end') group = '';
      else if (subgraph !== undefined) group = subgraph;
      else if (node !== null) found.nodes.set(node[1] ?? '', { label: node[2] ?? '', group, style: node[3] ?? '' });
      else if (edge !== null) found.edges.push([edge[1] ?? '', edge[2] ?? '']);
      else if (style !== undefined) found.styles.add(style);
      else throw new Error(`not understood: ${line}`);
    }
    return found;
  }

  it('has a node for every service and element, and an arrow for every dependency', () => {
    const report = dependencyReport(parseMap(MAP, 'demarc.yaml', '/'));
    const { nodes, edges, styles } = drawn(mermaidOf(report));
    expect(nodes.size).toBe(report.services.length + report.elements.length);
    const arrows = edges.map(([from, to]) => `${nodes.get(from)?.label} > ${nodes.get(to)?.label}`);
    const wanted = report.elements.flatMap(({ title, services }) =>
      services.map((name) => `${name} > ${title} (${services.length} of 2)`),
    );
    expect(arrows.sort()).toEqual(wanted.sort());
    for (const { style, group } of nodes.values()) {
      expect(styles).toContain(style);
      expect(group).toBe(style === 'service' ? 'services' : `${style}s`);
    }
  });

  it('stays text whatever things are called', () => {
    const element = dependencyReport(parseMap(MAP, 'demarc.yaml', '/')).elements[0];
    if (element === undefined) throw new Error('there is no element');
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.constantFrom('"]', '-->', '#quot;', '<b>', '`', '\n  end'),
        (text, odd) => {
          const { nodes, edges } = drawn(
            mermaidOf({ services: ['blog'], elements: [{ ...element, title: text + odd, services: ['blog'] }] }),
          );
          expect([nodes.size, edges.length]).toEqual([2, 1]);
        },
      ),
    );
  });
});
