// An episode: faults that come and go, at fixed times of a run. Generated from a seed, so that a number names it for ever.
import type { SimFault } from './sim-faults.ts';

export const FAMILIES = ['single', 'pair', 'hostile', 'quiet'] as const;

export type Family = (typeof FAMILIES)[number];

export interface Bout {
  fault: SimFault;
  /** Milliseconds from the start of the run. */
  fromMs: number;
  toMs: number;
}

export interface Episode {
  world: string;
  family: Family;
  /** What kind of episode it is; results are grouped by it. */
  name: string;
  seed: number;
  noise: number;
  bouts: readonly Bout[];
  /** When the trouble that is scored begins, and when it is scored. */
  onsetMs: number;
  scoredAtMs: number;
  endMs: number;
}

/** Healthy time before anything breaks, so that every witness has been seen to work. */
export const WARM_UP_MS = 22_000;
export const SCORE_AFTER_MS = 60_000;
export const RECOVERY_MS = 60_000;
