// Our own certificate, for servers that ask who we are (mutual TLS): PEM files, read anew for every measurement, so that a renewed
// one counts at once. What is wrong with them is a failure of ours, and then nothing is sent.
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import { z } from 'zod';
import { certificatesIn, readBounded } from '../certificate/file.ts';
import { timeOf } from '../certificate/verify.ts';
import type { ProbeContext } from '../probe.ts';
import { FilePath, readSecret, SecretReference } from '../secret.ts';
import { secureContextWith } from './connection.ts';
import { Refusal } from './refusal.ts';

export const ClientCertificate = z
  .strictObject({
    certFile: FilePath.describe('PEM file with your certificate, then those above it that the server may not know.'),
    keyFile: FilePath.describe('PEM file with its private key.'),
    passphrase: SecretReference.optional().describe('Where the passphrase of the key is.'),
  })
  .describe(
    'Your certificate, for a server that asks for one (mutual TLS). One that cannot be used, or has expired, is a failure of ours, `local`; one that the server does not take, or misses, is `tls_client_certificate`.',
  );

export type ClientCertificate = z.output<typeof ClientCertificate>;

interface Written {
  cert: Buffer;
  key: Buffer;
  passphrase: string | undefined;
}

interface Loaded {
  written: Written;
  leaf: X509Certificate;
  secureContext: tls.SecureContext;
}

/** By the settings of a target: building one costs more than a handshake. */
const loaded = new WeakMap<ClientCertificate, Loaded>();

/**
 * What a handshake offers it by. Throws a {@link Refusal} with reason `local` that says what is wrong, or `SecretError`; tells whoever
 * watches whose certificate it is.
 */
export async function offering(
  reference: ClientCertificate | undefined,
  { clock, trace }: Pick<ProbeContext, 'clock' | 'trace'>,
): Promise<tls.SecureContext | undefined> {
  if (reference === undefined) return undefined;
  const written = await readWritten(reference);
  const known = loaded.get(reference);
  const current = known !== undefined && isSame(known.written, written) ? known : load(written);
  loaded.set(reference, current);
  const { subject, issuer, validFrom, validTo } = current.leaf;
  const [begins, ends] = [timeOf(validFrom) ?? 0, timeOf(validTo) ?? 0];
  trace?.step('client certificate at hand, for a server that asks for one', [
    `subject ${onOneLine(subject)}`,
    `issued by ${onOneLine(issuer)}`,
    `ends ${new Date(ends).toISOString()}`,
  ]);
  const now = clock.now();
  if (now > ends) throw ours('the client certificate has expired');
  if (now < begins) throw ours('the client certificate is not valid yet');
  return current.secureContext;
}

const onOneLine = (name: string): string => name.replaceAll('\n', ', ');

const ours = (what: string): Refusal => new Refusal('local', what);

async function readWritten({ certFile, keyFile, passphrase }: ClientCertificate): Promise<Written> {
  const [cert, key, opens] = await Promise.all([
    readPem(certFile, 'client certificate'),
    readPem(keyFile, 'key of the client certificate'),
    passphrase && readSecret(passphrase),
  ]);
  return { cert, key, passphrase: opens };
}

async function readPem(file: string, what: string): Promise<Buffer> {
  let bytes: Buffer | null;
  try {
    bytes = await readBounded(file);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw ours(`the ${what} cannot be read (${error.code}): ${file}`);
  }
  if (bytes === null) throw ours(`the ${what} is no file with PEM: ${file}`);
  return bytes;
}

const isSame = (one: Written, other: Written): boolean =>
  one.cert.equals(other.cert) && one.key.equals(other.key) && one.passphrase === other.passphrase;

function load(written: Written): Loaded {
  const [leaf] = certificatesIn(written.cert);
  if (leaf === undefined) throw ours('there is no certificate in the file of the client certificate');
  if (!leaf.checkPrivateKey(keyIn(written))) throw ours('the key does not fit the client certificate');
  const { cert, key, passphrase } = written;
  try {
    const secureContext = secureContextWith({ cert, key, ...(passphrase !== undefined && { passphrase }) });
    return { written, leaf, secureContext };
  } catch {
    // OpenSSL's many errors all say that it would not use it.
    throw ours('OpenSSL does not accept the client certificate; its key may be too weak');
  }
}

function keyIn({ key, passphrase }: Written): KeyObject {
  try {
    return createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) });
  } catch {
    // OpenSSL's many errors all say that it cannot read it.
    const why = passphrase === undefined ? 'is no PEM key, or needs a passphrase' : 'does not open with its passphrase';
    throw ours(`the key of the client certificate ${why}`);
  }
}
