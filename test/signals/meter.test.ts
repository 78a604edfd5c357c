import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createMeter,
  feed,
  justFailed,
  type Meter,
  type Outcome,
  stateAt,
  wantsConfirmation,
} from '../../signals/meter.ts';

/** Feeds outcomes one second apart, from second 1. */
function fed(badNeeded: number, outcomes: readonly Outcome[]): Meter {
  const meter = createMeter(badNeeded, null);
  outcomes.forEach((outcome, index) => {
    feed(meter, outcome, (index + 1) * 1000);
  });
  return meter;
}

describe('confirmation', () => {
  it.each<[string, number, Outcome[], number]>([
    ['one success is OK', 2, [1], 1],
    ['one failure is not yet BAD', 2, [1, 0], 1],
    ['two failures in a row are BAD where two are needed', 2, [1, 0, 0], 0],
    ['two are not enough to convict', 3, [1, 0, 0], 1],
    ['three are', 3, [1, 0, 0, 0], 0],
    ['a failure at the very start stays unknown until confirmed', 2, [0], -1],
    ['one success does not end a failure', 2, [1, 0, 0, 1], 0],
    ['two successes do', 2, [1, 0, 0, 1, 1], 1],
    ['five of eight are BAD, though never three in a row', 3, [0, 1, 0, 0, 1, 0, 0], 0],
    ['after flapping, two successes are too few', 2, [0, 0, 1, 0, 1, 1], 0],
    ['after flapping, four are enough', 2, [0, 0, 1, 0, 1, 1, 1, 1], 1],
    ['one unanswerable question changes nothing', 2, [1, -1], 1],
    ['two make it unknown', 2, [1, -1, -1], -1],
  ])('%s', (_, badNeeded, outcomes, state) => {
    expect(fed(badNeeded, outcomes).state).toBe(state);
  });

  it('asks for confirmation while the newest outcome disagrees with the state', () => {
    expect(wantsConfirmation(fed(2, [1, 0]))).toBe(true);
    expect(wantsConfirmation(fed(2, [1, 0, 0]))).toBe(false);
    expect(wantsConfirmation(fed(2, [1, 0, 0, 1]))).toBe(true);
    expect(wantsConfirmation(fed(2, [1]))).toBe(false);
  });

  it('calls out the first failure of a run only', () => {
    expect(justFailed(fed(2, [1, 0]))).toBe(true);
    expect(justFailed(fed(2, [1, 0, 0]))).toBe(false);
  });
});

describe('the start of the symptom', () => {
  it('is the first failure of the run, soft ones included', () => {
    expect(fed(3, [1, 0, 0, 0]).firstBad).toBe(2000);
    expect(fed(3, [1, 0, 0, 0]).since).toBe(2000);
  });

  it('is forgotten after recovery, and after a single soft failure', () => {
    expect(fed(2, [1, 0, 0, 1, 1]).firstBad).toBeNull();
    expect(fed(2, [1, 0, 1]).firstBad).toBeNull();
  });

  it('survives a success between failures that come often', () => {
    expect(fed(3, [1, 0, 0, 1, 0, 0, 1]).firstBad).toBe(2000);
  });
});

describe('staleness', () => {
  it('makes everything unknown, whatever it was', () => {
    const meter = fed(2, [0, 0]);
    expect(stateAt(meter, 2_000, 10_000)).toBe(0);
    expect(stateAt(meter, 12_001, 10_000)).toBe(-1);
  });
});

const outcomes = fc.array(fc.constantFrom<Outcome>(1, 0, -1), { maxLength: 40 });

describe('for any course of events', () => {
  it('is BAD only after the failures it needs, and never OK after none', () => {
    fc.assert(
      fc.property(outcomes, fc.constantFrom(2, 3), (course, needed) => {
        const meter = fed(needed, course);
        if (meter.state === 0) expect(course.filter((one) => one === 0).length).toBeGreaterThanOrEqual(needed);
        if (meter.state === 1) expect(course).toContain(1);
        if (meter.state === 0) expect(meter.firstBad).not.toBeNull();
      }),
    );
  });

  it('is OK after enough successes, and BAD after enough failures', () => {
    fc.assert(
      fc.property(outcomes, fc.constantFrom(2, 3), (course, needed) => {
        expect(fed(needed, [...course, 1, 1, 1, 1]).state).toBe(1);
        expect(fed(needed, [...course, 0, 0, 0]).state).toBe(0);
      }),
    );
  });
});
