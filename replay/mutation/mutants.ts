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

/** A table in which other entries stand in the places of a few. */
export interface Mutant {
  /** `edge_failing without edge_connect ok`. */
  name: string;
  /** Row it is about. */
  row: string;
  /** First place that changed, and the first one behind it that did not. */
  from: number;
  until: number;
  /** What stands there instead; nothing when the row is gone. */
  changed: readonly Entry[];
}

export type NamedStates = Readonly<Record<string, State | undefined>>;

const FLIPPED: Record<Demand, Demand> = { ok: 'bad', bad: 'ok', not_ok: 'not_bad', not_bad: 'not_ok', unknown: 'ok' };

/** Proof, turned into the mere absence of the opposite. */
const WEAKENED: Partial<Record<Demand, Demand>> = { ok: 'not_bad', bad: 'not_ok' };

export function rowHolds({ conditions }: Entry, states: NamedStates): boolean {
  return conditions.every(({ name, demand }) => meets(states[name], demand));
}

/** Place of the first row that holds, of those from `first` on; the table's length when none does. */
export function placeBy(table: readonly Entry[], states: NamedStates, first = 0): number {
  let place = first;
  for (let entry = table[place]; entry !== undefined && !rowHolds(entry, states); entry = table[place]) place += 1;
  return place;
}

/** Id of the first row that holds; empty when none does. */
export function decideBy(table: readonly Entry[], states: NamedStates): string {
  return table[placeBy(table, states)]?.id ?? '';
}

/** Whether some state meets both rows; else their order cannot matter. */
function canBothHold(a: Entry, b: Entry): boolean {
  const STATES: readonly State[] = [1, 0, -1];
  return a.conditions.every(({ name }) => {
    const demands = [...a.conditions, ...b.conditions].filter((one) => one.name === name);
    return STATES.some((state) => demands.every(({ demand }) => meets(state, demand)));
  });
}

function ofConditions({ id, conditions }: Entry, from: number): Mutant[] {
  const mutant = (name: string, index: number, demand: Demand | null): Mutant => {
    const kept = conditions.flatMap((one, at) => (at !== index ? one : demand === null ? [] : { ...one, demand }));
    return { name: `${id} ${name}`, row: id, from, until: from + 1, changed: [{ id, conditions: kept }] };
  };
  return conditions.flatMap(({ name, demand, guard }, index): Mutant[] => {
    const without = mutant(`without ${name} ${demand}`, index, null);
    const others = guard ? [] : [FLIPPED[demand], WEAKENED[demand]].filter((other) => other !== undefined);
    return [without, ...others.map((other) => mutant(`with ${name} ${other} for ${demand}`, index, other))];
  });
}

export function mutantsOf(table: readonly Entry[]): Mutant[] {
  return table.flatMap((entry, from) => {
    const { id } = entry;
    const next = table[from + 1];
    const swapped: Mutant[] =
      next === undefined || !canBothHold(entry, next)
        ? []
        : [{ name: `${id} after ${next.id}`, row: id, from, until: from + 2, changed: [next, entry] }];
    return [
      { name: `no ${id}`, row: id, from, until: from + 1, changed: [] },
      ...ofConditions(entry, from),
      ...swapped,
    ];
  });
}

/** Decides by a mutant of `table` as `decideBy` would, where `place` is that of the row `table` itself gives in these states. */
export function decideByMutant(
  { from, until, changed }: Mutant,
  table: readonly Entry[],
  place: number,
  states: NamedStates,
): string {
  const held = place < from ? undefined : changed.find((entry) => rowHolds(entry, states));
  if (held !== undefined) return held.id;
  const kept = place >= from && place < until ? placeBy(table, states, until) : place;
  return table[kept]?.id ?? '';
}
