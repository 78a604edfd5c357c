// One question to one name server, over UDP, TCP, TLS or HTTPS, and never a second server: a dead one must be seen to be dead.
// The signal is the only deadline; every socket is closed before the promise settles, a shared one when nobody waits on it.
import type { X509Certificate } from 'node:crypto';
import type tls from 'node:tls';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { anchorsFor, judge } from '../certificate/verify.ts';
import type { Clock } from '../clock.ts';
import { dial } from '../dial.ts';
import { connectAnyTls, handshake } from '../http/connection.ts';
import { type PhaseTimer, startPhases } from '../phases.ts';
import { reasonOf } from '../probe.ts';
import type { Trace } from '../trace.ts';
import { type DnsAnswer, readAnswer } from './answer.ts';
import { formatEndpoint, type Secured, type Server } from './endpoint.ts';
import { HTTPS_PROTOCOLS, type HttpsRequest, overHttps } from './https.ts';
import { isKnownCareless, rememberCareless } from './letter-case.ts';
import { answers, type Query, type Question, writeQuery } from './question.ts';
import { askOn, overStream } from './stream.ts';
import { tellMessage } from './tell.ts';
import { type Answered, overUdp } from './udp.ts';

export type Transport = 'udp' | 'tcp' | Secured['transport'];

export interface Exchange {
  /** `ok` when an answer was read, whatever it says. */
  reason: Reason;
  /** Where it ended. */
  phase: Phase;
  answer: DnsAnswer | null;
  /** The one that was used last: a truncated answer is asked for again over TCP. */
  transport: Transport;
  /** Whether one came truncated over UDP. */
  truncated: boolean;
  /** Questions sent again, since the first was not answered within a second. */
  resent: number;
  /** Messages that were not the answer to our question. */
  unexpected: number;
  /** Whether the server repeats the case of letters; null while that is not known. */
  caseKept: boolean | null;
  /** Milliseconds, summed over the attempts. */
  phases: Partial<Record<Phase, number>>;
}

export interface Wiring {
  signal: AbortSignal;
  clock: Clock;
  /** PEM certificates to trust besides Node's own. */
  trust: readonly string[];
  /** Over HTTPS only; POST when left out. */
  method?: HttpsRequest['method'];
  trace?: Trace;
}

type State = Omit<Exchange, 'reason' | 'phase' | 'answer' | 'phases'>;

const FORMERR = 1;

/**
 * `server.host` must be an address. `transport` is for servers asked in the clear; the others say themselves how.
 * Silence is `dns_timeout`; what only a bug of ours can cause is thrown.
 */
export async function exchange(
  server: Server,
  question: Question,
  transport: 'udp' | 'tcp',
  wiring: Wiring,
): Promise<Exchange> {
  const timer = startPhases(wiring.clock);
  const state: State = {
    transport: server.secured?.transport ?? transport,
    truncated: false,
    resent: 0,
    unexpected: 0,
    caseKept: isKnownCareless(server, wiring.clock) ? false : null,
  };
  const ended = (reason: Reason, answer: DnsAnswer | null = null): Exchange => ({
    reason,
    answer,
    phase: timer.current() ?? 'request',
    phases: timer.phases,
    ...state,
  });
  // Ends after four rounds at most: EDNS is dropped once, UDP is left once.
  for (let edns = true; ; ) {
    const wording = { edns, cacheable: state.transport === 'https' };
    const first = writeQuery(question, { ...wording, mixed: mayMix(question, state) });
    const asking = { server, query: first, inOneCase: () => writeQuery(question, wording) };
    const got = await attempt(asking, state, timer, wiring);
    if (wiring.trace) tellMessage({ ...asking, transport: state.transport }, got, wiring.trace);
    if (typeof got === 'string') return ended(got);
    const { query, message } = got;
    if (!answers(query, message)) {
      state.unexpected += 1;
      return ended('dns_malformed');
    }
    const flags = message.readUInt16BE(2);
    const truncated = (flags & 0x200) !== 0;
    if (truncated) state.truncated = true;
    const answer = readAnswer(query, message);
    if (edns && ((flags & 0xf) === FORMERR || answer?.rcode === 'BADVERS')) edns = false;
    else if (truncated && state.transport === 'udp') state.transport = 'tcp';
    else return ended(answer === null ? 'dns_malformed' : 'ok', answer);
  }
}

/** Only datagrams are forged by who does not see the question. The names of class CH are words that some servers take as written. */
const mayMix = (question: Question, { transport, caseKept }: State): boolean =>
  (question.mixedCase ?? true) && transport === 'udp' && (question.class ?? 'IN') === 'IN' && caseKept !== false;

interface Asking {
  server: Server;
  query: Query;
  /** The same question without letters in random case. */
  inOneCase(): Query;
}

/** One message back, or why there is none. */
async function attempt(
  { server, query, inOneCase }: Asking,
  state: State,
  timer: PhaseTimer,
  wiring: Wiring,
): Promise<Answered | Reason> {
  const { signal, clock } = wiring;
  try {
    if (state.transport !== 'udp') {
      const message = await overConnection(server, query, timer, wiring);
      return Buffer.isBuffer(message) ? { query, message } : message;
    }
    timer.enter('request');
    const onUnexpected = (): void => {
      state.unexpected += 1;
    };
    const onResend = (): void => {
      state.resent += 1;
    };
    const answered = await overUdp(server, query, { signal, clock, onUnexpected, onResend, inOneCase });
    if (query.mixed) state.caseKept = answered.query === query;
    if (answered.query !== query) rememberCareless(server, clock);
    return answered;
  } catch (error) {
    const reason = signal.aborted ? 'timeout' : reasonOf(error);
    return reason === 'timeout' ? 'dns_timeout' : reason;
  } finally {
    timer.stop();
  }
}

/** On a fresh connection, which is gone when this settles. */
function overConnection(server: Server, query: Query, timer: PhaseTimer, wiring: Wiring): Promise<Buffer | Reason> {
  timer.enter('connect');
  const { secured } = server;
  if (secured !== undefined) return overSecured(server, secured, query, timer, wiring);
  return dial(server, wiring.signal, (socket, settle) => {
    timer.enter('request');
    askOn(socket, query.bytes, settle);
  });
}

async function overSecured(
  server: Server,
  secured: Secured,
  query: Query,
  timer: PhaseTimer,
  wiring: Wiring,
): Promise<Buffer | Reason> {
  const socket = await connectSecured(server, secured, timer, wiring.signal);
  try {
    const reason = await faultOf(socket, secured, wiring);
    if (reason !== 'ok') return reason;
    timer.enter('request');
    if (secured.transport === 'tls') return await overStream(socket, query.bytes);
    const authority = formatEndpoint({ host: secured.name, port: server.port });
    const request = { method: wiring.method ?? 'POST', authority, path: secured.path, message: query.bytes };
    return await overHttps(socket, request, wiring.signal);
  } finally {
    socket.destroy();
  }
}

function connectSecured(
  { host, port }: Server,
  { name, transport }: Secured,
  timer: PhaseTimer,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const wish = { name, ...(transport === 'https' && { protocols: HTTPS_PROTOCOLS }) };
  const told = { onAddress: () => undefined, onConnect: () => timer.enter('tls') };
  return connectAnyTls([host], port, wish, signal, told);
}

/** RFC 8310's strict profile: who cannot prove its name is not asked. */
async function faultOf(secured: tls.TLSSocket, { name }: Secured, { clock, trust }: Wiring): Promise<Reason> {
  let served: readonly X509Certificate[] = [];
  await handshake(secured, (chain) => {
    served = chain;
  });
  return judge(served, name, clock.now(), anchorsFor(trust)).reason;
}
