// A DNS question as a datagram, and everything that is not its answer is passed over. First it is asked beside others, by a socket
// that is shared. After a second of silence it is asked once more, by a socket of its own: one flow that is stuck on the way must
// not make all questions to a server fail. Too much that nobody asked for, and it is asked anew from a port of its own. What fits but
// for the case of letters is forged, or of a server that does not keep it: it is asked beside in one case, and whichever is
// answered first counts.
import type { Clock } from '../clock.ts';
import { type Conversation, converse } from '../datagrams.ts';
import type { Endpoint } from './endpoint.ts';
import { fitOf, type Query } from './question.ts';
import { askTogether } from './shared-socket.ts';

interface Wiring {
  signal: AbortSignal;
  clock: Clock;
  /** Told of every datagram that is not the answer to the query. */
  onUnexpected(): void;
  /** Told when it is asked again, after a second of silence. */
  onResend(): void;
  /** The same question in one case, with an id of its own. */
  inOneCase(): Query;
}

/** A message, and the question it answers: not the first, where it had to be asked in one case. */
export interface Answered {
  query: Query;
  message: Buffer;
}

/** A lost datagram is common and nobody's outage. */
const RESEND_MS = 1000;

/** The first datagram that answers. */
export function overUdp(server: Endpoint, query: Query, wiring: Wiring): Promise<Answered> {
  const { signal, clock, onUnexpected } = wiring;
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    /** Those who ask by sockets of their own. */
    let alone: AbortController | null = null;
    let inOneCase: Query | null = null;
    const end = (): void => {
      signal.removeEventListener('abort', onAbort);
      cancelResend();
      leave();
      alone?.abort();
    };
    const onAnswer = (answered: Answered): void => {
      end();
      resolve(answered);
    };
    const onError = (error: unknown): void => {
      end();
      reject(error);
    };
    const onAbort = (): void => onError(signal.reason);
    const resend = (send: () => void): void => {
      wiring.onResend();
      send();
    };
    const goAlone = (asked: Query, begin: Begin): void => {
      alone ??= new AbortController();
      const told = { signal: alone.signal, clock, onUnexpected, onOtherCase };
      askAlone(server, asked, told, begin).then(onAnswer, onError);
    };
    const goAloneForLong = (asked: Query): void =>
      goAlone(asked, (talk) => talk.after(RESEND_MS, () => resend(() => talk.send(asked.bytes))));
    const onFlood = (): void => {
      leave();
      cancelResend();
      if (alone === null) goAloneForLong(query);
    };
    const onOtherCase = (): void => {
      if (inOneCase !== null) return;
      cancelResend();
      inOneCase = wiring.inOneCase();
      goAloneForLong(inOneCase);
    };
    const onMessage = (message: Buffer): void => onAnswer({ query, message });
    const asker = { query, onAnswer: onMessage, onError, onFlood, onStray: onUnexpected, onOtherCase };
    const leave = askTogether(server, clock, asker);
    const cancelResend = clock.after(RESEND_MS, () => resend(() => goAlone(query, () => undefined)));
    signal.addEventListener('abort', onAbort);
  });
}

type Begin = (talk: Conversation<Answered>) => void;

interface Alone extends Pick<Wiring, 'signal' | 'clock' | 'onUnexpected'> {
  onOtherCase(): void;
}

/** By a socket of its own, once it can be spoken to; `begin` may plan more than the question. */
function askAlone(server: Endpoint, query: Query, wiring: Alone, begin: Begin): Promise<Answered> {
  return converse<Answered>(server, wiring, {
    begin(talk) {
      talk.send(query.bytes);
      begin(talk);
    },
    hear(message, talk) {
      const fit = fitOf(query, message);
      if (fit === 'answer') talk.settle({ query, message });
      else wiring.onUnexpected();
      if (fit === 'other_case') wiring.onOtherCase();
      return fit === 'answer';
    },
    moved: (talk) => talk.send(query.bytes),
  });
}
