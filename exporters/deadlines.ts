// When measurements have to end. Those that begin close together share a signal and a timer: to make a signal for each costs as
// much as to read a DNS answer, and to keep one for each target a kilobyte.
import { setMaxListeners } from 'node:events';
import type { Clock } from './clock.ts';

export interface Deadline {
  signal: AbortSignal;
  /** The measurement is over; to be called once by each. */
  end(): void;
}

interface Shared extends Deadline {
  joinedUntil: number;
  /** Measurements under way. */
  users: number;
}

/** Sharing cuts nobody's time short, and gives nobody more than this besides. */
const SHARED_FOR_MS = 10;

/** The returned function is called when a measurement begins that may take so many milliseconds. */
export function createDeadlines(clock: Clock): (ms: number) => Deadline {
  /** The newest of each length. */
  const newest = new Map<number, Shared>();

  function begin(ms: number, now: number): Shared {
    const controller = new AbortController();
    // As many listen as there are measurements: no leak to be warned of.
    setMaxListeners(0, controller.signal);
    const cancel = clock.after(ms + SHARED_FOR_MS, () => controller.abort());
    const shared: Shared = {
      signal: controller.signal,
      joinedUntil: now + SHARED_FOR_MS,
      users: 0,
      end() {
        shared.users -= 1;
        if (shared.users > 0) return;
        cancel();
        if (newest.get(ms) === shared) newest.delete(ms);
      },
    };
    newest.set(ms, shared);
    return shared;
  }

  return (ms) => {
    const now = clock.monotonic();
    const known = newest.get(ms);
    const shared = known !== undefined && now <= known.joinedUntil ? known : begin(ms, now);
    shared.users += 1;
    return shared;
  };
}
