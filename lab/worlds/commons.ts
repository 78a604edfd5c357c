// What every world stands on: the house's own first addresses, the commons of the internet, and the CDNs that are the same everywhere.
// Addresses are the last byte: below 20 the commons, from 20 vendors, from 100 the house.
import { controlAt, type World, type WorldEdge, type WorldHost, type WorldZone } from '../world.ts';

/** Where a CDN's nearest POP stands. */
export type Place = Pick<WorldEdge, 'pop' | 'city'>;

/** The start of every world: spread it, then say what differs. */
export const COMMONS = {
  gateway: 100,
  resolver: 101,
  resolverTest: 'resolver-test.commons.test',
  former: 90,
  revocations: 91,
} satisfies Partial<World>;

export const COMMONS_SERVERS: World['nameServers'][number] = { set: 'commons', at: [10] };

/** A house that resolves its own names, on its own side of the line. */
export const HOUSE_SERVERS: World['nameServers'][number] = { set: 'house', at: [110], side: 'lan' };

export const REGISTRIES: World['registries'] = [{ suffix: 'test', at: [11, 12], rdap: 13 }];

export const TIME_SERVERS: World['timeServers'] = [
  { operator: 'ptb', at: 14 },
  { operator: 'apple', at: 15 },
  { operator: 'google', at: 16 },
];

export const EGRESS: NonNullable<World['egress']> = [
  { operator: 'quad9', at: 19, over: 'tcp' },
  { operator: 'google', at: 16, over: 'quic' },
];

/** Anchors at 2 and on, one for each operator named. */
export const anchorsOf = (...operators: string[]): World['anchors'] =>
  operators.map((operator, index) => ({ operator, at: 2 + index }));

/** A vendor's edge on two addresses from `first` on, and sites of other people behind it on those after them. */
export function edgeAt(vendor: string, first: number, place: Place, names: readonly string[]): WorldEdge {
  const controls = names.map((name, index) => ({ host: `${name}.${vendor}-edge.test`, at: first + 2 + index }));
  return { vendor, at: [first, first + 1], ...place, controls };
}

/** The zone of those sites: one address of each family for each. */
export function edgeZoneOf(edge: WorldEdge): Omit<WorldZone, 'set'> {
  const hosts = Object.fromEntries(edge.controls.map((control) => [control.host, controlAt(edge, control)]));
  return { zone: `${edge.vendor}-edge.test`, hosts };
}

/** Of other people, behind an edge that is watched by two of its sites. */
export const TWO_SITES = ['news', 'media'] as const;

export const fastlyAt = (place: Place): WorldEdge => edgeAt('fastly', 40, place, TWO_SITES);

/** The zones that are the same in every world: the root, the commons', Fastly's. */
export const COMMONS_ZONES: readonly WorldZone[] = [
  { zone: '', set: 'commons', hosts: {} },
  { zone: 'commons.test', set: 'commons', hosts: { [COMMONS.resolverTest]: [10] } },
  { ...edgeZoneOf(fastlyAt({ pop: '', city: '' })), set: 'commons' },
];

/** Cloudflare's edge at `place`, with the sites in front of it that are watched, and the zone they are in. */
export function cloudflareAt(
  place: Place,
  names: readonly string[],
): { edge: WorldEdge; zone: Omit<WorldZone, 'set'> } {
  const edge = edgeAt('cloudflare', 22, place, names);
  return { edge, zone: edgeZoneOf(edge) };
}

/** Zones of others at that vendor's name servers, by which its DNS is judged. */
export const dnsControlsOf = (vendor: string, ...zones: string[]): World['dnsControls'] =>
  zones.map((zone) => ({ vendor, zone }));

export const CLOUDFLARE_DNS_CONTROLS: World['dnsControls'] = dnsControlsOf(
  'cloudflare',
  'bakery.test',
  'choir.test',
).map((control) => ({ ...control, signed: 'vendor' }));

/** Of each vendor that is watched, at 60 and on. */
export const statusPagesOf = (...vendors: string[]): World['statusPages'] =>
  vendors.map((vendor, index) => ({ vendor, at: 60 + index }));

/** Desks beside the servers: six of ten run Windows, and every other one hangs on another switch. */
export const FLEET: readonly WorldHost[] = [...Array(10).keys()].map((index) => {
  return { name: `desk-${index}`, at: 120 + index, kind: index < 6 ? 'windows' : 'linux', switch: `sw-${index % 2}` };
});
