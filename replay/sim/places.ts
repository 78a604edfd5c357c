// The listening places of a world, as data: the same ones the lab would open, at made-up addresses nobody ever dials.
import { likenessOf } from '../../lab/fleet.ts';
import { newOutlet, type Outlet, type OutletRole } from '../../lab/outlet.ts';
import { metAt } from '../../lab/scope.ts';
import { type At, controlAt, hasTunnel, LOOPBACK_V6, originSide, type World } from '../../lab/world.ts';

const refuse = (): never => {
  throw new Error('a simulated place takes no connection');
};

const FIRST_PORT = 20_001;

interface PlaceFacts {
  role: OutletRole;
  owner: string;
  side: Outlet['side'];
  at: readonly At[];
  /** Place of the first address among those that are alike, and how many there are; by itself when left out. */
  rank?: readonly [index: number, count: number];
  /** What it shares with others, by which a fault can hit them together. */
  groups?: Outlet['groups'];
  /** Whether people may still come to the world's former address for it. */
  hadFormer?: boolean;
}

/** Every place of `world`. Places that answer as one share a port, and no others do: a port tells who is asked. */
export function placesOf(world: World): Outlet[] {
  const places: Outlet[] = [];
  for (const [group, facts] of factsOf(world).entries()) {
    const { role, owner, side, at, rank: [first, count] = [0, 1], hadFormer = false, groups = [] } = facts;
    const place = (as: OutletRole, octet: At, rank: number): void => {
      const address = octet === LOOPBACK_V6 ? octet : `127.20.0.${octet}`;
      const known = newOutlet({ role: as, owner, side, address, accept: refuse, rank, groups });
      places.push({ ...known, port: FIRST_PORT + group, state: 'open' });
    };
    for (const [index, octet] of at.entries()) place(role, octet, (first + index / at.length) / count);
    if (hadFormer) place('former', world.former, 0);
  }
  return places;
}

function factsOf(world: World): PlaceFacts[] {
  const lan = (role: OutletRole, owner: string, at: At, hadFormer = false): PlaceFacts => {
    return { role, owner, side: 'lan', at: [at], hadFormer };
  };
  const net = (role: OutletRole, owner: string, ...at: At[]): PlaceFacts => {
    return { role, owner, side: 'internet', at };
  };
  return [
    lan('gateway', '', world.gateway),
    lan('resolver', '', world.resolver),
    ...(world.fleet ?? []).map((host, _, fleet) => ({
      ...lan('fleet', host.kind, host.at),
      ...likenessOf(host, fleet),
    })),
    ...(world.portalTests ?? []).map(({ operator, at }) => net('portal_test', operator, at)),
    ...(world.proxy === undefined ? [] : [lan('proxy', '', world.proxy)]),
    ...(world.ups === undefined ? [] : [lan('ups', '', world.ups)]),
    ...world.anchors.map(({ operator, at }) => net('anchor', operator, at)),
    ...world.publicResolvers.map(({ operator, at }) => net('public_resolver', operator, at)),
    ...world.statusPages.map(({ vendor, at }) => net('status', vendor, at)),
    ...world.nameServers.flatMap(({ set, at, side }) =>
      at.map((octet, index): PlaceFacts => {
        return { role: 'nameserver', owner: set, side: side ?? 'internet', at: [octet], rank: [index, at.length] };
      }),
    ),
    ...world.registries.flatMap(({ suffix, at, rdap }) => [
      ...at.map((octet, index): PlaceFacts => {
        return { role: 'registry', owner: suffix, side: 'internet', at: [octet], rank: [index, at.length] };
      }),
      net('rdap', suffix, rdap),
    ]),
    ...(world.egress ?? []).map(({ operator, at, over }) => net(over === 'tcp' ? 'egress' : 'quic', operator, at)),
    ...world.timeServers.map(({ operator, at }) => net('time', operator, at)),
    ...world.endpoints.map((endpoint) => ({
      ...net('endpoint', endpoint.component, endpoint.at),
      groups: metAt(endpoint).groups,
    })),
    ...(world.revocations === undefined ? [] : [net('revocations', '', world.revocations)]),
    ...(world.watcher === undefined ? [] : [net('watcher', '', world.watcher)]),
    ...world.services.flatMap((service) => {
      const { name, origin, edge, tells } = service;
      const side = originSide(service);
      return [
        { ...lan('host', name, origin.at), side },
        { ...lan('origin', name, origin.at, edge === null), side },
        ...(tells ? [lan('parts', name, origin.at)] : []),
      ];
    }),
    ...world.tunnel.regions.map(({ host, at }) => net('tunnel_port', host, at)),
    ...(hasTunnel(world) ? [lan('daemon', '', world.tunnel.daemon), lan('ingress', '', world.tunnel.daemon)] : []),
    ...world.edges.map(({ vendor, at }) => ({ ...net('edge', vendor, ...at), hadFormer: true })),
    ...world.edges.flatMap((edge) =>
      edge.controls.map((control, index): PlaceFacts => {
        const rank = [index, edge.controls.length] as const;
        return { ...net('edge_control', edge.vendor, ...controlAt(edge, control)), rank };
      }),
    ),
  ];
}
