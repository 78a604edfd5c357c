// How long this process stood still: whoever waits for an answer meanwhile finds it late, whoever was asked.
import { performance } from 'node:perf_hooks';
import { DEFAULT_TIMING } from '../catalog/timing.ts';
import type { Scenario } from '../lab/scenario.ts';
import { isBefallen } from '../lab/watchers.ts';
import { STARVED } from '../verdict/self.ts';
import type { RowId } from '../verdict/table.ts';
import type { Moment } from './result.ts';

const LOOK_MS = 50;

/** As long as makes a prober call itself starved when it happens often; a play is spoilt by once. */
export const STALL_MS = STARVED.loopDelayShareOfTimeout * DEFAULT_TIMING.timeoutMs;

/** Whether the prober was starved though nobody starved it: what was played then says more of this machine than of demarc. */
export function isStarvedUnasked(scenario: Pick<Scenario, 'timeline'>, moments: readonly Moment[]): boolean {
  return !isBefallen('prober', scenario.timeline) && moments.some(({ verdict }) => verdict.row === STARVED_ROW);
}

const STARVED_ROW = 'prober_starved' satisfies RowId;

export interface Stalls {
  /** The longest since that moment of `performance.now()`, milliseconds. */
  longestSince(at: number): number;
  stop(): void;
}

export function watchStalls(): Stalls {
  const stalls: { at: number; ms: number }[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const ms = now - last - LOOK_MS;
    last = now;
    if (ms > STALL_MS) stalls.push({ at: now, ms });
  }, LOOK_MS).unref();
  return {
    longestSince: (since) => Math.max(0, ...stalls.filter(({ at }) => at >= since).map(({ ms }) => Math.round(ms))),
    stop: () => clearInterval(timer),
  };
}
