// What every probe kind must survive: peers on real sockets that misbehave. Each kind's test calls probeContract.
import dgram from 'node:dgram';
import { getEventListeners, once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { METRICS } from '../../catalog/metrics.ts';
import { PHASES, type Reason } from '../../catalog/reasons.ts';
import { realClock } from '../../exporters/clock.ts';
import type { ObservationOf, ProbeKind } from '../../exporters/observation.ts';
import { type NameResolver, type Probe, type ProbeContext, ResolveError } from '../../exporters/probe.ts';
import { freePort } from '../../replay/process.ts';
import type { Issued } from './test-ca.ts';

export type TcpFault = 'mute' | 'refused' | 'reset' | 'hang-up' | 'garbage' | 'drip' | 'huge';
export type UdpFault = 'mute' | 'refused' | 'garbage' | 'huge' | 'flood';

interface Shared<K extends ProbeKind> {
  probe: Probe<K>;
  /** Settings that make the probe talk to `host` at `port`. */
  settingsFor(port: number, host: string): Record<string, unknown>;
  /** What the `drip` and `huge` peers send first, so that they look right to the kind's parser. */
  opening?: string;
  /** The peers misbehave only after a handshake with these credentials, which the probe is told to trust. */
  behind?: () => Promise<Issued & { trust: string }>;
}

/** Which reasons are right for each fault; a kind that does not read the answer may well call some of them `ok`. */
export type Contract<K extends ProbeKind> = Shared<K> &
  (
    | { transport: 'tcp'; expected: Readonly<Record<TcpFault, readonly Reason[]>> }
    | { transport: 'udp'; expected: Readonly<Record<UdpFault, readonly Reason[]>> }
  );

/** For a kind that reads HTTP: what it says of each fault. `huge`: what it calls an answer that is too large. */
export const overHttp = (huge: Reason = 'http_too_large') =>
  ({
    transport: 'tcp',
    opening: 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n',
    expected: {
      mute: ['timeout'],
      refused: ['connect_refused'],
      reset: ['connect_reset'],
      'hang-up': ['connect_reset'],
      garbage: ['http_protocol'],
      drip: ['timeout'],
      huge: [huge],
    },
  }) as const;

/** For a kind that asks in datagrams: what is not its answer counts for nothing. `silence`: what it calls that. */
export const overUdp = (silence: Reason = 'timeout') =>
  ({
    transport: 'udp',
    expected: {
      mute: [silence],
      refused: ['connect_refused'],
      garbage: [silence],
      huge: [silence],
      flood: [silence],
    },
  }) as const;

/** Starts a peer and says at which port it listens. */
type Peer = (opening: string, credentials?: Issued) => Promise<number>;

const DEADLINE_MS = 600;
const SLACK_MS = 400;

/** Resolves literals only; every other name fails as if no name server had answered. */
export const literalResolver: NameResolver = {
  resolve: async (name) => {
    if (net.isIP(name) === 0) throw new ResolveError(name, 'dns_timeout');
    return [name];
  },
};

export function contextOf(signal: AbortSignal, overrides: Partial<ProbeContext> = {}): ProbeContext {
  return { signal, clock: realClock, resolver: literalResolver, trust: [], ...overrides };
}

export function probeContract<K extends ProbeKind>(name: string, contract: Contract<K>): void {
  const { probe, settingsFor, opening = '', behind } = contract;
  const expected: Readonly<Record<string, readonly Reason[]>> = contract.expected;
  const peers: Readonly<Record<string, Peer>> = contract.transport === 'tcp' ? TCP_PEERS : UDP_PEERS;

  describe(`${name}: contract of every probe`, () => {
    it.each(Object.entries(peers))('a peer that is: %s', async (fault, start) => {
      const credentials = await behind?.();
      const port = await start(opening, credentials);
      const before = await settledSockets();
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const trust = credentials === undefined ? [] : [credentials.trust];
      const observed = await measureInTime(probe, settingsFor(port, '127.0.0.1'), signal, { trust });
      expect(expected[fault], `${fault} gave ${observed.reason}`).toContain(observed.reason);
      expectSound(probe, observed);
      await expectClosed(before, signal);
    });

    it('has no time left', async () => {
      const port = await TCP_PEERS.mute('');
      const before = await settledSockets();
      const signal = AbortSignal.abort();
      const observed = await measureInTime(probe, settingsFor(port, '127.0.0.1'), signal);
      expect(['timeout', 'dns_timeout']).toContain(observed.reason);
      expectSound(probe, observed);
      await expectClosed(before, signal);
    });

    it.each<[string, NameResolver, Reason]>([
      ['cannot be resolved', literalResolver, 'dns_timeout'],
      ['has no address', { resolve: async () => [] }, 'no_address'],
    ])('the name %s', async (_, resolver, reason) => {
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const observed = await measureInTime(probe, settingsFor(9, 'gone.test'), signal, { resolver });
      expect(observed).toMatchObject({ ok: false, reason, phase: 'resolve' });
      expectSound(probe, observed);
    });

    it('does not blame the network for a bug', async () => {
      const bug = new TypeError('ours');
      const resolver: NameResolver = { resolve: () => Promise.reject(bug) };
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const measure = probe.prepare('t', settingsFor(9, 'gone.test'));
      await expect(measure(contextOf(signal, { resolver }))).rejects.toBe(bug);
    });

    it('refuses settings it does not know', () => {
      expect(() => probe.prepare('t', { ...settingsFor(9, '127.0.0.1'), tpyo: 1 })).toThrow('tpyo');
    });
  });
}

/** Fails when the probe is not back shortly after the deadline. */
async function measureInTime<K extends ProbeKind>(
  probe: Probe<K>,
  settings: unknown,
  signal: AbortSignal,
  overrides: Partial<ProbeContext> = {},
): Promise<ObservationOf<K>> {
  const measure = probe.prepare('t', settings);
  const tooLate = new AbortController();
  const late = sleep(DEADLINE_MS + SLACK_MS, 'late' as const, { signal: tooLate.signal }).catch(() => 'late' as const);
  const first = await Promise.race([measure(contextOf(signal, overrides)), late]);
  tooLate.abort();
  if (first === 'late') throw new Error(`no result ${SLACK_MS} ms after the deadline`);
  return first;
}

/** Holds for whatever came back: closed lists kept, numbers finite, size bounded. */
function expectSound<K extends ProbeKind>(probe: Probe<K>, observed: ObservationOf<K>): void {
  expect(observed.ok).toBe(observed.reason === 'ok');
  expect(observed.phase === null).toBe(observed.ok);
  for (const [phase, ms] of Object.entries(observed.phases)) {
    expect(PHASES).toContain(phase);
    expect(ms).toBeGreaterThanOrEqual(0);
  }
  expect(JSON.stringify(observed).length).toBeLessThan(100_000);
  for (const { metric, value, labels = {} } of probe.samples(observed)) {
    expect(Number.isFinite(value), metric).toBe(true);
    expect(METRICS.get(metric)?.labels).toEqual(expect.arrayContaining(Object.keys(labels)));
  }
}

/** Both ends of what the probe opened are gone, and nothing listens to its deadline any more. */
async function expectClosed(before: readonly string[], signal: AbortSignal): Promise<void> {
  await expect.poll(openSockets, { timeout: 2000, interval: 10 }).toEqual(before);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
}

/** A handle counts as open until the loop has come around once more. */
export async function settledSockets(): Promise<string[]> {
  await sleep(20);
  return openSockets();
}

export function openSockets(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => /TCP(?!Server)|TLS|UDP/.test(kind))
    .sort();
}

function tcpPeer(serve: (socket: net.Socket, opening: string) => void): Peer {
  return async (opening, credentials) => {
    const sockets = new Set<net.Socket>();
    const meet = (socket: net.Socket): void => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
      socket.resume();
      serve(socket, opening);
    };
    const server = credentials === undefined ? net.createServer(meet) : tls.createServer(credentials, meet);
    onTestFinished(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as net.AddressInfo).port;
  };
}

function udpPeer(serve: (send: (message: Buffer) => void) => void): Peer {
  return async () => {
    const socket = dgram.createSocket('udp4');
    let open = true;
    socket.on('message', (_, from) => {
      serve((message) => open && socket.send(message, from.port, from.address));
    });
    // Whoever asked may be gone by now, which is what the kernel tells here.
    socket.on('error', () => undefined);
    onTestFinished(() => {
      open = false;
      return new Promise((closed) => socket.close(() => closed()));
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket.address().port;
  };
}

async function closedUdpPort(): Promise<number> {
  const socket = dgram.createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Under TLS the connection below is what can be reset. */
function reset(socket: net.Socket): void {
  if (socket instanceof tls.TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

function repeat(socket: net.Socket, everyMs: number, act: () => void): void {
  const timer = setInterval(act, everyMs);
  socket.on('close', () => clearInterval(timer));
}

const TCP_PEERS: Readonly<Record<TcpFault, Peer>> = {
  mute: tcpPeer(() => undefined),
  refused: freePort,
  reset: tcpPeer((socket) => socket.once('data', () => reset(socket))),
  'hang-up': tcpPeer((socket) => socket.end()),
  garbage: tcpPeer((socket) => socket.end('\x00\xff\x1b[2J 220 not what you came for\r\n\r\n'.repeat(50))),
  drip: tcpPeer((socket, opening) => {
    socket.write(opening);
    repeat(socket, 20, () => socket.write('x'));
  }),
  huge: tcpPeer((socket, opening) => {
    socket.write(opening);
    const chunk = Buffer.alloc(65_536, 'x');
    const pour = () => {
      while (socket.writable && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
  }),
};

const UDP_PEERS: Readonly<Record<UdpFault, Peer>> = {
  mute: udpPeer(() => undefined),
  refused: closedUdpPort,
  garbage: udpPeer((send) => {
    for (const size of [0, 1, 11, 12, 512]) send(Buffer.alloc(size, 0xc0));
  }),
  huge: udpPeer((send) => send(Buffer.alloc(65_000, 0x78))),
  flood: udpPeer((send) => {
    for (let sent = 0; sent < 2000; sent += 1) send(Buffer.alloc(64, 0x78));
  }),
};
