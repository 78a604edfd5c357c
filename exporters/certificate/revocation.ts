// Whether an issuer has taken a certificate back: by the answer its server staples (RFC 6960), or by the issuer's list
// (RFC 5280). What cannot be read, verified, or is out of date says nothing: it is never "good", and never "revoked".
import { createHash, X509Certificate } from 'node:crypto';
import {
  bitsOf,
  DerError,
  type DerValue,
  derValue,
  derValues,
  expectTag,
  integerOf,
  oidOf,
  sequenceIn,
  TAG,
  timeIn,
} from './der.ts';
import { isSignedBy, type Signed, signedIn } from './x509-der.ts';

/** A certificate, and the one that issued it by a verified signature. */
export interface Pair {
  leaf: X509Certificate;
  issuer: X509Certificate;
}

export interface Word {
  notRevoked: boolean;
  /** Unix milliseconds until when it holds. */
  until: number;
}

/** How far the clocks of others may be ahead of ours. */
const SKEW_MS = 300_000;
/** For how long a word holds that names no end. */
const UNSAID_MS = 3_600_000;

const OCSP_BASIC = '1.3.6.1.5.5.7.48.1.1';
const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9';
const HASHES: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
]);
const STATUS = { good: 0x80, revoked: 0xa1 };

const LIST_EXTENSION = { delta: '2.5.29.27', scope: '2.5.29.28' };

/** What a stapled answer says; null when it says nothing that counts. */
export function wordOfStaple(staple: Buffer, pair: Pair, now: number): Word | null {
  return orNothing(() => {
    const [status, wrapped] = sequenceIn(derValue(staple));
    if (status?.tag !== TAG.enumerated || status.content[0] !== 0) return null;
    const [kind, bytes] = sequenceIn(expectTag(wrapped, 0xa0)[0]);
    if (oidOf(kind) !== OCSP_BASIC || bytes?.tag !== TAG.bytes) return null;
    const basic = signedIn(derValue(bytes.content));
    if (!isByAuthority(basic, basic.rest, pair.issuer, now)) return null;
    const answers = sequenceIn(basic.signed).find(({ tag }) => tag === TAG.sequence);
    for (const answer of sequenceIn(answers)) {
      const word = wordOfAnswer(answer, pair, now);
      if (word !== null) return word;
    }
    return null;
  });
}

/** Signed by the issuer, or by whom it has made its responder. */
function isByAuthority(signed: Signed, rest: readonly DerValue[], issuer: X509Certificate, now: number): boolean {
  if (isSignedBy(signed, issuer.publicKey)) return true;
  const [wrapped] = rest;
  if (wrapped?.tag !== 0xa0) return false;
  return sequenceIn(expectTag(wrapped, 0xa0)[0]).some(({ whole }) => {
    const responder = new X509Certificate(whole);
    const purposes: readonly string[] = responder.keyUsage ?? [];
    const current = Date.parse(responder.validFrom) <= now && now <= Date.parse(responder.validTo);
    const appointed = purposes.includes(OCSP_SIGNING) && responder.checkIssued(issuer);
    return current && appointed && responder.verify(issuer.publicKey) && isSignedBy(signed, responder.publicKey);
  });
}

function wordOfAnswer(answer: DerValue, pair: Pair, now: number): Word | null {
  const [id, status, thisUpdate, next] = sequenceIn(answer);
  if (!isAbout(id, pair)) return null;
  const nextUpdate = next?.tag === 0xa0 ? expectTag(next, 0xa0)[0] : undefined;
  const until = validUntil(thisUpdate, nextUpdate, now);
  if (until === null || (status?.tag !== STATUS.good && status?.tag !== STATUS.revoked)) return null;
  return { notRevoked: status.tag === STATUS.good, until };
}

function isAbout(id: DerValue | undefined, { leaf, issuer }: Pair): boolean {
  const [algorithm, nameHash, keyHash, serial] = sequenceIn(id);
  const hash = HASHES.get(oidOf(sequenceIn(algorithm)[0]));
  if (hash === undefined || integerOf(serial) !== serialOf(leaf)) return false;
  const digest = (bytes: Buffer): Buffer => createHash(hash).update(bytes).digest();
  const [, key] = sequenceIn(derValue(issuer.publicKey.export({ type: 'spki', format: 'der' })));
  const { issuerName } = namesIn(leaf);
  return (
    digest(issuerName).equals(nameHash?.content ?? issuerName) &&
    digest(bitsOf(key)).equals(keyHash?.content ?? issuerName)
  );
}

/** What a list says; null when it says nothing that counts. */
export function wordOfList(list: Buffer, { leaf, issuer }: Pair, now: number): Word | null {
  return orNothing(() => {
    const signed = signedIn(derValue(list));
    const fields = sequenceIn(signed.signed);
    if (fields[0]?.tag === TAG.integer) fields.shift();
    const [, issuedBy, thisUpdate, ...later] = fields;
    if (issuedBy === undefined || !issuedBy.whole.equals(namesIn(leaf).issuerName)) return null;
    if (isPartial(later.find(({ tag }) => tag === 0xa0))) return null;
    const nextUpdate = later[0]?.tag === 0x17 || later[0]?.tag === 0x18 ? later[0] : undefined;
    const until = validUntil(thisUpdate, nextUpdate, now);
    if (until === null || !isSignedBy(signed, issuer.publicKey)) return null;
    const entries = later.find(({ tag }) => tag === TAG.sequence);
    return { notRevoked: entries === undefined || !holds(entries.content, serialIn(leaf)), until };
  });
}

/** Lists of changes, of authorities only, or in the name of others do not say who is not on them. */
function isPartial(extensions: DerValue | undefined): boolean {
  if (extensions === undefined) return false;
  for (const extension of sequenceIn(expectTag(extensions, 0xa0)[0])) {
    const [id, ...others] = sequenceIn(extension);
    const oid = oidOf(id);
    if (oid === LIST_EXTENSION.delta) return true;
    const value = others.at(-1);
    if (oid !== LIST_EXTENSION.scope || value === undefined) continue;
    const scope = sequenceIn(derValue(value.content));
    // onlyContainsCACerts, onlySomeReasons, indirectCRL, onlyContainsAttributeCerts
    if (scope.some(({ tag, content }) => [0x82, 0x83, 0x84, 0x85].includes(tag) && content[0] !== 0)) return true;
  }
  return false;
}

/** Lists have hundreds of thousands of entries: they are walked only when the serial number stands somewhere in them. */
function holds(entries: Buffer, serial: DerValue): boolean {
  if (!entries.includes(serial.whole)) return false;
  for (const entry of derValues(entries)) {
    if (derValue(entry.content).whole.equals(serial.whole)) return true;
  }
  return false;
}

function validUntil(thisUpdate: DerValue | undefined, nextUpdate: DerValue | undefined, now: number): number | null {
  const since = timeIn(thisUpdate);
  const until = nextUpdate === undefined ? since + UNSAID_MS : timeIn(nextUpdate);
  return since <= now + SKEW_MS && now < until ? until : null;
}

function serialIn(leaf: X509Certificate): DerValue {
  const serial = sequenceIn(signedIn(derValue(leaf.raw)).signed).find(({ tag }) => tag === TAG.integer);
  if (serial === undefined) throw new DerError('no serial number');
  return serial;
}

/** Lower-case hex without leading zeros. */
export const serialOf = (leaf: X509Certificate): string => integerOf(serialIn(leaf));

function namesIn(leaf: X509Certificate): { issuerName: Buffer } {
  const fields = sequenceIn(signedIn(derValue(leaf.raw)).signed).filter(({ tag }) => tag === TAG.sequence);
  // Signature algorithm, issuer, validity, subject, key.
  const issuerName = fields[1]?.whole;
  if (issuerName === undefined) throw new DerError('no issuer');
  return { issuerName };
}

/** null for bytes nobody can read; a bug of ours is thrown on. */
function orNothing(read: () => Word | null): Word | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return null;
    // OpenSSL's many errors about certificates that come along.
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
