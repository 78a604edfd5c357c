// A DNS question as a datagram: sent once more after a second, and everything that is not its answer is passed over.
import dgram from 'node:dgram';
import net from 'node:net';
import type { Clock } from '../clock.ts';
import type { Endpoint } from './endpoint.ts';
import { answers, type Query } from './question.ts';

interface Wiring {
  signal: AbortSignal;
  clock: Clock;
  /** Told of every datagram that is not the answer to the query. */
  onUnexpected(): void;
}

/** A lost datagram is common and nobody's outage. */
const RESEND_MS = 1000;

/** The first datagram that answers the query. Connected, so the kernel drops other senders and reports ICMP errors. */
export function overUdp(server: Endpoint, query: Query, { signal, clock, onUnexpected }: Wiring): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket(net.isIPv6(server.host) ? 'udp6' : 'udp4');
    const cancels: (() => void)[] = [];
    let open = true;
    const end = (act: () => void) => {
      if (!open) return;
      open = false;
      signal.removeEventListener('abort', onAbort);
      for (const cancel of cancels) cancel();
      socket.close();
      act();
    };
    const fail = (error: unknown) => end(() => reject(error));
    const onAbort = () => fail(signal.reason);
    const send = () => socket.send(query.bytes, (error) => error !== null && fail(error));
    socket.on('error', fail);
    socket.on('message', (message) => {
      if (answers(query, message)) end(() => resolve(message));
      else onUnexpected();
    });
    socket.on('connect', () => {
      if (!open) return;
      send();
      cancels.push(clock.after(RESEND_MS, send));
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    socket.connect(server.port, server.host);
  });
}
