// The decision itself: the first row of the table that holds. Pure and total; the last row has no conditions.
import type { States } from '../signals/signal.ts';
import { conjunctsOf, meets } from './conjuncts.ts';
import type { Row } from './row.ts';
import { TABLE } from './table.ts';

/** Whether every conjunct of a row is met, its guard included. Says nothing about the rows before it. */
export function holds(row: Row, states: States): boolean {
  return conjunctsOf(row).every(({ signal, demand }) => meets(states[signal], demand));
}

/** Every row that holds on its own, in the table's order: the first is the verdict. */
export function rowsHolding(states: States): Row[] {
  return TABLE.filter((row) => holds(row, states));
}

/** The verdict about one service whose signals are in these states. */
export function decide(states: States): Row {
  const row = TABLE.find((each) => holds(each, states));
  if (row === undefined) throw new Error('the last row of the table must have no conditions');
  return row;
}
