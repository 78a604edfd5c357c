// One HTTP exchange on a connection of its own: no redirects, no reuse, no decompression, everything bounded.
// Says what came back or where it ended; whether that is what was wanted is the caller's to judge.
import type { X509Certificate } from 'node:crypto';
import nodeHttp from 'node:http';
import net from 'node:net';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { anchorsFor, judge, timeOf } from '../certificate/verify.ts';
import { type ProbeContext, reasonOf } from '../probe.ts';
import { addressesOf, connectAny, handshake, type PhaseTimer, plainHost, startPhases } from './connection.ts';

const MAX_HEADER_BYTES = 16_384;
const MAX_HEADER_FIELDS = 100;
/** Node bounds their bytes, but not how many there are. */
const MAX_INFORMATIONAL = 8;

export interface ExchangeRequest {
  url: URL;
  method: 'GET' | 'HEAD';
  /** A literal to connect to instead of resolving the URL's host. */
  address?: string | undefined;
  /** Name for Host, SNI and the certificate when it is not the URL's. */
  host?: string | undefined;
  resolve: 'fresh' | 'last_good';
  tlsVerify: boolean;
  maxBodyBytes: number;
}

export interface Answer {
  status: number;
  httpVersion: string;
  /** By name in lower case; repeated ones joined with a comma. */
  headers: ReadonlyMap<string, string>;
  /** The first bytes of it; null when there was none to read, or it did not come whole. */
  body: Buffer | null;
  bodyBytes: number;
}

export interface Exchange {
  /** ok: an answer came, whatever its status. Otherwise `answer` may still hold one whose body failed. */
  reason: Reason;
  phase: Phase | null;
  phases: Partial<Record<Phase, number>>;
  address: string | null;
  /** End of the served certificate, Unix milliseconds. */
  certificateNotAfter: number | null;
  answer: Answer | null;
}

/** Our own refusal of what the peer did. */
class Refusal extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, why: string) {
    super(why);
    this.name = 'Refusal';
    this.reason = reason;
  }
}

export async function exchange(request: ExchangeRequest, context: ProbeContext): Promise<Exchange> {
  const timer = startPhases(context.clock);
  const seen: Exchange = {
    reason: 'ok',
    phase: null,
    phases: timer.phases,
    address: null,
    certificateNotAfter: null,
    answer: null,
  };
  let socket: net.Socket | undefined;
  try {
    const { url } = request;
    const secure = url.protocol === 'https:';
    const addresses = request.address
      ? [request.address]
      : await addressesOf(plainHost(url.hostname), request.resolve, timer, context);
    timer.enter('connect');
    const port = Number(url.port) || (secure ? 443 : 80);
    socket = await connectAny(addresses, port, context.signal, (address) => {
      seen.address = address;
    });
    if (secure) socket = await protect(socket, request, seen, timer, context);
    await converse(socket, request, timer, context.signal, (answer) => {
      seen.answer = answer;
    });
  } catch (error) {
    seen.reason = error instanceof Refusal ? error.reason : reasonOf(error);
    seen.phase = timer.current();
  } finally {
    timer.stop();
    socket?.destroy();
  }
  return seen;
}

async function protect(
  socket: net.Socket,
  request: ExchangeRequest,
  seen: Exchange,
  timer: PhaseTimer,
  context: ProbeContext,
): Promise<net.Socket> {
  timer.enter('tls');
  const name = plainHost(request.host ?? request.url.hostname);
  let served: X509Certificate[] = [];
  const onChain = (chain: X509Certificate[]): void => {
    served = chain;
    seen.certificateNotAfter = chain[0] === undefined ? null : timeOf(chain[0].validTo);
  };
  const serverName = net.isIP(name) === 0 ? name : null;
  const secured = await handshake(socket, { serverName, protocols: ['http/1.1'], onChain }, context.signal);
  if (!request.tlsVerify) return secured;
  const { reason } = judge(served, name, context.clock.now(), anchorsFor(context.trust));
  if (reason === 'ok') return secured;
  secured.destroy();
  throw new Refusal(reason, 'certificate');
}

/** Sends the request and reads the answer; `onHead` gets it as soon as its headers are there. */
function converse(
  socket: net.Socket,
  request: ExchangeRequest,
  timer: PhaseTimer,
  signal: AbortSignal,
  onHead: (answer: Answer) => void,
): Promise<void> {
  timer.enter('request');
  return new Promise((resolve, reject) => {
    const outgoing = nodeHttp.request({
      method: request.method,
      path: request.url.pathname + request.url.search,
      headers: headersFor(request),
      createConnection: () => socket,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
    });
    const refuse = (refusal: Refusal): void => {
      reject(refusal);
      outgoing.destroy();
    };
    let informational = 0;
    outgoing.on('error', reject);
    outgoing.on('finish', () => {
      if (timer.current() === 'request') timer.enter('processing');
    });
    outgoing.on('information', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) refuse(new Refusal('http_protocol', 'too many informational answers'));
    });
    outgoing.on('upgrade', () => refuse(new Refusal('http_protocol', 'upgrade not asked for')));
    outgoing.on('response', (incoming) => {
      const answer = headOf(incoming);
      const malformed = malformedHead(incoming, answer);
      if (malformed !== null) return refuse(malformed);
      onHead(answer);
      if (isEncoded(answer)) return refuse(new Refusal('http_protocol', 'encoding not asked for'));
      timer.enter('transfer');
      receive(incoming, answer, request, socket).then(resolve, reject);
    });
    outgoing.end();
  });
}

function headersFor({ url, host }: ExchangeRequest): Record<string, string> {
  return {
    Host: host === undefined ? url.host : plainHost(host) + (url.port === '' ? '' : `:${url.port}`),
    'User-Agent': 'demarc',
    Accept: '*/*',
    'Accept-Encoding': 'identity',
    'Cache-Control': 'no-cache',
    Connection: 'close',
  };
}

function headOf(incoming: nodeHttp.IncomingMessage): Answer {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = (incoming.rawHeaders[index] ?? '').toLowerCase();
    const value = incoming.rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { status: incoming.statusCode ?? 0, httpVersion: incoming.httpVersion, headers, body: null, bodyBytes: 0 };
}

function malformedHead(incoming: nodeHttp.IncomingMessage, { status }: Answer): Refusal | null {
  if (incoming.rawHeaders.length / 2 > MAX_HEADER_FIELDS) return new Refusal('http_too_large', 'too many headers');
  return status < 200 || status > 599 ? new Refusal('http_protocol', 'no such status') : null;
}

/** Nothing is ever unpacked: a few bytes can stand for gigabytes, and we asked for none of it. */
function isEncoded({ headers }: Answer): boolean {
  const content = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const transfer = headers.get('transfer-encoding')?.trim().toLowerCase() ?? 'identity';
  return !['', 'identity'].includes(content) || !['', 'identity', 'chunked'].includes(transfer);
}

/** Reads up to the limit and stops there: what lies behind it is nobody's business, and may have no end. */
function receive(
  incoming: nodeHttp.IncomingMessage,
  answer: Answer,
  { method, maxBodyBytes }: ExchangeRequest,
  socket: net.Socket,
): Promise<void> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      answer.body = method === 'HEAD' ? null : Buffer.concat(chunks).subarray(0, maxBodyBytes);
      resolve();
      incoming.destroy();
    };
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      answer.bodyBytes = Math.min(answer.bodyBytes + chunk.length, maxBodyBytes);
      if (answer.bodyBytes === maxBodyBytes) finish();
    });
    incoming.on('end', finish);
    incoming.on('error', (error) => {
      // An orderly end before the announced one is a lie about the length; a reset is the network's.
      reject(socket.readableEnded ? new Refusal('http_protocol', 'ended before its length') : error);
    });
  });
}
