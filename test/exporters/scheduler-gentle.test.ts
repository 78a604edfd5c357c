// Targets that are asked gently: nobody may hurry them, a restart does not, and they can ask for rest.
import { describe, expect, it } from 'vitest';
import { createScheduler, type Scheduler } from '../../exporters/scheduler.ts';
import type { Target } from '../../exporters/target.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';

const HOUR_MS = 3_600_000;
const GAP_MS = 60_000;

const gentle: Target = {
  id: 'registration/home.test',
  kind: 'registration',
  settings: {},
  intervalMs: 6 * HOUR_MS,
  timeoutMs: 2_000,
  gapMs: GAP_MS,
  labels: { role: 'registration', service: '', vendor: '', component: '' },
};

interface Watched {
  clock: ManualClock;
  scheduler: Scheduler;
  /** Milliseconds since the start at which it was asked. */
  asked: number[];
}

function watched(lastRun: { agoMs: number; good: boolean } | null = null, random = 0.5): Watched {
  const clock = manualClock();
  const asked: number[] = [];
  const before = lastRun === null ? null : { at: clock.now() - lastRun.agoMs, good: lastRun.good };
  const scheduler = createScheduler({
    targets: [gentle],
    prepare: () => () => {
      asked.push(clock.monotonic());
      return Promise.reject(new Error('nothing to tell'));
    },
    lastRun: () => before,
    clock,
    resolver: { resolve: async () => [] },
    trust: [],
    random: () => random,
    onObservation: () => undefined,
    onCrash: () => undefined,
  });
  scheduler.start();
  return { clock, scheduler, asked };
}

describe('a target that is asked gently', () => {
  it('is asked for the first time within half its gap, however long its interval', async () => {
    const { clock, asked, scheduler } = watched(null, 0.999);
    await clock.pass(GAP_MS / 2 + 100);
    expect(asked).toHaveLength(1);
    await scheduler.stop();
  });

  it('is asked once an interval', async () => {
    const { clock, asked, scheduler } = watched();
    await clock.pass(13 * HOUR_MS);
    expect(asked).toHaveLength(3);
    await scheduler.stop();
  });

  it('is not hurried by requests, and follows one as soon as it may', async () => {
    const { clock, asked, scheduler } = watched();
    await clock.pass(GAP_MS / 2);
    for (let second = 0; second < 200; second += 1) {
      scheduler.request([gentle.id], 0);
      await clock.pass(1_000);
    }
    const gaps = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
    expect(asked.length).toBeGreaterThanOrEqual(4);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(GAP_MS);
    expect(Math.max(...gaps)).toBeLessThan(GAP_MS + 2_000);
    await scheduler.stop();
  });

  it('waits for the rest of its interval after a restart', async () => {
    const { clock, asked, scheduler } = watched({ agoMs: HOUR_MS, good: true });
    await clock.pass(5 * HOUR_MS - 1_000);
    expect(asked).toEqual([]);
    await clock.pass(2_000 + GAP_MS);
    expect(asked).toHaveLength(1);
    await scheduler.stop();
  });

  it('waits for its gap alone when it had told nothing before the restart', async () => {
    const { clock, asked, scheduler } = watched({ agoMs: 10_000, good: false });
    await clock.pass(GAP_MS - 11_000);
    expect(asked).toEqual([]);
    await clock.pass(GAP_MS);
    expect(asked).toHaveLength(1);
    await scheduler.stop();
  });

  it('is asked at once when the clock was set back since', async () => {
    const { clock, asked, scheduler } = watched({ agoMs: -HOUR_MS, good: false });
    await clock.pass(2 * GAP_MS);
    expect(asked).toHaveLength(1);
    await scheduler.stop();
  });

  it('is left alone for as long as it wants, whoever asks', async () => {
    const { clock, asked, scheduler } = watched();
    await clock.pass(GAP_MS);
    scheduler.rest([gentle.id], 24 * HOUR_MS);
    scheduler.request([gentle.id], 0);
    await clock.pass(24 * HOUR_MS - GAP_MS);
    expect(asked).toHaveLength(1);
    await clock.pass(2 * GAP_MS);
    expect(asked).toHaveLength(2);
    await scheduler.stop();
  });
});
