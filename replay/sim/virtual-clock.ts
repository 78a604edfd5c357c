// Time that passes only when told to: a queue of what is due, run in order, with promises settled between two events.
// It is what lets three minutes of probing take milliseconds, and the same seed give the same minutes.
import type { Clock } from '../../exporters/clock.ts';

export interface VirtualClock extends Clock {
  /** What `make` gives, `ms` from now. The queue waits until whoever awaited it has gone on. */
  later<T>(ms: number, make: () => T): Promise<T>;
  /** Runs everything due up to this monotonic time, and stands there afterwards. */
  runUntil(ms: number): Promise<void>;
}

interface Due {
  at: number;
  /** Ties are broken by who asked first. */
  order: number;
  act: (() => void) | null;
}

/** A measurement's end reaches the scheduler in two steps; twice that leaves room for one more `await` on its way. */
const MICROTASK_ROUNDS = 4;

/** `start`: wall time, Unix milliseconds, at monotonic 0. */
export function createVirtualClock(start: number): VirtualClock {
  const queue: Due[] = [];
  let time = 0;
  let count = 0;
  let unsettled = false;

  const after = (ms: number, act: () => void): (() => void) => {
    count += 1;
    const due: Due = { at: time + Math.max(0, ms), order: count, act };
    push(queue, due);
    return () => {
      due.act = null;
    };
  };

  return {
    now: () => start + time,
    monotonic: () => time,
    after,
    later: (ms, make) =>
      new Promise((resolve) => {
        after(ms, () => {
          unsettled = true;
          resolve(make());
        });
      }),
    async runUntil(ms) {
      for (let next = queue[0]; next !== undefined && next.at <= ms; next = queue[0]) {
        pop(queue);
        if (next.act === null) continue;
        time = next.at;
        next.act();
        if (!unsettled) continue;
        unsettled = false;
        for (let round = 0; round < MICROTASK_ROUNDS; round += 1) await null;
      }
      time = Math.max(time, ms);
    },
  };
}

const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** A binary heap, smallest first: there are many timers, and most are cancelled before they are due. */
function push(queue: Due[], due: Due): void {
  let place = queue.length;
  queue.push(due);
  while (place > 0) {
    const parent = (place - 1) >> 1;
    const above = queue[parent] as Due;
    if (!before(due, above)) break;
    queue[place] = above;
    place = parent;
  }
  queue[place] = due;
}

function pop(queue: Due[]): void {
  const last = queue.pop();
  if (last === undefined || queue.length === 0) return;
  let place = 0;
  for (;;) {
    const left = 2 * place + 1;
    if (left >= queue.length) break;
    const right = left + 1;
    const child = right < queue.length && before(queue[right] as Due, queue[left] as Due) ? right : left;
    const below = queue[child] as Due;
    if (!before(below, last)) break;
    queue[place] = below;
    place = child;
  }
  queue[place] = last;
}
