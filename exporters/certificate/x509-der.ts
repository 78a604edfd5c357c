// What Node does not tell of a certificate: its signature algorithm and its extensions, read from its own bytes.
import { type KeyObject, verify, type X509Certificate } from 'node:crypto';
import { bitsOf, DerError, type DerValue, derValue, expectTag, oidOf, sequenceIn, TAG } from './der.ts';

/** Hash by the OID of a signature algorithm; null: the algorithm brings its own. */
const HASH_OF: ReadonlyMap<string, string | null> = new Map([
  ['1.2.840.113549.1.1.4', 'md5'],
  ['1.2.840.113549.1.1.5', 'sha1'],
  ['1.2.840.113549.1.1.11', 'sha256'],
  ['1.2.840.113549.1.1.12', 'sha384'],
  ['1.2.840.113549.1.1.13', 'sha512'],
  ['1.2.840.10045.4.1', 'sha1'],
  ['1.2.840.10045.4.3.2', 'sha256'],
  ['1.2.840.10045.4.3.3', 'sha384'],
  ['1.2.840.10045.4.3.4', 'sha512'],
  ['1.3.101.112', null],
  ['1.3.101.113', null],
]);

const WEAK_HASHES = new Set(['md5', 'sha1']);

const EXTENSION = {
  crlDistributionPoints: '2.5.29.31',
  tlsFeature: '1.3.6.1.5.5.7.1.24',
} as const;

/** Something signed: what was signed, how, and the signature. */
export interface Signed {
  signed: DerValue;
  algorithm: string;
  signature: Buffer;
}

/** Certificates, lists and answers are all SEQUENCE { signed, algorithm, signature, ... }. Throws {@link DerError}. */
export function signedIn(value: DerValue): Signed & { rest: readonly DerValue[] } {
  const [signed, algorithm, signature, ...rest] = sequenceIn(value);
  if (signed === undefined) throw new DerError('nothing signed');
  return { signed, algorithm: oidOf(sequenceIn(algorithm)[0]), signature: bitsOf(signature), rest };
}

/** Whether the key made the signature; false as well for algorithms we do not know. */
export function isSignedBy({ signed, algorithm, signature }: Signed, key: KeyObject): boolean {
  const hash = HASH_OF.get(algorithm);
  if (hash === undefined || (hash !== null && WEAK_HASHES.has(hash))) return false;
  try {
    return verify(hash, signed.whole, key, signature);
  } catch {
    // A key of another kind than the algorithm, or one OpenSSL cannot use, proves no signature.
    return false;
  }
}

/** By OID, the bytes inside. Throws {@link DerError}. */
function extensionsOf(certificate: X509Certificate): Map<string, Buffer> {
  const { signed } = signedIn(derValue(certificate.raw));
  const found = new Map<string, Buffer>();
  for (const field of sequenceIn(signed)) {
    if (field.tag !== 0xa3) continue;
    for (const extension of sequenceIn(derValue(field.content), 64)) {
      const [id, ...others] = sequenceIn(extension);
      const value = others.at(-1);
      if (value?.tag === TAG.bytes) found.set(oidOf(id), value.content);
    }
  }
  return found;
}

/** The http URLs a certificate names for its issuer's list of revoked ones; none when it cannot be read. */
export function crlUrlsOf(certificate: X509Certificate): string[] {
  return orElse([], () => {
    const points = extensionsOf(certificate).get(EXTENSION.crlDistributionPoints);
    return points === undefined ? [] : sequenceIn(derValue(points)).flatMap(urlsOfPoint);
  });
}

/** DistributionPoint [0] -> fullName [0] -> URI [6] of RFC 5280, section 4.2.1.13. */
function urlsOfPoint(point: DerValue): string[] {
  return sequenceIn(point)
    .filter(({ tag }) => tag === 0xa0)
    .flatMap((name) => expectTag(name, 0xa0))
    .filter(({ tag }) => tag === 0xa0)
    .flatMap((full) => expectTag(full, 0xa0))
    .filter(({ tag }) => tag === 0x86)
    .map(({ content }) => content.toString('latin1'))
    .filter((url) => /^http:\/\//i.test(url) && url.length <= 1_024 && URL.canParse(url));
}

// A chain that is shown again is the same objects again.
const knownToInsist = new WeakMap<X509Certificate, boolean>();

/** Whether a certificate insists on a stapled answer (RFC 7633). */
export function mustStaple(certificate: X509Certificate): boolean {
  const known = knownToInsist.get(certificate);
  if (known !== undefined) return known;
  const insists = orElse(false, () => {
    const feature = extensionsOf(certificate).get(EXTENSION.tlsFeature);
    return feature !== undefined && sequenceIn(derValue(feature)).some(({ content }) => content.at(-1) === 5);
  });
  knownToInsist.set(certificate, insists);
  return insists;
}

function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof DerError) return otherwise;
    throw error;
  }
}

const LEAST_RSA_BITS = 2_048;
const LEAST_EC_BITS = 224;

/** Bits of security nobody should rely on any more: CA/Browser Forum baseline requirements, section 6.1.5. */
export function isWeak(certificate: X509Certificate): boolean | null {
  try {
    const { algorithm } = signedIn(derValue(certificate.raw));
    const hash = HASH_OF.get(algorithm);
    // A root is trusted for what it is, not for its signature.
    if (typeof hash === 'string' && WEAK_HASHES.has(hash) && certificate.subject !== certificate.issuer) return true;
    return hasWeakKey(certificate.publicKey);
  } catch {
    // Neither OpenSSL nor we can read it: nothing can be said.
    return null;
  }
}

function hasWeakKey({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): boolean | null {
  switch (asymmetricKeyType) {
    case 'rsa':
    case 'rsa-pss':
      return (asymmetricKeyDetails?.modulusLength ?? 0) < LEAST_RSA_BITS;
    case 'ec':
      return Number(/\d{3}/.exec(asymmetricKeyDetails?.namedCurve ?? '')?.[0] ?? LEAST_EC_BITS) < LEAST_EC_BITS;
    case 'ed25519':
    case 'ed448':
      return false;
    case 'dsa':
      return true;
    default:
      return null;
  }
}
