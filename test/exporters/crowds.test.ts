// How many of one host, and of one vendor, are asked at once, and that nobody is late for it by more than a moment.
import { describe, expect, it } from 'vitest';
import { createScheduler, type Scheduler } from '../../exporters/scheduler.ts';
import type { Target } from '../../exporters/target.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';

const TIMEOUT_MS = 4_000;
const PATIENCE_MS = TIMEOUT_MS / 4;
/** Wake-ups are batched. */
const LEEWAY_MS = 60;

const target = (id: string, host: string, vendor: string): Target => ({
  id,
  kind: 'tcp',
  host,
  settings: {},
  intervalMs: 15_000,
  timeoutMs: TIMEOUT_MS,
  labels: { role: 'anchor', service: '', vendor, component: '' },
});

const of = (count: number, host: (index: number) => string, vendor = ''): Target[] =>
  Array.from({ length: count }, (_, index) => target(`${vendor}/${host(index)}/${index}`, host(index), vendor));

interface Watched {
  clock: ManualClock;
  scheduler: Scheduler;
  /** When each was started, milliseconds. */
  starts: { host: string; at: number }[];
  /** The most that were under way at once. */
  most(): number;
}

/** All due at the same moment; `lastsMs` is how long one takes. */
function watched(targets: Target[], lastsMs: (target: Target) => number): Watched {
  const clock = manualClock();
  const starts: Watched['starts'] = [];
  let [now, most] = [0, 0];
  const scheduler = createScheduler({
    targets,
    prepare: (one) => async () => {
      starts.push({ host: one.host ?? '', at: clock.monotonic() });
      now += 1;
      most = Math.max(most, now);
      await new Promise<void>((resolve) => void clock.after(lastsMs(one), resolve));
      now -= 1;
      throw new Error('nothing to tell');
    },
    clock,
    resolver: { resolve: async () => [] },
    trust: [],
    random: () => 0,
    onObservation: () => undefined,
    onCrash: () => undefined,
  });
  scheduler.start();
  return { clock, scheduler, starts, most: () => most };
}

describe('a crowd', () => {
  it('is four at one host, who are followed as they end', async () => {
    const { clock, scheduler, starts, most } = watched(
      of(12, () => 'one.test'),
      () => 100,
    );
    await clock.pass(PATIENCE_MS);
    expect(starts).toHaveLength(12);
    expect(most()).toBe(4);
    await clock.pass(TIMEOUT_MS);
    await scheduler.stop();
  });

  it('is sixteen at one vendor, however many hosts that has', async () => {
    const { clock, scheduler, starts, most } = watched(
      of(40, (index) => `${index}.test`, 'somebody'),
      () => 100,
    );
    await clock.pass(PATIENCE_MS);
    expect(starts).toHaveLength(40);
    expect(most()).toBe(16);
    await clock.pass(TIMEOUT_MS);
    await scheduler.stop();
  });

  it('gives way: who is silent keeps nobody waiting for more than a quarter of a deadline', async () => {
    const { clock, scheduler, starts, most } = watched(
      of(12, () => 'mute.test'),
      () => TIMEOUT_MS,
    );
    await clock.pass(PATIENCE_MS - LEEWAY_MS);
    expect(most()).toBe(4);
    await clock.pass(2 * LEEWAY_MS);
    expect(most()).toBe(12);
    expect(Math.max(...starts.map(({ at }) => at))).toBeLessThanOrEqual(PATIENCE_MS + LEEWAY_MS);
    await clock.pass(TIMEOUT_MS);
    await scheduler.stop();
  });

  it('holds up nobody who asks somebody else', async () => {
    const crowded = of(30, () => 'mute.test', 'silent');
    const { clock, scheduler, starts } = watched(
      [...crowded, ...of(3, (index) => `${index}.test`, 'other'), target('nobody', '', '')],
      ({ host }) => (host === 'mute.test' ? TIMEOUT_MS : 10),
    );
    await clock.pass(PATIENCE_MS - LEEWAY_MS);
    expect(starts.filter(({ host }) => host !== 'mute.test')).toHaveLength(4);
    await clock.pass(2 * TIMEOUT_MS);
    await scheduler.stop();
  });
});
