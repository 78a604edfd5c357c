// The cases and maxims that notice small changes of the tables hold for the tables as they are.
// What notices a change is counted in sim-scenarios.test.ts, on the recording that is made there.
import { describe, expect, it } from 'vitest';
import { CASES } from '../../replay/mutation/cases.ts';
import { decideBy, mutantsOf } from '../../replay/mutation/mutants.ts';
import {
  nearMisses,
  SERVICE_ENTRIES,
  serviceOffence,
  VENDOR_ENTRIES,
  vendorOffence,
} from '../../replay/mutation/run.ts';
import { VENDOR_CASES } from '../../replay/mutation/vendor-cases.ts';
import { decide } from '../../verdict/decide.ts';

describe('the table about services', () => {
  it.each(CASES)('$why', ({ states, row }) => {
    expect(decideBy(SERVICE_ENTRIES, states)).toBe(row);
  });

  it('offends no maxim in any state that just misses a row', () => {
    for (const states of nearMisses(SERVICE_ENTRIES)) {
      const row = decideBy(SERVICE_ENTRIES, states);
      expect(row).toBe(decide(states).id);
      expect({ row, states, why: serviceOffence(row, states) }).toEqual({ row, states, why: null });
    }
  });
});

describe('the table about vendors', () => {
  it.each(VENDOR_CASES)('$why', ({ states, row }) => {
    expect(decideBy(VENDOR_ENTRIES, states)).toBe(row);
  });

  it('offends no maxim in any state that just misses a row', () => {
    for (const states of nearMisses(VENDOR_ENTRIES)) {
      const row = decideBy(VENDOR_ENTRIES, states);
      expect({ row, states, why: vendorOffence(row, states) }).toEqual({ row, states, why: null });
    }
  });
});

it('makes a mutant of every row, condition, guard and pair of neighbours', () => {
  const a = { id: 'a', conditions: [{ name: 'x', demand: 'ok' as const, guard: false }] };
  const b = { id: 'b', conditions: [{ name: 'y', demand: 'ok' as const, guard: true }] };
  expect(mutantsOf([a, b]).map(({ name }) => name)).toEqual([
    'no a',
    'a without x ok',
    'a with x bad for ok',
    'a with x not_bad for ok',
    'a after b',
    'no b',
    'b without y ok',
  ]);
});
