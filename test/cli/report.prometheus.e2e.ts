// `demarc report --prometheus` with a real Prometheus that remembers the outage the journal is about.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findTools } from '../../scripts/tools.mjs';
import { JOURNAL_FILE } from '../../status/journal-file.ts';
import { alive, leaning, minute, said, started } from '../status/journal-lines.ts';
import { runDemarc } from './run-demarc.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-report-'));
let url = '';
let stop = async (): Promise<void> => undefined;

const STORY = [
  started(0),
  leaning(0, { blog: ['cloudflare'] }),
  said(0, 'blog', 'fine'),
  said(22, 'blog', 'edge_failing', { vendor: 'cloudflare', since: 20 }),
  said(80, 'blog', 'fine'),
  alive(0, 120),
];

/** The alert fires from the 23rd minute, the status page admits it in the 61st. */
function openMetrics(): string {
  const lines: string[] = [];
  const series = (name: string, from: number, valueAt: (minute: number) => number): void => {
    for (let n = from; n < 100; n += 1) lines.push(`${name} ${valueAt(n)} ${minute(n) / 1000}`);
  };
  lines.push('# TYPE ALERTS gauge');
  series('ALERTS{alertname="DemarcVendorFailure",alertstate="firing",site="home",service="blog"}', 23, () => 1);
  lines.push('# TYPE demarc_vendor_status gauge');
  series('demarc_vendor_status{vendor="cloudflare"}', 0, (n) => (n < 61 ? 0 : 4));
  return `${lines.join('\n')}\n# EOF\n`;
}

beforeAll(async () => {
  const { paths, hint } = await findTools(['prometheus', 'promtool'], { log: console.error });
  if (hint !== null) throw new Error(hint);
  mkdirSync(path.join(folder, 'state'));
  writeFileSync(path.join(folder, 'state', JOURNAL_FILE), STORY.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  writeFileSync(path.join(folder, 'past.om'), openMetrics());
  writeFileSync(path.join(folder, 'prometheus.yml'), 'global: {}\n');
  execFileSync(paths.promtool ?? '', ['tsdb', 'create-blocks-from', 'openmetrics', 'past.om', 'data'], {
    cwd: folder,
    stdio: 'pipe',
  });
  const flags = [
    '--config.file=prometheus.yml',
    '--storage.tsdb.path=data',
    '--storage.tsdb.retention.time=20y',
    '--web.listen-address=127.0.0.1:0',
  ];
  const child = spawn(paths.prometheus ?? '', flags, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  stop = () =>
    new Promise((resolve) => {
      child.once('close', () => resolve());
      child.kill('SIGTERM');
    });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  const address = await vi.waitUntil(() => /Listening on.*address=(127\.0\.0\.1:\d+)/.exec(log)?.[1], {
    timeout: 60_000,
  });
  url = `http://${address}`;
  await vi.waitUntil(
    () =>
      fetch(`${url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    { timeout: 60_000 },
  );
});

afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

const WINDOW = ['--from', '2026-03-05T00:00:00Z', '--to', '2026-03-05T02:00:00Z'];

describe('demarc report --prometheus', () => {
  it('adds when the alert fired and when the vendor admitted it', async () => {
    const { code, stdout, stderr } = await runDemarc(['report', ...WINDOW, '--prometheus', url], folder);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain(
      'The first alert fired 3 min after the first bad answer. Its status page admitted it 41 min after the first bad answer.',
    );
    const { stdout: json } = await runDemarc(['report', ...WINDOW, '--json', '--prometheus', url], folder);
    expect(JSON.parse(json).events[0].seen).toEqual({ alertedMs: 180_000, status: 'said', statusLagMs: 2_460_000 });
  });

  it.each([
    [
      'nobody there',
      'http://127.0.0.1:1',
      /^--prometheus: http:\/\/127\.0\.0\.1:1 does not answer as a Prometheus does/,
    ],
    ['no URL', 'localhost:9090', /^--prometheus: localhost:9090 is no http:\/\/ URL, give its address/],
  ])('ends with 2 when it cannot be asked: %s', async (_, given, said) => {
    const { code, stderr } = await runDemarc(['report', ...WINDOW, '--prometheus', given], folder);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });
});
