import { describe, expect, it } from 'vitest';
import type { ObservationOf } from '../../exporters/observation.ts';
import type { ProbeContext } from '../../exporters/probe.ts';
import { createScheduler, type Scheduler } from '../../exporters/scheduler.ts';
import type { Target } from '../../exporters/target.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';

type Behaviour = (target: Target, context: ProbeContext) => Promise<void>;

interface Set {
  clock: ManualClock;
  scheduler: Scheduler;
  started: { id: string; at: number }[];
  observed: string[];
  crashed: string[];
}

const target = (id: string): Target => ({
  id,
  kind: 'tcp',
  settings: {},
  intervalMs: 10_000,
  timeoutMs: 2_000,
  labels: { role: 'anchor', service: '', vendor: '', component: '' },
});

function observation(id: string, startedAt: number): ObservationOf<'tcp'> {
  return {
    kind: 'tcp',
    target: id,
    ok: true,
    reason: 'ok',
    phase: null,
    phases: {},
    startedAt,
    durationMs: 1,
    facts: { address: null, answer: null },
  };
}

function set(ids: string[], behaviour: Behaviour, maxInFlight = 10, random = (): number => 0.5): Set {
  const clock = manualClock();
  const started: Set['started'] = [];
  const observed: string[] = [];
  const crashed: string[] = [];
  const scheduler = createScheduler({
    targets: ids.map(target),
    prepare: (one) => async (context) => {
      started.push({ id: one.id, at: clock.monotonic() });
      await behaviour(one, context);
      return observation(one.id, clock.now());
    },
    clock,
    resolver: { resolve: async () => [] },
    trust: [],
    maxInFlight,
    random,
    onObservation: ({ target: id }) => void observed.push(id),
    onCrash: ({ id }) => void crashed.push(id),
  });
  scheduler.start();
  return { clock, scheduler, started, observed, crashed };
}

const quick: Behaviour = async () => undefined;
const mute: Behaviour = (_, { signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

describe('the scheduler', () => {
  it('measures every target once an interval', async () => {
    const { clock, started, scheduler } = set(['a', 'b'], quick);
    await clock.pass(31_000);
    expect(started.filter(({ id }) => id === 'a')).toHaveLength(4);
    expect(started.filter(({ id }) => id === 'b')).toHaveLength(4);
    await scheduler.stop();
  });

  it('measures sooner on request, and no more often than asked', async () => {
    const { clock, started, scheduler } = set(['a'], quick);
    await clock.pass(2_000);
    scheduler.request(['a', 'nobody'], 3_000);
    await clock.pass(4_000);
    expect(started.map(({ at }) => at)).toEqual([750, 5_000]);
    await scheduler.stop();
  });

  it('spreads the first round of many targets, whose beats would stay together, over the interval', async () => {
    let turn = 0;
    const random = (): number => ((turn++ * 7_919) % 10_000) / 10_000;
    const many = Array.from({ length: 6_000 }, (_, index) => `${index}`);
    const { clock, started, scheduler } = set(many, quick, 100, random);
    await clock.pass(5_000);
    expect(started.length).toBeGreaterThan(3_000);
    expect(started.length).toBeLessThan(3_700);
    await clock.pass(4_200);
    expect(new Set(started.map(({ id }) => id)).size).toBe(6_000);
    await scheduler.stop();
  });

  it('never runs two measurements of one target at once', async () => {
    const { clock, started, scheduler } = set(['a'], mute);
    await clock.pass(1_000);
    scheduler.request(['a'], 0);
    scheduler.request(['a'], 100);
    await clock.pass(1_500);
    expect(started).toHaveLength(1);
    await clock.pass(500);
    expect(started).toHaveLength(2);
    await clock.pass(5_000);
    await scheduler.stop();
  });

  it('fires the deadline, and goes on with the others meanwhile', async () => {
    const { clock, started, observed, scheduler } = set(['mute', 'quick'], (one, context) =>
      one.id === 'mute' ? mute(one, context) : quick(one, context),
    );
    await clock.pass(1_000);
    expect(observed).toEqual(['quick']);
    await clock.pass(2_000);
    expect(observed).toEqual(['quick', 'mute']);
    expect(started.map(({ at }) => at)).toEqual([750, 750]);
    await scheduler.stop();
  });

  it('starts no more than the cap at once, and tells how late the rest were', async () => {
    const { clock, started, scheduler } = set(['a', 'b', 'c'], mute, 2);
    await clock.pass(1_000);
    expect(started).toHaveLength(2);
    expect(scheduler.inFlight()).toBe(2);
    await clock.pass(3_000);
    expect(started).toHaveLength(3);
    expect(scheduler.latenessMs()).toBeGreaterThanOrEqual(2_000);
    const stopping = scheduler.stop();
    await clock.pass(3_000);
    await stopping;
  });

  it('lets a crowd that never answers make nobody late', async () => {
    const silent = Array.from({ length: 300 }, (_, index) => `mute ${index}`);
    const { clock, started, observed, scheduler } = set(
      [...silent, 'quick'],
      (one, context) => (one.id === 'quick' ? quick(one, context) : mute(one, context)),
      1_000,
    );
    await clock.pass(1_000);
    expect(started).toHaveLength(301);
    expect(observed).toEqual(['quick']);
    expect(scheduler.latenessMs()).toBeLessThan(250);
    await clock.pass(3_000);
    await scheduler.stop();
  });

  it('begins few at once, and the next when one of them ends', async () => {
    let underWay = 0;
    let most = 0;
    const short: Behaviour = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await Promise.resolve();
      underWay -= 1;
    };
    const { clock, started, scheduler } = set(
      Array.from({ length: 10 }, (_, index) => `${index}`),
      short,
    );
    await clock.pass(750);
    expect(started).toHaveLength(10);
    expect(most).toBe(2);
    await scheduler.stop();
  });

  it('counts a throwing measurement as a crash, without an observation, and tries again', async () => {
    const { clock, observed, crashed, scheduler } = set(['a'], () => Promise.reject(new Error('bug')));
    await clock.pass(11_000);
    expect(observed).toEqual([]);
    expect(crashed).toEqual(['a', 'a']);
    await scheduler.stop();
  });

  it('does not catch up after a pause', async () => {
    const { clock, started, scheduler } = set(['a'], quick);
    await clock.pass(1_000);
    const clockAfterSuspend = clock.pass(3_600_000);
    await clockAfterSuspend;
    const perHour = started.length;
    expect(perHour).toBeLessThanOrEqual(362);
    await scheduler.stop();
  });

  it('says nothing more once stopped', async () => {
    const { clock, observed, scheduler } = set(['a'], mute);
    await clock.pass(1_000);
    const stopping = scheduler.stop();
    await clock.pass(5_000);
    await stopping;
    await clock.pass(60_000);
    expect(observed).toEqual([]);
  });
});
