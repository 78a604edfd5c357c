// Plays side by side for as long as this process keeps up: on a machine without time, plays begin later instead of going wrong.
import { performance } from 'node:perf_hooks';

/** So many begin in any case: even a starved machine must come to an end. */
const FEWEST = 4;
/** Beyond this share of its time a busy event loop makes others wait, and what waits looks slow to whoever measures it. */
const BUSY = 0.6;
const LOOK_MS = 1_000;
/** How much of the busyness is that of the last look. */
const NEWEST_SHARE = 0.5;

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

/** Tells, once per look, the share of its time that this process has lately been busy, waiting for a core included. */
function watchBusyness(): () => Promise<number> {
  let before = performance.eventLoopUtilization();
  let busy = 1;
  return async () => {
    await pause(LOOK_MS);
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    busy += NEWEST_SHARE * (utilization - busy);
    return busy;
  };
}

/**
 * Does all of `jobs` in their order, at most so many at once, and begins one more only while the process keeps up. When one of them
 * throws, no other begins; the error is thrown once those under way have ended.
 */
export async function playOnTime<T>(jobs: readonly T[], most: number, play: (job: T) => Promise<void>): Promise<void> {
  const busyness = watchBusyness();
  const playing = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for (const job of jobs) {
    while (playing.size >= most) await Promise.race(playing);
    // A world that has just been built is seen in the next look.
    while ((await busyness()) > BUSY && playing.size >= Math.min(FEWEST, most));
    if (failures.length > 0) break;
    const done = play(job)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => playing.delete(done));
    playing.add(done);
  }
  await Promise.all(playing);
  if (failures.length > 0) throw failures[0];
}
