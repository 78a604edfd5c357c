// Tells the metrics page what is true at this instant: observations, signals, verdicts, and the map as info series.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { type Sample, signalMetric, vendorSignalMetric } from '../catalog/metrics.ts';
import { OWNER_OF_PARTY } from '../catalog/parties.ts';
import { REASONS } from '../catalog/reasons.ts';
import type { State } from '../catalog/signals.ts';
import { VENDOR_SIGNAL_NAMES } from '../catalog/vendor-signals.ts';
import { type Metrics, samplesOf } from '../exporters/metrics.ts';
import type { Observation } from '../exporters/observation.ts';
import { PROBES } from '../exporters/registry.ts';
import { residentMemory } from '../exporters/resident-memory.ts';
import type { Scheduler } from '../exporters/scheduler.ts';
import type { Plan } from '../map/plan-types.ts';
import { agreementsOf } from '../signals/domain-agreement.ts';
import { declaredEnd } from '../signals/domain-signals.ts';
import type { SignalEngine } from '../signals/engine.ts';
import type { Signal } from '../signals/signal.ts';
import { vendorComponents } from '../signals/vendor-signals.ts';
import { judgeAll } from './explain.ts';
import type { Row } from './row.ts';
import type { SelfWatch } from './self.ts';
import { TABLE } from './table.ts';
import { judgeVendors } from './vendor-judge.ts';
import { VENDOR_TABLE } from './vendor-table.ts';
import type { Verdict } from './verdict.ts';

export interface Exported {
  metrics: Metrics;
  plan: Plan;
  engine: SignalEngine;
  scheduler: Scheduler;
  self: SelfWatch;
  version: string;
  /** Of the map: whether the newest load succeeded, and when the last one that did was, Unix milliseconds. */
  load: { successful: boolean; at: number };
  inMaintenance(service: string): boolean;
}

/** Observations are told some at a time; signals and verdicts, which are compared with each other, all of one instant. */
export async function exportState(exported: Exported): Promise<void> {
  const { metrics, plan, engine, scheduler, self, version, load, inMaintenance } = exported;
  metrics.clear();
  metrics.set('demarc_build_info', 1, { version, node: process.version });
  metrics.set('demarc_config_last_reload_successful', load.successful ? 1 : 0);
  metrics.set('demarc_config_last_reload_success_timestamp_seconds', load.at / 1000);
  metrics.set('demarc_probes_in_flight', scheduler.inFlight());
  metrics.set('demarc_probe_start_lateness_seconds', scheduler.latenessMs() / 1000);
  const resident = residentMemory();
  if (resident !== null) metrics.set('process_resident_memory_bytes', resident);
  metrics.set('demarc_event_loop_delay_seconds', self.loopDelayMs() / 1000);
  exportCounters(metrics);
  exportMap(metrics, plan);
  await exportObservations(metrics, plan, engine);
  exportDomains(metrics, plan, engine);
  exportFailovers(metrics, engine);
  const signals = engine.read();
  for (const { name, service, state } of signals)
    metrics.set(signalMetric(name), state, service === '' ? {} : { service });
  const verdicts = judgeAll(signals, plan);
  for (const { service, code, since } of verdicts) {
    metrics.set('demarc_verdict_code', code, { service });
    metrics.set('demarc_maintenance', inMaintenance(service) ? 1 : 0, { service });
    if (since !== null) metrics.set('demarc_verdict_since_timestamp_seconds', Date.parse(since) / 1000, { service });
  }
  exportVendors(metrics, plan, engine, signals, verdicts);
}

function exportVendors(
  metrics: Metrics,
  plan: Plan,
  engine: SignalEngine,
  signals: readonly Signal[],
  verdicts: readonly Verdict[],
): void {
  const readings = engine.vendors();
  for (const { vendor, component, signals: own, page } of readings) {
    if (page?.troubleSince != null && page.admittedAt !== null) {
      const delayMs = page.admittedAt - page.troubleSince;
      metrics.set('demarc_vendor_admission_delay_seconds', delayMs / 1000, { vendor, component });
    }
    for (const name of VENDOR_SIGNAL_NAMES)
      metrics.set(vendorSignalMetric(name), own.get(name)?.state ?? -1, { vendor, component });
  }
  for (const { vendor, component, code, since } of judgeVendors(readings, signals, verdicts, plan)) {
    metrics.set('demarc_vendor_verdict_code', code, { vendor, component });
    if (since === null) continue;
    metrics.set('demarc_vendor_verdict_since_timestamp_seconds', Date.parse(since) / 1000, { vendor, component });
  }
}

/** What the map names beside the path that is judged. */
function exportFailovers(metrics: Metrics, engine: SignalEngine): void {
  for (const [service, state] of engine.failovers()) metrics.set('demarc_failover_ready', state, { service });
}

/** Counters exist from the start, so that the first failure is an increase and not a birth. */
function exportCounters(metrics: Metrics): void {
  metrics.increase('demarc_state_write_errors_total', {}, 0);
  metrics.increase('demarc_memory_shed_total', {}, 0);
  for (const kind of Object.keys(PROBES)) {
    metrics.increase('demarc_probe_crashes_total', { kind }, 0);
    for (const reason of REASONS) metrics.increase('demarc_probe_results_total', { kind, reason }, 0);
  }
}

function exportMap(metrics: Metrics, plan: Plan): void {
  for (const { name, dependencies } of plan.services) {
    metrics.set('demarc_service_info', 1, { service: name });
    for (const { layer, vendor, component } of dependencies) {
      metrics.set('demarc_dependency_info', 1, { service: name, layer, vendor, component });
      metrics.set('demarc_vendor_info', 1, titlesOf(plan, vendor, component));
    }
  }
  for (const { name: host, labels } of plan.fleet) {
    for (const [attribute, value] of Object.entries(labels))
      metrics.set('demarc_host_attribute_info', 1, { host, attribute, value });
  }
  for (const row of TABLE as readonly Row[]) {
    const { code, id, party, cause, layer, confidence } = row;
    const owner = OWNER_OF_PARTY[party];
    metrics.set('demarc_row_info', 1, {
      code: String(code),
      row: id,
      party,
      owner,
      cause,
      layer: layer ?? '',
      confidence,
    });
  }
  for (const { code, id, status, party, cause, confidence } of VENDOR_TABLE) {
    const owner = OWNER_OF_PARTY[party];
    metrics.set('demarc_vendor_row_info', 1, { code: String(code), row: id, status, owner, cause, confidence });
  }
  for (const { vendor, component } of vendorComponents(plan)) {
    metrics.set('demarc_vendor_info', 1, titlesOf(plan, vendor, component));
    const sla = plan.vendors.get(vendor)?.components[component]?.sla;
    if (sla !== undefined) metrics.set('demarc_vendor_sla_ratio', sla.availability / 100, { vendor, component });
  }
}

/** Targets told of before others get their turn: a few milliseconds. */
const TARGETS_AT_ONCE = 500;

async function exportObservations(metrics: Metrics, plan: Plan, engine: SignalEngine): Promise<void> {
  for (const [index, target] of plan.targets.entries()) {
    if (index > 0 && index % TARGETS_AT_ONCE === 0) await othersTurn();
    const observation = engine.newest(target.id);
    if (observation === undefined) continue;
    metrics.tell(target, samplesOf(observation));
    metrics.tell(target, lastKnown(observation, engine.lastGood(target.id)));
  }
  for (const { vendor, component, state } of componentStates(plan, engine))
    metrics.set('demarc_vendor_component_state', state, { vendor, component });
}

function exportDomains(metrics: Metrics, { domains, targets }: Plan, engine: SignalEngine): void {
  const byId = new Map(targets.map((target) => [target.id, target]));
  for (const domain of domains) {
    const record = engine.lastGood(domain.registration ?? '');
    const declared = declaredEnd(domain, record?.kind === 'registration' ? record : null);
    if (declared !== null)
      metrics.set('demarc_domain_declared_expiry_timestamp_seconds', declared / 1000, { domain: domain.name });
    const target = byId.get(domain.registration ?? '');
    if (target === undefined) continue;
    for (const [about, agrees] of agreementsOf(domain, engine))
      metrics.tell(target, [{ metric: 'demarc_domain_agrees', value: agrees ? 1 : 0, labels: { about } }]);
  }
}

const KEPT_MS = 7 * 86_400_000;

const LAST_SUCCESS = {
  registration: 'demarc_domain_last_success_timestamp_seconds',
  status: 'demarc_vendor_feed_last_success_timestamp_seconds',
} as const;

/** What is asked rarely is told with its age; a registry's word is kept for a week when it falls silent. */
function lastKnown(newest: Observation, good: Observation | undefined): Sample[] {
  if (good?.kind !== 'registration' && good?.kind !== 'status') return [];
  const age: Sample = { metric: LAST_SUCCESS[good.kind], value: good.startedAt / 1000 };
  const isKept = good.kind === 'registration' && !newest.ok && newest.startedAt - good.startedAt <= KEPT_MS;
  return isKept ? [age, ...PROBES.registration.samples(good)] : [age];
}

function titlesOf({ vendors }: Plan, vendor: string, component: string): Record<string, string> {
  const binding = vendors.get(vendor);
  const component_title = binding?.components[component]?.title ?? component;
  return { vendor, component, vendor_title: binding?.title ?? vendor, component_title };
}

/** What the controls of each vendor component say together: BAD if any fails hard, OK if all that are known work. */
export function componentStates(
  plan: Plan,
  engine: SignalEngine,
): { vendor: string; component: string; state: State }[] {
  const groups = new Map<string, { vendor: string; component: string; states: State[] }>();
  for (const { target, vendor, component } of plan.controls) {
    const key = `${vendor}/${component}`;
    const group = groups.get(key) ?? { vendor, component, states: [] };
    group.states.push(engine.state(target));
    groups.set(key, group);
  }
  return [...groups.values()].map(({ vendor, component, states }) => {
    const state: State = states.includes(0) ? 0 : states.includes(1) ? 1 : -1;
    return { vendor, component, state };
  });
}
