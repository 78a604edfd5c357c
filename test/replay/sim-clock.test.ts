// Virtual time: in order, on time, and with every promise settled before the next event.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../replay/sim/virtual-clock.ts';

const START = Date.UTC(2026, 0, 1);

describe('the virtual clock', () => {
  it('runs what is due in the order of time, and of asking when times are equal', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), async (delays) => {
        const clock = createVirtualClock(START);
        const ran: { at: number; index: number }[] = [];
        for (const [index, ms] of delays.entries()) clock.after(ms, () => ran.push({ at: clock.monotonic(), index }));
        await clock.runUntil(100);
        const expected = delays.map((at, index) => ({ at, index })).sort((a, b) => a.at - b.at || a.index - b.index);
        expect(ran).toEqual(expected);
      }),
    );
  });

  it('leaves alone what is due later or was cancelled', async () => {
    const clock = createVirtualClock(START);
    const ran: string[] = [];
    clock.after(10, () => ran.push('early'));
    clock.after(30, () => ran.push('late'));
    clock.after(15, () => ran.push('cancelled'))();
    await clock.runUntil(20);
    expect(ran).toEqual(['early']);
    expect(clock.monotonic()).toBe(20);
    expect(clock.now()).toBe(START + 20);
  });

  it('lets a chain of promises go on before the next event', async () => {
    const clock = createVirtualClock(START);
    const ran: string[] = [];
    const chain = async (): Promise<void> => {
      ran.push(await clock.later(10, () => 'settled'));
    };
    void chain().finally(() => ran.push('finally'));
    clock.after(10, () => ran.push('next'));
    await clock.runUntil(10);
    expect(ran).toEqual(['settled', 'finally', 'next']);
  });

  it('runs what an event asks for, if it is due within the same stretch', async () => {
    const clock = createVirtualClock(START);
    const beats: number[] = [];
    const beat = (): void => {
      beats.push(clock.monotonic());
      clock.after(7, beat);
    };
    clock.after(7, beat);
    await clock.runUntil(30);
    expect(beats).toEqual([7, 14, 21, 28]);
  });
});
