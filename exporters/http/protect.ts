// A handshake whose certificate must hold for the name that was asked for.
import type { X509Certificate } from 'node:crypto';
import net from 'node:net';
import type tls from 'node:tls';
import { anchorsFor, judge } from '../certificate/verify.ts';
import type { ProbeContext } from '../probe.ts';
import { handshake } from './connection.ts';
import { Refusal } from './refusal.ts';

interface Protection {
  /** For SNI, unless it is an address, and for the certificate. */
  name: string;
  /** Whether a certificate that is not valid is refused. */
  verify: boolean;
  /** Offered by ALPN. */
  protocols: readonly string[];
  /** Told what was served as soon as it is there, even if the handshake fails after it. */
  onChain?: (served: readonly X509Certificate[]) => void;
}

/** Rejects with a {@link Refusal} of the certificate, or with Node's own error. */
export async function protect(
  socket: net.Socket,
  { name, verify, protocols, onChain }: Protection,
  { signal, clock, trust }: ProbeContext,
): Promise<tls.TLSSocket> {
  let served: X509Certificate[] = [];
  const keep = (chain: X509Certificate[]): void => {
    served = chain;
    onChain?.(chain);
  };
  const serverName = net.isIP(name) === 0 ? name : null;
  const secured = await handshake(socket, { serverName, protocols, onChain: keep }, signal);
  if (!verify) return secured;
  const { reason } = judge(served, name, clock.now(), anchorsFor(trust));
  if (reason === 'ok') return secured;
  secured.destroy();
  throw new Refusal(reason, 'certificate');
}
