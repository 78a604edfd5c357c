// What must hold for the table about vendors whatever its rows say: nobody is accused without proof, all states are decided.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { State } from '../../catalog/signals.ts';
import { VENDOR_GUARDS, VENDOR_SIGNAL_NAMES, VENDOR_STATUSES } from '../../catalog/vendor-signals.ts';
import type { Demand, Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { decideVendor } from '../../verdict/vendor-judge.ts';
import {
  type VendorCondition,
  type VendorRow,
  type VendorStates,
  vendorConjunctsOf,
} from '../../verdict/vendor-row.ts';
import { VENDOR_TABLE } from '../../verdict/vendor-table.ts';

const rows: readonly VendorRow[] = VENDOR_TABLE;
const CONDITIONS: readonly VendorCondition[] = [...VENDOR_SIGNAL_NAMES, 'uplink', 'convicted'];
const states: fc.Arbitrary<VendorStates> = fc.dictionary(
  fc.constantFrom(...CONDITIONS),
  fc.constantFrom<State>(1, 0, -1),
);

const STATE_FOR = { ok: 1, bad: 0, unknown: -1, not_ok: -1, not_bad: 1 } as const satisfies Record<Demand, State>;

const stateFor = (row: VendorRow): VendorStates =>
  Object.fromEntries(vendorConjunctsOf(row).map(({ condition, demand }) => [condition, STATE_FOR[demand]]));

/** Whether a vendor is proven guilty, in words of its own and not the table's. */
const isProven = (given: VendorStates): boolean =>
  given.convicted === 1 || VENDOR_GUARDS.every((guard) => given[guard] === 1);

describe('the table about vendors', () => {
  it('gives every row an id and a code of its own, shared with no row about services', () => {
    const others: readonly Row[] = TABLE;
    const all = [...rows, ...others];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ code }) => code)).size).toBe(all.length);
  });

  it('has a row for every status', () => {
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(VENDOR_STATUSES));
  });

  it.each(rows.map((row) => [row.id, row] as const))('reaches %s', (_, row) => {
    expect(decideVendor({ uplink: 1, ...stateFor(row) }).id).toBe(row.id);
  });

  it('accuses only with proof, and never on less knowledge', () => {
    const near = fc
      .tuple(fc.constantFrom(...rows.map(stateFor)), states)
      .map(([base, noise]): VendorStates => ({ ...base, ...noise }));
    fc.assert(
      fc.property(near, fc.constantFrom(...CONDITIONS), (given, forgotten) => {
        if (decideVendor(given).party === 'vendor') expect(isProven(given)).toBe(true);
        const after = decideVendor({ ...given, [forgotten]: -1 });
        if (after.party === 'vendor') expect(isProven(given)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('never contradicts the verdict about a service', () => {
    fc.assert(
      fc.property(states, (given) => {
        expect(['failing', 'partial']).toContain(decideVendor({ ...given, convicted: 1 }).status);
      }),
    );
  });

  it('calls nothing fine of which a control fails without two others that answer', () => {
    fc.assert(
      fc.property(states, (given) => {
        if (decideVendor(given).status !== 'ok') return;
        expect(given.controls === 1 || (given.any_control === 1 && given.guard_witness === 0)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
