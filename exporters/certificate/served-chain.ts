// The chain a server shows. Whoever shows the same one again gets the same objects, which know what was read of them before:
// reading certificates costs more than the handshake that brought them.
import type { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';

/** Certificates of one served chain that are looked at. */
const MAX_CHAIN = 10;
const MAX_KNOWN_CHAINS = 512;
/** A chain that is larger is read every time: strangers decide how large theirs are. */
const MAX_KNOWN_BYTES = 16_384;

// By the fingerprints of all in it, the longest unseen first.
const knownChains = new Map<string, readonly X509Certificate[]>();

/** Leaf first, unrelated extras included, each once. Node hands it out only once per connection. */
export function servedChain(secured: tls.TLSSocket): readonly X509Certificate[] {
  const served = new Map<string, X509Certificate>();
  let certificate = secured.getPeerX509Certificate();
  for (let step = 0; certificate !== undefined && step < MAX_CHAIN; step += 1) {
    if (!served.has(certificate.fingerprint256)) served.set(certificate.fingerprint256, certificate);
    if (certificate.issuerCertificate === certificate) break;
    certificate = certificate.issuerCertificate;
  }
  return known([...served.keys()].join(' '), [...served.values()]);
}

/** For want of memory; whatever is served again is read again. */
export const forgetChains = (): void => knownChains.clear();

function known(key: string, chain: readonly X509Certificate[]): readonly X509Certificate[] {
  const same = knownChains.get(key);
  if (same === undefined && chain.reduce((sum, { raw }) => sum + raw.length, 0) > MAX_KNOWN_BYTES) return chain;
  const kept = same ?? chain;
  knownChains.delete(key);
  knownChains.set(key, kept);
  const [oldest = ''] = knownChains.keys();
  if (knownChains.size > MAX_KNOWN_CHAINS) knownChains.delete(oldest);
  return kept;
}
