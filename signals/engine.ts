// Observations in, signals out. All that has to do with time happens here: debouncing, sweeps, freshness, guards, holds.
// It judges nobody; the table does, from what is read here.

import type { SignalName, State } from '../catalog/signals.ts';
import { DEFAULT_TIMING, type Timing } from '../catalog/timing.ts';
import type { Observation } from '../exporters/observation.ts';
import type { Target } from '../exporters/target.ts';
import type { Plan } from '../map/plan-types.ts';
import { customersOf } from './customers.ts';
import { readFailovers } from './failover.ts';
import type { GuardSources } from './guard.ts';
import { keepResults, restoreResults } from './kept-results.ts';
import { NOTHING_REMEMBERED, type Remembered } from './memory.ts';
import { isHalfMet } from './portal.ts';
import type { Reading } from './readings.ts';
import { createRegistryVisits, type PastVisits } from './registry-visits.ts';
import { readService } from './service-signals.ts';
import type { Signal } from './signal.ts';
import { readSite } from './site-signals.ts';
import { createStatusPages, type PagesPast } from './status-pages.ts';
import { createTracks, type Track } from './tracks.ts';
import { createUplink, type UplinkPast } from './uplink.ts';
import { readVendors, type VendorReading } from './vendor-signals.ts';

/** Measurements the signals want besides the regular beat. */
export interface Wish {
  ids: readonly string[];
  delayMs: number;
  /** Not a measurement but a rest: they want to be left alone for that long. */
  rest?: true;
}

export interface SignalEngine {
  /** Takes an observation in; the result is what should be measured soon because of it. */
  observe(observation: Observation): Wish[];
  /** Tells whether the prober itself is late; then silence is not used as evidence. */
  starved(now: boolean): void;
  /** Every signal at this instant. */
  read(): Signal[];
  /** Every vendor component at this instant. */
  vendors(): VendorReading[];
  /** The newest observation of a target. */
  newest(target: string): Observation | undefined;
  /** Its newest one that was as expected, be it of before the start for what is asked rarely. */
  lastGood(target: string): Observation | undefined;
  /** The confirmed state of a target that answers one plain question, such as a control or an anchor. */
  state(target: string): State;
  /** Whether the second path works, by service, for those that have one. */
  failovers(): ReadonlyMap<string, State>;
  /** Whether every target was measured at least once. */
  complete(): boolean;
  /** What must outlive a restart. */
  memory(): Remembered;
  /** All that is known of these targets, for the engine of the next plan. This one must not be used any more. */
  handOver(kept: ReadonlySet<string>): Heritage;
}

export interface Heritage {
  tracks: readonly Track[];
  uplink: UplinkPast;
  since: ReadonlyMap<string, { state: State; at: number }>;
  /** By service: since when it has been watched. */
  begun: ReadonlyMap<string, number>;
  lastSweep: number;
  registryVisits: PastVisits;
  statusPages: PagesPast;
  isStarved: boolean;
}

export interface EngineOptions {
  plan: Plan;
  timing: Timing;
  now(): number;
  memory?: Remembered;
  /** What the engine before knew, when the map was replaced. */
  past?: Heritage;
}

/** Roles whose failure is a symptom: then every witness is asked at once. */
const SYMPTOM_ROLES: ReadonlySet<string> = new Set(['service', 'edge', 'nameserver', 'endpoint', 'tunnel']);

export function createSignalEngine({
  plan,
  timing,
  now,
  memory = NOTHING_REMEMBERED,
  past,
}: EngineOptions): SignalEngine {
  const tracks = createTracks(plan, timing, now, memory.lastOk, past?.tracks);
  restoreResults(plan.targets, tracks, memory.results);
  const uplink = createUplink(plan, timing, tracks, now, past?.uplink);
  const registries = createRegistryVisits(plan, timing, now, past?.registryVisits);
  const pages = createStatusPages(plan, tracks, now, past?.statusPages);
  const sources: GuardSources = { plan, timing, tracks, uplink, now };
  const startedAt = now();
  // The nameless one is the site.
  const begun = new Map(
    ['', ...plan.services.map(({ name }) => name)].map((name) => [name, past?.begun.get(name) ?? startedAt]),
  );
  const since = new Map([...(past?.since ?? [])].filter(([key]) => begun.has(key.split('#', 1)[0] ?? '')));
  const serviceOf = new Map(plan.targets.map(({ id, labels }) => [id, labels.service]));
  const siteWitnesses = plan.targets.filter(isWitness).map(({ id }) => id);
  const gentle = new Set(plan.targets.filter(({ gapMs }) => gapMs !== undefined).map(({ id }) => id));
  const customers = customersOf(plan);
  const anchors = plan.anchors.map(({ target }) => target);
  // A portal silences anchors just as a dead line does, and the gateway tells whose silence it is.
  const besideAnchors = [...plan.portals.map(({ target }) => target), ...(plan.gateway === null ? [] : [plan.gateway])];
  const signatures = plan.targets.filter(({ labels }) => labels.role === 'signatures').map(({ id }) => id);
  const awaited = plan.targets.filter(({ labels }) => !isTold(labels.role)).map(({ id }) => id);
  const keyOf = createKeys();
  let lastSweep = past?.lastSweep ?? Number.NEGATIVE_INFINITY;
  let isStarved = past?.isStarved ?? false;

  /** Everything that can witness about a service: its own targets, and all that belong to nobody. */
  function sweep(service: string): Wish {
    const own = plan.targets.filter(({ labels }) => labels.service === service && service !== '').map(({ id }) => id);
    const wait = Math.max(0, lastSweep + timing.sweepGapMs - now());
    lastSweep = now() + wait;
    return { ids: [...own, ...siteWitnesses], delayMs: wait };
  }

  function stamp({ name, service, reading }: { name: SignalName; service: string; reading: Reading }): Signal {
    const key = keyOf(service, name);
    const before = since.get(key);
    const at = before !== undefined && before.state === reading.state ? before.at : (reading.since ?? now());
    if (before === undefined || before.state !== reading.state) since.set(key, { state: reading.state, at });
    const { state, evidence, lastOk, lastBad } = reading;
    const begun = name === 'service' ? (reading.since ?? at) : at;
    return { name, service, state, since: state === -1 ? null : begun, lastOk, lastBad, evidence };
  }

  return {
    observe(observation) {
      const { confirm, failed } = tracks.take(observation, isStarved);
      uplink.note(observation);
      const met =
        tracks.get(observation.target)?.context.role === 'portal' &&
        isHalfMet(tracks.meter(observation.target, 'works'));
      const wishes: Wish[] = confirm || met ? [{ ids: [observation.target], delayMs: timing.retryMs }] : [];
      wishes.push(...registries.after(observation));
      if (observation.restMs !== undefined && gentle.has(observation.target))
        wishes.push({ ids: [observation.target], delayMs: observation.restMs / timing.pace, rest: true });
      const context = tracks.get(observation.target)?.context;
      const service = serviceOf.get(observation.target) ?? '';
      if (failed && context !== undefined && SYMPTOM_ROLES.has(context.role)) wishes.push(sweep(service));
      else if (confirm && context?.role === 'service') wishes.push(sweep(service));
      else if (failed && context?.role === 'anchor') wishes.push({ ids: besideAnchors, delayMs: 0 });
      // Whose signatures broke is told by whose did not.
      else if (failed && context?.role === 'signatures') wishes.push({ ids: signatures, delayMs: 0 });
      // Whether yours broke with it, and whether the line was well, tells a witness from a coincidence.
      else if (failed && context?.role === 'control')
        wishes.push({ ids: [...customers(observation.target), ...anchors], delayMs: 0 });
      return wishes;
    },
    starved(value) {
      isStarved = value;
    },
    read() {
      const site = readSite(sources, isStarved).map(([name, reading]) => stamp({ name, service: '', reading }));
      const services = plan.services.flatMap((service) =>
        [...readService(service, sources, begun.get(service.name) ?? startedAt)].map(([name, reading]) =>
          stamp({ name, service: service.name, reading }),
        ),
      );
      return [...site, ...services];
    },
    vendors: () => pages.beside(readVendors(sources)),
    newest: (target) => tracks.get(target)?.newest ?? undefined,
    lastGood: (target) => tracks.get(target)?.lastGood ?? undefined,
    state: (target) => tracks.state(target, 'works'),
    failovers: () => readFailovers(sources),
    complete: () => awaited.every((id) => tracks.get(id)?.newest !== null),
    memory: () => ({ lastOk: tracks.memory(), results: keepResults(plan.targets, tracks) }),
    handOver: (kept) => ({
      tracks: tracks.handOver(kept),
      uplink: uplink.handOver(kept),
      since,
      begun: new Map([...begun].filter(([service]) => isStillAsked(service, plan, kept))),
      lastSweep,
      registryVisits: registries.handOver(),
      statusPages: pages.handOver(),
      isStarved,
    }),
  };
}

/** `service#name`, written once for each: they are looked up at every reading. */
function createKeys(): (service: string, name: SignalName) => string {
  const known = new Map<string, Map<SignalName, string>>();
  return (service, name) => {
    const own = known.get(service) ?? new Map<SignalName, string>();
    known.set(service, own);
    const key = own.get(name) ?? `${service}#${name}`;
    own.set(name, key);
    return key;
  };
}

/** Roles of which nothing is awaited: they are told and shown, whenever they come. */
const isTold = (role: string): boolean => role === 'registration' || role === 'status' || role === 'route';

/** Belongs to nobody, and may be asked whenever something fails. Registries and status pages may not: they count their askers. */
const isWitness = ({ labels }: Target): boolean => labels.service === '' && !isTold(labels.role);

/** Whether any target stays whose silence is missing data about the service. */
function isStillAsked(name: string, { services, anchors }: Plan, kept: ReadonlySet<string>): boolean {
  const service = services.find((one) => one.name === name);
  if (service?.kind === 'uplink') return anchors.some(({ target }) => kept.has(target));
  return typeof service?.user === 'string' && kept.has(service.user);
}

/** The timing of a map: windows grow with the interval, so that they always hold enough results. */
export function timingOf(intervalMs: number, timeoutMs: number): Timing {
  const factor = Math.max(1, intervalMs / DEFAULT_TIMING.intervalMs);
  return {
    ...DEFAULT_TIMING,
    intervalMs,
    timeoutMs,
    retryMs: Math.min(DEFAULT_TIMING.retryMs, intervalMs / 3),
    holdDownMs: DEFAULT_TIMING.holdDownMs * factor,
    cleanWindowMs: DEFAULT_TIMING.cleanWindowMs * factor,
  };
}
