// One run of virtual time: the real scheduler, signals and table over a modelled world. It mirrors verdict/monitor.ts, which
// joins the same parts over real probes, and leaves out what only a real process has.
import type { Observation } from '../../exporters/observation.ts';
import type { NameResolver } from '../../exporters/probe.ts';
import { createScheduler, type Scheduler } from '../../exporters/scheduler.ts';
import { createSignalEngine, type SignalEngine } from '../../signals/engine.ts';
import type { Remembered } from '../../signals/memory.ts';
import type { Signal } from '../../signals/signal.ts';
import { lognormal, randomFrom } from './chance.ts';
import { type Condition, createCondition } from './condition.ts';
import { createModel } from './model.ts';
import type { Setting } from './setting.ts';
import type { SimFault } from './sim-faults.ts';
import { createTeller, type Told } from './telling.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';

export interface SimulationOptions {
  setting: Setting;
  seed: number;
  noise: number;
  /** Whether registries were asked hours ago, as by an exporter that has run for long; otherwise they are at the start. */
  longWatched?: boolean;
  /** Wall time at the start, Unix milliseconds. */
  startsAt?: number;
  /** What is remembered from before, as the state file has it; nothing when left out. */
  memory?: Readonly<Record<string, number>>;
  /** How long a tunnel daemon takes to reconnect; the lab's is quick, the real one backs off. */
  reconnect: 'quick' | 'real';
  /** Verdicts and the signals they follow from, at every instant at which they are made. */
  onTold(at: number, told: readonly Told[], signals: readonly Signal[]): void;
  onObservation?(observation: Observation): void;
}

export interface Simulation {
  clock: VirtualClock;
  /** Of the present prober: another one after a kill. */
  readonly engine: SignalEngine;
  break(fault: SimFault): void;
  heal(fault: SimFault): void;
  /** What the table says of these signals. */
  tell(signals: readonly Signal[]): readonly Told[];
}

export const STARTS_AT = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const TICK_MS = 1_000;
const GATHER_MS = 100;
/** How soon the prober notices what befalls it: its event loop's delay is read over a window, and a file is opened every tick. */
const NOTICED_WITHIN_MS: Partial<Record<SimFault['kind'], number>> = {
  machine_starved: 10_000,
  machine_suspended: 10_000,
  machine_out_of_files: TICK_MS,
};

const NOTICE_MS = 500;
const RECONNECT = { medianMs: 6_000, sigma: 0.7 };

/** Plans hold for many runs, and what they make of the same states is remembered with them. */
const tellers = new WeakMap<Setting, ReturnType<typeof createTeller>>();

function tellerFor(setting: Setting): ReturnType<typeof createTeller> {
  const known = tellers.get(setting) ?? createTeller(setting.plan);
  tellers.set(setting, known);
  return known;
}

const noResolver: NameResolver = { resolve: () => Promise.reject(new Error('the model resolves names itself')) };

/** Without a socket to ask from, everything fails at once, and by our own fault. */
const unasked = (observation: Observation): Observation => ({
  ...observation,
  ok: false,
  reason: 'local',
  phase: 'connect',
  durationMs: 1,
});

export function startSimulation(options: SimulationOptions): Simulation {
  const { setting, seed, noise, onTold, onObservation } = options;
  const { plan, timing } = setting;
  const random = randomFrom(seed);
  const clock = createVirtualClock(options.startsAt ?? STARTS_AT);
  const slow = (): number => lognormal(random, RECONNECT.medianMs, RECONNECT.sigma);
  const reconnectMs = options.reconnect === 'real' ? slow : () => NOTICE_MS;
  const condition: Condition = createCondition({ ...setting, clock, random, noticeMs: () => NOTICE_MS, reconnectMs });
  const measure = createModel({ ...setting, clock, random, condition, noise });
  const engineFrom = (memory: Remembered): SignalEngine => createSignalEngine({ plan, timing, now: clock.now, memory });
  let engine = engineFrom({ lastOk: options.memory ?? {}, results: [] });
  const asksRegistry = new Set(plan.domains.flatMap(({ registration }) => registration ?? []));
  const tell = tellerFor(setting);
  let gathering = false;
  // While all is well and every answer good, no verdict can change: nothing goes stale as long as probes come back.
  let quiet = false;
  let killed = false;

  function speak(): void {
    if (killed) return;
    const signals = engine.read();
    const present = tell(signals);
    quiet = present.every(({ party }) => party === 'none');
    onTold(clock.monotonic(), present, signals);
  }

  function begin(): Scheduler {
    const begun: Scheduler = createScheduler({
      targets: plan.targets,
      lastRun: (id) =>
        options.longWatched === true && asksRegistry.has(id) ? { at: clock.now() - HOUR_MS, good: true } : null,
      prepare: (target) => () => {
        const measured = measure(target);
        const observation = condition.active('machine_out_of_files') === undefined ? measured : unasked(measured);
        const asleepMs = condition.active('machine_suspended')?.delayMs ?? 0;
        return clock.later(Math.max(asleepMs, observation.durationMs), () => observation);
      },
      clock,
      resolver: noResolver,
      trust: [],
      random,
      onObservation: (observation) => hear(observation, begun),
      onCrash(target, error) {
        throw new Error(`the model of ${target.id} crashed`, { cause: error });
      },
    });
    begun.start();
    return begun;
  }

  function hear(observation: Observation, from: Scheduler): void {
    for (const { ids, delayMs, rest } of engine.observe(observation)) {
      if (rest === true) from.rest(ids, delayMs);
      else from.request(ids, delayMs);
    }
    onObservation?.(observation);
    if (gathering || (quiet && observation.ok)) return;
    quiet = false;
    gathering = true;
    clock.after(GATHER_MS, () => {
      gathering = false;
      speak();
    });
  }

  function tick(): void {
    if (!quiet) speak();
    clock.after(TICK_MS, tick);
  }

  /** What was under way is lost, and all that was known but what the state file keeps. */
  function kill(): void {
    killed = true;
    // Nobody waits for what a dead process had asked.
    void scheduler.stop();
  }

  function startAgain(): void {
    killed = false;
    quiet = false;
    engine = engineFrom(engine.memory());
    scheduler = begin();
  }

  function noticed(kind: SimFault['kind'], afterMs: number, starved: boolean): void {
    const withinMs = NOTICED_WITHIN_MS[kind];
    if (withinMs !== undefined) clock.after(afterMs + random() * withinMs, () => engine.starved(starved));
  }

  let scheduler = begin();
  tick();

  return {
    clock,
    get engine() {
      return engine;
    },
    tell,
    break(fault) {
      condition.break(fault);
      noticed(fault.kind, fault.delayMs, true);
      if (fault.kind === 'prober_killed') kill();
    },
    heal(fault) {
      condition.heal(fault);
      noticed(fault.kind, 0, false);
      if (fault.kind === 'prober_killed') startAgain();
    },
  };
}
