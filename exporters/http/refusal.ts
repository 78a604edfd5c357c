// Our own refusal of what an HTTP peer did, with the reason it stands for.
import type { Reason } from '../../catalog/reasons.ts';

export class Refusal extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, why: string) {
    super(why);
    this.name = 'Refusal';
    this.reason = reason;
  }
}
