// Every small change to a decision table that a test should notice: a row taken away, a condition taken away, turned round or
// weakened, a guard left out, two neighbours swapped.
import type { State } from '../../catalog/signals.ts';
import { meets } from '../../verdict/conjuncts.ts';
import type { Demand } from '../../verdict/row.ts';

export interface Condition {
  name: string;
  demand: Demand;
  /** Appended by the compiler. */
  guard: boolean;
}

/** A row, as far as deciding goes. */
export interface Entry {
  id: string;
  conditions: readonly Condition[];
}

export interface Mutant {
  /** `edge_failing without edge_connect ok`. */
  name: string;
  /** Row it is about. */
  row: string;
  table: readonly Entry[];
}

export type NamedStates = Readonly<Record<string, State | undefined>>;

const FLIPPED: Record<Demand, Demand> = { ok: 'bad', bad: 'ok', not_ok: 'not_bad', not_bad: 'not_ok', unknown: 'ok' };

/** Proof, turned into the mere absence of the opposite. */
const WEAKENED: Partial<Record<Demand, Demand>> = { ok: 'not_bad', bad: 'not_ok' };

export function rowHolds({ conditions }: Entry, states: NamedStates): boolean {
  return conditions.every(({ name, demand }) => meets(states[name], demand));
}

/** Id of the first row that holds; empty when none does. */
export function decideBy(table: readonly Entry[], states: NamedStates): string {
  return table.find((entry) => rowHolds(entry, states))?.id ?? '';
}

/** Whether some state meets both rows; else their order cannot matter. */
function canBothHold(a: Entry, b: Entry): boolean {
  const STATES: readonly State[] = [1, 0, -1];
  return a.conditions.every(({ name }) => {
    const demands = [...a.conditions, ...b.conditions].filter((one) => one.name === name);
    return STATES.some((state) => demands.every(({ demand }) => meets(state, demand)));
  });
}

function ofRow(entry: Entry, replaced: (entry: Entry) => readonly Entry[]): Mutant[] {
  const { id, conditions } = entry;
  const changed = (index: number, demand: Demand | null): readonly Entry[] =>
    replaced({
      id,
      conditions: conditions.flatMap((one, at) => (at !== index ? one : demand === null ? [] : { ...one, demand })),
    });
  return conditions.flatMap(({ name, demand, guard }, index): Mutant[] => {
    const weaker = WEAKENED[demand];
    const without = { name: `${id} without ${name} ${demand}`, row: id, table: changed(index, null) };
    if (guard) return [without];
    const flipped = FLIPPED[demand];
    return [
      without,
      { name: `${id} with ${name} ${flipped} for ${demand}`, row: id, table: changed(index, flipped) },
      ...(weaker === undefined
        ? []
        : [{ name: `${id} with ${name} ${weaker} for ${demand}`, row: id, table: changed(index, weaker) }]),
    ];
  });
}

export function mutantsOf(table: readonly Entry[]): Mutant[] {
  return table.flatMap((entry, index) => {
    const before = table.slice(0, index);
    const after = table.slice(index + 1);
    const next = after[0];
    const swapped: Mutant[] =
      next === undefined || !canBothHold(entry, next)
        ? []
        : [
            {
              name: `${entry.id} after ${next.id}`,
              row: entry.id,
              table: [...before, next, entry, ...after.slice(1)],
            },
          ];
    return [
      { name: `no ${entry.id}`, row: entry.id, table: [...before, ...after] },
      ...ofRow(entry, (changed) => [...before, changed, ...after]),
      ...swapped,
    ];
  });
}
