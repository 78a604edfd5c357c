// The certificate authority of one lab: made at start, forgotten at stop, trusted by nobody who is not told to.
import './reflection.ts';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface Credentials {
  /** PEM. */
  key: string;
  cert: string;
}

export interface Authority {
  /** PEM of the authority's own certificate. */
  pem: string;
  /** `list`: where the certificate says that its issuer's list of revoked ones is. */
  issue(hosts: readonly string[], validity?: Validity, list?: string): Promise<Credentials>;
  /** DER of the list of these serial numbers, hexadecimal. */
  list(revoked: readonly string[], validity: 'current' | 'expired'): Promise<Buffer>;
}

/** `forged`: by whoever shows it, not by the authority. */
export type Validity = 'current' | 'expired' | 'forged';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const pairOfKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const serialNumber = (): string => Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex');

export async function createAuthority(): Promise<Authority> {
  const keys = await pairOfKeys();
  const name = 'CN=demarc lab CA';
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: `01${serialNumber()}`,
    name,
    notBefore: new Date(Date.now() - DAY_MS),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    pem: root.toString('pem'),
    issue: (hosts, validity = 'current', list = undefined) => issue(root, keys.privateKey, hosts, validity, list),
    list: (revoked, validity) => listRevoked(root, keys.privateKey, revoked, validity),
  };
}

/** How long a list holds: so short that whoever keeps it soon asks again. */
const LIST_HOLDS_MS = 30_000;

async function listRevoked(
  root: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  revoked: readonly string[],
  validity: 'current' | 'expired',
): Promise<Buffer> {
  const until = Date.now() + (validity === 'expired' ? -HOUR_MS : LIST_HOLDS_MS);
  const list = await x509.X509CrlGenerator.create({
    issuer: root.subject,
    thisUpdate: new Date(until - HOUR_MS),
    nextUpdate: new Date(until),
    signingAlgorithm: ALGORITHM,
    signingKey,
    extensions: [await x509.AuthorityKeyIdentifierExtension.create(root, false)],
    entries: revoked.map((serialNumber) => ({ serialNumber, revocationDate: new Date(until - HOUR_MS) })),
  });
  return Buffer.from(list.rawData);
}

async function issue(
  root: x509.X509Certificate,
  signingKey: webcrypto.CryptoKey,
  hosts: readonly string[],
  validity: Validity,
  list: string | undefined,
): Promise<Credentials> {
  const keys = await pairOfKeys();
  const now = Date.now();
  const subject = `CN=${hosts[0] ?? 'nobody'}`;
  const [issuer, signer] = validity === 'forged' ? [subject, keys.privateKey] : [root.subject, signingKey];
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: `01${serialNumber()}`,
    subject,
    issuer,
    notBefore: new Date(now - (validity === 'expired' ? 91 : 1) * DAY_MS),
    notAfter: new Date(validity === 'expired' ? now - HOUR_MS : now + 29 * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: signer,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(root, false),
      ...(list === undefined ? [] : [new x509.CRLDistributionPointsExtension([list])]),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
  return { key, cert: leaf.toString('pem') };
}
