// What is broken right now, as those who answer requests ask it.
import type { FaultKind, KnownFault } from './faults.ts';
import { isMeant, type Met } from './scope.ts';

export interface Damage {
  /** Whether such a fault is active, for this target if one is given, and for what meets it if that is. */
  active(kind: FaultKind, target?: string, met?: Met): boolean;
  /** Whether this request is hit: true for the fault's share of the calls. */
  strikes(kind: FaultKind, target?: string, met?: Met): boolean;
  /** How long this request has to wait, milliseconds; 0 when it is not hit. */
  delayMs(kind: FaultKind, target?: string, met?: Met): number;
  /** The share of whatever is hit for good, not request by request. */
  share(kind: FaultKind, target: string): number;
}

/** `faults` is read anew at every question. The same seed gives the same run of hits. */
export function damageOf(faults: () => readonly KnownFault[], seed: number): Damage {
  const random = randomFrom(seed);
  const find = (kind: FaultKind, target?: string, met?: Met): KnownFault | undefined =>
    faults().find((fault) => fault.kind === kind && isMeant(fault, target, met));
  const strike = (kind: FaultKind, target?: string, met?: Met): KnownFault | undefined => {
    const fault = find(kind, target, met);
    return fault !== undefined && random() < fault.rate ? fault : undefined;
  };
  return {
    active: (kind, target, met) => find(kind, target, met) !== undefined,
    strikes: (kind, target, met) => strike(kind, target, met) !== undefined,
    delayMs: (kind, target, met) => strike(kind, target, met)?.delayMs ?? 0,
    share: (kind, target) => find(kind, target)?.rate ?? 0,
  };
}

/** mulberry32: small, and good enough to draw lots. Numbers from 0 up to, not including, 1. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
