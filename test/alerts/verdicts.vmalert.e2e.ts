// VictoriaMetrics: its vmalert loads the committed rules, and comes to the same verdicts, votes and alerts as Prometheus does.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RECORDS } from '../../alerts/records.ts';
import { SCOPES, VANTAGE_RECORDS } from '../../alerts/vantages.ts';
import type { Layer } from '../../catalog/layers.ts';
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

/** Layers whose failure is the site's, and no vote about the service. */
const ABOUT_THE_SITE: readonly Layer[] = ['lan', 'uplink', 'resolver'];

const ALERT_OF_OWNER: Partial<Record<string, string>> = {
  self: 'DemarcOwnFailure',
  isp: 'DemarcIspFailure',
  vendor: 'DemarcVendorFailure',
};

const statesAt = new Map([['fine', FINE], ...ROWS.map((id) => [id, statesOf(id)] as const)]);

/** Debian's vmalert is older than `keep_firing_for`; docs/rule-engines.md says so, and this is the command it gives. */
const OLD = 'grep -v keep_firing_for';

const COMMITTED = ['demarc.rules.yml', 'demarc.vantages.rules.yml'] as const;

/** The first group of each file, and how long the second's alerts wait, in a second. */
const hasty = (text: string): string =>
  text.replace(/interval: \d+s/, 'interval: 1s').replaceAll('for: 30s', 'for: 1s');

let folder: string;
let rules: string[];
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
  rules = COMMITTED.map((name) => path.join(folder, name));
  for (const [index, name] of COMMITTED.entries()) {
    const { output } = await ran('sh', ['-c', `${OLD} "$1"`, 'sh', projectFile(`alerts/${name}`)]);
    await writeFile(rules[index] ?? '', hasty(output));
  }
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
        ...rules.map((file) => `-rule=${file}`),
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
    const { code, output } = await ran('vmalert', [
      ...rules.map((file) => `-rule=${file}`),
      ...['-dryRun', '-rule.validateExpressions=true'],
    ]);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  });

  it('is given every rule there is, and nothing else', async () => {
    const names = (text: string): string[] => text.match(/- (alert|record): .*/g) ?? [];
    for (const [index, name] of COMMITTED.entries()) {
      const committed = await readFile(projectFile(`alerts/${name}`), 'utf8');
      expect(names(await readFile(rules[index] ?? '', 'utf8'))).toEqual(names(committed));
    }
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

  it('counts the verdicts of the sites, and leaves out those whose line is not proven', async () => {
    const votes = [...statesAt].flatMap(([site, states]) => {
      const { party, layer } = decide(states);
      const counts = states.uplink === 1 && (party === 'none' || !ABOUT_THE_SITE.includes(layer ?? 'origin'));
      return counts ? [[site, party === 'none' ? 0 : 1] as const] : [];
    });
    const failing = votes.filter(([, vote]) => vote === 1).length;
    expect([failing > 1, failing < votes.length, votes.length < statesAt.size]).toEqual([true, true, true]);
    const wanted = { votes: Object.fromEntries(votes), scope: [SCOPES.somewhere], told: failing };
    const seen = async () => {
      const fails = await query(store.url, VANTAGE_RECORDS.fails);
      const scope = await query(store.url, `${VANTAGE_RECORDS.scope}{service="web"}`);
      const told = await query(store.url, 'ALERTS{alertname="DemarcFailsSomewhere",alertstate="firing"}');
      return {
        votes: Object.fromEntries(fails.map(({ metric, value }) => [metric.site, Number(value[1])])),
        scope: scope.map(({ value }) => Number(value[1])),
        told: told.length,
      };
    };
    await expect.poll(seen, { timeout: 60_000, interval: 500 }).toEqual(wanted);
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
