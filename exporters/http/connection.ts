// The way to an endpoint, for every kind that speaks TLS or HTTP: resolve, connect, handshake, each phase timed.
// Certificates are only read here; judging them is verify.ts's, so that one fault cannot hide another.
import type { X509Certificate } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { servedChain } from '../certificate/served-chain.ts';
import type { PhaseTimer } from '../phases.ts';
import { type ProbeContext, ResolveError } from '../probe.ts';
import { HungUp } from '../socket-bytes.ts';

/** Addresses of one name that are tried, in order, when one refuses at once. A silent one takes the whole deadline. */
const MAX_ADDRESSES = 4;

/** Addresses of one name that are asked when each is. */
const MAX_EACH = 8;

/** The cheapest first: newer OpenSSL would begin with a post-quantum exchange, which keeps no secret of ours any safer. */
const CURVES = 'X25519:P-256:P-384:P-521';

/** Node's own, the cheapest of TLS 1.3 first; what is read here is no secret of ours. */
const CIPHERS = [...new Set(['TLS_AES_128_GCM_SHA256', ...tls.DEFAULT_CIPHERS.split(':')])].join(':');

/**
 * Trusts nothing on purpose: OpenSSL then never vouches, and Node parses no certificate of a stranger in a callback
 * where a throw would end the process. Built once, as a context per probe costs more than the handshake.
 */
const READING_ONLY = secureContextWith({});

/** The same with a certificate of our own and its key, for servers that ask for one. Throws what OpenSSL has against them. */
export function secureContextWith(
  own: Pick<tls.SecureContextOptions, 'cert' | 'key' | 'passphrase'>,
): tls.SecureContext {
  return tls.createSecureContext({ ca: [], ecdhCurve: CURVES, ciphers: CIPHERS, ...own });
}

/** A name as people write it; safe in a header and in SNI once {@link plainHost} has had it. */
export const HostName = z
  .string()
  .max(253)
  .refine((name) => !/[\s/@:?#[\]\\%]/.test(name) && domainToASCII(name) !== '', 'not a host name');

/** Names that are as they go out already: nothing to translate, and nothing that might be read as an address. */
const PLAIN_NAME = /^(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*$/;

/** A host as a URL or a person writes it, without the brackets of an address and the dot of a root. */
export function plainHost(host: string): string {
  if (PLAIN_NAME.test(host) && !host.includes('xn--')) return host;
  if (host.startsWith('[') && host.endsWith(']')) return host.slice(1, -1);
  if (net.isIP(host) !== 0) return host;
  return domainToASCII(host.endsWith('.') ? host.slice(0, -1) : host) || host;
}

export interface AddressWish {
  /** Only addresses of this family; there is no silent way out to the other. */
  family?: 'ip4' | 'ip6' | undefined;
  /** `each`: all that will be asked; `first`: those to be tried one after the other. */
  addresses?: 'first' | 'each' | undefined;
}

/** Addresses to connect to; a literal is its own, and enters no phase. */
export async function addressesOf(
  host: string,
  mode: 'fresh' | 'last_good',
  timer: PhaseTimer,
  context: ProbeContext,
  { family, addresses: wanted = 'first' }: AddressWish = {},
): Promise<string[]> {
  if (net.isIP(host) !== 0) return [host];
  timer.enter('resolve');
  const all = await context.resolver.resolve(host, mode, context.signal);
  const addresses = family === undefined ? all : all.filter((address) => `ip${net.isIP(address)}` === family);
  if (addresses.length === 0) throw new ResolveError(host, 'no_address');
  return addresses.slice(0, wanted === 'each' ? MAX_EACH : MAX_ADDRESSES);
}

/** Connects to the first address that accepts. `onAddress` is told each one that is tried. */
export function connectAny(
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
  onAddress: (address: string) => void,
): Promise<net.Socket> {
  const open = (host: string): net.Socket => net.connect({ host, port, autoSelectFamily: false });
  return firstOf(addresses, signal, onAddress, open);
}

/** As {@link connectAny}, but the handshake begins as soon as the connection stands: `onConnect` is told just before. */
export function connectAnyTls(
  addresses: readonly string[],
  port: number,
  wish: TlsWish,
  signal: AbortSignal,
  { onAddress, onConnect }: { onAddress: (address: string) => void; onConnect: () => void },
): Promise<tls.TLSSocket> {
  return firstOf(addresses, signal, onAddress, (host) => {
    const secured = connectTls({ host, port, autoSelectFamily: false }, wish);
    return secured.prependOnceListener('connect', onConnect);
  });
}

async function firstOf<S extends net.Socket>(
  addresses: readonly string[],
  signal: AbortSignal,
  onAddress: (address: string) => void,
  open: (address: string) => S,
): Promise<S> {
  let refusal: unknown;
  for (const address of addresses) {
    if (net.isIP(address) === 0) throw new Error(`not an address: ${address}`);
    onAddress(address);
    if (signal.aborted) throw signal.reason;
    const socket = endedBy(signal, open(address));
    try {
      await arrival(socket, 'connect');
      return socket;
    } catch (error) {
      socket.destroy();
      if (signal.aborted) throw error;
      refusal = error;
    }
  }
  throw refusal ?? new Error('no address to connect to');
}

export interface TlsWish {
  /** Sent as SNI, unless it is an address, or empty: then nobody is named. */
  name: string;
  /** Offered by ALPN. */
  protocols?: readonly string[] | undefined;
  /** Holds a certificate of our own. */
  secureContext?: tls.SecureContext | undefined;
}

/** A handshake on a connection that stands, and that ends when the connection's deadline does. */
export function beginTls(socket: net.Socket, wish: TlsWish): tls.TLSSocket {
  const secured = connectTls({ socket }, wish);
  carried.set(socket, secured);
  return secured;
}

/** TLS by the connection below it. What ends there looks like an orderly end above, so the deadline ends the uppermost. */
const carried = new WeakMap<net.Socket, tls.TLSSocket>();

function uppermost(socket: net.Socket): net.Socket {
  const above = carried.get(socket);
  return above === undefined ? socket : uppermost(above);
}

/** A connection that stands, or where to. */
type TlsWay = tls.ConnectionOptions & Pick<net.TcpNetConnectOpts, 'autoSelectFamily'>;

function connectTls(way: TlsWay, { name, protocols, secureContext = READING_ONLY }: TlsWish): tls.TLSSocket {
  const options: tls.ConnectionOptions & tls.TLSSocketOptions = {
    secureContext,
    rejectUnauthorized: false,
    requestOCSP: true,
    ...way,
    ...(net.isIP(name) === 0 && { servername: name }),
    ...(protocols !== undefined && { ALPNProtocols: [...protocols] }),
  };
  return tls.connect(options);
}

/**
 * Waits for the end of a handshake that accepts every certificate. `onChain` is given the chain as served as soon as it is
 * there, even if the handshake fails after it.
 */
export async function handshake(
  secured: tls.TLSSocket,
  onChain: (served: readonly X509Certificate[], staple: Buffer | null) => void,
): Promise<void> {
  let served: readonly X509Certificate[] = [];
  let staple: Buffer | null = null;
  // Comes (with null, if nothing was stapled) before our own flight. A TLS 1.2 server that wants a client's certificate
  // refuses after that flight, and by then the chain can no longer be read.
  secured.once('OCSPResponse', (answer: Buffer | null) => {
    staple = answer;
    served = servedChain(secured);
  });
  try {
    await arrival(secured, 'secureConnect');
    if (served.length === 0) served = servedChain(secured);
  } catch (error) {
    secured.destroy();
    throw served.length > 0 && saysNoMore(error) ? new CertificateWanted('refused after our flight') : error;
  } finally {
    onChain(served, staple);
  }
}

/** The alert of whoever found nothing to agree on. Before TLS 1.3, it is also OpenSSL's for a certificate of ours that is missing. */
const saysNoMore = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /_ALERT_HANDSHAKE_FAILURE$/.test(String(error.code));

/** Once the server has shown its certificate, all that was left to agree on is ours. Named as TLS 1.3 does. */
class CertificateWanted extends Error {
  readonly code = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
}

/** Waits for one event; a failure that came before we listened counts too. */
function arrival(socket: net.Socket, event: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.errored) return reject(socket.errored);
    let arrived = false;
    socket.once(event, () => {
      arrived = true;
      resolve();
    });
    // Stays: an error that comes when nobody waits for it any more must not end the process.
    socket.on('error', reject);
    socket.on('close', () => arrived || reject(new HungUp()));
  });
}

/** Named as Node names its own, whatever the signal's reason is. */
class DeadlineStruck extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';
}

/**
 * The deadline destroys the socket, so that whoever waits on it is told: one listener for all of its life, since those of a
 * signal are dear.
 */
function endedBy<S extends net.Socket>(signal: AbortSignal, socket: S): S {
  const end = (): void => void uppermost(socket).destroy(new DeadlineStruck());
  signal.addEventListener('abort', end);
  return socket.on('close', () => signal.removeEventListener('abort', end));
}
