// One listening place of the world, which is open, closed (connections are refused) or silent (nothing answers).
// What is said on a connection is the owner's business; whether there is one is decided here.
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { admit, CLEAR, type Line } from './line.ts';
import { hireMason, type Place, type Wall } from './wall.ts';

export type OutletState = 'open' | 'closed' | 'silent';

export const OUTLET_ROLES = [
  'gateway',
  'anchor',
  'resolver',
  'public_resolver',
  'nameserver',
  'edge',
  'edge_control',
  'tunnel_port',
  'daemon',
  'ingress',
  'origin',
  'host',
  'endpoint',
  'parts',
  'status',
  'former',
  'registry',
  'rdap',
  'time',
  'ups',
  'portal_test',
  'proxy',
  'fleet',
  'egress',
  'quic',
  'watcher',
  'collector',
  'revocations',
  'identity',
  'acme',
  'agent',
] as const;

export type OutletRole = (typeof OUTLET_ROLES)[number];

export interface Outlet extends Place {
  readonly role: OutletRole;
  /** Vendor, operator, service or host it belongs to; '' for things there is one of. */
  readonly owner: string;
  /** What lies beyond the uplink falls silent with it. */
  readonly side: 'lan' | 'internet';
  readonly accept: (socket: net.Socket) => void;
  /** What it shares with others, by which a fault can hit them together. */
  readonly groups: readonly string[];
  /** Its place among those that are alike, from 0 up to, not including, 1: a fault that hits some of them hits the lowest. */
  readonly rank: number;
  state: OutletState;
  server: net.Server | null;
  /** The UDP half of a name server; it stays bound and is told by `state` whether to answer. */
  datagrams: dgram.Socket | null;
  wall: Wall | null;
  /** How the way to it is, at this instant. */
  line: () => Line;
  readonly sockets: Set<net.Socket>;
}

type OutletFacts = Pick<Outlet, 'role' | 'owner' | 'side' | 'address' | 'accept'> &
  Partial<Pick<Outlet, 'rank' | 'groups'>>;

export function newOutlet(facts: OutletFacts): Outlet {
  const closed = {
    port: 0,
    state: 'closed',
    server: null,
    datagrams: null,
    wall: null,
    sockets: new Set<net.Socket>(),
  } as const;
  return { rank: 0, groups: [], line: () => CLEAR, ...facts, ...closed };
}

const LISTEN_ATTEMPTS = 20;

/** Opens outlets that must share one port number: the one that is wished for if it can be had, else any. */
export async function openTogether(outlets: readonly Outlet[], wishedPort = 0): Promise<void> {
  const [first, ...others] = outlets;
  if (first === undefined) return;
  for (let attempt = 1; ; attempt += 1) {
    try {
      await listen(first, attempt === 1 ? wishedPort : 0);
      for (const other of others) await listen(other, first.port);
      return;
    } catch (error) {
      if (attempt === LISTEN_ATTEMPTS) throw error;
      for (const outlet of outlets) closeListener(outlet);
    }
  }
}

async function listen(outlet: Outlet, port: number): Promise<void> {
  const server = net.createServer((socket) => {
    outlet.sockets.add(socket);
    socket.once('close', () => outlet.sockets.delete(socket));
    // Clients vanish as they like; that is no event in a world.
    socket.on('error', () => socket.destroy());
    admit(socket, outlet);
  });
  server.listen({ host: outlet.address, port });
  await once(server, 'listening');
  outlet.server = server;
  outlet.port = (server.address() as net.AddressInfo).port;
  outlet.state = 'open';
}

const PORT_ATTEMPTS = 20;

/** A socket that can speak to this address, or be bound to it. */
export const datagramsFor = (address: string): dgram.Socket =>
  dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');

/** Opens a place for streams and datagrams on one port. A question of somebody on its way may hold that port: then on another. */
export async function openForBoth(make: () => Outlet): Promise<{ outlet: Outlet; datagrams: dgram.Socket }> {
  for (let attempt = 1; ; attempt += 1) {
    const outlet = make();
    await openTogether([outlet]);
    const datagrams = datagramsFor(outlet.address);
    try {
      datagrams.bind(outlet.port, outlet.address);
      await once(datagrams, 'listening');
      outlet.datagrams = datagrams;
      return { outlet, datagrams };
    } catch (error) {
      datagrams.close();
      closeListener(outlet);
      if (attempt === PORT_ATTEMPTS) throw error;
    }
  }
}

function closeListener(outlet: Outlet): void {
  // The descriptor is closed before this returns, so the place is free at once.
  outlet.server?.close();
  outlet.server = null;
}

/** Brings every outlet into the state wanted of it. Callers take turns. */
export async function applyStates(wanted: ReadonlyMap<Outlet, OutletState>): Promise<void> {
  const changed = [...wanted].filter(([outlet, state]) => outlet.state !== state);
  const silent = changed.filter(([, state]) => state === 'silent').map(([outlet]) => outlet);
  // Made ready beforehand, so that nobody meets a refusal between the listener and the wall.
  const masons = silent.length > 0 ? [await hireMason()] : [];
  for (const [outlet, state] of changed) {
    closeListener(outlet);
    outlet.state = state;
    // A dead process takes its connections with it; a cut line leaves them hanging.
    if (state === 'closed') for (const socket of outlet.sockets) socket.destroy();
  }
  await tearDownWalls(changed.map(([outlet]) => outlet));
  if (silent.length > 0) {
    const places = silent.map(({ address, port }) => ({ address, port }));
    const wall = await patiently(async () => (masons.pop() ?? (await hireMason())).raise(places));
    for (const outlet of silent) outlet.wall = wall;
  }
  const open = changed.filter(([, state]) => state === 'open').map(([outlet]) => outlet);
  await Promise.all(open.map((outlet) => patiently(() => listen(outlet, outlet.port))));
}

async function tearDownWalls(outlets: readonly Outlet[]): Promise<void> {
  const freed = new Map<Wall, Outlet[]>();
  for (const outlet of outlets) {
    if (outlet.wall !== null) freed.set(outlet.wall, [...(freed.get(outlet.wall) ?? []), outlet]);
    outlet.wall = null;
  }
  await Promise.all([...freed].map(([wall, places]) => wall.release(places)));
}

/** Somebody else's outgoing connection may hold our port for a moment. */
async function patiently<T>(take: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await take();
    } catch (error) {
      if (attempt === LISTEN_ATTEMPTS) throw error;
      await delay(10);
    }
  }
}

/** Closes everything the outlets hold, for good. */
export async function closeOutlets(outlets: readonly Outlet[]): Promise<void> {
  await applyStates(new Map(outlets.map((outlet) => [outlet, 'closed'])));
  for (const outlet of outlets) {
    outlet.datagrams?.close();
    outlet.datagrams = null;
  }
}
