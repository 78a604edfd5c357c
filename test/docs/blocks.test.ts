// Every command and snippet of the pages is run, or validated, or says why it cannot be. Nothing is left out in silence.
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../../catalog/root.ts';
import { openShell, type Shell } from '../cli/shell.ts';
import { SCENES } from '../status/fake-monitor.ts';
import { type Harness, start } from '../status/status-harness.ts';
import { DOCS, type Page } from './pages.ts';

const README: Page = { file: 'README.md', text: readFileSync(path.join(ROOT, 'README.md'), 'utf8') };

/** What a comment above a block spares from being run: lines that begin with these programs, or all of it. */
interface Spared {
  programs: string[];
  reason: string;
}

interface Fenced {
  file: string;
  language: string;
  text: string;
  spared: Spared | null;
}

const BLOCK = /(?:^ *<!-- not run: ([\w, -]+?): (.+?) -->\n)?^( *)```(\w+)\n([\s\S]*?)^\3```$/gm;

function fencedIn({ file, text }: Page): Fenced[] {
  return [...text.matchAll(BLOCK)].map(([, programs, reason = '', indent = '', language = '', body = '']) => ({
    file,
    language,
    text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    spared: programs === undefined ? null : { programs: programs.split(', '), reason },
  }));
}

const FENCED = [README, ...DOCS].flatMap(fencedIn);

/** Programs that other tests give what they need, wherever the machine has them. */
const ELSEWHERE = new Set(['promtool', 'amtool']);

interface Line {
  file: string;
  text: string;
}

const linesOf = ({ file, text }: Fenced): Line[] =>
  text
    .trim()
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => ({ file, text: line }));

const isSpared = ({ spared }: Fenced, { text }: Line): boolean =>
  spared !== null && (spared.programs.includes('all') || spared.programs.includes(text.split(' ')[0] ?? ''));

const SHELL = FENCED.filter(({ language }) => language === 'sh');
const RUN = SHELL.flatMap((block) => linesOf(block).filter((line) => !isSpared(block, line)));
const NOT_RUN = SHELL.flatMap((block) => linesOf(block).filter((line) => isSpared(block, line)));

describe('what is not run', () => {
  it('is marked with a reason, spares only what is there, and does not grow in silence', () => {
    for (const { file, text, spared } of FENCED) {
      if (spared === null) continue;
      expect(spared.reason.length, file).toBeGreaterThan(8);
      for (const program of spared.programs)
        if (program !== 'all') expect(text, `${file}: ${program}`).toMatch(new RegExp(`^${program} `, 'm'));
    }
    // One more is one more thing that may be wrong: change the number with a reason.
    expect(NOT_RUN.length).toBeLessThanOrEqual(45);
    expect(RUN.length).toBeGreaterThan(20);
  });

  it('has markers only above blocks', () => {
    for (const { file, text } of [README, ...DOCS]) {
      const markers = text.match(/<!-- not run/g)?.length ?? 0;
      expect(fencedIn({ file, text }).filter(({ spared }) => spared !== null).length, file).toBe(markers);
    }
  });
});

describe('commands', () => {
  const MAP = readFileSync(path.join(ROOT, 'demarc.example.yaml'), 'utf8');
  const NOTIFY = 'notify: { receivers: { phone: { kind: ntfy, url: http://nas.lan, topic: alerts } } }\n';
  /** A diagnosis may find something, and what is elsewhere need not be there. */
  const MAY_FAIL = /main\.js (doctor|probe outside|probe http .*proxy)/;

  let harness: Harness;
  const shells = new Map<string, Shell>();

  beforeAll(async () => {
    harness = await start(SCENES.mixed);
  });
  afterAll(() => harness.server.close());

  /** One folder a page, as a reader would have it: the project, a map, and places of the system of its own. */
  function shellFor(file: string): Shell {
    const known = shells.get(file);
    if (known !== undefined) return known;
    const map = `${MAP}${NOTIFY}listen: ${new URL(harness.server.url).host}\n`;
    const shell = openShell({
      'demarc.yaml': map,
      'etc/demarc/demarc.yaml': map,
      'etc/grafana/provisioning/dashboards/none': '',
    });
    for (const name of readdirSync(ROOT))
      if (!['demarc.yaml', 'state', '.git'].includes(name))
        symlinkSync(path.join(ROOT, name), path.join(shell.folder, name));
    shells.set(file, shell);
    return shell;
  }

  it.each(RUN.filter(({ text }) => !ELSEWHERE.has(text.split(' ')[0] ?? '')))(
    '$file: $text',
    async ({ file, text }) => {
      const shell = shellFor(file);
      const line = text
        .replaceAll(/(?<=[\s=])\/(etc|var|opt)\//g, `${shell.folder}/$1/`)
        .replaceAll('http://127.0.0.1:9815', harness.server.url)
        .replaceAll('port=9815', `port=${new URL(harness.server.url).port}`);
      const { code, stderr } = await shell.run(line);
      expect(stderr).not.toMatch(/^\s+at |this is a bug/m);
      expect(MAY_FAIL.test(line) ? [0, 1] : [0], stderr).toContain(code);
    },
  );
});

describe('snippets', () => {
  const of = (language: string): Fenced[] => FENCED.filter((block) => block.language === language);

  it.each(of('json'))('JSON of $file', ({ text }) => {
    expect(JSON.parse(text)).toBeTypeOf('object');
  });

  it.each(of('promql'))('PromQL of $file: $text', ({ text }) => {
    const wrong: string[] = [];
    parser.parse(text).iterate({
      enter: ({ type, from, to }) => void (type.isError && wrong.push(text.slice(from, to + 10))),
    });
    expect(wrong).toEqual([]);
  });

  it('are in languages that are run, validated or plainly only shown', () => {
    const known = ['sh', 'yaml', 'json', 'promql', 'text', 'ini'];
    expect(FENCED.map(({ language }) => language).filter((language) => !known.includes(language))).toEqual([]);
  });
});

describe('links', () => {
  /** The anchor GitHub makes of a heading. */
  const slug = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[`*]/g, '')
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');

  const anchorsOf = (text: string): Set<string> =>
    new Set(
      [...text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        slug(heading),
      ),
    );

  const PAGES = [
    README,
    ...DOCS,
    ...['ARCHITECTURE.md', 'CHANGELOG.md'].map((file) => ({ file, text: readFileSync(path.join(ROOT, file), 'utf8') })),
  ];

  it.each(PAGES)('of $file lead to files and headings that are there', ({ file, text }) => {
    const prose = text.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
    for (const [, target = '', anchor = ''] of prose.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)) {
      const at = target === '' ? file : path.join(path.dirname(file), target);
      const linked = target === '' ? text : /\.md$/.test(target) ? readFileSync(path.join(ROOT, at), 'utf8') : '';
      if (anchor !== '') expect(anchorsOf(linked), `${file} -> ${target}#${anchor}`).toContain(anchor);
    }
  });

  it('lead from the index to every page', () => {
    const textOf = new Map(DOCS.map(({ file, text }) => [file, text]));
    const reached = new Set(['docs/index.md']);
    for (const file of reached)
      for (const [, target = ''] of (textOf.get(file) ?? '').matchAll(/\]\(([\w-]+\.md)(?:#[^)]*)?\)/g))
        reached.add(`docs/${target}`);
    expect(DOCS.map(({ file }) => file).filter((file) => !reached.has(file))).toEqual([]);
    expect(README.text).toContain('](docs/index.md)');
  });
});
