// Whatever a reader may copy works: maps and scenarios are accepted, commands are well formed and ask for what exists.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT } from '../../catalog/root.ts';
import { parseScenario } from '../../lab/scenario.ts';
import { parseMap } from '../../map/load.ts';
import { SCENES } from '../status/fake-monitor.ts';
import { ask, type Harness, start } from '../status/status-harness.ts';
import { cliCommand } from './artifacts.ts';
import { BLOCKS, codesOf, DOCS, RUNBOOK_PAGES } from './pages.ts';

const PROSE_COMMANDS = [...DOCS, ...RUNBOOK_PAGES].flatMap((page) =>
  codesOf(page)
    .filter((code) => /^(node dist|npm (start|run|test)|docker|curl|systemctl|cp) /.test(code))
    .map((text) => ({ file: page.file, text })),
);

const SHELL = BLOCKS.filter(({ language }) => language === 'sh');

/** Command lines with their parts of a pipe, everywhere. */
const COMMANDS = [
  ...SHELL.flatMap(({ file, text }) =>
    text
      .trim()
      .split('\n')
      .map((line) => ({ file, text: line })),
  ),
  ...PROSE_COMMANDS,
];

const wordsOf = (line: string): string[] => line.split(' | ')[0]?.split(/\s+/) ?? [];

describe('YAML', () => {
  const yaml = BLOCKS.filter(({ language }) => language === 'yaml');
  const maps = yaml.filter(({ text }) => /^version:/m.test(text));
  const scenarios = yaml.filter(({ text }) => /^timeline:/m.test(text));
  const foreign = yaml.filter((block) => !maps.includes(block) && !scenarios.includes(block));

  it.each(maps)('of $file is a map', ({ file, text }) => {
    expect(parseMap(text, file, ROOT).file.version).toBe(1);
  });

  it.each(scenarios)('of $file is a scenario', ({ file, text }) => {
    expect(parseScenario(text, file).expect.length).toBeGreaterThan(0);
  });

  it('of others is about Prometheus, and scrapes as the stack does', () => {
    expect(foreign.map(({ file }) => file)).toEqual(['docs/existing-stack-prometheus.md']);
    const ours = parse(readFileSync(path.join(ROOT, 'compose/prometheus/prometheus.yml'), 'utf8'));
    const {
      scrape_configs: [job],
    } = parse(foreign[0]?.text ?? '');
    const { scrape_interval, scrape_timeout } = ours.scrape_configs[0];
    expect(job).toMatchObject({ job_name: 'demarc', scrape_interval, scrape_timeout });
  });
});

describe('commands', () => {
  const PROGRAMS = new Set(
    'amtool cat cloudflared cp curl date dig docker for free df grep head ip iptables journalctl kubectl mtr nc nft node npm openssl ping promtool resolvectl ss systemctl systemd-analyze timedatectl top tracepath upsc whois'.split(
      ' ',
    ),
  );

  it.each(SHELL)('of $file are well formed', ({ text }) => {
    execFileSync('bash', ['-n'], { input: text });
    for (const line of text.trim().split('\n')) expect(PROGRAMS).toContain(wordsOf(line)[0]);
  });

  it('ask demarc only for what it can do', async () => {
    const demarc = await cliCommand();
    const calls = COMMANDS.flatMap(({ file, text }) => {
      const call =
        /\bnode (?:\S*\/)?dist\/cli\/main\.js (.+)$/.exec(text)?.[1] ??
        /^docker run .* demarc (serve.*)$/.exec(text)?.[1];
      const start = /^npm start(?: -- (.+))?$/.exec(text);
      return start === null
        ? call === undefined
          ? []
          : [{ file, call }]
        : [{ file, call: `serve ${start[1] ?? ''}` }];
    });
    expect(calls.length).toBeGreaterThan(8);
    for (const { call } of calls) {
      const [name, ...words] = call.trim().split(/\s+/);
      const group = demarc.commands.find((one) => one.name() === name);
      const command = group?.commands.find((one) => one.name() === words[0]) ?? group;
      expect(command, call).toBeDefined();
      const flags = words.filter((word) => word.startsWith('-'));
      for (const flag of flags)
        expect(
          command?.options.some(({ long, short }) => [long, short].includes(flag)),
          call,
        ).toBe(true);
    }
  });

  it('run only scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    const wanted = COMMANDS.flatMap(({ text }) => /^npm run ([\w:-]+)/.exec(text)?.[1] ?? []);
    expect(wanted.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('name only services of the stack', () => {
    const { services } = parse(readFileSync(path.join(ROOT, 'compose.yaml'), 'utf8'), { merge: true });
    const named = COMMANDS.flatMap(({ text }) => {
      const words = /^docker compose (?:restart|logs|ps|kill)\b(.*)$/.exec(text)?.[1];
      return words === undefined ? [] : [words.trim().split(/\s+/).at(-1) ?? ''];
    });
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((name) => !(name in services))).toEqual([]);
  });
});

describe('what is asked of the exporter', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await start(SCENES.mixed);
  });
  afterAll(() => harness.server.close());

  const paths = new Set(
    COMMANDS.flatMap(({ text }) =>
      [...text.matchAll(/http:\/\/127\.0\.0\.1:9815(\/[\w/.-]*)/g)].map(([, where = '']) => where),
    ),
  );

  it.each([...paths])('%s is answered', async (where) => {
    expect((await ask(harness.server, where.replace('SERVICE', 'blog'))).status).toBe(200);
  });

  it('includes every path that the page about security lists', async () => {
    const text = DOCS.find(({ file }) => file === 'docs/security.md')?.text ?? '';
    const listed = [...text.matchAll(/^\| (`\/.*?) \|/gm)].flatMap(([, cell = '']) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, where = '']) => where),
    );
    const asked = listed.filter((where) => !['/assets', '/api/v1/stream', '/demo/faults'].includes(where));
    expect(asked.length).toBeGreaterThan(6);
    for (const where of asked) {
      const real = where.replace('NAME', 'blog').replace('VENDOR', 'cloudflare').replace('ROW', 'edge_failing');
      expect((await ask(harness.server, real)).status, where).toBe(200);
    }
  });
});
