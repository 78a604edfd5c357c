// The way to an endpoint, for every kind that speaks TLS or HTTP: resolve, connect, handshake, each phase timed.
// Certificates are only read here; judging them is verify.ts's, so that one fault cannot hide another.
import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { PhaseTimer } from '../phases.ts';
import { type ProbeContext, ResolveError } from '../probe.ts';

/** Addresses of one name that are tried, in order, when one refuses at once. A silent one takes the whole deadline. */
const MAX_ADDRESSES = 4;

/** Addresses of one name that are asked when each is. */
const MAX_EACH = 8;

/** Certificates of one served chain that are looked at. */
const MAX_CHAIN = 10;

/** The cheapest first: newer OpenSSL would begin with a post-quantum exchange, which keeps no secret of ours any safer. */
const CURVES = 'X25519:P-256:P-384:P-521';

/**
 * Trusts nothing on purpose: OpenSSL then never vouches, and Node parses no certificate of a stranger in a callback
 * where a throw would end the process. Built once, as a context per probe costs more than the handshake.
 */
const READING_ONLY = tls.createSecureContext({ ca: [], ecdhCurve: CURVES });

/** A name as people write it; safe in a header and in SNI once {@link plainHost} has had it. */
export const HostName = z
  .string()
  .max(253)
  .refine((name) => !/[\s/@:?#[\]\\%]/.test(name) && domainToASCII(name) !== '', 'not a host name');

/** A host as a URL or a person writes it, without the brackets of an address and the dot of a root. */
export function plainHost(host: string): string {
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
export async function connectAny(
  addresses: readonly string[],
  port: number,
  signal: AbortSignal,
  onAddress: (address: string) => void,
): Promise<net.Socket> {
  let refusal: unknown = new Error('no address to connect to');
  for (const address of addresses) {
    if (net.isIP(address) === 0) throw new Error(`not an address: ${address}`);
    onAddress(address);
    const socket = net.connect({ host: address, port, autoSelectFamily: false });
    survive(socket);
    try {
      await arrival(socket, 'connect', signal);
      return socket;
    } catch (error) {
      socket.destroy();
      if (signal.aborted) throw error;
      refusal = error;
    }
  }
  throw refusal;
}

interface HandshakeOptions {
  /** Name for SNI; null sends none, as for literals. */
  serverName: string | null;
  protocols?: readonly string[];
  /** Given the chain as served as soon as it is there, even if the handshake fails after it. */
  onChain: (served: X509Certificate[], staple: Buffer | null) => void;
}

/** A handshake that accepts every certificate, on a socket already connected. */
export async function handshake(
  socket: net.Socket,
  { serverName, protocols, onChain }: HandshakeOptions,
  signal: AbortSignal,
): Promise<tls.TLSSocket> {
  const options: tls.ConnectionOptions & tls.TLSSocketOptions = {
    socket,
    secureContext: READING_ONLY,
    rejectUnauthorized: false,
    requestOCSP: true,
    ...(serverName !== null && { servername: serverName }),
    ...(protocols !== undefined && { ALPNProtocols: [...protocols] }),
  };
  const secured = tls.connect(options);
  survive(secured);
  let served: X509Certificate[] = [];
  let staple: Buffer | null = null;
  // Comes (with null, if nothing was stapled) before our own flight. A TLS 1.2 server that wants a client's certificate
  // refuses after that flight, and by then the chain can no longer be read.
  secured.once('OCSPResponse', (answer: Buffer | null) => {
    staple = answer;
    served = servedChain(secured);
  });
  try {
    await arrival(secured, 'secureConnect', signal);
    if (served.length === 0) served = servedChain(secured);
    return secured;
  } catch (error) {
    secured.destroy();
    throw error;
  } finally {
    onChain(served, staple);
  }
}

/** The chain as served, leaf first, unrelated extras included. Node hands it out only once per connection. */
function servedChain(secured: tls.TLSSocket): X509Certificate[] {
  const served: X509Certificate[] = [];
  const seen = new Set<string>();
  let certificate = secured.getPeerX509Certificate();
  for (let step = 0; certificate !== undefined && step < MAX_CHAIN; step += 1) {
    if (!seen.has(certificate.fingerprint256)) served.push(certificate);
    seen.add(certificate.fingerprint256);
    if (certificate.issuerCertificate === certificate) break;
    certificate = certificate.issuerCertificate;
  }
  return served;
}

/** Waits for one event; a failure that came before we listened counts too. */
async function arrival(socket: net.Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  if (socket.errored) throw socket.errored;
  await once(socket, event, { signal });
}

/** Whoever waits is told of an error; one that comes when nobody waits any more must not end the process. */
function survive(socket: net.Socket): void {
  socket.on('error', () => undefined);
}
