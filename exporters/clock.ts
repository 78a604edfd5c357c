// Time as an argument: the real clock here, a virtual one in the simulator and in tests.

export interface Clock {
  /** Wall time, Unix milliseconds. For timestamps people read; it may jump. */
  now(): number;
  /** Milliseconds that only ever grow. For durations. */
  monotonic(): number;
  /** Runs `act` once after `ms`; the returned function cancels it. */
  after(ms: number, act: () => void): () => void;
}

/** Node's timers overflow above this and would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, act) {
    const timer = setTimeout(act, Math.min(Math.max(0, ms), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  },
};
