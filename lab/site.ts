// The building site of a world: what its builders share, and how they open a place.
import type { Socket } from 'node:net';
import { type HttpHandler, httpHandler, type Respond } from './answer.ts';
import type { Authority, Credentials, Validity } from './authority.ts';
import type { Damage } from './damage.ts';
import type { FaultKind } from './faults.ts';
import type { AddressOf } from './loopback.ts';
import { newOutlet, type Outlet, type OutletRole, openTogether } from './outlet.ts';
import type { Patience } from './patience.ts';
import type { Signers } from './signers.ts';
import type { At, World } from './world.ts';

/** A certificate that one fault lets expire. */
export interface Presentable {
  brokenBy: FaultKind;
  target: string;
  /** Where whoever shows it stands: what comes from the internet can be replaced on the way. */
  side: Outlet['side'];
  role: OutletRole;
  present(validity: Validity): void;
}

export interface Site {
  world: World;
  addressOf: AddressOf;
  authority: Authority;
  damage: Damage;
  patience: Patience;
  signers: Signers;
  /** Addresses that owners have given to their hosts instead of the world's. */
  repointed: ReadonlyMap<string, readonly string[]>;
  outlets: Outlet[];
  certificates: Presentable[];
  /** Serial numbers of the certificates that origins show, hexadecimal, by service. */
  serials: Map<string, string>;
}

export function findOutlets(outlets: readonly Outlet[], role: OutletRole, owner?: string): Outlet[] {
  return outlets.filter((outlet) => outlet.role === role && (owner === undefined || outlet.owner === owner));
}

export function onlyOutlet(outlets: readonly Outlet[], role: OutletRole, owner?: string): Outlet {
  const [outlet] = findOutlets(outlets, role, owner);
  if (outlet === undefined) throw new Error(`the world has no ${role} ${owner ?? ''}`);
  return outlet;
}

export type Facts = Pick<Outlet, 'role' | 'owner' | 'side'>;

/** Of one that is like others. */
type Alike = Partial<Pick<Outlet, 'rank' | 'groups'>>;

/** Where this machine does not give the port that is wished for, another one. */
export async function addPort(
  site: Site,
  facts: Facts & Alike,
  at: At,
  accept: (socket: Socket) => void,
  wishedPort?: number,
): Promise<void> {
  const outlet = newOutlet({ ...facts, address: site.addressOf(at), accept });
  await openTogether([outlet], wishedPort);
  site.outlets.push(outlet);
}

export interface HttpPlace extends Facts {
  at: readonly At[];
  /** What it shares with others, by which a fault can hit them together. */
  groups?: Outlet['groups'];
  /** Place of the first address among those that are alike, and how many there are; by itself when left out. */
  rank?: readonly [index: number, count: number];
  /** Whether people may still come to the world's former address for it. */
  hadFormer?: true;
}

/** Opens one HTTP server on all these addresses, on one port. */
export async function addHttp(
  site: Site,
  { at, rank: [first, count] = [0, 1], hadFormer, ...facts }: HttpPlace,
  respond: Respond,
  credentials: Credentials | null,
): Promise<HttpHandler> {
  const addresses = [...new Set(at.map(site.addressOf))];
  const outlets: Outlet[] = [];
  const silent = (address: string): boolean =>
    outlets.some((outlet) => outlet.address === address && outlet.state === 'silent');
  const isEdge = facts.role === 'edge' || facts.role === 'edge_control';
  const handler = httpHandler(respond, silent, credentials, isEdge ? 'http2' : 'http1');
  const accept = (socket: Socket): void => {
    const { role, owner } = facts;
    const met = { role, address: socket.localAddress ?? '' };
    if (isEdge && site.damage.strikes('edge_resets', owner, met)) socket.resetAndDestroy();
    else handler.accept(socket);
  };
  outlets.push(
    ...addresses.map((address, index) =>
      newOutlet({ ...facts, address, accept, rank: (first + index / addresses.length) / count }),
    ),
  );
  const former = site.addressOf(site.world.former);
  if (hadFormer && !addresses.includes(former)) {
    const nobody = (socket: Socket): void => void socket.destroy();
    outlets.push(newOutlet({ role: 'former', owner: facts.owner, side: 'internet', address: former, accept: nobody }));
  }
  await openTogether(outlets);
  site.outlets.push(...outlets);
  return handler;
}
