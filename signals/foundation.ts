// What a vendor's component runs on at another vendor: whether that is failing too, by its own controls and behind a guard of
// its own. It changes nobody's guilt; it says whom the vendor itself is waiting for.
import type { VendorSignalName } from '../catalog/vendor-signals.ts';
import type { Plan, VendorPart } from '../map/plan-types.ts';
import type { GuardState } from './guard.ts';

export type VendorSignals = ReadonlyMap<VendorSignalName, GuardState>;

const PROOFS: readonly VendorSignalName[] = ['path', 'guard_uplink', 'guard_others', 'guard_witness'];

/** Whether nothing but the vendor is left to have broken what fails of a component. */
export const isProven = (signals: VendorSignals): boolean => PROOFS.every((proof) => signals.get(proof)?.state === 1);

/** `DynamoDB in us-east-1 at AWS`. */
function titleOf({ vendor, component }: VendorPart, { vendors }: Plan): string {
  const binding = vendors.get(vendor);
  return `${binding?.components[component]?.title ?? component} at ${binding?.title ?? vendor}`;
}

/** OK: its controls answer. BAD: all of them fail, over a way that is proven. `signals`: those of what it runs on. */
export function foundationOf(below: VendorPart, signals: VendorSignals, plan: Plan): GuardState {
  const state = (name: VendorSignalName) => signals.get(name)?.state ?? -1;
  const title = titleOf(below, plan);
  if (state('controls') === 1) return { state: 1, evidence: `${title}, which it runs on, answers` };
  const failing = state('any_control') === 0 && isProven(signals);
  return failing ? { state: 0, evidence: `${title}, which it runs on, fails too` } : { state: -1, evidence: '' };
}
