// How one call of yours to an API ends: as it is, with another credential, and in another region.
import type { Reason } from '../../catalog/reasons.ts';

/** Which of the calls: your own, the same with the second credential, and the same in another region. */
export const CALLS = ['first', 'second', 'elsewhere'] as const;

export type Call = (typeof CALLS)[number];

export interface CallOutcome {
  reason: Reason;
  status: number | null;
}

export interface ApiFacts {
  /** Where the first call went. */
  address: string | null;
  /** null: not asked for. */
  calls: { first: CallOutcome } & Record<Exclude<Call, 'first'>, CallOutcome | null>;
}
