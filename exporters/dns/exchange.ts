// One question to one name server, over UDP or TCP, and never a second server: a dead one must be seen to be dead.
// The signal is the only deadline; every socket is closed before the promise settles.
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import type { Clock } from '../clock.ts';
import { reasonOf } from '../probe.ts';
import { type DnsAnswer, readAnswer } from './answer.ts';
import type { Endpoint } from './endpoint.ts';
import { answers, type Query, type Question, writeQuery } from './question.ts';

export type Transport = 'udp' | 'tcp';

export interface Exchange {
  /** `ok` when an answer was read, whatever it says. */
  reason: Reason;
  /** Where it ended. */
  phase: 'connect' | 'request';
  answer: DnsAnswer | null;
  /** The one that was used last: a truncated answer is asked for again over TCP. */
  transport: Transport;
  /** Messages that were not the answer to our question. */
  unexpected: number;
  /** Milliseconds, summed over the attempts. */
  phases: Partial<Record<Phase, number>>;
}

interface Wiring {
  signal: AbortSignal;
  clock: Clock;
}

/** A lost datagram is common and nobody's outage. */
const RESEND_MS = 1000;
const FORMERR = 1;

/** `server.host` must be an address. Silence is `dns_timeout`; what only a bug of ours can cause is thrown. */
export async function exchange(
  server: Endpoint,
  question: Question,
  transport: Transport,
  { signal, clock }: Wiring,
): Promise<Exchange> {
  const state: Exchange = { reason: 'ok', phase: 'request', answer: null, transport, unexpected: 0, phases: {} };
  // Ends after four rounds at most: EDNS is dropped once, UDP is left once.
  for (let edns = true; ; ) {
    const query = writeQuery(question, edns);
    const message = await attempt(server, query, state, { signal, clock });
    if (message === null) return state;
    if (!answers(query, message)) return { ...state, reason: 'dns_malformed', unexpected: state.unexpected + 1 };
    const flags = message.readUInt16BE(2);
    const truncated = (flags & 0x200) !== 0;
    const answer = readAnswer(query, message);
    if (edns && ((flags & 0xf) === FORMERR || answer?.rcode === 'BADVERS')) edns = false;
    else if (truncated && state.transport === 'udp') state.transport = 'tcp';
    else return { ...state, reason: answer === null ? 'dns_malformed' : 'ok', answer };
  }
}

/** One message back, or null with the reason in `state`. */
async function attempt(server: Endpoint, query: Query, state: Exchange, wiring: Wiring): Promise<Buffer | null> {
  const spent = (phase: 'connect' | 'request', since: number) => {
    state.phases[phase] = (state.phases[phase] ?? 0) + wiring.clock.monotonic() - since;
  };
  let since = wiring.clock.monotonic();
  const connected = () => {
    spent('connect', since);
    since = wiring.clock.monotonic();
    state.phase = 'request';
  };
  state.phase = state.transport === 'udp' ? 'request' : 'connect';
  try {
    if (state.transport === 'udp') return await overUdp(server, query, state, wiring);
    const message = await overTcp(server, query, wiring.signal, connected);
    if (message === null) state.reason = 'dns_malformed';
    return message;
  } catch (error) {
    const reason = wiring.signal.aborted ? 'timeout' : reasonOf(error);
    state.reason = reason === 'timeout' ? 'dns_timeout' : reason;
    return null;
  } finally {
    spent(state.phase, since);
  }
}

/** The first datagram that answers the query. Connected, so the kernel drops other senders and reports ICMP errors. */
function overUdp(server: Endpoint, query: Query, state: Exchange, { signal, clock }: Wiring): Promise<Buffer> {
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
      else state.unexpected += 1;
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

/** The first message of a fresh connection, or null when the peer closed within it. */
async function overTcp(
  server: Endpoint,
  query: Query,
  signal: AbortSignal,
  connected: () => void,
): Promise<Buffer | null> {
  const socket = addAbortSignal(signal, net.connect({ host: server.host, port: server.port }));
  try {
    await once(socket, 'connect');
    connected();
    const length = Buffer.alloc(2);
    length.writeUInt16BE(query.bytes.length);
    socket.write(Buffer.concat([length, query.bytes]));
    return await readFramed(socket);
  } finally {
    // An error may still be on its way, and without a listener it would end the process.
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

async function readFramed(socket: net.Socket): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let whole = Number.POSITIVE_INFINITY;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (whole === Number.POSITIVE_INFINITY && bytes >= 2) whole = 2 + Buffer.concat(chunks).readUInt16BE(0);
    if (bytes >= whole) return Buffer.concat(chunks).subarray(2, whole);
  }
  if (bytes === 0) throw Object.assign(new Error('closed without an answer'), { code: 'ECONNRESET' });
  return null;
}
