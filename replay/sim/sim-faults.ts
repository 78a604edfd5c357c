// What can be broken in the simulation: what the lab can break, and what real sockets on one machine cannot be made to do.
import { FAULT_KINDS, FAULTS, type FaultFact, type FaultKind, type KnownFault } from '../../lab/faults.ts';

/** Kinds the lab does not have. */
export const PATH_FAULTS = {
  middlebox_for_all: 'Something on the way answers every HTTP request with 503 and the look of the vendor asked.',
  control_down: "The first of vendor `target`'s edge controls is silent.",
} as const satisfies Record<string, string>;

export type PathFaultKind = keyof typeof PATH_FAULTS;

export interface SimFault extends Omit<KnownFault, 'kind'> {
  kind: FaultKind | PathFaultKind;
}

const LAB_KINDS: ReadonlySet<string> = new Set(FAULT_KINDS);

export function isLabFault(fault: SimFault): fault is KnownFault {
  return LAB_KINDS.has(fault.kind);
}

export function breakage(kind: SimFault['kind'], target: string | null = null, rate = 1): SimFault {
  const fact: Partial<FaultFact> = Object.hasOwn(FAULTS, kind) ? FAULTS[kind as FaultKind] : {};
  return { kind, target, rate, rampMs: 0, delayMs: fact.delayMs ?? 0, scope: null };
}

/** `edge_5xx fastly 0.7`, the way people read it. */
export function faultText({ kind, target, scope, rate }: SimFault): string {
  return [kind, target ?? '', scope ?? '', rate === 1 ? '' : rate.toFixed(2)].filter((part) => part !== '').join(' ');
}
