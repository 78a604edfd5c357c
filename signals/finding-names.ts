// Whether names can be found at present. Whatever needs one fails for want of it, and that is nobody's failure outside.
import type { GuardSources } from './guard.ts';

/** A resolver that hangs is noticed later than what needs it: its last answer counts, not its state. */
export function findsNoNames({ plan, tracks }: GuardSources): boolean {
  return plan.resolver !== null && tracks.meter(plan.resolver.target, 'works')?.ring.at(-1) === 0;
}
