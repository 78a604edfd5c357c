// Faults that do not stay as they began: those that grow, and those that come and go.
import type { FaultKind, KnownFault } from './faults.ts';

/** Faults that strike anew in every slot. */
export const RESTLESS: readonly FaultKind[] = ['uplink_loss', 'uplink_flapping'];

/** Whether the places must be looked at anew in every slot, though nobody changed anything. */
export const isRestless = ({ kind, rampMs }: KnownFault): boolean => rampMs > 0 || RESTLESS.includes(kind);

/** How long a place is lost at a time, and how soon a flap is seen. */
export const SLOT_MS = 1_000;

const FLAPPING_PERIOD_MS = 20_000;

/** A fault at this age: grown so far, or null in a pause of it. */
export function atAge(fault: KnownFault, ageMs: number): KnownFault | null {
  const { kind, rate, rampMs } = fault;
  const grown = rampMs === 0 ? rate : rate * Math.min(1, ageMs / rampMs);
  if (kind === 'uplink_flapping' && ageMs % FLAPPING_PERIOD_MS >= grown * FLAPPING_PERIOD_MS) return null;
  return { ...fault, rate: grown };
}
