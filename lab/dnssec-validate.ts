// What a resolver does before it believes: checks every set of records against keys it trusts, and says what is wrong (RFC 8914).
import type { DnskeyData, Answer as DnsRecord, RrsigData } from 'dns-packet';
import { digestOf, isSignedBy, keyTagOf, signedData } from './dnssec-key.ts';
import { setsOf } from './dnssec-sign.ts';

/** Extended error codes. */
export const BOGUS = 6;
export const SIGNATURE_EXPIRED = 7;
export const SIGNATURE_NOT_YET_VALID = 8;
export const DNSKEY_MISSING = 9;
export const RRSIGS_MISSING = 10;
export const NSEC_MISSING = 12;

export interface Trust {
  zone: string;
  keys: readonly DnskeyData[];
}

/** What keeps `records` from being believed, as an extended error code; null: they hold. `now` is Unix ms. */
export function flawOf(records: readonly DnsRecord[], trust: Trust, now: number): number | null {
  const signatures = records.flatMap((record) => (record.type === 'RRSIG' ? [record] : []));
  for (const set of setsOf(records.filter(({ type }) => type !== 'RRSIG' && type !== 'OPT'))) {
    const covering = signatures.filter(
      ({ name, data }) => name.toLowerCase() === set[0]?.name.toLowerCase() && data.typeCovered === set[0]?.type,
    );
    const flaw = flawOfSet(
      set,
      covering.map(({ data }) => data),
      trust,
      now,
    );
    if (flaw !== null) return flaw;
  }
  return null;
}

function flawOfSet(
  set: readonly DnsRecord[],
  signatures: readonly RrsigData[],
  { zone, keys }: Trust,
  now: number,
): number | null {
  const signature = signatures.find(({ signersName }) => signersName.toLowerCase() === zone);
  if (signature === undefined) return RRSIGS_MISSING;
  const key = keys.find((one) => keyTagOf(one) === signature.keyTag);
  if (key === undefined) return DNSKEY_MISSING;
  if (signature.expiration * 1000 <= now) return SIGNATURE_EXPIRED;
  if (signature.inception * 1000 > now) return SIGNATURE_NOT_YET_VALID;
  return isSignedBy(key, signedData(set, signature), signature) ? null : BOGUS;
}

/** The keys of a zone, once one of them is found in what the zone above says of it; else what is wrong. */
export function trustFrom(
  zone: string,
  above: readonly DnsRecord[],
  answers: readonly DnsRecord[],
  now: number,
): Trust | number {
  const keys = answers.flatMap((record) => (record.type === 'DNSKEY' ? [record.data] : []));
  const entries = above.flatMap((record) => (record.type === 'DS' ? [record.data] : []));
  const entry = keys.filter((key) => entries.some(({ digest }) => digest.equals(digestOf(zone, key).digest)));
  if (entry.length === 0) return DNSKEY_MISSING;
  return flawOf(answers, { zone, keys: entry }, now) ?? { zone, keys };
}

/** Whether a signed record says that there is nothing of this type at the name, which may even not exist. */
export const isDenied = (records: readonly DnsRecord[], name: string, type: string): boolean =>
  records.some(
    (record) => record.type === 'NSEC' && record.name.toLowerCase() === name && !record.data.rrtypes.includes(type),
  );
