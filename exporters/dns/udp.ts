// A DNS question as a datagram, and everything that is not its answer is passed over. First it is asked beside others, by a socket
// that is shared. After a second of silence it is asked once more, by a socket of its own: one flow that is stuck on the way must
// not make all questions to a server fail. Too much that nobody asked for, and it is asked anew from a port of its own.
import type { Clock } from '../clock.ts';
import { type Conversation, converse } from '../datagrams.ts';
import type { Endpoint } from './endpoint.ts';
import { answers, type Query } from './question.ts';
import { askTogether } from './shared-socket.ts';

interface Wiring {
  signal: AbortSignal;
  clock: Clock;
  /** Told of every datagram that is not the answer to the query. */
  onUnexpected(): void;
  /** Told when it is asked again, after a second of silence. */
  onResend?(): void;
}

/** A lost datagram is common and nobody's outage. */
const RESEND_MS = 1000;

/** The first datagram that answers the query. */
export function overUdp(server: Endpoint, query: Query, wiring: Wiring): Promise<Buffer> {
  const { signal, clock, onUnexpected } = wiring;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    let alone: AbortController | null = null;
    const end = (): void => {
      signal.removeEventListener('abort', onAbort);
      cancelResend();
      leave();
      alone?.abort();
    };
    const onAnswer = (message: Buffer): void => {
      end();
      resolve(message);
    };
    const onError = (error: unknown): void => {
      end();
      reject(error);
    };
    const onAbort = (): void => onError(signal.reason);
    const resend = (send: () => void): void => {
      wiring.onResend?.();
      send();
    };
    const goAlone = (begin: (talk: Conversation<Buffer>) => void): void => {
      alone = new AbortController();
      askAlone(server, query, { signal: alone.signal, clock, onUnexpected }, begin).then(onAnswer, onError);
    };
    const onFlood = (): void => {
      leave();
      cancelResend();
      if (alone === null) goAlone((talk) => talk.after(RESEND_MS, () => resend(() => talk.send(query.bytes))));
    };
    const leave = askTogether(server, clock, { query, onAnswer, onError, onFlood, onStray: onUnexpected });
    const cancelResend = clock.after(RESEND_MS, () => resend(() => goAlone(() => undefined)));
    signal.addEventListener('abort', onAbort);
  });
}

/** By a socket of its own, once it can be spoken to; `begin` may plan more than the question. */
function askAlone(
  server: Endpoint,
  query: Query,
  wiring: Wiring,
  begin: (talk: Conversation<Buffer>) => void,
): Promise<Buffer> {
  return converse<Buffer>(server, wiring, {
    begin(talk) {
      talk.send(query.bytes);
      begin(talk);
    },
    hear(message, talk) {
      const ours = answers(query, message);
      if (ours) talk.settle(message);
      else wiring.onUnexpected();
      return ours;
    },
    moved: (talk) => talk.send(query.bytes),
  });
}
