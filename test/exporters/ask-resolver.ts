// What tests of the resolver have in common: patience, a clock that can be moved on, and failures by their reason.
import { expect } from 'vitest';
import { type Clock, realClock } from '../../exporters/clock.ts';
import { ResolveError } from '../../exporters/probe.ts';

export function soon(): AbortSignal {
  return AbortSignal.timeout(2000);
}

/** Real timers, and a monotonic clock that can be moved on. */
export function shiftedClock(): { clock: Clock; advance(ms: number): void } {
  let shift = 0;
  return {
    clock: { ...realClock, monotonic: () => performance.now() + shift },
    advance: (ms) => {
      shift += ms;
    },
  };
}

export async function expectReason(asking: Promise<string[]>, reason: string): Promise<void> {
  const error = await asking.then(
    (addresses) => new Error(`resolved to ${addresses.join()}`),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ResolveError);
  expect(error).toMatchObject({ reason });
}
