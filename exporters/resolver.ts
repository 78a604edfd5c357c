// Resolves the names demarc itself needs, over its own DNS exchange: the system resolver blocks threads and hides
// which server failed. Whether a name server is healthy is the dns probe's business, not this file's.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import type { Reason } from '../catalog/reasons.ts';
import type { Clock } from './clock.ts';
import { reasonOfAnswer } from './dns/answer.ts';
import { formatEndpoint, parseServer, type Server } from './dns/endpoint.ts';
import { type Exchange, exchange, type Wiring } from './dns/exchange.ts';
import { isAskable } from './dns/question.ts';
import { isPublic } from './http/reach.ts';
import { type NameResolver, ResolveError } from './probe.ts';

export interface ResolverOptions {
  /** `192.0.2.1:53`, `tls://192.0.2.1#dns.example`; the next one is asked when one is silent or fails. */
  servers: readonly string[];
  clock: Clock;
  /** PEM certificates to trust besides Node's own, for servers asked over TLS or HTTPS. */
  trust?: readonly string[];
  /** How long those who ask have for everything, the look-up included. */
  deadlineMs: number;
  /** Whether nobody but a forger gives this name an address that is not public (DNS rebinding). Left out: every answer is believed. */
  leadsOutside?: (name: string) => boolean;
}

interface Found {
  addresses: string[];
  ttlMs: number;
  /** The question for IPv4 was lost: nobody said that there is no such address. */
  lostIpv4: boolean;
}

/** What came of asking. */
interface Heard {
  told: string[];
  /** With what was known before of a family whose question was lost. */
  addresses: string[];
}

interface Known {
  addresses: string[];
  /** When to ask again, on the monotonic clock. */
  freshUntil: number;
}

const MIN_TTL_MS = 5_000;
const MAX_TTL_MS = 300_000;
const MAX_NAMES = 1_000;
/** Of the deadline: how long one server of several is waited for, and anybody by who has an old answer to go on with. */
const SHARE_OF_ONE = 1 / 4;
/** Nobody can be asked instead, so there is time for its resend. */
const SHARE_OF_THE_ONLY_ONE = 1 / 2;
/** How long AAAA may lag behind A: some boxes swallow it. Never the other way round: a lost A is worth its resend. */
const LAG_MS = 500;
/** Answers that another server would only repeat. */
const FINAL: ReadonlySet<Reason> = new Set<Reason>(['dns_nxdomain', 'dns_nodata']);

/** How long one of so many servers is waited for, out of a deadline. */
export const attemptOf = (deadlineMs: number, servers: number): number =>
  deadlineMs * (servers > 1 ? SHARE_OF_ONE : SHARE_OF_THE_ONLY_ONE);

/** How long a new answer is waited for while there is an old one, out of a deadline. */
export const patienceOf = (deadlineMs: number): number => deadlineMs * SHARE_OF_ONE;

export function createResolver({
  servers,
  clock,
  trust = [],
  deadlineMs,
  leadsOutside = () => false,
}: ResolverOptions): NameResolver {
  const attemptMs = attemptOf(deadlineMs, servers.length);
  const endpoints = servers.map(literalServer);
  const known = new Map<string, Known>();
  const flights = new Map<string, Promise<Heard>>();

  const ask = (name: string): Promise<Heard> => {
    const running = flights.get(name);
    if (running !== undefined) return running;
    const believed = leadsOutside(name) ? isPublic : () => true;
    const flight = lookUp(name, endpoints, { clock, trust, believed }, attemptMs)
      .then(({ addresses: told, ttlMs, lostIpv4 }) => {
        const kept = lostIpv4 ? (known.get(name)?.addresses ?? []).filter((address) => net.isIPv4(address)) : [];
        const addresses = [...kept, ...told];
        remember(known, name, { addresses, freshUntil: clock.monotonic() + ttlMs });
        return { told, addresses };
      })
      .finally(() => flights.delete(name));
    flights.set(name, flight);
    return flight;
  };

  const lastGood = async (name: string, signal: AbortSignal): Promise<string[]> => {
    const last = known.get(name);
    if (last === undefined) return (await before(ask(name), name, signal)).addresses;
    if (clock.monotonic() < last.freshUntil) return last.addresses;
    // Someone who could go on with the old answer must not spend the whole deadline waiting for a new one.
    const patience = new AbortController();
    const cancel = clock.after(patienceOf(deadlineMs), () => patience.abort());
    try {
      const { addresses } = await before(ask(name), name, AbortSignal.any([signal, patience.signal]));
      return addresses;
    } catch (error) {
      if (!(error instanceof ResolveError)) throw error;
      last.freshUntil = clock.monotonic() + MIN_TTL_MS;
      return last.addresses;
    } finally {
      cancel();
    }
  };

  return {
    async resolve(host, mode, signal) {
      const name = host.toLowerCase().replace(/\.$/, '');
      const here = withoutAsking(host, name);
      if (here !== null) return here;
      if (!isAskable(name)) throw new ResolveError(name, 'no_address');
      const addresses = mode === 'fresh' ? (await before(ask(name), name, signal)).told : await lastGood(name, signal);
      return [...addresses];
    },
  };
}

/** Name servers of a resolv.conf as `address:53`; none when the file cannot be read. */
export function systemServers(resolvConf = '/etc/resolv.conf'): string[] {
  let text: string;
  try {
    text = readFileSync(resolvConf, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
  const hosts = [...text.matchAll(/^[ \t]*nameserver[ \t]+([^\s#;]+)/gm)].map((match) => match[1] ?? '');
  return hosts.filter((host) => net.isIP(host) !== 0).map((host) => formatEndpoint({ host, port: 53 }));
}

function literalServer(text: string): Server {
  const server = parseServer(text);
  if (server === null || net.isIP(server.host) === 0) throw new Error(`not the address of a name server: ${text}`);
  return server;
}

/** Literals, and localhost, which must never leave the machine (RFC 6761 section 6.3). */
function withoutAsking(host: string, name: string): string[] | null {
  const literal = host.replace(/^\[(.*)\]$/, '$1');
  if (net.isIP(literal) !== 0) return [literal];
  return name === 'localhost' || name.endsWith('.localhost') ? ['127.0.0.1', '::1'] : null;
}

/** The newest names stay: whoever was learned first goes first. */
function remember(known: Map<string, Known>, name: string, value: Known): void {
  known.delete(name);
  known.set(name, value);
  for (const oldest of known.keys()) {
    if (known.size <= MAX_NAMES) return;
    known.delete(oldest);
  }
}

/** The flight goes on for the others; only this asker stops waiting. */
function before(flight: Promise<Heard>, name: string, signal: AbortSignal): Promise<Heard> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(new ResolveError(name, 'dns_timeout'));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    flight.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

interface Asking extends Pick<Wiring, 'clock' | 'trust'> {
  /** Which addresses the name may have. */
  believed(address: string): boolean;
}

async function lookUp(name: string, servers: readonly Server[], asking: Asking, attemptMs: number): Promise<Found> {
  let reason: Reason = 'local';
  for (const server of servers) {
    const [v4, v6] = await askBoth(name, server, asking, attemptMs);
    const all = [...(v4.answer?.matching ?? []), ...(v6.answer?.matching ?? [])];
    const records = all.filter(({ data }) => asking.believed(data));
    if (records.length > 0) {
      const told = [...(v4.answer?.answers ?? []), ...(v6.answer?.answers ?? [])];
      const ttlMs = Math.min(...told.map((record) => record.ttl)) * 1000;
      const lostIpv4 = v4.answer === null;
      const clamped = lostIpv4 ? MIN_TTL_MS : Math.min(MAX_TTL_MS, Math.max(MIN_TTL_MS, ttlMs));
      return { addresses: records.map((record) => record.data), ttlMs: clamped, lostIpv4 };
    }
    // What keeps us from knowing outweighs a "no" for the other family.
    const reasons = all.length > 0 ? (['dns_intercepted'] as const) : [v4, v6].map(reasonWithout);
    reason = reasons.find((each) => !FINAL.has(each)) ?? reasons[0] ?? reason;
    if (FINAL.has(reason)) break;
  }
  throw new ResolveError(name, reason);
}

async function askBoth(name: string, server: Server, asking: Asking, attemptMs: number): Promise<[Exchange, Exchange]> {
  const { clock } = asking;
  const deadline = new AbortController();
  const cancels = [clock.after(attemptMs, () => deadline.abort())];
  const ask = async (type: 'A' | 'AAAA') => {
    const got = await exchange(server, { name, type, recursion: true }, 'udp', { signal: deadline.signal, ...asking });
    if (type === 'A' && got.answer?.shape === 'answer') cancels.push(clock.after(LAG_MS, () => deadline.abort()));
    return got;
  };
  try {
    return await Promise.all([ask('A'), ask('AAAA')]);
  } finally {
    for (const cancel of cancels) cancel();
    deadline.abort();
  }
}

/** A name server that refuses the connection must not look like a service that does. */
function reasonWithout({ reason, answer }: Exchange): Reason {
  if (answer !== null) return reasonOfAnswer(answer);
  return reason === 'local' || reason.startsWith('dns_') ? reason : 'dns_error';
}
