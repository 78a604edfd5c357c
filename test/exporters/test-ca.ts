// Certificates for tests: authorities, chains, and leaves with every fault a probe must name.
import '../../lab/reflection.ts';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

export interface Issued {
  /** PEM. */
  key: string;
  cert: string;
}

export interface LeafOptions {
  names?: readonly { type: 'dns' | 'ip'; value: string }[];
  subject?: string;
  /** Days from now. */
  fromDays?: number;
  toDays?: number;
  /** Exact end, for dates no arithmetic reaches. */
  notAfter?: Date;
  notBefore?: Date;
  purposes?: readonly string[];
}

export interface TestAuthority {
  cert: string;
  /** As for a server that presents the authority itself. */
  self: Issued;
  issue(options?: LeafOptions): Promise<Issued>;
  /** An authority below this one. */
  below(name: string, validity?: Pick<LeafOptions, 'fromDays' | 'toDays'>): Promise<TestAuthority>;
}

interface Issuer {
  name: string;
  key: webcrypto.CryptoKey;
}

interface Subject {
  name: string;
  keys: webcrypto.CryptoKeyPair;
  notBefore: Date;
  notAfter: Date;
  extensions: x509.Extension[];
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;

export const LEAF_NAME = 'origin.test';

const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

const inDays = (days: number): Date => new Date(Date.now() + days * DAY_MS);

export async function rootAuthority(name = 'Test Root'): Promise<TestAuthority> {
  const keys = await newKeys();
  return authority(`CN=${name}`, keys, { name: `CN=${name}`, key: keys.privateKey }, {});
}

async function authority(
  name: string,
  keys: webcrypto.CryptoKeyPair,
  issuer: Issuer,
  { fromDays = -30, toDays = 365 }: Pick<LeafOptions, 'fromDays' | 'toDays'>,
): Promise<TestAuthority> {
  const extensions = [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
  ];
  const cert = await sign({ name, keys, notBefore: inDays(fromDays), notAfter: inDays(toDays), extensions }, issuer);
  const self: Issuer = { name, key: keys.privateKey };
  return {
    cert,
    self: { cert, key: await pemOf(keys.privateKey) },
    issue: (options = {}) => leaf(options, self),
    below: async (lower, validity = {}) => authority(`CN=${lower}`, await newKeys(), self, validity),
  };
}

/** A second certificate for the key of `original`'s authority, by another issuer: two ways up from one leaf. */
export async function crossSigned(
  original: TestAuthority,
  by: TestAuthority,
  validity: Pick<LeafOptions, 'fromDays' | 'toDays'>,
): Promise<string> {
  const [keys, key] = await Promise.all([keysOf(original.self), keysOf(by.self)]);
  const name = new x509.X509Certificate(original.cert).subject;
  const issuer = { name: new x509.X509Certificate(by.cert).subject, key: key.privateKey };
  return (await authority(name, keys, issuer, validity)).cert;
}

/** A leaf signed by a leaf, which has no right to. */
export async function issuedByLeaf(issuer: Issued): Promise<Issued> {
  const { privateKey } = await keysOf(issuer);
  return leaf({}, { name: new x509.X509Certificate(issuer.cert).subject, key: privateKey });
}

export async function selfSignedLeaf(options: LeafOptions = {}): Promise<Issued> {
  const keys = await newKeys();
  return leaf(options, { name: `CN=${options.subject ?? LEAF_NAME}`, key: keys.privateKey }, keys);
}

async function leaf(options: LeafOptions, issuer: Issuer, ownKeys?: webcrypto.CryptoKeyPair): Promise<Issued> {
  const keys = ownKeys ?? (await newKeys());
  const {
    names = [{ type: 'dns', value: LEAF_NAME }],
    subject = LEAF_NAME,
    purposes = ['1.3.6.1.5.5.7.3.1'],
  } = options;
  const cert = await sign(
    {
      name: `CN=${subject}`,
      keys,
      notBefore: options.notBefore ?? inDays(options.fromDays ?? -10),
      notAfter: options.notAfter ?? inDays(options.toDays ?? 80),
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([...purposes]),
        ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension([...names])] : []),
      ],
    },
    issuer,
  );
  return { cert, key: await pemOf(keys.privateKey) };
}

async function sign({ name, keys, ...rest }: Subject, issuer: Issuer): Promise<string> {
  const serialNumber = `01${Buffer.from(webcrypto.getRandomValues(new Uint8Array(15))).toString('hex')}`;
  const made = await x509.X509CertificateGenerator.create({
    ...rest,
    serialNumber,
    subject: name,
    issuer: issuer.name,
    publicKey: keys.publicKey,
    signingKey: issuer.key,
    signingAlgorithm: ALGORITHM,
  });
  return `${made.toString('pem')}\n`;
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key));
  return `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`;
}

async function keysOf({ key, cert }: Issued): Promise<webcrypto.CryptoKeyPair> {
  const pkcs8 = Buffer.from(key.split('\n').slice(1, -2).join(''), 'base64');
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, ALGORITHM, true, ['sign']);
  const spki = new x509.X509Certificate(cert).publicKey.rawData;
  const publicKey = await webcrypto.subtle.importKey('spki', spki, ALGORITHM, true, ['verify']);
  return { privateKey, publicKey };
}
