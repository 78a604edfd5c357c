// What the tables must say in one state, and how such cases are written.
import type { NamedStates } from './mutants.ts';

export interface Case {
  why: string;
  states: NamedStates;
  /** Id of the row that must be said. */
  row: string;
}

/** A service that fails for sure, on a line that is proven. */
const FAILING: NamedStates = { service: 0, uplink: 1, gateway: 1, settled: 1, data: 1, prober: 1, elsewhere_heard: 1 };

/** A layer whose vendor may be accused. */
export const guards = (layer: string): NamedStates => ({
  [`${layer}_guard_uplink`]: 1,
  [`${layer}_guard_others`]: 1,
  [`${layer}_guard_witness`]: 1,
});

/** A case about a failing service. */
export const fails = (why: string, states: NamedStates, row: string): Case => ({
  why,
  states: { ...FAILING, ...states },
  row,
});
