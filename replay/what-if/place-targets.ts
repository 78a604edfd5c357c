// Puts every target of a map's plan somewhere in the simulated world: the target keeps its name and its meaning, and is
// pointed at a port of the model, which is how the model knows who is asked.
import net from 'node:net';
import { plainHost } from '../../exporters/http/connection.ts';
import type { Target } from '../../exporters/target.ts';
import { newOutlet, type Outlet, type OutletRole } from '../../lab/outlet.ts';
import { LOOPBACK_V6, type World } from '../../lab/world.ts';
import { isNear } from '../../map/alert-path.ts';
import { registryId } from '../../map/bind-domains.ts';
import { wayOutOf } from '../../map/forward-proxy.ts';
import type { Plan, Role } from '../../map/plan-types.ts';
import { hostOf } from '../../map/url-parts.ts';
import { SETS } from './map-world.ts';

export interface Placed {
  targets: Target[];
  places: Outlet[];
}

/** Where a target leads: which place, and which of several that are alike. */
interface Spot {
  role: OutletRole;
  owner: string;
  side: Outlet['side'];
  /** Tells apart places of one owner that do not answer as one. */
  which: string;
  /** Families of its addresses; IPv4 when left out. */
  families?: readonly Family[];
}

const FIRST_PORT = 20_001;
type Family = 4 | 6;
const IPV4: readonly Family[] = [4];
const BOTH: readonly Family[] = [4, 6];

const never = (): never => {
  throw new Error('a simulated place takes no connection');
};

/** `plan`: of the map that `world` was read from. */
export function placeTargets(plan: Plan, world: World): Placed {
  const spots = new Map<string, Spot>();
  const ports = new Map<string, number>();
  const portOf = (spot: Spot): number => {
    const key = `${spot.role} ${spot.owner} ${spot.which}`;
    const known = ports.get(key);
    if (known !== undefined) return known;
    spots.set(key, spot);
    ports.set(key, FIRST_PORT + ports.size);
    return FIRST_PORT + ports.size - 1;
  };
  const targets = plan.targets.map((target) => {
    const proxy = wayOutOf(target);
    const there = pointed(target, portOf(withFamilies(spotOf(target, plan, world), target)));
    return proxy === null ? there : throughProxy(there, portOf(proxySpot(proxy)));
  });
  const served = new Set([...spots.values()].flatMap(({ role, owner }) => (role === 'nameserver' ? [owner] : [])));
  for (const spot of unasked(world, served)) portOf(spot);
  const all = [...spots];
  const places = all.flatMap(([key, { role, owner, side, families = IPV4 }], index) => {
    const alike = all.filter(([, other]) => other.role === role && other.owner === owner);
    const rank = alike.findIndex(([other]) => other === key) / alike.length;
    return families.map((family) => {
      const place = newOutlet({ role, owner, side, address: addressAt(index, family), accept: never, rank });
      return { ...place, port: ports.get(key) ?? 0, state: 'open' as const };
    });
  });
  return { targets, places };
}

const addressAt = (index: number, family: Family): string =>
  family === 6 ? `fd00::${(index + 1).toString(16)}` : `127.20.${Math.floor(index / 250)}.${1 + (index % 250)}`;

/** An address the model knows to be of the family of this one; of a name it is left to the name. */
const localAs = (host: string): string => (net.isIPv6(plainHost(host)) ? `[${LOOPBACK_V6}]` : '127.0.0.1');

/** A literal has the family it shows; edges serve both. */
function withFamilies(spot: Spot, target: Target): Spot {
  if (spot.role === 'edge') return { ...spot, families: BOTH };
  return net.isIPv6(plainHost(doorOf(target)[0])) ? { ...spot, families: [6] } : spot;
}

/** What the model needs though no target leads there. `served`: sets of name servers that have one already. */
function unasked(
  { services, zones, edges, endpoints, tunnel, registries }: World,
  served: ReadonlySet<string>,
): Spot[] {
  const internet = { side: 'internet', which: '' } as const;
  const sets = [...new Set(zones.map(({ set }) => set))].filter((set) => !served.has(set));
  return [
    { role: 'resolver', owner: '', side: 'lan', which: '' },
    ...sets.flatMap((owner) =>
      ['1', '2'].map(
        (which): Spot => ({ role: 'nameserver', owner, side: owner === SETS.house ? 'lan' : 'internet', which }),
      ),
    ),
    ...edges.map(({ vendor }): Spot => ({ role: 'edge', owner: vendor, ...internet, families: BOTH })),
    ...endpoints.map(({ component }): Spot => ({ role: 'endpoint', owner: component, ...internet })),
    ...registries.map(({ suffix }): Spot => ({ role: 'registry', owner: suffix, ...internet })),
    ...tunnel.regions.map(({ host }): Spot => ({ role: 'tunnel_port', owner: host, ...internet })),
    ...services.map(({ name }): Spot => ({ role: 'origin', owner: name, side: 'lan', which: '' })),
  ];
}

/** Whether two targets of a service lead to the same port of the same machine. */
const sameDoor = (a: Target | undefined, b: Target): boolean =>
  a !== undefined && doorOf(a).join(':') === doorOf(b).join(':');

function doorOf({ settings }: Target): [host: string, port: string] {
  const { url, host, port, server } = settings;
  if (typeof url === 'string') {
    const { protocol, hostname, port: given } = new URL(url);
    return [hostname, given === '' ? (protocol === 'https:' ? '443' : '80') : given];
  }
  if (typeof server === 'string') return [server.replace(/:\d+$/, ''), server.match(/:(\d+)$/)?.[1] ?? '53'];
  return [String(host ?? ''), String(port ?? '')];
}

const sideOf = (target: Target): Outlet['side'] =>
  isNear(doorOf(target)[0].replace(/^\[|\]$/g, '')) ? 'lan' : 'internet';

function spotOf(target: Target, plan: Plan, world: World): Spot {
  const { labels } = target;
  const { service, vendor, component } = labels;
  const served = world.services.find(({ name }) => name === service);
  const [host] = doorOf(target);
  const at = (role: OutletRole, owner: string, which = '', side: Outlet['side'] = 'internet'): Spot => ({
    role,
    owner,
    side,
    which,
  });
  switch (labels.role as Role) {
    case 'anchor':
      return at('anchor', operatorOf(target, plan.anchors), host);
    case 'public_resolver':
      return at('public_resolver', operatorOf(target, plan.publicResolvers), host);
    case 'signatures':
      return at('public_resolver', '', host);
    case 'gateway':
      return at('gateway', '', '', 'lan');
    case 'resolver':
    case 'resolver_unchecked':
      return at('resolver', '', '', 'lan');
    case 'service':
    case 'edge':
    case 'edge_certificate':
      return served?.edge ? at('edge', served.edge) : at('origin', service, '', originSide(target, plan, service));
    case 'nameserver':
    case 'endpoint': {
      const set = world.zones.find(({ zone }) => zone === zoneOfTarget(target, world))?.set ?? vendor;
      return at('nameserver', set, host, sideOf(target));
    }
    case 'delegation':
      return at('registry', suffixOf(target, world), host);
    case 'registration':
      return at('rdap', suffixOf(target, world));
    case 'time':
      return at('time', operatorOf(target, plan.timeServers), host);
    case 'portal':
      return at('portal_test', operatorOf(target, plan.portals), host);
    case 'power':
      return at('ups', '', host, sideOf(target));
    case 'control':
      return controlSpot(target, world);
    case 'tunnel':
      return at('daemon', '', '', 'lan');
    case 'tunnel_edge':
      return at('tunnel_port', host);
    case 'host': {
      const origin = plan.targets.find(({ labels: other }) => other.role === 'origin' && other.service === service);
      return sameDoor(origin, target)
        ? at('origin', service, '', sideOf(target))
        : at('host', service, '', sideOf(target));
    }
    case 'custom':
      return at('parts', service, `${vendor} ${host}`, sideOf(target));
    case 'origin':
    case 'origin_certificate':
      return at('origin', service, '', sideOf(target));
    default:
      // A role this file has not heard of: a place of its own, which only the line can take away.
      return at('status', `${labels.role} ${service}${vendor} ${component}`, host, sideOf(target));
  }
}

function operatorOf({ id }: Target, operated: readonly { target: string; operator: string }[]): string {
  return operated.find(({ target }) => target === id)?.operator ?? '';
}

/** A service without an edge is served by its origin, and where that is the map says by the origin's address. */
function originSide(target: Target, plan: Plan, service: string): Outlet['side'] {
  const origin = plan.targets.find(({ labels }) => labels.role === 'origin' && labels.service === service);
  return sideOf(origin ?? target);
}

/** The zone above the domain that is asked about, or above which nobody is asked: its own. */
function suffixOf({ settings }: Target, { registries }: World): string {
  const name = String(settings.domain ?? settings.name);
  return registries.find(({ suffix }) => name === suffix || name.endsWith(`.${suffix}`))?.suffix ?? '';
}

function zoneOfTarget({ labels, settings }: Target, { services, endpoints }: World): string {
  if (labels.role === 'nameserver') return services.find(({ name }) => name === labels.service)?.zone ?? '';
  return endpoints.find(({ name }) => name === String(settings.name).toLowerCase())?.zone ?? '';
}

function controlSpot(target: Target, world: World): Spot {
  const { edges, endpoints, tunnel } = world;
  const { vendor, component } = target.labels;
  const [host] = doorOf(target);
  const at = (role: OutletRole, owner: string, which: string): Spot => ({ role, owner, side: 'internet', which });
  const above = suffixOf(target, world);
  if (vendor === registryId(above)) return at('registry', above, host);
  if (target.kind === 'dns') return at('nameserver', vendor, host);
  const endpoint = endpoints.find(({ component: id }) => id === `${vendor}/${component}`);
  if (endpoint !== undefined) return at('endpoint', endpoint.component, '');
  if (tunnel.vendor === vendor && tunnel.canaries.includes(host)) return at('edge', vendor, '');
  return edges.some((edge) => edge.vendor === vendor) ? at('edge_control', vendor, host) : at('status', vendor, host);
}

const proxySpot = (url: string): Spot => ({
  role: 'proxy',
  owner: '',
  side: isNear(hostOf(url)) ? 'lan' : 'internet',
  which: url,
});

const throughProxy = (target: Target, port: number): Target => ({
  ...target,
  settings: { ...target.settings, proxy: { url: `http://127.0.0.1:${port}` } },
});

/** The target with its settings leading to this port. Literal addresses of IPv6 become ones the model knows as such. */
function pointed(target: Target, port: number): Target {
  const { url, server } = target.settings;
  const settings: Record<string, unknown> = { ...target.settings };
  if (typeof url === 'string') {
    const moved = new URL(url);
    moved.port = String(port);
    if (moved.hostname.startsWith('[')) moved.hostname = localAs(moved.hostname);
    settings.url = moved.href;
    settings.expect = { status: accepted(settings.expect) };
  } else if (typeof server === 'string') {
    const [host] = doorOf(target);
    settings.server = target.kind === 'registration' ? `http://127.0.0.1:${port}/` : `${localAs(host)}:${port}`;
    // The model's names have addresses, which stand for the names they may lead to.
    if (settings.type === 'CNAME') settings.type = 'A';
  } else if (target.labels.role === 'tunnel') {
    // Daemons asked in other ways stand behind the port as well.
    settings.url = `http://127.0.0.1:${port}`;
  } else {
    settings.port = port;
    if (String(settings.host).includes(':')) settings.host = LOOPBACK_V6;
  }
  return { ...target, settings };
}

/** The model's pages are all 200; what else would do as well stays. */
function accepted(expect: unknown): readonly number[] {
  const given = (expect as { status?: readonly number[] } | undefined)?.status ?? [200];
  return given.includes(200) ? given : [200];
}
