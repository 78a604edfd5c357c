// One look at the certificate somebody shows: connect, switch to TLS where the protocol wants it, handshake.
import type { X509Certificate } from 'node:crypto';
import net from 'node:net';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { connectAny, handshake } from '../http/connection.ts';
import type { PhaseTimer } from '../phases.ts';
import { type ProbeContext, reasonOf } from '../probe.ts';
import { type StartTlsProtocol, StartTlsRefusal, startTls } from './starttls.ts';

export interface Place {
  /** Tried in order; the first that accepts is looked at. */
  addresses: readonly string[];
  port: number;
  /** Plain: no brackets, no trailing dot. */
  name: string;
  startTls: StartTlsProtocol | undefined;
}

export interface Look {
  /** ok: the chain is here. */
  reason: Reason;
  phase: Phase | null;
  address: string | null;
  served: readonly X509Certificate[];
  /** The stapled OCSP answer as it came; null without one. */
  staple: Buffer | null;
  protocol: string | null;
}

export async function lookAt(
  { addresses, port, name, startTls: switching }: Place,
  timer: PhaseTimer,
  context: ProbeContext,
): Promise<Look> {
  const { signal } = context;
  const seen: Look = { reason: 'ok', phase: null, address: null, served: [], staple: null, protocol: null };
  let socket: net.Socket | undefined;
  try {
    timer.enter('connect');
    socket = await connectAny(addresses, port, signal, (address) => {
      seen.address = address;
    });
    if (switching !== undefined) {
      timer.enter('starttls');
      await startTls(socket, switching, name, signal);
    }
    timer.enter('tls');
    const onChain = (served: X509Certificate[], staple: Buffer | null): void => {
      seen.served = served;
      seen.staple = staple;
    };
    const serverName = net.isIP(name) === 0 ? name : null;
    const secured = await handshake(socket, { serverName, onChain }, signal);
    seen.protocol = secured.getProtocol();
    secured.destroy();
  } catch (error) {
    const reason = error instanceof StartTlsRefusal ? error.reason : reasonOf(error);
    // Refused after the certificate was shown, as by those who want one from us: what was asked for is here.
    const shown = reason === 'tls_handshake' && seen.served.length > 0;
    if (!shown) Object.assign(seen, { reason, phase: timer.current() });
  } finally {
    timer.stop();
    socket?.destroy();
  }
  return seen;
}
