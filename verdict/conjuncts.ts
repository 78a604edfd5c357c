// Expands a row to the full list of conjuncts, guard included. The only door through which rows reach an engine.
import { GUARDED_PARTIES } from '../catalog/parties.ts';
import { GUARDS, guardSignal, type SignalName, type State } from '../catalog/signals.ts';
import type { Demand, GuardedRow, Row } from './row.ts';

export interface Conjunct {
  signal: SignalName;
  demand: Demand;
}

export function isGuarded(row: Row): row is GuardedRow {
  return (GUARDED_PARTIES as readonly string[]).includes(row.party);
}

/** Rows are asked for them many times a second. */
const expanded = new WeakMap<Row, readonly Conjunct[]>();

/** All conjuncts of a row in the table's order, followed by the guard of its layer when it names somebody else. */
export function conjunctsOf(row: Row): readonly Conjunct[] {
  const conjuncts = expanded.get(row) ?? expand(row);
  expanded.set(row, conjuncts);
  return conjuncts;
}

function expand(row: Row): Conjunct[] {
  const written = Object.entries(row.when).map(
    ([signal, demand]): Conjunct => ({ signal: signal as SignalName, demand }),
  );
  if (!isGuarded(row)) return written;
  const guard = GUARDS.map((name): Conjunct => ({ signal: guardSignal(row.layer, name), demand: 'ok' }));
  return [...written, ...guard];
}

/** Whether a state meets a demand. A missing series is the same as UNKNOWN. */
export function meets(state: State | undefined, demand: Demand): boolean {
  switch (demand) {
    case 'ok':
      return state === 1;
    case 'bad':
      return state === 0;
    case 'unknown':
      return state !== 1 && state !== 0;
    case 'not_ok':
      return state !== 1;
    case 'not_bad':
      return state !== 0;
  }
}
