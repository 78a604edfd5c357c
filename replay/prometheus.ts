// Replays judged by a real Prometheus with the committed rules, told on by a real Alertmanager to a real webhook.
// All scenarios run side by side at speed 1, each as a `site` of its own; time to the webhook is measured on the wall.
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { type AlertmanagerConfig, alertmanagerConfig } from '../alerts/alertmanager.ts';
import { VENDOR_RECORDS } from '../alerts/vendor-records.ts';
import { projectFile } from '../catalog/root.ts';
import type { AlertClaim, Scenario } from '../lab/scenario.ts';
import type { Row } from '../verdict/row.ts';
import { TABLE } from '../verdict/table.ts';
import type { VendorRow } from '../verdict/vendor-row.ts';
import { VENDOR_TABLE } from '../verdict/vendor-table.ts';
import { type Inbox, type Notified, openInbox } from './inbox.ts';
import { openCauses, type Told, toldIn } from './notifications.ts';
import { play } from './play.ts';
import { freePort, type Program, run, until } from './process.ts';
import type { ReplayResult, Said, VendorSaid } from './result.ts';
import { score } from './score.ts';
import { keyOf } from './score-vendors.ts';
import { type Stage, setStage } from './stage.ts';

export interface PrometheusOptions {
  /** How many scenarios at once, on one Prometheus; the next ones follow with a fresh one. */
  parallel: number;
  tools: { prometheus: string; alertmanager: string };
  version: string;
  onEvent(scenario: string, at: number, text: string): void;
}

export interface WatchedResult extends ReplayResult {
  /** Every notification about this scenario's site, in order of arrival; `at` in scenario ms. */
  alerts: Notified[];
  /** Whether the alert the scenario demands came, when, and what came against its will. */
  alertAtMs: number | null;
  alertMissing: boolean;
  forbidden: Notified[];
  told: Told;
  /** Evaluations at which the exporter's verdict and the rules' had differed for 20 s. */
  disagreements: number;
}

const SCRAPE_S = 5;
const LISTEN_MS = 1_000;

const Vector = z.object({
  data: z.object({
    result: z.array(z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) })),
  }),
});

export type Sample = z.output<typeof Vector>['data']['result'][number];

/** An instant query. */
export async function query(prometheus: string, expression: string): Promise<Sample[]> {
  const response = await fetch(`${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`, {
    signal: AbortSignal.timeout(10_000),
  });
  return Vector.parse(await response.json()).data.result;
}

export interface Watch {
  prometheus: Program;
  alertmanager: Program;
  inbox: Inbox;
  stop(): Promise<void>;
}

/** For how long an alert is held past its end, and how often groups are looked at again, when there is no time for minutes. */
const HASTE = { hold: '15s', group: '5s' } as const;

/** The committed rules. `hasty`: with short holds, so that an end is told within a replay; nothing begins earlier. */
function rulesText(hasty: boolean): string {
  const text = readFileSync(projectFile('alerts/demarc.rules.yml'), 'utf8');
  return hasty ? text.replaceAll(/keep_firing_for: \w+/g, `keep_firing_for: ${HASTE.hold}`) : text;
}

/** The committed routes, groups of which are looked at again sooner when `hasty`. */
function routesTo(webhook: string, hasty: boolean): AlertmanagerConfig {
  const config = alertmanagerConfig(webhook);
  if (!hasty) return config;
  const routes = config.route.routes?.map((route) =>
    route.receiver === 'heartbeat' ? route : { ...route, group_interval: HASTE.group },
  );
  return { ...config, route: { ...config.route, routes: routes ?? [] } };
}

/** Starts Prometheus with the committed rules and Alertmanager with the committed routes, scraping these exporters. */
export async function startWatch(
  targets: readonly string[],
  tools: PrometheusOptions['tools'],
  hasty = false,
): Promise<Watch> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'demarc-watch-'));
  const inbox = await openInbox();
  const programs: Program[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.stop()));
    await inbox.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await writeFile(path.join(folder, 'rules.yml'), rulesText(hasty));
    const alertmanager = await startAlertmanager(tools.alertmanager, folder, routesTo(inbox.url, hasty));
    programs.push(alertmanager);
    const prometheus = await startPrometheus(tools.prometheus, folder, targets, alertmanager.url);
    programs.push(prometheus);
    return { prometheus, alertmanager, inbox, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAlertmanager(file: string, folder: string, routes: AlertmanagerConfig): Promise<Program> {
  const config = path.join(folder, 'alertmanager.yml');
  await writeFile(config, stringify(routes));
  const port = await freePort();
  const argv = [
    `--config.file=${config}`,
    `--storage.path=${path.join(folder, 'alertmanager')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
  ];
  return run(file, argv, `http://127.0.0.1:${port}`);
}

async function startPrometheus(
  file: string,
  folder: string,
  targets: readonly string[],
  alertmanager: string,
): Promise<Program> {
  const config = path.join(folder, 'prometheus.yml');
  await mkdir(path.join(folder, 'data'));
  await writeFile(
    config,
    stringify({
      global: { scrape_interval: `${SCRAPE_S}s`, evaluation_interval: `${SCRAPE_S}s` },
      rule_files: [path.join(folder, 'rules.yml')],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager).host] }] }] },
      scrape_configs: [{ job_name: 'demarc', static_configs: [{ targets: targets.map((url) => new URL(url).host) }] }],
    }),
  );
  const port = await freePort();
  const argv = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${path.join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  return run(file, argv, `http://127.0.0.1:${port}`);
}

const ROW_OF_CODE = new Map<number, Row>(TABLE.map((row) => [row.code, row]));

/** What the rules say about one site: code to row, vendor by the map's info series. */
async function saidByRules(stage: Stage, prometheus: string): Promise<Map<string, Said>> {
  const samples = await query(prometheus, `site_service:demarc_verdict:code{site="${stage.site}"}`);
  return new Map(
    samples.map(({ metric, value }) => {
      const row = ROW_OF_CODE.get(Number(value[1]));
      if (row === undefined) throw new Error(`the rules say code ${value[1]}, which no row has`);
      const service = stage.monitor.plan().services.find(({ name }) => name === metric.service);
      const names = row.party === 'vendor' || row.party === 'unknown';
      const dependency = names ? service?.dependencies.find(({ layer }) => layer === row.layer) : undefined;
      const { party, cause, id } = row;
      return [
        metric.service ?? '',
        { party, cause, row: id, vendor: dependency?.vendor ?? null, component: dependency?.component ?? null },
      ];
    }),
  );
}

const VENDOR_ROW_OF_CODE = new Map<number, VendorRow>(VENDOR_TABLE.map((row) => [row.code, row]));

/** What the rules say of vendors themselves at one site. */
async function vendorsByRules(site: string, prometheus: string): Promise<Map<string, VendorSaid>> {
  const [codes, hits] = await Promise.all([
    query(prometheus, `${VENDOR_RECORDS.code}{site="${site}"}`),
    query(prometheus, `${VENDOR_RECORDS.hit}{site="${site}"}`),
  ]);
  return new Map(
    codes.map(({ metric: { vendor = '', component = '' }, value }): [string, VendorSaid] => {
      const row = VENDOR_ROW_OF_CODE.get(Number(value[1]));
      if (row === undefined) throw new Error(`the rules say code ${value[1]} of a vendor, which no row has`);
      const own = hits.filter(({ metric }) => metric.vendor === vendor && metric.component === component);
      const services = own.map(({ metric }) => metric.service ?? '');
      return [keyOf({ vendor, component }), { status: row.status, row: row.id, hits: services }];
    }),
  );
}

/** Whether an alert is what a scenario claims. */
export function alertFits(claim: AlertClaim, { labels }: Notified): boolean {
  return (['owner', 'service', 'vendor', 'component'] as const).every(
    (key) => claim[key] === undefined || labels[key] === claim[key],
  );
}

export async function replayOnPrometheus(
  scenarios: readonly Scenario[],
  options: PrometheusOptions,
): Promise<WatchedResult[]> {
  const batch = scenarios.slice(0, options.parallel);
  const rest = scenarios.slice(options.parallel);
  const results = await replayBatch(batch, options);
  return rest.length === 0 ? results : [...results, ...(await replayOnPrometheus(rest, options))];
}

async function replayBatch(scenarios: readonly Scenario[], options: PrometheusOptions): Promise<WatchedResult[]> {
  const onCrash = (id: string) => (text: string) => options.onEvent(id, 0, text);
  const stages = await Promise.all(
    scenarios.map(({ id, world }) =>
      setStage({ site: id, world, speed: 1, version: options.version, onCrash: onCrash(id) }),
    ),
  );
  const watch = await startWatch(
    stages.map(({ server }) => server.url),
    options.tools,
    true,
  );
  try {
    return await Promise.all(
      scenarios.map((scenario, index) => watchOne(scenario, stages[index] as Stage, watch, options)),
    );
  } finally {
    await watch.stop();
    await Promise.all(stages.map((stage) => stage.stop()));
  }
}

/** After the last step, alerts may still be on their way: one scrape, one evaluation, one group wait. */
const ALERT_GRACE_MS = 25_000;

/** Until a service is good again, is seen to be, and the hold is over. */
const END_LIMIT_MS = 120_000;

async function watchOne(
  scenario: Scenario,
  stage: Stage,
  watch: Watch,
  { onEvent }: PrometheusOptions,
): Promise<WatchedResult> {
  let started = 0;
  const prometheus = watch.prometheus.url;
  const { moments, vendors } = await play(scenario, stage, {
    speed: 1,
    everyMs: LISTEN_MS,
    listen: () => saidByRules(stage, prometheus),
    listenVendors: () => vendorsByRules(scenario.id, prometheus),
    onEvent(at, text) {
      if (started === 0) started = Date.now() - at;
      onEvent(scenario.id, at, text);
    },
  });
  const own = (): Notified[] =>
    watch.inbox
      .alerts()
      .filter(({ labels }) => labels.site === scenario.id)
      .map((alert) => ({ ...alert, at: alert.at - started }));
  const wanted = (alert: Notified): boolean =>
    scenario.alert !== null && alert.status === 'firing' && alertFits(scenario.alert, alert);
  const arrived = scenario.alert === null || own().some(wanted);
  if (!arrived)
    await until('the alert of the scenario', () => own().some(wanted), ALERT_GRACE_MS).catch(() => undefined);
  const disagreements = await countDisagreements(scenario.id, prometheus);
  await stage.lab.heal();
  onEvent(scenario.id, Date.now() - started, '--- all healed: waiting for the end to be told');
  const ended = (): boolean => openCauses(own()).length === 0;
  await until('the end of every alert', ended, END_LIMIT_MS, LISTEN_MS).catch(() => undefined);
  const alerts = own();
  const first = alerts.find(wanted);
  const forbidden = alerts.filter((alert) => scenario.forbid.some((claim) => alertFits(claim, alert)));
  const told = toldIn(scenario, alerts);
  const exact = [told.missing, told.extra, told.unended, told.repeated].every((list) => list.length === 0);
  const result = score(scenario, 'prometheus', moments, vendors);
  const alertMissing = scenario.alert !== null && first === undefined;
  return {
    ...result,
    passed: result.passed && !alertMissing && forbidden.length === 0 && exact,
    told,
    alerts,
    alertAtMs: first?.at ?? null,
    alertMissing,
    forbidden,
    disagreements,
  };
}

/** A change reaches the two series one evaluation apart; only what lasts longer is a difference. */
async function countDisagreements(site: string, prometheus: string): Promise<number> {
  const difference = `(demarc_verdict_code{site="${site}"} != on (site, service) site_service:demarc_verdict:code)`;
  const lasting = `(count_over_time(${difference}[${4 * SCRAPE_S}s:${SCRAPE_S}s]) >= 4)`;
  const samples = await query(prometheus, `sum(count_over_time(${lasting}[10m:${SCRAPE_S}s]))`);
  return Number(samples[0]?.value[1] ?? 0);
}
