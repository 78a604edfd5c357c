// Judges a served chain, each check on its own: time, name, trust, completeness. OpenSSL would name only one fault.
// Signatures, issuer flags and purpose are read; path lengths, name constraints and revocation are not.
import { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import type { Reason } from '../../catalog/reasons.ts';
import type { CertificateChecks } from './facts.ts';
import { isWeak } from './x509-der.ts';

/** Signatures checked for one chain: a hostile chain of ten alike names with huge keys must not hold the loop. */
const MAX_SIGNATURES = 32;
const MAX_KNOWN_SIGNATURES = 1_000;
const MAX_TRUST_SETS = 32;
const PEM_END = '-----END CERTIFICATE-----';
const SERVER_PURPOSES = ['1.3.6.1.5.5.7.3.1', '2.5.29.37.0'];

export interface Anchors {
  bySubject: ReadonlyMap<string, readonly X509Certificate[]>;
  fingerprints: ReadonlySet<string>;
}

export interface Judgement {
  /** The gravest fault, or ok. */
  reason: Reason;
  checks: CertificateChecks;
  /** Who issued the leaf, by a verified signature on the way to trust; null without such a way. */
  issuer: X509Certificate | null;
}

// By content, as every probe brings the same few sets. The first of them is Node's roots alone, which takes tens of
// milliseconds to read: the others are made from it, and it is never forgotten.
const anchorsByTrust = new Map<string, Anchors>();
const NOBODY: Anchors = { bySubject: new Map(), fingerprints: new Set() };

/** Node's roots and the given PEM certificates (each entry may hold several). */
export function anchorsFor(trust: readonly string[]): Anchors {
  const key = trust.join('\n');
  const known = anchorsByTrust.get(key);
  if (known !== undefined) return known;
  const anchors =
    key === '' ? joined(NOBODY, tls.rootCertificates) : joined(anchorsFor([]), trust.flatMap(certificatesIn));
  const [, oldest] = anchorsByTrust.keys();
  if (oldest !== undefined && anchorsByTrust.size >= MAX_TRUST_SETS) anchorsByTrust.delete(oldest);
  anchorsByTrust.set(key, anchors);
  return anchors;
}

function certificatesIn(bundle: string): string[] {
  return bundle
    .split(PEM_END)
    .slice(0, -1)
    .map((part) => part + PEM_END);
}

function joined(anchors: Anchors, pems: readonly string[]): Anchors {
  const bySubject = new Map(anchors.bySubject);
  const fingerprints = new Set(anchors.fingerprints);
  for (const pem of pems) {
    const certificate = new X509Certificate(pem);
    const namesakes = bySubject.get(certificate.subject) ?? [];
    bySubject.set(certificate.subject, [...namesakes, certificate]);
    fingerprints.add(certificate.fingerprint256);
  }
  return { bySubject, fingerprints };
}

/** Unix milliseconds; null for a time that cannot be read. */
export function timeOf(validity: string): number | null {
  const time = Date.parse(validity);
  return Number.isFinite(time) ? time : null;
}

/** A judgement, and the times between which it holds: until one of the certificates it looked at begins or ends. */
interface Kept {
  anchors: Anchors;
  from: number;
  until: number;
  judgement: Judgement;
}

// By the chain, which is the same object for everybody who shows it, and the name.
const keptByChain = new WeakMap<readonly X509Certificate[], Map<string | null, Kept>>();
/** Strangers choose the names they send us to. */
const MAX_KEPT_NAMES = 32;

/**
 * `name` is the host asked for, plain: no brackets, no trailing dot; null when nobody asked for one. `now` is Unix milliseconds.
 */
export function judge(
  served: readonly X509Certificate[],
  name: string | null,
  now: number,
  anchors: Anchors,
): Judgement {
  const byName = keptByChain.get(served) ?? new Map<string | null, Kept>();
  const kept = byName.get(name);
  if (kept?.anchors === anchors && kept.from <= now && now < kept.until) return kept.judgement;
  const signatures = signatureReader();
  const judgement = judgeAnew(served, name, now, anchors, signatures.isSigned);
  if (signatures.exhausted()) return judgement;
  if (byName.size >= MAX_KEPT_NAMES) byName.clear();
  byName.set(name, { anchors, judgement, ...spanAround(now, served, anchors) });
  keptByChain.set(served, byName);
  return judgement;
}

/** Between the last and the next time at which any certificate begins, or has ended, that could be on a path. */
function spanAround(
  now: number,
  served: readonly X509Certificate[],
  { bySubject }: Anchors,
): Pick<Kept, 'from' | 'until'> {
  const span = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  const issuers = served.flatMap(({ issuer }) => bySubject.get(issuer) ?? []);
  for (const { validFrom, validTo } of [...served, ...issuers]) {
    // On its last millisecond it is still valid.
    for (const change of [timeOf(validFrom) ?? Number.NaN, (timeOf(validTo) ?? Number.NaN) + 1]) {
      if (change <= now) span.from = Math.max(span.from, change);
      else if (change > now) span.until = Math.min(span.until, change);
    }
  }
  return span;
}

function judgeAnew(
  served: readonly X509Certificate[],
  name: string | null,
  now: number,
  anchors: Anchors,
  isSigned: IsSigned,
): Judgement {
  const leaf = served[0];
  if (leaf === undefined) {
    return {
      reason: 'tls_untrusted',
      checks: { time: null, hostname: null, trusted: null, completeChain: null },
      issuer: null,
    };
  }
  const current = (certificate: X509Certificate): boolean => ageOf(certificate, now) === 'current';
  // Without a path that is valid now, one that once was: then time is the fault, not trust.
  const path = pathToAnchor(served, anchors, isSigned, current) ?? pathToAnchor(served, anchors, isSigned, () => true);
  const ages = (path ?? [leaf]).map((certificate) => ageOf(certificate, now));
  const selfSigned = leaf.subject === leaf.issuer && isSigned(leaf, leaf);
  const checks = {
    time: ages.includes('unreadable') ? null : ages.every((age) => age === 'current'),
    hostname: name === null ? null : namesHost(leaf, name),
    trusted: path !== null && servesAsServer(leaf),
    completeChain: path !== null || completeness(served, selfSigned, isSigned),
    strong: strengthOf((path ?? [leaf]).filter(({ fingerprint256 }) => !anchors.fingerprints.has(fingerprint256))),
  };
  return { reason: gravest(checks, ages, selfSigned), checks, issuer: path?.[1] ?? null };
}

function gravest(checks: CertificateChecks, ages: readonly Age[], selfSigned: boolean): Reason {
  if (ages.includes('future')) return 'tls_not_yet_valid';
  if (ages.includes('past')) return 'tls_expired';
  if (checks.hostname === false) return 'tls_hostname';
  if (checks.trusted === true) {
    if (checks.time !== true) return 'tls_untrusted';
    return checks.strong === false ? 'tls_weak' : 'ok';
  }
  if (selfSigned) return 'tls_self_signed';
  return checks.completeChain === false ? 'tls_incomplete_chain' : 'tls_untrusted';
}

// What a certificate is made of never changes, and every probe meets the same few.
const knownStrengths = new Map<string, boolean | null>();

/** null when it cannot be told of one of them, and none is weak. */
function strengthOf(certificates: readonly X509Certificate[]): boolean | null {
  const strengths = certificates.map((certificate) => {
    const known = knownStrengths.get(certificate.fingerprint256);
    if (known !== undefined) return known;
    const weak = isWeak(certificate);
    const strong = weak === null ? null : !weak;
    if (knownStrengths.size >= MAX_KNOWN_SIGNATURES) knownStrengths.clear();
    knownStrengths.set(certificate.fingerprint256, strong);
    return strong;
  });
  if (strengths.includes(false)) return false;
  return strengths.includes(null) ? null : true;
}

type Age = 'current' | 'future' | 'past' | 'unreadable';

function ageOf(certificate: X509Certificate, now: number): Age {
  const notBefore = timeOf(certificate.validFrom);
  const notAfter = timeOf(certificate.validTo);
  if (notBefore === null || notAfter === null) return 'unreadable';
  if (now < notBefore) return 'future';
  return now > notAfter ? 'past' : 'current';
}

function namesHost(leaf: X509Certificate, name: string): boolean {
  if (net.isIP(name) !== 0) return leaf.checkIP(name) !== undefined;
  // Node's defaults accept names in the subject and f*.example, which browsers do not.
  return leaf.checkHost(name, { subject: 'never', partialWildcards: false }) !== undefined;
}

/** Node calls the extended key usage `keyUsage`; without the extension every purpose is allowed. */
function servesAsServer(leaf: X509Certificate): boolean {
  const purposes: readonly string[] | undefined = leaf.keyUsage;
  return purposes === undefined || purposes.some((purpose) => SERVER_PURPOSES.includes(purpose));
}

type IsSigned = (certificate: X509Certificate, issuer: X509Certificate) => boolean;

interface SignatureReader {
  /** Says no once it has checked enough for one chain. */
  isSigned: IsSigned;
  /** Whether it had to. */
  exhausted(): boolean;
}

// A signature holds for ever, and every probe meets the same few; checking them is most of what judging costs.
const knownSignatures = new Map<string, boolean>();

function signatureReader(): SignatureReader {
  let checked = 0;
  const isSigned: IsSigned = (certificate, issuer) => {
    const pair = `${certificate.fingerprint256} ${issuer.fingerprint256}`;
    const known = knownSignatures.get(pair);
    if (known !== undefined) return known;
    checked += 1;
    if (checked > MAX_SIGNATURES) return false;
    const signed = verifies(certificate, issuer);
    if (knownSignatures.size >= MAX_KNOWN_SIGNATURES) knownSignatures.clear();
    knownSignatures.set(pair, signed);
    return signed;
  };
  return { isSigned, exhausted: () => checked > MAX_SIGNATURES };
}

function verifies(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.verify(issuer.publicKey);
  } catch {
    // Whatever OpenSSL cannot read (a key type, a broken point) proves no signature; it is the peer's fault, not ours.
    return false;
  }
}

/** From the leaf to a trusted certificate, over served ones. Each is entered once, so loops of issuers end. */
function pathToAnchor(
  served: readonly X509Certificate[],
  anchors: Anchors,
  isSigned: IsSigned,
  usable: (issuer: X509Certificate) => boolean,
): X509Certificate[] | null {
  const entered = new Set<X509Certificate>();
  const climb = (certificate: X509Certificate): X509Certificate[] | null => {
    entered.add(certificate);
    if (anchors.fingerprints.has(certificate.fingerprint256)) return [certificate];
    const issued = (issuer: X509Certificate): boolean =>
      usable(issuer) && certificate.checkIssued(issuer) && isSigned(certificate, issuer);
    const anchor = anchors.bySubject.get(certificate.issuer)?.find(issued);
    if (anchor !== undefined) return [certificate, anchor];
    for (const issuer of served) {
      if (entered.has(issuer) || !issuer.ca || !issued(issuer)) continue;
      const rest = climb(issuer);
      if (rest !== null) return [certificate, ...rest];
    }
    return null;
  };
  const leaf = served[0];
  return leaf === undefined ? null : climb(leaf);
}

/** Of a chain that reaches no anchor: did the server send its part? null when only the unknown root could tell. */
function completeness(served: readonly X509Certificate[], selfSigned: boolean, isSigned: IsSigned): boolean | null {
  if (selfSigned) return true;
  const reached = new Set(served.slice(0, 1));
  // A set also yields what is added while it is walked.
  for (const certificate of reached) {
    for (const issuer of served) {
      if (reached.has(issuer) || !certificate.checkIssued(issuer) || !isSigned(certificate, issuer)) continue;
      if (issuer.subject === issuer.issuer) return true;
      reached.add(issuer);
    }
  }
  return reached.size === 1 ? false : null;
}
