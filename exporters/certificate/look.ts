// One look at the certificate somebody shows: connect, switch to TLS where the protocol wants it, handshake.
import type { X509Certificate } from 'node:crypto';
import type net from 'node:net';
import type tls from 'node:tls';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { type ClientCertificate, offering } from '../http/client-certificate.ts';
import { beginTls, connectAny, connectAnyTls, handshake } from '../http/connection.ts';
import { flawOf, reasonHere } from '../http/refusal.ts';
import type { PhaseTimer } from '../phases.ts';
import type { ProbeContext } from '../probe.ts';
import { sessionOf, type TlsSession } from '../tls-session.ts';
import type { Trace } from '../trace.ts';
import { type StartTlsProtocol, startTls } from './starttls.ts';
import { tellChain } from './tell.ts';

export interface Place {
  /** Tried in order; the first that accepts is looked at. */
  addresses: readonly string[];
  port: number;
  /** Plain: no brackets, no trailing dot. */
  name: string;
  /** Whether the handshake names whom it is for. */
  sni: 'name' | 'none';
  startTls: StartTlsProtocol | undefined;
  /** For a server that asks who we are. */
  clientCertificate: ClientCertificate | undefined;
}

export interface Look {
  /** ok: the chain is here. */
  reason: Reason;
  phase: Phase | null;
  /** What of ours was in the way, in words of ours. */
  flaw?: string;
  address: string | null;
  served: readonly X509Certificate[];
  /** The stapled OCSP answer as it came; null without one. */
  staple: Buffer | null;
  session: TlsSession | null;
}

export async function lookAt(
  { addresses, port, name, sni, startTls: switching, clientCertificate }: Place,
  timer: PhaseTimer,
  context: ProbeContext,
): Promise<Look> {
  const { signal, trace } = context;
  const seen: Look = { reason: 'ok', phase: null, address: null, served: [], staple: null, session: null };
  let socket: net.Socket | undefined;
  const onAddress = (address: string): void => {
    seen.address = address;
  };
  try {
    if (clientCertificate !== undefined) timer.enter('tls');
    const wish = { name: sni === 'none' ? '' : name, secureContext: await offering(clientCertificate, context) };
    timer.enter('connect');
    let secured: tls.TLSSocket;
    if (switching === undefined) {
      const told = { onAddress, onConnect: () => timer.enter('tls') };
      secured = await connectAnyTls(addresses, port, wish, signal, told);
    } else {
      socket = await connectAny(addresses, port, signal, onAddress);
      timer.enter('starttls');
      await startTls(socket, { protocol: switching, name }, context);
      timer.enter('tls');
      secured = beginTls(socket, wish);
    }
    socket = secured;
    await handshake(secured, (served, staple) => Object.assign(seen, { served, staple }));
    seen.session = sessionOf(secured);
  } catch (error) {
    const reason = reasonHere(error);
    // Refused after the certificate was shown, as by those who want one from us: what was asked for is here.
    const refused = reason === 'tls_handshake' || reason === 'tls_client_certificate';
    if (refused) trace?.step(`the handshake ended with ${reason}`);
    const shown = refused && seen.served.length > 0;
    if (!shown) Object.assign(seen, { reason, phase: timer.current(), ...(reason === 'local' && flawOf(error)) });
  } finally {
    timer.stop();
    socket?.destroy();
  }
  if (trace !== undefined) tellLook(seen, port, trace);
  return seen;
}

function tellLook({ reason, address, session, served, staple }: Look, port: number, trace: Trace): void {
  const how = session === null ? reason : `${session.protocol}, ${session.cipher}`;
  trace.step(
    `looked at ${address ?? 'no address'} port ${port}: ${how}${staple === null ? '' : ', with a stapled answer'}`,
  );
  if (served.length > 0) tellChain(served, trace);
}
