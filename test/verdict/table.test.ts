// What must hold for the table whatever its rows say: nobody else is named without proof, and every row can be reached.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GUARDED_PARTIES } from '../../catalog/parties.ts';
import { GUARDS, SIGNAL_NAMES, type SignalName, type State } from '../../catalog/signals.ts';
import type { States } from '../../signals/signal.ts';
import { conjunctsOf } from '../../verdict/conjuncts.ts';
import { decide, rowsHolding } from '../../verdict/decide.ts';
import type { Demand, GuardedRow, Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';

const rows: readonly Row[] = TABLE;
const blames = (row: Row): boolean => (GUARDED_PARTIES as readonly string[]).includes(row.party);

const states: fc.Arbitrary<States> = fc.dictionary(fc.constantFrom(...SIGNAL_NAMES), fc.constantFrom<State>(1, 0, -1));

/** A state that meets a row's demands and says nothing else. */
const STATE_FOR = { ok: 1, bad: 0, unknown: -1, not_ok: -1, not_bad: 1 } as const satisfies Record<Demand, State>;

function stateFor(row: Row): States {
  return Object.fromEntries(conjunctsOf(row).map(({ signal, demand }) => [signal, STATE_FOR[demand]]));
}

describe('the table', () => {
  it('gives every row its own id and its own code for ever', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
    expect(rows.every(({ id }) => /^[a-z_]+$/.test(id))).toBe(true);
  });

  it('reads only signals of the catalogue', () => {
    const read = rows.flatMap((row) => conjunctsOf(row).map(({ signal }) => signal));
    expect(read.filter((signal) => !SIGNAL_NAMES.includes(signal))).toEqual([]);
  });

  it.each(rows.map((row) => [row.id, row] as const))('reaches %s', (_, row) => {
    // A proven uplink is the rule; rows about it say otherwise themselves.
    expect(decide({ uplink: 1, ...stateFor(row) }).id).toBe(row.id);
  });

  it('always decides', () => {
    fc.assert(fc.property(states, (given) => void expect(rows).toContain(decide(given))));
  });

  it('decides the first row that holds', () => {
    fc.assert(fc.property(states, (given) => void expect(decide(given)).toBe(rowsHolding(given)[0])));
  });
});

describe('the guard', () => {
  it.each(rows.filter(blames).map((row) => [row.id, row as GuardedRow] as const))('is part of %s', (_, row) => {
    const guards = GUARDS.map((guard): SignalName => `${row.layer}_guard_${guard}`);
    expect(
      conjunctsOf(row)
        .filter(({ demand }) => demand === 'ok')
        .map(({ signal }) => signal),
    ).toEqual(expect.arrayContaining(guards));
  });

  it('stands behind every verdict that names somebody else', () => {
    fc.assert(
      fc.property(states, (given) => {
        const row = decide(given);
        if (!blames(row)) return;
        for (const guard of GUARDS) expect(given[`${(row as GuardedRow).layer}_guard_${guard}`]).toBe(1);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is not won by knowing less: an UNKNOWN never makes somebody else guilty', () => {
    const guilty = rows.filter(blames).map(stateFor);
    const near = fc.tuple(fc.constantFrom(...guilty), states).map(([base, noise]) => ({ ...base, ...noise }));
    fc.assert(
      fc.property(near, fc.constantFrom(...SIGNAL_NAMES), (given, forgotten) => {
        const after = decide({ ...given, [forgotten]: -1 });
        if (!blames(after)) return;
        // Forgetting may only let a later accusation through if the earlier verdict was not an innocent one proven by that signal.
        expect(rowsHolding(given).map(({ id }) => id)).toContain(after.id);
      }),
      { numRuns: 5_000 },
    );
  });
});
