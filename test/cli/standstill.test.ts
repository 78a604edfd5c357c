// What counts against a thread that stood still, and what does not: time it was not given, a disk, whoever stopped it.
import { describe, expect, it } from 'vitest';
import { lookAtMainThread, ownStandstill, type ThreadLook, threadLookOf } from '../../cli/standstill.ts';

const look = (state: string, cpuMs: number): ThreadLook => ({ state, cpuMs });

describe('of a tick of 250 ms', () => {
  it.each<[string, ThreadLook | null, ThreadLook | null, number]>([
    ['all counts while it computes', look('R', 1_000), look('R', 1_250), 250],
    ['all counts while it waits for what another thread does', look('S', 1_000), look('S', 1_000), 250],
    ['what it ran counts where others had the core', look('R', 1_000), look('R', 1_010), 10],
    ['nothing counts where it was given no time at all', look('R', 1_000), look('R', 1_000), 0],
    ['nothing counts while a disk does not answer', look('S', 1_000), look('D', 1_000), 0],
    ['nothing counts while it is stopped', look('S', 1_000), look('T', 1_000), 0],
    ['nothing counts while a debugger holds it', look('R', 1_000), look('t', 1_000), 0],
    ['no more than the tick counts after a sleep of the machine', look('R', 1_000), look('R', 9_000), 250],
    ['all counts where nobody tells of threads', null, null, 250],
  ])('%s', (_, before, now, counts) => {
    expect(ownStandstill(before, now, 250)).toBe(counts);
  });
});

it('reads what Linux tells, whatever the program is called', () => {
  const rest = '1 1 1 0 -1 4194560 100 0 0 0 123 45 0 0 20 0 11 0';
  expect(threadLookOf(`7 (a) R (b) S ${rest}\n`)).toEqual({ state: 'S', cpuMs: 1_680 });
});

it('sees the thread that runs this', () => {
  const before = lookAtMainThread();
  const end = performance.now() + 100;
  while (performance.now() < end);
  const after = lookAtMainThread();
  if (process.platform !== 'linux') return expect(after).toBeNull();
  expect(after?.state).toBe('R');
  expect(after?.cpuMs).toBeGreaterThan(before?.cpuMs ?? Number.POSITIVE_INFINITY);
});
