// One HTTP exchange on a connection of its own: no redirects, no reuse, no decompression, everything bounded.
// Says what came back or where it ended; whether that is what was wanted is the caller's to judge.
import type { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { anchorsFor, judge, timeOf } from '../certificate/verify.ts';
import { type PhaseTimer, startPhases } from '../phases.ts';
import { type ProbeContext, reasonOf } from '../probe.ts';
import { SecretError } from '../secret.ts';
import type { Answer, Listener, Outgoing } from './answer.ts';
import { addressesOf, connectAny, handshake, plainHost } from './connection.ts';
import { ACCEPTED } from './decode.ts';
import { converse1 } from './http1.ts';
import { converse2 } from './http2.ts';
import { Refusal } from './refusal.ts';
import { type Auth, filledHeaders, type RequestHeaders } from './request.ts';

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
  headers?: RequestHeaders | undefined;
  auth?: Auth | undefined;
  /** What is offered in the handshake; HTTP/1.1 when left out. */
  protocol?: 'http/1.1' | 'h2' | 'auto' | undefined;
  /** Only addresses of this family. */
  family?: 'ip4' | 'ip6' | undefined;
  /** Whether to ask for a packed body, and to unpack it. */
  unpack?: boolean | undefined;
}

const OFFERS = { 'http/1.1': ['http/1.1'], h2: ['h2'], auto: ['h2', 'http/1.1'] } as const;

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
      : await addressesOf(plainHost(url.hostname), request.resolve, timer, context, { family: request.family });
    timer.enter('connect');
    const port = Number(url.port) || (secure ? 443 : 80);
    socket = await connectAny(addresses, port, context.signal, (address) => {
      seen.address = address;
    });
    if (secure) socket = await protect(socket, request, seen, timer, context);
    await converse(socket, request, seen, timer, context.signal);
  } catch (error) {
    seen.reason = reasonHere(error);
    seen.phase = timer.current();
  } finally {
    timer.stop();
    socket?.destroy();
  }
  return seen;
}

function reasonHere(error: unknown): Reason {
  if (error instanceof Refusal) return error.reason;
  return error instanceof SecretError ? 'local' : reasonOf(error);
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
  const secured = await handshake(
    socket,
    { serverName, protocols: OFFERS[request.protocol ?? 'http/1.1'], onChain },
    context.signal,
  );
  if (!request.tlsVerify) return secured;
  const { reason } = judge(served, name, context.clock.now(), anchorsFor(context.trust));
  if (reason === 'ok') return secured;
  secured.destroy();
  throw new Refusal(reason, 'certificate');
}

/** Sends the request and reads the answer in the version the handshake agreed on. */
async function converse(
  socket: net.Socket,
  request: ExchangeRequest,
  seen: Exchange,
  timer: PhaseTimer,
  signal: AbortSignal,
): Promise<void> {
  timer.enter('request');
  const outgoing = await outgoingOf(request);
  const listener: Listener = {
    onPhase: (phase) => timer.enter(phase),
    onHead(answer) {
      seen.answer = answer;
    },
  };
  const chosen = socket instanceof tls.TLSSocket ? socket.alpnProtocol : false;
  if (socket instanceof tls.TLSSocket && chosen === 'h2') return converse2(socket, outgoing, listener, signal);
  if (request.protocol === 'h2') throw new Refusal('http_protocol', 'HTTP/2 was not chosen');
  return converse1(socket, outgoing, listener, signal);
}

async function outgoingOf(request: ExchangeRequest): Promise<Outgoing> {
  const { url, host, method, maxBodyBytes, unpack = false } = request;
  return {
    method,
    maxBodyBytes,
    unpack,
    authority: host === undefined ? url.host : plainHost(host) + (url.port === '' ? '' : `:${url.port}`),
    secure: url.protocol === 'https:',
    path: url.pathname + url.search,
    headers: {
      'user-agent': 'demarc',
      accept: '*/*',
      'accept-encoding': unpack ? ACCEPTED : 'identity',
      'cache-control': 'no-cache',
      ...(await filledHeaders(request.headers ?? {}, request.auth)),
    },
  };
}
