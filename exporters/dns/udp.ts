// A DNS question as a datagram: sent once more after a second, and everything that is not its answer is passed over.
// Too much of that, and it is asked anew from another port.
import type { Clock } from '../clock.ts';
import { converse } from '../datagrams.ts';
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

/** The first datagram that answers the query. */
export function overUdp(server: Endpoint, query: Query, wiring: Wiring): Promise<Buffer> {
  return converse<Buffer>(server, wiring, {
    begin(talk) {
      talk.send(query.bytes);
      talk.after(RESEND_MS, () => talk.send(query.bytes));
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
