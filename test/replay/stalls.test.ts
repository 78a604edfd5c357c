// A process that stood still knows for how long, and forgets nothing of it until asked about a later time.
import { expect, it, onTestFinished } from 'vitest';
import { STALL_MS, watchStalls } from '../../replay/stalls.ts';

const STILL_MS = 2 * STALL_MS;

it('tells the longest standstill since a moment', async () => {
  const stalls = watchStalls();
  onTestFinished(() => stalls.stop());
  const before = performance.now();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STILL_MS);
  await expect.poll(() => stalls.longestSince(before), { timeout: 10_000 }).toBeGreaterThan(STALL_MS);
  expect(stalls.longestSince(performance.now())).toBe(0);
});
