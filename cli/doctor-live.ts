// What only packets to the outside can tell: the resolver, the anchors, the clock, and whether each vendor's controls behave
// as the catalogue says. Nothing here runs unless the person asked for it.
import { realClock } from '../exporters/clock.ts';
import type { Observation } from '../exporters/observation.ts';
import type { ProbeContext } from '../exporters/probe.ts';
import { PROBES } from '../exporters/registry.ts';
import { createResolver } from '../exporters/resolver.ts';
import type { Target } from '../exporters/target.ts';
import { leadsOutside } from '../map/leads-outside.ts';
import type { DemarcMap } from '../map/load.ts';
import type { Plan } from '../map/plan-types.ts';
import { resolversOf } from '../map/surroundings.ts';
import { describe } from '../signals/describe.ts';
import { type Finding, findingsIn, plural, some } from './doctor-finding.ts';

const machine = findingsIn('machine');
const vendors = findingsIn('vendors');

const AT_ONCE = 16;
const OPERATORS_TO_BE_UP = 2;
const CLOCK_OFF_MS = 1_000;
const CLOCK_WRONG_MS = 30_000;

/** Measures each once, a few at a time. */
async function measureOnce(targets: readonly Target[], map: DemarcMap): Promise<Map<string, Observation>> {
  const { trust } = map;
  const { timeout } = map.file;
  const resolver = createResolver({
    servers: resolversOf(map),
    clock: realClock,
    trust,
    deadlineMs: timeout,
    leadsOutside: leadsOutside(map, targets),
  });
  const results = new Map<string, Observation>();
  const queue = [...targets];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const context = { signal: AbortSignal.timeout(timeout), clock: realClock, resolver, trust };
      results.set(next.id, await measure(next, context));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

function measure({ id, kind, settings }: Target, context: ProbeContext): Promise<Observation> {
  const prepare: (id: string, settings: unknown) => (context: ProbeContext) => Promise<Observation> =
    PROBES[kind].prepare;
  return prepare(id, settings)(context);
}

/** Asks the resolver, the anchors, and every control of the vendors the map watches or leans on. */
export async function checkOutside(map: DemarcMap, plan: Plan): Promise<Finding[]> {
  const roles = new Set(['resolver', 'anchor', 'control']);
  const targets = plan.targets.filter(({ labels }) => roles.has(labels.role));
  const results = await measureOnce(targets, map);
  const up = anchorsOf(plan, results);
  const line = resolverOf(plan, results);
  if (up.outcome === 'problem') {
    return [...line, up, vendors.skipped('controls', 'nothing can be said about vendors over this line')];
  }
  return [...line, up, ...controlsOf(plan, results)];
}

function resolverOf({ resolver }: Plan, results: ReadonlyMap<string, Observation>): Finding[] {
  const answer = resolver === null ? undefined : results.get(resolver.target);
  if (answer === undefined) {
    const fix = 'name it under resolver in the map';
    return [machine.warning('resolver', 'this machine names no resolver that can be asked', fix)];
  }
  if (answer.ok) return [machine.ok('resolver', `${answer.target}: ${describe(answer)}`)];
  return [machine.problem('resolver', `${answer.target}: ${describe(answer)}`, 'look at that resolver')];
}

function anchorsOf({ anchors }: Plan, results: ReadonlyMap<string, Observation>): Finding {
  const answering = anchors.filter(({ target }) => results.get(target)?.ok === true);
  const operators = new Set(answering.map(({ operator }) => operator));
  const text = `${answering.length} of ${plural(anchors.length, 'anchor')} answer, of ${plural(operators.size, 'operator')}`;
  if (operators.size >= OPERATORS_TO_BE_UP) return machine.ok('anchors', text);
  return machine.problem('anchors', text, 'the line is down, or a firewall keeps demarc in');
}

function controlsOf({ controls, vendors: bindings }: Plan, results: ReadonlyMap<string, Observation>): Finding[] {
  const ids = [...new Set(controls.map(({ vendor }) => vendor))];
  return ids.map((id) => {
    const own = controls.flatMap(({ vendor, target }) => (vendor === id ? (results.get(target) ?? []) : []));
    const wrong = own.filter(({ ok }) => !ok);
    const title = bindings.get(id)?.title ?? id;
    if (wrong.length === 0)
      return vendors.ok('controls', `${title}: ${own.length} of ${own.length} behave as the catalogue says`);
    const said = wrong.map((one) => `${one.target.replace(/^control\//, '')}: ${describe(one)}`);
    const text = `${title}: ${wrong.length} of ${own.length} do not behave as the catalogue says: ${some(said, 5)}`;
    return vendors.warning(
      'controls',
      text,
      `if ${title} is fine, replace them under vendors in the map, and tell the project`,
    );
  });
}

/** One server's word about our clock; it is asked by name through the map's resolver. */
export async function checkClockBy(server: { host: string; port: number }, map: DemarcMap): Promise<Finding> {
  const target: Target = {
    id: 'doctor/clock',
    kind: 'clock',
    settings: server,
    intervalMs: map.file.interval,
    timeoutMs: map.file.timeout,
    labels: { role: '', service: '', vendor: '', component: '' },
  };
  const answer = (await measureOnce([target], map)).get(target.id);
  const offset = answer?.kind === 'clock' ? answer.facts.offsetMs : null;
  if (offset === null)
    return machine.skipped(
      'clock',
      `${server.host} does not tell the time: ${answer === undefined ? '' : describe(answer)}`,
    );
  const text = `this clock is ${(Math.abs(offset) / 1000).toFixed(3)} s ${offset > 0 ? 'behind' : 'ahead of'} ${server.host}`;
  if (Math.abs(offset) <= CLOCK_OFF_MS) return machine.ok('clock', text);
  const fix = 'keep the clock right with NTP (timedatectl set-ntp true)';
  return Math.abs(offset) > CLOCK_WRONG_MS ? machine.problem('clock', text, fix) : machine.warning('clock', text, fix);
}
