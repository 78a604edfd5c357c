// Keeps `demarc serve` within its memory: at first it forgets what it can do without, and beyond the limit it ends, with a word,
// before the kernel would end it without one.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MEMORY } from '../catalog/limits.ts';
import type { Clock } from '../exporters/clock.ts';
import { UserError } from '../map/user-error.ts';
import type { Logger } from './logger.ts';

export const MIB = 1_048_576;

/** What `--memory-limit` says, bytes; null: not given. 0 is no limit. */
export function parseMemoryLimit(text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text) * MIB;
  const hint = 'give whole MiB, such as 512; 0 sets no limit';
  throw new UserError([{ place: '--memory-limit', what: `${text} is no number of MiB`, hint }]);
}

/**
 * The limit by default, bytes: for a map of so many targets, and less where a control group allows less. `allowed` is what the
 * group allows, bytes; 0 or no end of them where there is none.
 */
export function defaultMemoryLimit(targets: number, allowed: number): number {
  const needed = MEMORY.baseBytes + targets * MEMORY.perTargetBytes;
  return allowed > 0 ? Math.min(needed, allowed * MEMORY.shareOfControlGroup) : needed;
}

export interface MemoryLimitOptions {
  /** Bytes, asked at every look, since a map may be replaced by a larger one; 0 is none. */
  limit(): number;
  /** Resident bytes; null while nobody can tell, and then nothing follows. */
  resident(): number | null;
  clock: Clock;
  log: Logger;
  /** Forgets what can be done without. */
  shed(): void;
  /** It is beyond the limit and stays so. Called once. */
  exceeded(what: string): void;
}

const LOOK_MS = 1_000;
/** What was forgotten is not back at once, nor is memory that was given back. */
const SHED_GAP_MS = 60_000;

/** Looks every second; returns what ends that. */
export function keepMemoryLimit({ limit, resident, clock, log, shed, exceeded }: MemoryLimitOptions): () => void {
  let shedAt = Number.NEGATIVE_INFINITY;
  let wasBeyond = false;
  let cancel = clock.after(LOOK_MS, look);

  function look(): void {
    cancel = clock.after(LOOK_MS, look);
    const [used, most] = [resident(), limit()];
    if (used === null) return;
    const isBeyond = most > 0 && used > most;
    if (isBeyond && wasBeyond) {
      cancel();
      exceeded(`${inMiB(used)} of memory, more than the ${inMiB(most)} it may take`);
      return;
    }
    if (most > 0 && used > most * MEMORY.softShare && clock.monotonic() - shedAt >= SHED_GAP_MS) {
      shedAt = clock.monotonic();
      log('warn', 'memory runs short: old evidence and remembered certificates are forgotten', {
        resident: inMiB(used),
        limit: inMiB(most),
      });
      shed();
    }
    // Garbage is not needed; collecting it holds the loop, so it is done only where the end would be the other way.
    if (isBeyond) collectGarbage();
    wasBeyond = isBeyond;
  }

  return () => cancel();
}

const inMiB = (bytes: number): string => `${Math.round(bytes / MIB)} MiB`;

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}
