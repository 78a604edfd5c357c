// decide() and the order of the table: pure, no tools needed.
import { describe, expect, it } from 'vitest';
import { GUARDS } from '../../catalog/signals.ts';
import { leastStates, randomStates, typicalStates, withState } from '../../replay/agreement/states.ts';
import { conjunctsOf, isGuarded } from '../../verdict/conjuncts.ts';
import { decide, holds, rowsHolding } from '../../verdict/decide.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';

const rows: readonly Row[] = TABLE;

const random = randomStates(10_000, 20_261_121);

describe('decide', () => {
  it.each(rows)('says $id where nothing but its own conditions is met', (row) => {
    expect(decide(typicalStates(row)).id).toBe(row.id);
  });

  it('says no_result about nothing', () => {
    expect(decide({}).id).toBe('no_result');
  });

  it('is the first of the rows that hold', () => {
    for (const states of random) expect(decide(states)).toBe(rowsHolding(states)[0]);
  });

  it('reaches every row on the random states the rules are compared on', () => {
    const reached = new Set(random.map((states) => decide(states).id));
    expect(rows.map(({ id }) => id).filter((id) => !reached.has(id))).toEqual([]);
  });
});

describe('a guarded row', () => {
  const guarded = rows.filter(isGuarded);

  it.each(guarded)('$id holds only while each part of its guard is OK', (row) => {
    expect(holds(row, leastStates(row))).toBe(true);
    for (const guard of GUARDS) {
      for (const value of [0, -1, undefined] as const) {
        expect(holds(row, withState(leastStates(row), `${row.layer}_guard_${guard}`, value))).toBe(false);
      }
    }
  });

  it.each(guarded)('$id demands proof for everything', (row) => {
    const demands = new Set(conjunctsOf(row).map(({ demand }) => demand));
    expect([...demands].filter((demand) => demand !== 'ok' && demand !== 'bad')).toEqual([]);
  });

  it('is never the verdict while the uplink is BAD, whatever else is seen', () => {
    for (const states of random) {
      // What stays in the house has no vendor on its way, and a line that is down keeps every guard from being OK.
      const beyond_uplink = states.beyond_uplink === 0 ? 1 : (states.beyond_uplink ?? -1);
      const verdict = decide({ ...states, beyond_uplink, uplink: 0 });
      expect(isGuarded(verdict), verdict.id).toBe(false);
    }
  });
});

describe('the table', () => {
  it('has ids and codes of its own for every row', () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  });

  it.each(rows)('$id is written as label values and file names can be', ({ id, code }) => {
    expect(id).toMatch(/^[a-z_]+$/);
    expect(Number.isInteger(code) && code >= 1 && code <= 999).toBe(true);
  });

  it('ends with a row without conditions', () => {
    expect(rows.at(-1)?.when).toEqual({});
  });
});
