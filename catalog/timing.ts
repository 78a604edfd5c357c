// Every duration the signals work with, in one object, so that the lab can run the same logic faster.

export interface Timing {
  /** Between two rounds of one target. */
  intervalMs: number;
  /** Deadline of one measurement. */
  timeoutMs: number;
  /** Between a failure and its confirmation, and between a success and the end of a failure. */
  retryMs: number;
  /** At most one sweep of witnesses in this time. */
  sweepGapMs: number;
  /** No vendor is named this long after uplink noise. */
  holdDownMs: number;
  /** The uplink must have been clean this long. */
  cleanWindowMs: number;
  /** How long witnesses may take before a failing service counts as settled. */
  settleMs: number;
  /** After this many intervals without a result a target is UNKNOWN. */
  staleIntervals: number;
  /** A witness must have broken within this time of the symptom. */
  witnessWindowMs: number;
  /** How many times faster than real those are asked that keep a pace of their own: registries, time servers. 1 but in the lab. */
  pace: number;
}

const HOUR_MS = 3_600_000;

export const DEFAULT_TIMING: Timing = {
  intervalMs: 15_000,
  timeoutMs: 4_000,
  retryMs: 3_000,
  sweepGapMs: 5_000,
  holdDownMs: 20_000,
  cleanWindowMs: 40_000,
  settleMs: 25_000,
  staleIntervals: 3,
  witnessWindowMs: 24 * HOUR_MS,
  pace: 1,
};

/** The same timing run `speed` times faster; counts and the witness window keep their meaning. */
export function atSpeed(timing: Timing, speed: number): Timing {
  const faster = (ms: number): number => Math.max(1, Math.round(ms / speed));
  return {
    ...timing,
    intervalMs: faster(timing.intervalMs),
    timeoutMs: faster(timing.timeoutMs),
    retryMs: faster(timing.retryMs),
    sweepGapMs: faster(timing.sweepGapMs),
    holdDownMs: faster(timing.holdDownMs),
    cleanWindowMs: faster(timing.cleanWindowMs),
    settleMs: faster(timing.settleMs),
    pace: timing.pace * speed,
  };
}
