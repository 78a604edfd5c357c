// Is demarc itself running, on this map, freshly, and does it see what this machine sees?
import { z } from 'zod';
import type { DemarcMap } from '../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../map/plan.ts';
import type { Role } from '../map/plan-types.ts';
import { ask, askText } from './doctor-ask.ts';
import { type Finding, findingsIn, plural, some } from './doctor-finding.ts';
import { readExposition, type Series } from './exposition.ts';

const { ok, warning, problem, skipped } = findingsIn('exporter');

export interface Exporter {
  url: string;
  site: string;
  series: readonly Series[];
}

export interface ExporterCheck {
  /** null when no demarc answers. */
  exporter: Exporter | null;
  findings: Finding[];
}

export interface ExporterOptions {
  map: DemarcMap | null;
  version: string;
  now: number;
}

/** As the signals count: three intervals without a result, and the time a result may take. */
const STALE_INTERVALS = 3;

/** What is asked minutes or hours apart, whatever the map: registries, zones, time servers, status pages, bursts, ports outside. */
export const SELDOM: ReadonlySet<string> = new Set<Role>([
  'delegation',
  'delegated_servers',
  'registration',
  'zone',
  'signatures',
  'time',
  'status',
  'portal',
  'burst',
  'path_mtu',
  'egress',
  'interception',
]);

/** Asked as seldom as that or as often as anything: a control of a registry, a signal of the user's own, a view from elsewhere. Only the map tells. */
const AS_THE_MAP_SAYS: ReadonlySet<string> = new Set<Role>(['control', 'custom', 'outside', 'route']);

const Verdicts = z.object({ verdicts: z.array(z.object({ site: z.string(), service: z.string() })) });

export async function checkExporter(url: string, options: ExporterOptions): Promise<ExporterCheck> {
  const answer = await ask(url, 'api/v1/verdicts', Verdicts);
  if (!('value' in answer)) {
    const fix =
      answer.status === null
        ? 'start it: demarc serve, or docker compose up -d'
        : 'is it a demarc? name it with --from';
    return { exporter: null, findings: [problem('running', `${url} ${answer.why}`, fix)] };
  }
  const page = await askText(url, 'metrics');
  if (!('value' in page))
    return { exporter: null, findings: [problem('running', `${url} ${page.why}`, 'look at its log')] };
  const series = readExposition(page.value);
  const site = series.find(({ labels }) => labels.site !== undefined)?.labels.site ?? '';
  const exporter: Exporter = { url, site, series };
  const ready = await askText(url, '-/ready');
  return {
    exporter,
    findings: [
      checkVersion(exporter, options.version),
      'value' in ready
        ? ok('ready', 'every target has been measured')
        : warning('ready', 'not every target has been measured yet', 'wait for a minute'),
      checkReload(exporter),
      ...(options.map === null ? [] : [checkSameMap(answer.value.verdicts, options.map)]),
      checkFresh(exporter, options),
      ...checkHealth(exporter),
      ...checkControls(exporter),
    ],
  };
}

export const valuesOf = ({ series }: Exporter, name: string): number[] =>
  series.filter((one) => one.name === name).map(({ value }) => value);

const total = (exporter: Exporter, name: string): number =>
  valuesOf(exporter, name).reduce((sum, value) => sum + value, 0);

function checkVersion(exporter: Exporter, version: string): Finding {
  const running = exporter.series.find(({ name }) => name === 'demarc_build_info')?.labels.version ?? 'unknown';
  if (running === version) return ok('running', `demarc ${running} at ${exporter.url}, site ${exporter.site}`);
  const text = `demarc ${running} runs at ${exporter.url}, and this is ${version}`;
  return warning('running', text, 'restart it, so that rules, dashboards and exporter are of one version');
}

function checkReload(exporter: Exporter): Finding {
  if (valuesOf(exporter, 'demarc_config_last_reload_successful')[0] === 0) {
    const text = 'it refused the newest map and goes on with an older one';
    return problem('reload', text, 'repair what demarc check says; it is taken up by itself');
  }
  return ok('reload', 'it runs the newest map it was given');
}

function checkSameMap(verdicts: readonly { service: string }[], map: DemarcMap): Finding {
  const running = new Set(verdicts.map(({ service }) => service));
  const written = new Set(planOf(map, NOTHING_KNOWN).services.map(({ name }) => name));
  const missing = [...written].filter((name) => !running.has(name));
  const other = [...running].filter((name) => !written.has(name));
  if (missing.length + other.length === 0) return ok('services', `it watches ${some([...running], 5)}`);
  const parts = [
    ...(missing.length > 0 ? [`it does not watch ${some(missing)}`] : []),
    ...(other.length > 0 ? [`it watches ${some(other)}, which this map does not know`] : []),
  ];
  return warning('services', parts.join('; '), 'give the map it runs with --map, or send it a SIGHUP');
}

function checkFresh(exporter: Exporter, { map, now }: ExporterOptions): Finding {
  const pace = new Map(map === null ? [] : planOf(map, NOTHING_KNOWN).targets.map(({ id, gapMs }) => [id, gapMs]));
  const isSeldom = ({ role = '', target = '' }: Series['labels']): boolean =>
    SELDOM.has(role) || (AS_THE_MAP_SAYS.has(role) && (!pace.has(target) || pace.get(target) !== undefined));
  const runs = exporter.series.filter(
    ({ name, labels }) => name === 'demarc_probe_last_run_timestamp_seconds' && !isSeldom(labels),
  );
  if (runs.length === 0)
    return problem('fresh', 'nothing has been measured yet', 'wait for a minute, then look at its log');
  const { interval = 15_000, timeout = 4_000 } = map?.file ?? {};
  const staleMs = STALE_INTERVALS * interval + timeout;
  const stale = runs.filter(({ value }) => now - value * 1000 > staleMs).map(({ labels }) => labels.target ?? '');
  if (stale.length === 0)
    return ok('fresh', `${plural(runs.length, 'target')}, the oldest result is ${oldest(runs, now)} s old`);
  const text = `${stale.length} of ${plural(runs.length, 'target')} not measured for ${staleMs / 1000} s: ${some(stale)}`;
  return problem('fresh', text, 'look at its log, and at the load of this machine');
}

const oldest = (runs: readonly Series[], now: number): number =>
  Math.max(0, Math.round(now / 1000 - Math.min(...runs.map(({ value }) => value))));

function checkHealth(exporter: Exporter): Finding[] {
  const crashes = total(exporter, 'demarc_probe_crashes_total');
  const refused = total(exporter, 'demarc_state_write_errors_total');
  const starved = valuesOf(exporter, 'demarc_signal_prober')[0] === 0;
  return [
    ...(crashes > 0
      ? [warning('bugs', `probes crashed ${crashes} times, which is a bug of demarc`, 'report what its log says')]
      : []),
    ...(refused > 0
      ? [
          problem(
            'state',
            `it could not write its state ${refused} times`,
            'look at its log, and at the folder of --state',
          ),
        ]
      : []),
    ...(starved ? [problem('load', 'it comes too late to its own measurements', 'give it more of this machine')] : []),
  ];
}

/** A control that does not answer while all is well can convict nobody: it has rotted, or it was never right. */
function checkControls(exporter: Exporter): Finding[] {
  const controls = exporter.series.filter(({ name, labels }) => name === 'probe_success' && labels.role === 'control');
  if (controls.length === 0) return [];
  const failing = controls.filter(({ value }) => value === 0).map(({ labels }) => labels.target ?? '');
  if (failing.length === 0) return [ok('controls', `all ${controls.length} controls of the vendors answer`)];
  const text = `${failing.length} of ${controls.length} controls of the vendors do not answer as expected: ${some(failing)}`;
  return [
    warning('controls', text, 'if the vendor is fine, the control has rotted: replace it under vendors in the map'),
  ];
}

const RESOLVER_FIX = 'look at that resolver; demarc why uplink tells more';

/** Taken from what the exporter measured, so that the doctor itself sends nothing. */
export function checkResolver(exporter: Exporter | null): Finding {
  const machine = findingsIn('machine');
  const state = exporter === null ? undefined : valuesOf(exporter, 'demarc_signal_resolver')[0];
  const target = exporter?.series.find(({ labels }) => labels.role === 'resolver')?.labels.target ?? 'it';
  if (state === 1) return machine.ok('resolver', `${target} answers the exporter`);
  if (state === 0) return machine.problem('resolver', `${target} does not answer the exporter`, RESOLVER_FIX);
  return machine.skipped(
    'resolver',
    exporter === null ? 'no exporter to tell; --live asks it' : 'the exporter does not know yet',
  );
}

/** Behind a bridge the exporter has another gateway than this machine. */
export function checkVantage(exporter: Exporter, here: string | null): Finding {
  const target = exporter.series.find(({ name, labels }) => name === 'probe_success' && labels.role === 'gateway')
    ?.labels.target;
  const seen = target === undefined ? null : target.replace(/^gateway\//, '').replace(/:\d+$/, '');
  if (here === null) return skipped('vantage', 'this machine knows no gateway to compare with');
  if (seen === here) return ok('vantage', 'the exporter sees the same gateway as this machine');
  const text = `the exporter does not see what this machine sees: it watches ${seen === null ? 'no gateway' : `the gateway ${seen}`}, and this machine's is ${here}`;
  return warning('vantage', text, 'give it the network of the host, or name the gateway in the map');
}
