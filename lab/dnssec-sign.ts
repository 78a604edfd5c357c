// How a zone's servers sign what they say, as each question comes: RFC 4035, and for what does not exist compact denial (RFC 9824).
import type { Answer as DnsRecord, RrsigData } from 'dns-packet';
import type { ZoneAnswer } from './dns-zone.ts';
import { keyTagOf, signedData, type ZoneKey } from './dnssec-key.ts';

export interface Signer {
  key: ZoneKey;
  /** Unix seconds between which the signatures count. */
  validity: Validity;
}

export interface Validity {
  inception: number;
  expiration: number;
}

/** In a denial: not even the name exists (RFC 9824 section 3.1). As dns-packet spells a type it has no name for. */
const NO_SUCH_NAME = 'UNKNOWN_128';

/** Whether a denial says that not even the name exists. */
export const isNameDenied = (records: readonly DnsRecord[]): boolean =>
  records.some((record) => record.type === 'NSEC' && record.data.rrtypes.includes(NO_SUCH_NAME));

const DAY_S = 86_400;

/** Of signatures made when a lab starts, at `now`, Unix ms. */
export const validityAt = (now: number): Validity => {
  const seconds = Math.floor(now / 1000);
  return { inception: seconds - DAY_S, expiration: seconds + 14 * DAY_S };
};

/** Of signatures that nobody renewed: they ended an hour before `now`, Unix ms. */
export const endedAt = (now: number): Validity => {
  const expiration = Math.floor(now / 1000) - 3_600;
  return { inception: expiration - 15 * DAY_S, expiration };
};

/** An authoritative answer with all its signatures; about what is not there, with a record that says so. `types`: what there is. */
export function signAnswer(answer: ZoneAnswer, name: string, types: readonly string[], signer: Signer): ZoneAnswer {
  const { rcode, answers, authorities } = answer;
  if (answers.length > 0) return { ...answer, answers: signed(answers, signer) };
  if (rcode === 'NXDOMAIN')
    return { ...answer, rcode: 'NOERROR', authorities: denied(authorities, name, [NO_SUCH_NAME], signer) };
  return { ...answer, authorities: denied(authorities, name, types, signer) };
}

/** These records, and a signed one that says that the name has records of these types alone. */
export function denied(
  records: readonly DnsRecord[],
  name: string,
  types: readonly string[],
  signer: Signer,
): DnsRecord[] {
  const rrtypes = [...types, 'RRSIG', 'NSEC'];
  const denial: DnsRecord = { type: 'NSEC', name, ttl: 5, data: { nextDomain: `\0.${name}`, rrtypes } };
  return signed([...records, denial], signer);
}

/** The records, each set of them with its signature behind it. */
export function signed(records: readonly DnsRecord[], signer: Signer): DnsRecord[] {
  return setsOf(records).flatMap((set) => [...set, signatureOf(set, signer)]);
}

/** Records of one name and one type are signed together. */
export function setsOf(records: readonly DnsRecord[]): DnsRecord[][] {
  const sets = new Map<string, DnsRecord[]>();
  for (const record of records) {
    const key = `${record.name.toLowerCase()} ${record.type}`;
    sets.set(key, [...(sets.get(key) ?? []), record]);
  }
  return [...sets.values()];
}

function signatureOf(set: readonly DnsRecord[], { key, validity }: Signer): DnsRecord {
  const [first] = set;
  if (first === undefined || first.type === 'OPT') throw new Error('only records of a zone are signed');
  const { name, type, ttl = 0 } = first;
  const data: RrsigData = {
    typeCovered: type,
    algorithm: key.dnskey.algorithm,
    labels: name === '' ? 0 : name.split('.').length,
    originalTTL: ttl,
    ...validity,
    keyTag: keyTagOf(key.dnskey),
    signersName: key.zone,
    signature: Buffer.alloc(0),
  };
  return { type: 'RRSIG', name, ttl, data: { ...data, signature: key.sign(signedData(set, data)) } };
}
