// How long this process stood still: whoever waits for an answer meanwhile finds it late, whoever was asked.
import { performance } from 'node:perf_hooks';
import { DEFAULT_TIMING } from '../catalog/timing.ts';
import { STARVED } from '../verdict/self.ts';

const LOOK_MS = 50;

/** As long as makes a prober call itself starved when it happens often; a play is spoilt by once. */
export const STALL_MS = STARVED.loopDelayShareOfTimeout * DEFAULT_TIMING.timeoutMs;

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
