// How the prober itself fares: late starts and a blocked event loop make silence worthless as evidence, and without a file
// descriptor nobody is asked at all.
import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

export interface SelfWatch {
  /** 99th percentile of the delay over the last window, milliseconds. */
  loopDelayMs(): number;
  /** Closes the present window; call it regularly. */
  turn(): void;
  stop(): void;
}

const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** Beyond these the prober counts as starved: delays that could turn an answer in time into a timeout, or a round into a gap. */
export const STARVED = { loopDelayShareOfTimeout: 1 / 8, latenessShareOfInterval: 1 / 2 } as const;

export function watchSelf(): SelfWatch {
  const histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  let last = 0;
  return {
    loopDelayMs: () => last,
    turn() {
      const measured = histogram.count > 0 ? histogram.percentile(99) / NS_PER_MS - RESOLUTION_MS : 0;
      last = Math.max(0, measured);
      histogram.reset();
    },
    stop() {
      histogram.disable();
    },
  };
}

const OUT_OF_FILES: ReadonlySet<unknown> = new Set(['EMFILE', 'ENFILE']);

/** Whether the kernel lets this process open nothing more; found out by trying, since how many others it allows varies. */
export function isOutOfFiles(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && OUT_OF_FILES.has(error.code);
  }
}
