// A clock that only moves when told to.
import type { Clock } from '../exporters/clock.ts';

export interface ManualClock extends Clock {
  /** Moves on by `ms`, running what falls due in order, and lets promises settle after each. */
  pass(ms: number): Promise<void>;
}

export function manualClock(start = 1_700_000_000_000): ManualClock {
  let elapsed = 0;
  let order = 0;
  const timers = new Map<number, { at: number; act: () => void }>();
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    now: () => start + elapsed,
    monotonic: () => elapsed,
    after(ms, act) {
      order += 1;
      const id = order;
      timers.set(id, { at: elapsed + Math.max(0, ms), act });
      return () => void timers.delete(id);
    },
    async pass(ms) {
      const end = elapsed + ms;
      for (;;) {
        const due = [...timers]
          .filter(([, { at }]) => at <= end)
          .sort(([a, one], [b, other]) => one.at - other.at || a - b)[0];
        if (due === undefined) break;
        const [id, { at, act }] = due;
        timers.delete(id);
        elapsed = Math.max(elapsed, at);
        act();
        await settle();
      }
      elapsed = end;
      await settle();
    },
  };
}
