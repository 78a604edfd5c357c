// Tells whoever watches a measurement what was served, and what each check was made on.
import type { X509Certificate } from 'node:crypto';
import type { Check } from '../check.ts';
import type { Trace } from '../trace.ts';
import { odditiesOf } from './chain.ts';
import type { CertificateChecks } from './facts.ts';
import { timeOf } from './verify.ts';

/** Names of one certificate that are shown. */
const MAX_CHARACTERS = 512;

export function tellChain(served: readonly X509Certificate[], trace: Trace): void {
  const oddities = odditiesOf(served);
  trace.step(
    `${served.length} certificates${oddities.length === 0 ? '' : `, odd: ${oddities.join(', ')}`}`,
    served.flatMap(linesOf),
  );
}

function linesOf(certificate: X509Certificate, position: number): string[] {
  const { subject, issuer, serialNumber, fingerprint256, subjectAltName } = certificate;
  return [
    `${position}: ${oneLine(subject) || 'no subject'}`,
    `   issued by ${oneLine(issuer) || 'nobody'}`,
    `   valid ${timesOf(certificate)}, key ${keyOf(certificate)}`,
    `   serial ${serialNumber}, SHA-256 ${fingerprint256.replaceAll(':', '').toLowerCase()}`,
    ...(subjectAltName === undefined ? [] : [`   names ${subjectAltName.slice(0, MAX_CHARACTERS)}`]),
  ];
}

const oneLine = (name: string | undefined): string => (name ?? '').replaceAll('\n', ', ').slice(0, MAX_CHARACTERS);

const timesOf = ({ validFrom, validTo }: X509Certificate): string =>
  `from ${instant(validFrom)} to ${instant(validTo)}`;

function instant(validity: string): string {
  const time = timeOf(validity);
  return time === null ? validity : new Date(time).toISOString();
}

function keyOf(certificate: X509Certificate): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    const size = asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve ?? '';
    return `${asymmetricKeyType ?? 'unknown'} ${size}`.trim();
  } catch {
    // OpenSSL's many errors all say that it cannot read the key.
    return 'unreadable';
  }
}

/** Every check with what it was made on. `name` is null when nobody asked for one. */
export function checksOf(
  served: readonly X509Certificate[],
  checks: CertificateChecks,
  { name, now }: { name: string | null; now: number },
): Check[] {
  const [leaf] = served;
  const made: Record<keyof CertificateChecks, Omit<Check, 'check' | 'passed'>> = {
    time: { expected: `valid at ${new Date(now).toISOString()}`, actual: leaf === undefined ? 'none' : timesOf(leaf) },
    hostname: {
      expected: name ?? 'no name in particular',
      actual: leaf?.subjectAltName?.slice(0, MAX_CHARACTERS) ?? 'no names',
    },
    trusted: { expected: 'a path to a trusted authority, for servers', actual: `issued by ${oneLine(leaf?.issuer)}` },
    completeChain: { expected: 'all but the root', actual: served.map(({ subject }) => oneLine(subject)).join(' <- ') },
    strong: {
      expected: 'keys and signatures to rely on',
      actual: served.length === 0 ? 'none' : `keys ${served.map(keyOf).join(', ')}`,
    },
    notRevoked: { expected: 'not taken back', actual: wordFor(checks.notRevoked, 'not taken back', 'taken back') },
    stapled: { expected: 'a valid answer', actual: wordFor(checks.stapled, 'a valid answer', 'none that is valid') },
  };
  return Object.entries(made).flatMap(([check, { expected, actual }]) => {
    const passed = checks[check as keyof CertificateChecks];
    return passed === undefined ? [] : [{ check, expected, actual, passed }];
  });
}

const wordFor = (passed: boolean | null | undefined, yes: string, no: string): string =>
  passed === true ? yes : passed === false ? no : 'not told';
