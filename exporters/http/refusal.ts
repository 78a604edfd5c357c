// Our own refusal of what a peer did, with the reason it stands for. For every kind that holds a conversation.
import type { Reason } from '../../catalog/reasons.ts';
import { reasonOf } from '../probe.ts';
import { SecretError } from '../secret.ts';

export class Refusal extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, why: string) {
    super(why);
    this.name = 'Refusal';
    this.reason = reason;
  }
}

/** What of ours was in the way, as whoever runs demarc wants to read it. */
export function flawOf(error: unknown): { flaw?: string } {
  return error instanceof Refusal || error instanceof SecretError ? { flaw: error.message } : {};
}

/** The same of what was seen already, to be passed on where there is any. */
export const flawIn = ({ flaw }: { flaw?: string }): { flaw?: string } => (flaw === undefined ? {} : { flaw });

/** Throws the error on when it is neither ours to refuse with nor the network's. */
export function reasonHere(error: unknown): Reason {
  if (error instanceof Refusal) return error.reason;
  return error instanceof SecretError ? 'local' : reasonOf(error);
}
