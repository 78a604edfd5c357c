// A handshake whose certificate must hold for the name that was asked for.
import type { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import { anchorsFor, judge } from '../certificate/verify.ts';
import type { ProbeContext } from '../probe.ts';
import { handshake } from './connection.ts';
import { Refusal } from './refusal.ts';

interface Protection {
  /** What the certificate must be for. */
  name: string;
  /** Whether a certificate that is not valid is refused. */
  verify: boolean;
  /** Told what was served as soon as it is there, even if the handshake fails after it. */
  onChain?: (served: readonly X509Certificate[]) => void;
}

/** Rejects with a {@link Refusal} of the certificate, or with Node's own error; the socket is destroyed then. */
export async function protect(
  secured: tls.TLSSocket,
  { name, verify, onChain }: Protection,
  { clock, trust }: Pick<ProbeContext, 'clock' | 'trust'>,
): Promise<void> {
  let served: readonly X509Certificate[] = [];
  await handshake(secured, (chain) => {
    served = chain;
    onChain?.(chain);
  });
  if (!verify) return;
  const { reason } = judge(served, name, clock.now(), anchorsFor(trust));
  if (reason === 'ok') return;
  secured.destroy();
  throw new Refusal(reason, 'certificate');
}
