import { describe, expect, it } from 'vitest';
import { createDeadlines } from '../../exporters/deadlines.ts';
import { manualClock } from '../manual-clock.ts';

describe('the deadlines of measurements', () => {
  it('are one for those that begin close together and may take as long, and cut nobody short', async () => {
    const clock = manualClock();
    const begin = createDeadlines(clock);
    const first = begin(1_000);
    await clock.pass(10);
    const [second, longer] = [begin(1_000), begin(2_000)];
    expect(second.signal).toBe(first.signal);
    expect(longer.signal).not.toBe(first.signal);
    await clock.pass(999);
    expect(second.signal.aborted).toBe(false);
    await clock.pass(1);
    expect(second.signal.aborted).toBe(true);
    expect(longer.signal.aborted).toBe(false);
  });

  it('are of their own for those that begin later', async () => {
    const clock = manualClock();
    const begin = createDeadlines(clock);
    const first = begin(1_000);
    await clock.pass(11);
    const later = begin(1_000);
    await clock.pass(1_000);
    expect([first, later].map(({ signal }) => signal.aborted)).toEqual([true, false]);
    await clock.pass(10);
    expect(later.signal.aborted).toBe(true);
  });

  it('strike nobody once all have ended, and are not joined any more', async () => {
    const clock = manualClock();
    const begin = createDeadlines(clock);
    const both = [begin(1_000), begin(1_000)];
    for (const deadline of both) deadline.end();
    expect(begin(1_000).signal).not.toBe(both[0]?.signal);
    await clock.pass(5_000);
    expect(both.map(({ signal }) => signal.aborted)).toEqual([false, false]);
  });

  it('strike for whoever has not ended', async () => {
    const clock = manualClock();
    const begin = createDeadlines(clock);
    const [quick, silent] = [begin(1_000), begin(1_000)];
    quick.end();
    await clock.pass(1_010);
    expect(silent.signal.aborted).toBe(true);
  });
});
