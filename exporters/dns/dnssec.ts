// What DNSSEC's records say, read and never verified: keys and signatures made to exhaust a validator (KeyTrap,
// CVE-2023-50387) cost no more here than any other bytes. Whether a chain holds is asked of resolvers that validate.
import { demand, nameInData, type WireRecord } from './wire.ts';

/** RFC 4034 section 3.1, without the signature itself. */
export interface Signature {
  /** Type number of what it signs. */
  covers: number;
  /** Unix seconds. RFC 4034 wants serial arithmetic; until 2106 plain numbers are the same. */
  from: number;
  until: number;
  keyTag: number;
  /** Zone whose key signed, escaped. */
  signer: string;
}

/** Before the name of the signer. */
const FIXED_BYTES = 18;

/** RFC 8914 section 4, and the registry it began: what a validating resolver says when the chain does not hold. */
const BOGUS: ReadonlySet<number> = new Set([6, 7, 8, 9, 10, 11, 12, 25]);

/** Extended errors by name; the list is closed, since each is a label value. */
const EXTENDED_ERRORS: Readonly<Record<number, string>> = {
  1: 'unsupported_dnskey_algorithm',
  2: 'unsupported_ds_digest',
  3: 'stale_answer',
  4: 'forged_answer',
  5: 'dnssec_indeterminate',
  6: 'dnssec_bogus',
  7: 'signature_expired',
  8: 'signature_not_yet_valid',
  9: 'dnskey_missing',
  10: 'rrsigs_missing',
  11: 'no_zone_key',
  12: 'nsec_missing',
  13: 'cached_error',
  14: 'not_ready',
  15: 'blocked',
  16: 'censored',
  17: 'filtered',
  18: 'prohibited',
  19: 'stale_nxdomain',
  20: 'not_authoritative',
  21: 'not_supported',
  22: 'no_reachable_authority',
  23: 'network_error',
  24: 'invalid_data',
  25: 'signature_expired_before_valid',
  26: 'too_early',
  27: 'unsupported_nsec3_iterations',
};

export const isBogus = (codes: readonly number[]): boolean => codes.some((code) => BOGUS.has(code));

export const extendedErrorName = (code: number): string => EXTENDED_ERRORS[code] ?? 'other';

export function readSignature(message: Buffer, record: WireRecord): Signature {
  const { start, end } = record;
  demand(end - start > FIXED_BYTES, 'RRSIG too short');
  return {
    covers: message.readUInt16BE(start),
    until: message.readUInt32BE(start + 8),
    from: message.readUInt32BE(start + 12),
    keyTag: message.readUInt16BE(start + 16),
    // Never compressed (RFC 4034 section 3.1.7), so it ends within the record or not at all.
    signer: signerOf(message, record),
  };
}

function signerOf(message: Buffer, { start, end, ...rest }: WireRecord): string {
  let at = start + FIXED_BYTES;
  while (at < end && message[at] !== 0) at += (message[at] ?? 0) + 1;
  demand(at < end, 'signer beyond its data');
  return nameInData(message, { ...rest, start: start + FIXED_BYTES, end: at + 1 });
}
