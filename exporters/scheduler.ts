// When to measure what: every target on its own jittered beat, extra measurements on request, never two of one target at once.
// It blames nobody and stops for nothing: probing goes on while the uplink is down.
import type { Clock } from './clock.ts';
import { createCrowds } from './crowds.ts';
import { createDeadlines } from './deadlines.ts';
import type { Observation } from './observation.ts';
import type { NameResolver, ProbeContext } from './probe.ts';
import type { Target } from './target.ts';

export interface SchedulerOptions {
  targets: readonly Target[];
  /** The measurement of a target, its settings checked. */
  prepare(target: Target): (context: ProbeContext) => Promise<Observation>;
  clock: Clock;
  resolver: NameResolver;
  trust: readonly string[];
  /** At most this many measurements at once, for the sake of file descriptors; further ones start late. */
  maxInFlight?: number;
  /** When a target was last measured, be it before a restart, in Unix milliseconds: those asked gently are not hurried. */
  lastRun?(id: string): { at: number; good: boolean } | null;
  /** 0 to 1; seeded in tests. */
  random?: () => number;
  /** Told of every start: how long after it was due. */
  onStart?(latenessMs: number): void;
  onObservation(observation: Observation): void;
  /** A measurement threw: our bug, no observation. */
  onCrash(target: Target, error: unknown): void;
}

export interface Scheduler {
  start(): void;
  /** Measures these once more after `delayMs`, or earlier if they are due anyway. */
  request(ids: Iterable<string>, delayMs: number): void;
  /** Leaves these alone for `ms`, whoever asks. */
  rest(ids: Iterable<string>, ms: number): void;
  inFlight(): number;
  /**
   * Goes on with other targets. Those in `kept` keep their beat and what is under way; results of the others that are
   * under way are dropped. When one cannot be prepared it throws, and everything stays as it was.
   */
  replace(next: Replacement): void;
  /** Largest start lateness of the last minute, milliseconds. */
  latenessMs(): number;
  /** Ends the beat and waits for what is under way. */
  stop(): Promise<void>;
}

export interface Replacement extends Pick<SchedulerOptions, 'targets' | 'resolver' | 'trust'> {
  /** Ids of targets that stay as they are. */
  kept: ReadonlySet<string>;
}

interface Entry {
  target: Target;
  measure: (context: ProbeContext) => Promise<Observation>;
  dueAt: number;
  /** Nobody may have it measured before; the monotonic clock's. */
  notBefore: number;
  running: boolean;
}

/** Wake-ups are batched to this: at low rates waking costs more than probing. */
const TICK_MS = 50;
/** The first round is spread over this share of the interval, and of the gap where there is one, so that a start is quick. */
const FIRST_ROUND = 0.15;
const FIRST_ROUND_OF_GAP = 0.5;
/** Over more of it when there are many: what begins together stays together, round after round. */
const MS_PER_FIRST_START = 1.5;
const JITTER = 0.03;
const LATENESS_WINDOW_MS = 60_000;
/** Nearly all of them wait for somebody silent, which costs a socket and no work. Node raises its own limit of files. */
const DEFAULT_IN_FLIGHT = 4_096;
/**
 * Measurements that begin together make each other look slow, so few do, and the next follows when one of them ends.
 * Whoever is silent is waited for no longer than the gap: silence must not make others late.
 */
const GAP_MS = 5;
const FEWEST_AT_ONCE = 2;
const MOST_AT_ONCE = 64;
/** A long queue is worked off faster: all of it within about this many gaps. */
const GAPS_PER_QUEUE = 8;

export function createScheduler(options: SchedulerOptions): Scheduler {
  const { clock, random = Math.random, maxInFlight = DEFAULT_IN_FLIGHT } = options;
  const entries = new Map<string, Entry>();
  const beginDeadline = createDeadlines(clock);
  const lateness: { at: number; ms: number }[] = [];
  const running = new Set<Promise<void>>();
  const crowds = createCrowds();
  let cancelTimer = (): void => undefined;
  let wakeAt = Number.POSITIVE_INFINITY;
  let stopped = true;
  /** Due and not started, the longest waiting last; made anew at every pass. */
  let queue: Entry[] = [];
  /** How many may still be started in this pass; whoever ends in it gives a place back. */
  let places = 0;
  /** When the next of those must start that are due and wait for others of their crowd. */
  let patientUntil = Number.POSITIVE_INFINITY;
  let passes = 0;
  let { resolver, trust } = options;

  const jitter = (target: Target): number => target.intervalMs * (1 + JITTER * (2 * random() - 1));

  function wake(at: number): void {
    if (stopped || at >= wakeAt) return;
    cancelTimer();
    wakeAt = at;
    cancelTimer = clock.after(Math.max(0, at - clock.monotonic()), pass);
  }

  function pass(): void {
    wakeAt = Number.POSITIVE_INFINITY;
    passes += 1;
    const now = clock.monotonic();
    let next = now + LATENESS_WINDOW_MS;
    queue = [];
    patientUntil = Number.POSITIVE_INFINITY;
    for (const entry of entries.values()) {
      if (entry.running) continue;
      if (entry.dueAt <= now) queue.push(entry);
      else next = Math.min(next, entry.dueAt);
    }
    queue.sort((a, b) => b.dueAt - a.dueAt);
    places = Math.min(MOST_AT_ONCE, Math.max(FEWEST_AT_ONCE, queue.length / GAPS_PER_QUEUE));
    fill(now);
    wake(queue.length > 0 ? now + GAP_MS : Math.max(Math.min(next, patientUntil), now + TICK_MS));
  }

  /** Starts as many of the queue as there is room for. */
  function fill(now: number): void {
    while (places >= 1 && running.size < maxInFlight) {
      const entry = queue.pop();
      if (entry === undefined) return;
      if (waitsForCrowd(entry, now)) continue;
      places -= 1;
      run(entry, now);
    }
  }

  function waitsForCrowd({ target, dueAt }: Entry, now: number): boolean {
    const patienceMs = crowds.patienceMs(target);
    if (patienceMs === null || now >= dueAt + patienceMs) return false;
    patientUntil = Math.min(patientUntil, dueAt + patienceMs);
    return true;
  }

  function run(entry: Entry, now: number): void {
    noteLateness(now, now - entry.dueAt);
    options.onStart?.(now - entry.dueAt);
    entry.running = true;
    // Not from the old due time: after a suspend there must be no burst to catch up.
    entry.notBefore = Math.max(entry.notBefore, now + (entry.target.gapMs ?? 0));
    entry.dueAt = Math.max(entry.notBefore, now + jitter(entry.target));
    const startedIn = passes;
    crowds.enter(entry.target);
    const done = measure(entry).finally(() => {
      entry.running = false;
      running.delete(done);
      crowds.leave(entry.target);
      const end = clock.monotonic();
      wake(patientUntil < Number.POSITIVE_INFINITY ? end + GAP_MS : Math.max(entry.dueAt, end));
      if (startedIn === passes) places += 1;
      if (!stopped) fill(end);
    });
    running.add(done);
  }

  async function measure(entry: Entry): Promise<void> {
    const deadline = beginDeadline(entry.target.timeoutMs);
    const context = { signal: deadline.signal, clock, resolver, trust };
    const wanted = (): boolean => !stopped && entries.get(entry.target.id) === entry;
    try {
      const observation = await entry.measure(context);
      if (wanted()) options.onObservation(observation);
    } catch (error) {
      if (wanted()) options.onCrash(entry.target, error);
    } finally {
      deadline.end();
    }
  }

  function noteLateness(at: number, ms: number): void {
    while (lateness[0] !== undefined && lateness[0].at < at - LATENESS_WINDOW_MS) lateness.shift();
    // Only what exceeds a tick is news, and only a new maximum can matter later.
    if (ms <= TICK_MS) return;
    while (lateness.length > 0 && (lateness.at(-1)?.ms ?? 0) <= ms) lateness.pop();
    lateness.push({ at, ms });
  }

  /** One of `among` targets. */
  function entryOf(target: Target, among: number): Entry {
    const { id, intervalMs, gapMs } = target;
    const shareMs = Math.min(intervalMs * FIRST_ROUND, (gapMs ?? Number.POSITIVE_INFINITY) * FIRST_ROUND_OF_GAP);
    const roundMs = Math.min(intervalMs, Math.max(shareMs, among * MS_PER_FIRST_START));
    const now = clock.monotonic();
    const lastRun = gapMs === undefined ? null : (options.lastRun?.(id) ?? null);
    // A time in the future is a clock that was set back.
    const agoMs = lastRun === null ? Number.POSITIVE_INFINITY : Math.max(0, clock.now() - lastRun.at);
    const restMs = lastRun?.good === true ? intervalMs : (gapMs ?? 0);
    const dueAt = now + roundMs * random() + Math.max(0, restMs - agoMs);
    const notBefore = now + Math.max(0, (gapMs ?? 0) - agoMs);
    return { target, measure: options.prepare(target), dueAt, notBefore, running: false };
  }

  return {
    start() {
      stopped = false;
      for (const target of options.targets) entries.set(target.id, entryOf(target, options.targets.length));
      wake(clock.monotonic());
    },
    replace(next) {
      const same = (id: string): Entry | undefined => (next.kept.has(id) ? entries.get(id) : undefined);
      const all = next.targets.map((target) => same(target.id) ?? entryOf(target, next.targets.length));
      ({ resolver, trust } = next);
      entries.clear();
      for (const entry of all) entries.set(entry.target.id, entry);
      queue = [];
      wake(clock.monotonic());
    },
    request(ids, delayMs) {
      const at = clock.monotonic() + delayMs;
      for (const id of ids) {
        const entry = entries.get(id);
        if (entry !== undefined) entry.dueAt = Math.min(entry.dueAt, Math.max(at, entry.notBefore));
      }
      wake(at);
    },
    rest(ids, ms) {
      const until = clock.monotonic() + ms;
      for (const id of ids) {
        const entry = entries.get(id);
        if (entry === undefined) continue;
        entry.notBefore = Math.max(entry.notBefore, until);
        entry.dueAt = Math.max(entry.dueAt, entry.notBefore);
      }
    },
    inFlight: () => running.size,
    latenessMs() {
      const since = clock.monotonic() - LATENESS_WINDOW_MS;
      return lateness.find(({ at }) => at >= since)?.ms ?? 0;
    },
    async stop() {
      stopped = true;
      cancelTimer();
      await Promise.allSettled(running);
    },
  };
}
