// The way through a forward proxy, and which of what comes back is the proxy's own. Its failures have reasons of their own,
// since they say nothing of whoever was asked for.
import net from 'node:net';
import { z } from 'zod';
import type { Reason } from '../../catalog/reasons.ts';
import type { PhaseTimer } from '../phases.ts';
import type { ProbeContext } from '../probe.ts';
import { bytesFrom } from '../socket-bytes.ts';
import type { Answer } from './answer.ts';
import { addressesOf, beginTls, connectAny, plainHost } from './connection.ts';
import { Auth, credentials } from './credentials.ts';
import { headReader } from './head.ts';
import { protect } from './protect.ts';
import { Refusal, reasonHere } from './refusal.ts';
import { headToSend } from './send.ts';
import { connectBySocks } from './socks.ts';
import { ProxyUrl, portOf } from './url.ts';

export const ForwardProxy = z
  .strictObject({
    url: ProxyUrl.refine(
      (url) => !URL.canParse(url) || ['', '/'].includes(new URL(url).pathname),
      'must be host and port alone',
    ).describe(
      'Where the proxy is: `http://host:port`, `https://` to speak TLS with it, or `socks5h://` for a SOCKS5 proxy that looks names up itself.',
    ),
    auth: Auth.optional().describe('Credentials for the proxy; the server never sees them.'),
  })
  .refine(({ url, auth }) => !isSocks(url) || auth?.kind !== 'bearer', {
    path: ['auth'],
    message: 'SOCKS knows a user and a password, and no tokens',
  })
  .describe(
    'Forward proxy that the request goes through: by CONNECT or SOCKS5, for plain HTTP by asking it for the whole URL. It finds the address of the server, unless one is chosen here. What fails at the proxy is `proxy_…`, and held against nobody.',
  );

export type ForwardProxy = z.output<typeof ForwardProxy>;

/** Whether it knows connections only, and no requests. */
export function isSocks(url: string): boolean {
  return url.startsWith('socks5h:');
}

/** Statuses by which a proxy says that it did not get through to the server. */
const GATEWAY_STATUS = new Set([502, 503, 504]);
/** Squid says what went wrong on its way in this header, with 503 too. */
const SQUID_ERROR = 'x-squid-error';

/** A connection to the proxy, over TLS where its URL says so. Rejects with a {@link Refusal} for a reason of the proxy's. */
export async function connectToProxy(
  { url }: ForwardProxy,
  timer: PhaseTimer,
  context: ProbeContext,
  onAddress: (address: string) => void,
): Promise<net.Socket> {
  const { hostname, protocol, port } = new URL(url);
  const name = plainHost(hostname);
  let socket: net.Socket | undefined;
  try {
    const addresses = await addressesOf(name, 'last_good', timer, context);
    timer.enter('connect');
    socket = await connectAny(addresses, portOf({ protocol, port }), context.signal, onAddress);
    if (protocol !== 'https:') return socket;
    timer.enter('proxy');
    const secured = beginTls(socket, { name, protocols: ['http/1.1'] });
    await protect(secured, { name, verify: true }, context);
    return secured;
  } catch (error) {
    socket?.destroy();
    throw ofTheProxy(error);
  }
}

/** Has the proxy connect to a server: the socket leads there afterwards, or is destroyed. */
export async function openTunnel(
  socket: net.Socket,
  server: { host: string; port: number },
  { url, auth }: ForwardProxy,
  signal: AbortSignal,
  onStatus: (status: number) => void,
): Promise<net.Socket> {
  try {
    if (isSocks(url)) {
      await connectBySocks(socket, server, auth, signal);
      return socket;
    }
    const authority = `${net.isIPv6(server.host) ? `[${server.host}]` : server.host}:${server.port}`;
    const headers = { host: authority, 'user-agent': 'demarc', ...(await proxyHeaders(auth)) };
    const { status, early } = await askForTunnel(socket, authority, headers, signal);
    onStatus(status);
    const refusal = refusalOf(status);
    if (refusal !== null) throw new Refusal(refusal, 'no tunnel');
    if (early.length > 0) socket.unshift(early);
    return socket;
  } catch (error) {
    socket.destroy();
    throw ofTheProxy(error);
  }
}

export async function proxyHeaders(auth: Auth | undefined): Promise<Record<string, string>> {
  return auth === undefined ? {} : { 'proxy-authorization': await credentials(auth) };
}

/** `early`: what the server said before anybody asked it. */
async function askForTunnel(
  socket: net.Socket,
  authority: string,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<{ status: number; early: Buffer }> {
  socket.write(headToSend('CONNECT', authority, headers), 'latin1');
  const readHead = headReader();
  for (;;) {
    const incoming = { bytes: await bytesFrom(socket, signal), at: 0 };
    const head = readHead(incoming);
    if (head !== null) return { status: head.status, early: incoming.bytes.subarray(incoming.at) };
  }
}

/** What the answer to CONNECT means; null: the tunnel stands. */
function refusalOf(status: number): Reason | null {
  if (status >= 200 && status < 300) return null;
  if (GATEWAY_STATUS.has(status)) return 'proxy_gateway';
  return status >= 400 && status < 600 ? 'proxy_denied' : 'proxy_protocol';
}

/**
 * Whether an answer in plain HTTP is the proxy's own, by its marks. A gateway's statuses count as its own: from here nobody can
 * tell whether the server sent them.
 */
export function ownAnswer({ status, headers }: Pick<Answer, 'status' | 'headers'>): Reason | null {
  if (status === 407) return 'proxy_denied';
  return status === 502 || status === 504 || headers.has(SQUID_ERROR) ? 'proxy_gateway' : null;
}

/** The failure of a conversation whose other end is the proxy. */
export function ofTheProxy(error: unknown): Refusal {
  const reason = reasonHere(error);
  return new Refusal(PROXYS[reason] ?? generally(reason), 'at the proxy');
}

const PROXYS: Partial<Record<Reason, Reason>> = { local: 'local', timeout: 'proxy_timeout' };

function generally(reason: Reason): Reason {
  if (reason.startsWith('proxy_')) return reason;
  if (reason.startsWith('tls_')) return 'proxy_tls';
  return reason.startsWith('http_') ? 'proxy_protocol' : 'proxy_unreachable';
}
