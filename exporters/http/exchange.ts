// One HTTP exchange on a connection of its own: no redirects, no reuse, no decompression, everything bounded.
// Says what came back or where it ended; whether that is what was wanted is the caller's to judge.
import type { X509Certificate } from 'node:crypto';
import type net from 'node:net';
import tls from 'node:tls';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { endOfChain } from '../certificate/chain.ts';
import { timeOf } from '../certificate/verify.ts';
import { type PhaseTimer, startPhases } from '../phases.ts';
import type { ProbeContext } from '../probe.ts';
import { sessionOf, type TlsSession } from '../tls-session.ts';
import type { Answer, Listener, Method, Outgoing } from './answer.ts';
import { type ClientCertificate, offering } from './client-certificate.ts';
import { addressesOf, beginTls, connectAny, connectAnyTls, plainHost, type TlsWish } from './connection.ts';
import type { Auth } from './credentials.ts';
import { ACCEPTED } from './decode.ts';
import { type Fields, filled } from './fields.ts';
import {
  connectToProxy,
  type ForwardProxy,
  isSocks,
  ofTheProxy,
  openTunnel,
  ownAnswer,
  proxyHeaders,
} from './forward-proxy.ts';
import { converse1 } from './http1.ts';
import { converse2 } from './http2.ts';
import { protect } from './protect.ts';
import { flawOf, Refusal, reasonHere } from './refusal.ts';
import { filledHeaders, type RequestHeaders } from './request.ts';
import { tellExchange } from './tell.ts';
import { portOf } from './url.ts';

export interface ExchangeRequest {
  url: URL;
  method: Method;
  /** A literal to connect to instead of resolving the URL's host. */
  address?: string | undefined;
  /** Name for Host, SNI and the certificate when it is not the URL's. */
  host?: string | undefined;
  resolve: 'fresh' | 'last_good';
  tlsVerify: boolean;
  maxBodyBytes: number;
  headers?: RequestHeaders | undefined;
  auth?: Auth | undefined;
  /** For a server that asks who we are. */
  clientCertificate?: ClientCertificate | undefined;
  /** Fields of a form, for a POST. */
  form?: Fields | undefined;
  /** Asked to pass the request on, instead of going there directly. */
  proxy?: ForwardProxy | undefined;
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
  /** What of ours was in the way, in words of ours. */
  flaw?: string;
  phases: Partial<Record<Phase, number>>;
  /** The one connected to: the proxy's, where there is one. */
  address: string | null;
  /** What a proxy answered for itself; null where there is none, or it said nothing. */
  proxyStatus: number | null;
  /** End of the served certificate, Unix milliseconds. */
  certificateNotAfter: number | null;
  /** End of the first certificate of the served chain that ends, Unix milliseconds. */
  chainNotAfter: number | null;
  session: TlsSession | null;
  answer: Answer | null;
}

/** One that has not begun. */
export const unanswered = (phases: Exchange['phases']): Exchange => ({
  reason: 'ok',
  phase: null,
  phases,
  address: null,
  proxyStatus: null,
  certificateNotAfter: null,
  chainNotAfter: null,
  session: null,
  answer: null,
});

export async function exchange(request: ExchangeRequest, context: ProbeContext): Promise<Exchange> {
  const timer = startPhases(context.clock);
  const seen = unanswered(timer.phases);
  const toProxy = asksProxy(request);
  let socket: net.Socket | undefined;
  try {
    socket = await reach(request, seen, timer, context);
    // A connection to a proxy may be one over TLS as well, and is none of the server's.
    const secured = request.url.protocol === 'https:' && socket instanceof tls.TLSSocket ? socket : null;
    if (secured !== null) await prove(secured, request, seen, context);
    await converse(socket, request, seen, timer, context.signal);
  } catch (error) {
    seen.reason = toProxy && seen.answer === null ? ofTheProxy(error).reason : reasonHere(error);
    // By TLS 1.3 a client has done its part before the server has looked at its certificate, and hears of it afterwards.
    seen.phase = seen.reason === 'tls_client_certificate' ? 'tls' : timer.current();
    if (seen.reason === 'local') Object.assign(seen, flawOf(error));
  } finally {
    timer.stop();
    socket?.destroy();
  }
  if (toProxy) setApart(seen);
  if (context.trace !== undefined) tellExchange(request, seen, context.trace);
  return seen;
}

/** Plain HTTP is said to the proxy itself, unless the address or the name is to be another than the URL's. */
function asksProxy({ url, proxy, address, host, family }: ExchangeRequest): boolean {
  const asWritten = address === undefined && host === undefined && family === undefined;
  return proxy !== undefined && !isSocks(proxy.url) && url.protocol === 'http:' && asWritten;
}

/** What the proxy wrote itself is no answer of whoever was asked for. */
function setApart(seen: Exchange): void {
  const { answer } = seen;
  const reason = answer && ownAnswer(answer);
  if (!reason) return;
  Object.assign(seen, { reason, phase: 'proxy', proxyStatus: answer.status, answer: null });
}

/** A connection that leads to the server, with the handshake begun for https, or to the proxy that is asked instead. */
async function reach(
  request: ExchangeRequest,
  seen: Exchange,
  timer: PhaseTimer,
  context: ProbeContext,
): Promise<net.Socket> {
  const { url, proxy, address, family } = request;
  const host = plainHost(url.hostname);
  const wish = url.protocol === 'https:' ? await tlsWishWith(request, timer, context) : undefined;
  const onAddress = (tried: string): void => {
    seen.address = tried;
  };
  const addresses = async (): Promise<string[]> =>
    address === undefined ? addressesOf(host, request.resolve, timer, context, { family }) : [address];
  if (proxy === undefined) {
    const found = await addresses();
    timer.enter('connect');
    if (wish === undefined) return connectAny(found, portOf(url), context.signal, onAddress);
    const told = { onAddress, onConnect: () => timer.enter('tls') };
    return connectAnyTls(found, portOf(url), wish, context.signal, told);
  }
  const [chosen = host] = address === undefined && family === undefined ? [] : await addresses();
  const socket = await connectToProxy(proxy, timer, context, onAddress);
  if (asksProxy(request)) return socket;
  timer.enter('proxy');
  const tunnel = await openTunnel(socket, { host: chosen, port: portOf(url) }, proxy, context.signal, (status) => {
    seen.proxyStatus = status;
  });
  if (wish === undefined) return tunnel;
  timer.enter('tls');
  return beginTls(tunnel, wish);
}

const nameOf = ({ url, host }: ExchangeRequest): string => plainHost(host ?? url.hostname);

/** Before anybody is connected to: without what it is to be shown, nobody is bothered. */
async function tlsWishWith(request: ExchangeRequest, timer: PhaseTimer, context: ProbeContext): Promise<TlsWish> {
  const { protocol = 'http/1.1', clientCertificate } = request;
  if (clientCertificate !== undefined) timer.enter('tls');
  const secureContext = await offering(clientCertificate, context);
  return { name: nameOf(request), protocols: OFFERS[protocol], secureContext };
}

function prove(secured: tls.TLSSocket, request: ExchangeRequest, seen: Exchange, context: ProbeContext): Promise<void> {
  const onChain = (served: readonly X509Certificate[]): void => {
    const [leaf] = served;
    seen.certificateNotAfter = leaf === undefined ? null : timeOf(leaf.validTo);
    seen.chainNotAfter = endOfChain(served);
    seen.session = sessionOf(secured);
  };
  return protect(secured, { name: nameOf(request), verify: request.tlsVerify, onChain }, context);
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
  return converse1(socket, outgoing, listener);
}

async function outgoingOf(request: ExchangeRequest): Promise<Outgoing> {
  const { url, host, method, form, maxBodyBytes, unpack = false } = request;
  const path = url.pathname + url.search;
  const authority = host === undefined ? url.host : plainHost(host) + (url.port === '' ? '' : `:${url.port}`);
  const toProxy = asksProxy(request);
  return {
    method,
    body: form && new URLSearchParams(await filled(form)).toString(),
    maxBodyBytes,
    unpack,
    authority,
    secure: url.protocol === 'https:',
    path: toProxy ? `http://${authority}${path}` : path,
    headers: {
      'user-agent': 'demarc',
      accept: '*/*',
      'accept-encoding': unpack ? ACCEPTED : 'identity',
      'cache-control': 'no-cache',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(await filledHeaders(request.headers ?? {}, request.auth)),
      ...(toProxy && (await proxyHeaders(request.proxy?.auth))),
    },
  };
}
