// VictoriaMetrics: its vmalert loads the committed rules, and comes to the same verdicts and alerts as Prometheus does.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORDS } from '../../alerts/records.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import { projectFile } from '../../catalog/root.ts';
import { freePort, type Program, run, until } from '../../replay/process.ts';
import { query } from '../../replay/watch.ts';
import { decide } from '../../verdict/decide.ts';
import type { RowId } from '../../verdict/table.ts';
import { type FakeExporter, FINE, fakeExporter, pageOf, statesOf } from './exporter-page.ts';

/** A site of its own for each of these rows. */
const ROWS: readonly RowId[] = [
  ...(['lan_down', 'uplink_down', 'uplink_down_unplaced', 'resolver_down', 'isp_resolver_down'] as const),
  ...(['dns_vendor_down', 'record_missing', 'endpoint_record_empty', 'edge_failing', 'edge_suspected'] as const),
  ...(['tunnel_daemon_dead', 'origin_host_down', 'origin_refused', 'origin_error', 'unexplained'] as const),
];

const ALERT_OF_OWNER: Partial<Record<string, string>> = {
  self: 'DemarcOwnFailure',
  isp: 'DemarcIspFailure',
  vendor: 'DemarcVendorFailure',
};

const statesAt = new Map([['fine', FINE], ...ROWS.map((id) => [id, statesOf(id)] as const)]);

/** Debian's vmalert is older than `keep_firing_for`; docs/rule-engines.md says so, and this is the command it gives. */
const OLD = 'grep -v keep_firing_for';

let folder: string;
let rules: string;
let exporter: FakeExporter;
let store: Program;
let vmalert: Program;

async function ran(file: string, args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-vmalert-'));
  rules = path.join(folder, 'rules.yml');
  const file = projectFile('alerts/demarc.rules.yml');
  const { output } = await ran('sh', ['-c', `${OLD} "$1"`, 'sh', file]);
  await writeFile(rules, output.replace('interval: 5s', 'interval: 1s'));
  const since = Date.now() / 1000 - 30;
  exporter = await fakeExporter(
    pageOf([...statesAt].map(([site, states]) => ({ site, services: ['web'], states, since }))),
  );
  const scrape = path.join(folder, 'scrape.yml');
  await writeFile(
    scrape,
    `scrape_configs: [{ job_name: demarc, scrape_interval: 1s, static_configs: [{ targets: ['${exporter.address}'] }] }]`,
  );
  const port = await freePort();
  store = await run(
    'victoria-metrics',
    [
      ...[`-storageDataPath=${path.join(folder, 'data')}`, `-httpListenAddr=127.0.0.1:${port}`],
      // Otherwise a query does not see the last half minute, and rules that read each other take minutes to settle.
      ...[`-promscrape.config=${scrape}`, '-search.latencyOffset=0s', '-search.disableCache'],
    ],
    `http://127.0.0.1:${port}`,
    '/health',
  );
  const own = await freePort();
  vmalert = await run(
    'vmalert',
    [
      ...[
        `-rule=${rules}`,
        `-datasource.url=${store.url}`,
        `-remoteWrite.url=${store.url}`,
        '-remoteWrite.flushInterval=500ms',
      ],
      ...[
        '-notifier.url=http://127.0.0.1:9',
        `-httpListenAddr=127.0.0.1:${own}`,
        '-datasource.queryTimeAlignment=false',
      ],
    ],
    `http://127.0.0.1:${own}`,
    '/health',
  );
}, 60_000);

afterAll(async () => {
  await vmalert?.stop();
  await store?.stop();
  await exporter?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

describe('vmalert', () => {
  it('finds nothing wrong with the rules', async () => {
    const { code, output } = await ran('vmalert', [`-rule=${rules}`, '-dryRun', '-rule.validateExpressions=true']);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  });

  it('is given every rule there is, and nothing else', async () => {
    const names = (text: string): string[] => text.match(/- (alert|record): .*/g) ?? [];
    const committed = await readFile(projectFile('alerts/demarc.rules.yml'), 'utf8');
    expect(names(await readFile(rules, 'utf8'))).toEqual(names(committed));
  });

  it('judges as the table does', async () => {
    const codes = async (): Promise<Record<string, number>> =>
      Object.fromEntries(
        (await query(store.url, RECORDS.code)).map(({ metric, value }) => [metric.site, Number(value[1])]),
      );
    const wanted = Object.fromEntries([...statesAt].map(([site, states]) => [site, decide(states).code]));
    await until(
      'the verdicts',
      async () => JSON.stringify(sorted(await codes())) === JSON.stringify(sorted(wanted)),
      60_000,
    ).catch(async () => expect(await codes()).toEqual(wanted));
  });

  it('alerts about each with the owner of its row, and about no other', async () => {
    const firing = async (): Promise<Record<string, string>> => {
      const { data } = (await (await fetch(`${vmalert.url}/api/v1/alerts`)).json()) as {
        data: { alerts: { name: string; state: string; labels: Record<string, string> }[] };
      };
      const ours = data.alerts.filter(({ state, labels }) => state === 'firing' && labels.row !== undefined);
      return Object.fromEntries(ours.map(({ labels }) => [`${labels.site} ${labels.row}`, labels.alertname ?? '']));
    };
    const wanted = Object.fromEntries(
      ROWS.flatMap((id) => {
        const row = decide(statesOf(id));
        const owner = OWNER_OF_PARTY[row.party];
        const alert = row.id === 'uplink_down_unplaced' ? 'DemarcUnknownFailure' : ALERT_OF_OWNER[owner];
        return alert === undefined ? [] : [[`${id} ${row.id}`, alert]];
      }),
    );
    await until(
      'the alerts',
      async () => JSON.stringify(sorted(await firing())) === JSON.stringify(sorted(wanted)),
      60_000,
    ).catch(async () => expect(await firing()).toEqual(wanted));
  });
});

function sorted<T>(values: Record<string, T>): [string, T][] {
  return Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
}
