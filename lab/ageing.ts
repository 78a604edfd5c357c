// Faults that do not stay as they began: those that grow, and those that come and go.
import { type KnownFault, shareOf } from './faults.ts';
import { AWAKE_MS } from './machine-faults.ts';

/** Whether the places must be looked at anew in every slot, though nobody changed anything. */
export function isRestless({ kind, rate, rampMs }: KnownFault): boolean {
  const share = shareOf(kind);
  return kind === 'machine_suspended' || rampMs > 0 || share === 'rhythm' || (share === 'seconds' && rate < 1);
}

/** How long a place is lost at a time, and how soon a flap is seen. */
export const SLOT_MS = 1_000;

const FLAPPING_PERIOD_MS = 20_000;

/** A fault at this age: grown so far, or null in a pause of it. */
export function atAge(fault: KnownFault, ageMs: number): KnownFault | null {
  const { kind, rate, rampMs } = fault;
  const grown = rampMs === 0 ? rate : rate * Math.min(1, ageMs / rampMs);
  if (shareOf(kind) === 'rhythm' && ageMs % FLAPPING_PERIOD_MS >= grown * FLAPPING_PERIOD_MS) return null;
  if (kind === 'machine_suspended' && ageMs % (AWAKE_MS + fault.delayMs) < AWAKE_MS) return null;
  return { ...fault, rate: grown };
}
