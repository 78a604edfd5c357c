// Certificates in a file: PEM with one or many, DER, or PKCS#12. Keys beside them are neither kept nor shown.
import { X509Certificate } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import tls from 'node:tls';
import type { Reason } from '../../catalog/reasons.ts';
import { readSecret, SecretError, type SecretReference } from '../secret.ts';

const MAX_BYTES = 1_048_576;
const MAX_CERTIFICATES = 10;
const PEM = /-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]{1,65536}-----END CERTIFICATE-----/g;

export interface CertificateFile {
  /** ok: at least one certificate was read. */
  reason: Reason;
  /** In the order of the file; of PKCS#12 the one with a key first, then its issuer. */
  certificates: readonly X509Certificate[];
}

/** `local`: the file or the secret cannot be read by us. `answer_malformed`: there is no certificate in it. */
export async function readCertificates(
  file: string,
  passphrase: SecretReference | undefined,
): Promise<CertificateFile> {
  try {
    const bytes = await readBounded(file);
    const certificates = bytes === null ? [] : certificatesIn(bytes, passphrase && (await readSecret(passphrase)));
    return { reason: certificates.length > 0 ? 'ok' : 'answer_malformed', certificates };
  } catch (error) {
    const ours = error instanceof SecretError || (error instanceof Error && 'syscall' in error);
    if (ours) return { reason: 'local', certificates: [] };
    throw error;
  }
}

/** null for what is no file, or too large for one with certificates. */
export async function readBounded(file: string): Promise<Buffer | null> {
  // Nobody may keep us waiting at a named pipe.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const found = await handle.stat();
    return found.isFile() && found.size <= MAX_BYTES ? await handle.readFile() : null;
  } finally {
    await handle.close();
  }
}

/** Empty when there is none to be read. */
export function certificatesIn(bytes: Buffer, passphrase?: string): X509Certificate[] {
  const written = bytes.toString('latin1').match(PEM)?.slice(0, MAX_CERTIFICATES);
  if (written !== undefined) return written.flatMap(parsed);
  const one = parsed(bytes);
  return one.length > 0 ? one : inPkcs12(bytes, passphrase);
}

function parsed(bytes: Buffer | string): X509Certificate[] {
  try {
    return [new X509Certificate(bytes)];
  } catch {
    // OpenSSL's many errors all say that this is no certificate.
    return [];
  }
}

/** What of Node's context is not in its types: the certificate it was given, and the one that issued it, as DER. */
interface ReadContext {
  getCertificate?(): Buffer | null;
  getIssuer?(): Buffer | null;
}

function inPkcs12(pfx: Buffer, passphrase: string | undefined): X509Certificate[] {
  try {
    const context: ReadContext = tls.createSecureContext({
      pfx,
      ...(passphrase !== undefined && { passphrase }),
    }).context;
    const found = [context.getCertificate?.(), context.getIssuer?.()];
    return found.flatMap((der) => (der ? parsed(der) : []));
  } catch {
    // A wrong passphrase, an algorithm OpenSSL has retired, or no PKCS#12 at all.
    return [];
  }
}
