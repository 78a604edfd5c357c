// The running whole: scheduler, probes, signals and table joined, and what they say handed to readers.

import { isDeepStrictEqual } from 'node:util';
import type { Timing } from '../catalog/timing.ts';
import { DEFAULT_TIMING } from '../catalog/timing.ts';
import { forgetChains } from '../exporters/certificate/served-chain.ts';
import { type Clock, realClock } from '../exporters/clock.ts';
import { createMetrics, type Metrics } from '../exporters/metrics.ts';
import type { Observation } from '../exporters/observation.ts';
import type { NameResolver, ProbeContext } from '../exporters/probe.ts';
import { PROBES } from '../exporters/registry.ts';
import { createResolver } from '../exporters/resolver.ts';
import { createScheduler, type Scheduler } from '../exporters/scheduler.ts';
import type { Target } from '../exporters/target.ts';
import { leadsOutside } from '../map/leads-outside.ts';
import type { DemarcMap } from '../map/load.ts';
import { planOf, type Surroundings } from '../map/plan.ts';
import type { Plan } from '../map/plan-types.ts';
import { createSignalEngine, type SignalEngine, timingOf, type Wish } from '../signals/engine.ts';
import { type Memory, noMemory, type Remembered } from '../signals/memory.ts';
import { judgeAll } from './explain.ts';
import { exportState } from './export.ts';
import { withFoundations } from './foundation.ts';
import type { RunningMonitor } from './monitor-types.ts';
import { keepSurroundings, sameTargets } from './reload.ts';
import { isOutOfFiles, type SelfWatch, STARVED, watchSelf } from './self.ts';
import { judgeVendors } from './vendor-judge.ts';
import type { VendorVerdict } from './vendor-verdict.ts';
import type { Verdict } from './verdict.ts';

export interface MonitorOptions {
  map: DemarcMap;
  around: Surroundings;
  version: string;
  clock?: Clock;
  memory?: Memory;
  /** Replaces the timing of the map; the lab runs faster with it. */
  timing?: Timing;
  /** Whether a failure of the service is expected now. It changes no verdict. */
  inMaintenance?: (service: string) => boolean;
  log(level: 'info' | 'warn' | 'error', message: string, details?: Record<string, unknown>): void;
}

const TICK_MS = 1_000;
const SELF_WINDOW_TICKS = 10;
const SAVE_TICKS = 60;
/** Observations come in bursts; judging once per burst is enough, and large maps are judged less often than small ones. */
const GATHER_MS = 100;
const LONGEST_GATHER_MS = 5_000;
/** Judging may take this share of the time. */
const JUDGING_SHARE = 1 / 20;

/** All that follows from a map and its surroundings. */
interface Course {
  around: Surroundings;
  timing: Timing;
  plan: Plan;
  engine: SignalEngine;
  resolver: NameResolver;
  leadsOutside: (name: string) => boolean;
}

/** Plans the map's probes and starts them. */
export function startMonitor(options: MonitorOptions): RunningMonitor {
  const { clock = realClock, memory = noMemory } = options;
  const loaded = memory.load();
  // The resolver outlives a map, and goes by the newest.
  const isOutside = (name: string): boolean => course.leadsOutside(name);
  let course = firstCourse(options, clock, loaded, isOutside);
  let load = { successful: true, at: clock.now() };
  let complete = false;
  const metrics = createMetrics(course.plan.site);
  const self = watchSelf();
  const listeners = new Set<(verdicts: Verdict[]) => void>();
  let spoken = '';
  let saved = '';
  let ticks = 0;
  let gatherMs = GATHER_MS;
  let cancelGathering: (() => void) | null = null;
  let cancelTick = (): void => undefined;

  const lastRuns = new Map(loaded.results.map(({ target, at, good }) => [target, { at, good: good !== null }]));
  const scheduler = createScheduler({
    targets: course.plan.targets,
    lastRun: (id) => lastRuns.get(id) ?? null,
    prepare: prepareTarget,
    clock,
    resolver: course.resolver,
    trust: options.map.trust,
    onObservation(observation) {
      metrics.increase('demarc_probe_results_total', { kind: observation.kind, reason: observation.reason });
      lastRuns.set(observation.target, { at: observation.startedAt, good: observation.ok });
      for (const wish of course.engine.observe(observation)) grant(wish, scheduler);
      gather();
    },
    onCrash(target, error) {
      metrics.increase('demarc_probe_crashes_total', { kind: target.kind });
      options.log('error', `the probe of ${target.id} crashed; this is a bug of demarc`, { error: String(error) });
    },
  });

  function verdicts(): Verdict[] {
    const { engine, plan } = course;
    return withFoundations(judgeAll(engine.read(), plan, engine.failovers()), engine.vendors);
  }

  function gather(): void {
    cancelGathering ??= clock.after(gatherMs, speak);
  }

  function speak(): void {
    cancelGathering = null;
    const start = clock.monotonic();
    const { services: present, vendors } = judgeEverything(course);
    gatherMs = Math.min(LONGEST_GATHER_MS, Math.max(GATHER_MS, (clock.monotonic() - start) / JUDGING_SHARE));
    const saying = [
      ...present.map(
        ({ service, row, concurrent }) => `${service}=${row}+${concurrent.map((one) => one.row).join('+')}`,
      ),
      ...vendors.map(({ vendor, component, row }) => `${vendor}/${component}=${row}`),
    ].join(' ');
    if (saying === spoken) return;
    spoken = saying;
    for (const listener of listeners) listener(present);
  }

  function tick(): void {
    ticks += 1;
    if (ticks % SELF_WINDOW_TICKS === 0) self.turn();
    course.engine.starved(isStarved(self, scheduler, course.timing));
    // After a change too: what was seen to work is worth most once something does not, and who knows how long we live.
    if (ticks % SAVE_TICKS === 0 || saved !== spoken) save(course.engine, memory, metrics, options);
    saved = spoken;
    gather();
    cancelTick = clock.after(TICK_MS, tick);
  }

  tellPlan(course.plan, options);
  scheduler.start();
  cancelTick = clock.after(TICK_MS, tick);

  return {
    plan: () => course.plan,
    verdicts,
    vendors: () => judgeEverything(course).vendors,
    signals: () => course.engine.read(),
    observation: (target) => course.engine.newest(target),
    metrics: oneAtATime(async () => {
      const { plan, engine } = course;
      const { version, inMaintenance = () => false } = options;
      await exportState({ metrics, plan, engine, scheduler, self, version, load, inMaintenance });
      const page = await metrics.render();
      metrics.clear();
      return page;
    }),
    ready() {
      complete ||= course.engine.complete();
      return complete;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    replace(map, seen) {
      const next = nextCourse(map, seen, course, options, clock, isOutside);
      scheduler.replace({ targets: next.plan.targets, kept: next.kept, resolver: next.resolver, trust: map.trust });
      course = next;
      load = { successful: true, at: clock.now() };
      metrics.nameSite(course.plan.site);
      tellPlan(course.plan, options);
      cancelGathering?.();
      speak();
    },
    refuse() {
      load = { ...load, successful: false };
    },
    stateNotWritten: () => metrics.increase('demarc_state_write_errors_total'),
    shedMemory() {
      forgetChains();
      metrics.increase('demarc_memory_shed_total');
    },
    async stop() {
      cancelTick();
      cancelGathering?.();
      self.stop();
      await scheduler.stop();
      save(course.engine, memory, metrics, options);
    },
  };
}

function judgeEverything({ engine, plan }: Course): { services: Verdict[]; vendors: VendorVerdict[] } {
  const signals = engine.read();
  const readings = engine.vendors();
  const services = withFoundations(judgeAll(signals, plan), () => readings);
  return { services, vendors: judgeVendors(readings, signals, services, plan) };
}

function tellPlan({ services, targets, site }: Plan, { log }: MonitorOptions): void {
  log('info', `watching ${services.length - 1} services with ${targets.length} probes`, { site });
}

function pacedPlan(
  map: DemarcMap,
  around: Surroundings,
  { timing: given }: MonitorOptions,
): Pick<Course, 'plan' | 'timing'> {
  const timing = given ?? timingOf(map.file.interval, map.file.timeout);
  return { timing, plan: paced(planOf(map, around), timing) };
}

const resolverFor = (
  { trust }: DemarcMap,
  { resolvers: servers }: Surroundings,
  { timeoutMs }: Timing,
  clock: Clock,
  isOutside: (name: string) => boolean,
): NameResolver => createResolver({ servers, clock, trust, deadlineMs: timeoutMs, leadsOutside: isOutside });

function firstCourse(
  options: MonitorOptions,
  clock: Clock,
  memory: Remembered,
  isOutside: (name: string) => boolean,
): Course {
  const { map, around } = options;
  const { plan, timing } = pacedPlan(map, around, options);
  const engine = createSignalEngine({ plan, timing, now: clock.now, memory });
  const resolver = resolverFor(map, around, timing, clock, isOutside);
  return { around, timing, plan, engine, resolver, leadsOutside: leadsOutside(map, plan.targets) };
}

/** What another map comes to, with what is known from `before`. Changes nothing. */
function nextCourse(
  map: DemarcMap,
  seen: Surroundings,
  before: Course,
  options: MonitorOptions,
  clock: Clock,
  isOutside: (name: string) => boolean,
): Course & { kept: ReadonlySet<string> } {
  const around = keepSurroundings(before.around, seen);
  const { plan, timing } = pacedPlan(map, around, options);
  const kept = sameTargets(before.plan, plan);
  const past = before.engine.handOver(kept);
  const engine = createSignalEngine({ plan, timing, now: clock.now, memory: before.engine.memory(), past });
  // The resolver remembers what names resolved to before their servers died, so it is kept as long as it may be.
  const same =
    before.timing.timeoutMs === timing.timeoutMs && isDeepStrictEqual(before.around.resolvers, around.resolvers);
  const resolver = same ? before.resolver : resolverFor(map, around, timing, clock, isOutside);
  return { around, timing, plan, engine, resolver, leadsOutside: leadsOutside(map, plan.targets), kept };
}

function prepareTarget(target: Target): (context: ProbeContext) => Promise<Observation> {
  const prepare: (id: string, settings: unknown) => (context: ProbeContext) => Promise<Observation> =
    PROBES[target.kind].prepare;
  return prepare(target.id, target.settings);
}

/** The plan with the timing's interval and deadline on every target; those asked gently keep their pace. */
function paced(plan: Plan, { intervalMs, timeoutMs, pace }: Timing): Plan {
  const targets = plan.targets.map((target): Target => {
    if (target.gapMs === undefined) return { ...target, intervalMs, timeoutMs };
    return { ...target, timeoutMs, intervalMs: target.intervalMs / pace, gapMs: target.gapMs / pace };
  });
  return { ...plan, targets };
}

function grant({ ids, delayMs, rest }: Wish, scheduler: Scheduler): void {
  if (rest === true) scheduler.rest(ids, delayMs);
  else scheduler.request(ids, delayMs);
}

function isStarved(self: SelfWatch, scheduler: Scheduler, timing: Timing): boolean {
  // Judged by the default timing at least: a lab at ten times the speed is not ten times as starved.
  const loop = STARVED.loopDelayShareOfTimeout * Math.max(timing.timeoutMs, DEFAULT_TIMING.timeoutMs);
  const late = STARVED.latenessShareOfInterval * Math.max(timing.intervalMs, DEFAULT_TIMING.retryMs);
  return self.loopDelayMs() > loop || scheduler.latenessMs() > late || isOutOfFiles();
}

function save(engine: SignalEngine, memory: Memory, metrics: Metrics, { log }: MonitorOptions): void {
  try {
    memory.save(engine.memory());
  } catch (error) {
    metrics.increase('demarc_state_write_errors_total');
    log('warn', 'the state could not be written; probing goes on', { error: String(error) });
  }
}

/** Whoever asks while it goes on gets the same, so a crowd of scrapers costs as much as one. */
function oneAtATime<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  };
}
