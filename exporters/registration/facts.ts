// What a registry says of a domain. No contact, no registrar name and no free text is kept.
import type { EppStatus } from './epp-status.ts';

export interface RegistrationFacts {
  address: string | null;
  /** Status of the HTTP answer. A 404 does not prove that the domain is free: a wrong base says the same. */
  httpStatus: number | null;
  /** The registry's expiration event, Unix milliseconds; null when it publishes none, or one that means "never". */
  expiry: number | null;
  statuses: EppStatus[];
  /** Status words that are on no list. */
  unknownStatuses: number;
  /** Lower case, no trailing dot, sorted; at most 32. */
  nameServers: string[];
  /** Whether the registry holds a DS record; null when it does not say. */
  delegationSigned: boolean | null;
  /** How long the registry asks to be left alone, at most a day; told, never slept on. */
  retryAfterMs: number | null;
}
