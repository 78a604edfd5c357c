// What a scenario may add to its world without touching code: services of yours, vendors with an edge and name servers, and
// the endpoints of vendors. Where they live, and what else a vendor needs to be judged, is worked out here.
import { z } from 'zod';
import { nearest } from '../map/issues.ts';
import type { Problem } from '../map/user-error.ts';
import { hasTunnel, type World, type WorldService } from './world.ts';
import { edgeAt, edgeZoneOf, TWO_SITES } from './worlds/commons.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z, 0-9 and -, not starting with -');

const AddedVendor = z.strictObject({
  vendor: Name.describe('Its id; one of the catalogue words its errors as it does, another one plainly.'),
  edge: z.boolean().default(false).describe('Whether it runs an edge, with two sites of other people behind it.'),
  dns: z.boolean().default(false).describe('Whether it serves zones, two of other people among them.'),
  runsOn: Name.optional().describe('The component of an endpoint its edge runs on, at another vendor.'),
});

const AddedEndpoint = z.strictObject({
  vendor: Name.describe('Who runs it.'),
  component: Name.describe('What `needs` and the faults call it; its host is COMPONENT.VENDOR-api.test.'),
  title: z.string().min(1).max(40).optional().describe('What people call it; the component when left out.'),
});

const AddedService = z.strictObject({
  name: Name.describe('Its host is NAME.NAME-zone.test, in a zone of its own.'),
  edge: Name.optional().describe('The vendor whose edge is in front.'),
  dns: Name.default('commons').describe('The set of name servers that serves its zone: a vendor, or nobody you watch.'),
  certificate: z.literal('self').optional().describe('You renew the certificate at the edge, not the vendor.'),
  tunneled: z.boolean().default(false).describe('Whether requests come home through the tunnel.'),
  needs: Name.optional().describe('The component of an endpoint it cannot live without.'),
  tells: z
    .boolean()
    .default(false)
    .describe(
      'Whether it tells how its database is, and its circuit breaker, in a document the map reads signals from.',
    ),
  calls: z
    .boolean()
    .default(false)
    .describe('Whether its map calls the endpoint it needs as it does itself, every 5 seconds.'),
  watched: z.boolean().default(false).describe('Whether somebody elsewhere watches it too, and tells what they see.'),
  watchedEvery: z.int().min(5).max(600).default(5).describe('How often whoever watches it is asked, seconds.'),
  hosted: z.literal('elsewhere').optional().describe('Its origin stands on the internet, not in the house.'),
  tls: z.boolean().default(true).describe('Whether the origin speaks TLS.'),
  software: z.string().min(1).max(40).default('nginx').describe('What the origin calls itself.'),
});

export const Extension = z.strictObject({
  gateway: z.literal('unknown').optional().describe('The map leaves the gateway out: nobody can ask it.'),
  resolver: z.literal('isp').optional().describe('The resolver is run by the ISP, not by you.'),
  proxy: z.literal('house').optional().describe('What leaves the house goes through a forward proxy in it.'),
  revocation: z.literal('list').optional().describe("The issuers' lists of revoked certificates are asked for."),
  vendors: z.array(AddedVendor).max(4).default([]),
  endpoints: z.array(AddedEndpoint).max(4).default([]),
  services: z.array(AddedService).max(6).default([]),
});

export type Extension = z.output<typeof Extension>;

/** Octets nobody else uses: vendors that are added live from here, endpoints and services from there. */
const FIRST_VENDOR = 150;
const FIRST_ENDPOINT = 210;
const FIRST_SERVICE = 220;
const OCTETS_PER_VENDOR = 12;
/** Whoever watches services from elsewhere, and the forward proxy. */
const WATCHER = 219;
const PROXY = 218;

const CALLED_EVERY_S = 5;

/** Two that others use, so that neither is a lone witness. */
const SIBLINGS = ['other', 'another'];

/** The world with what is added. `name` is that of the scenario. */
export function extended(world: World, extension: Extension, name: string): World {
  const { vendors, endpoints, services, gateway, resolver, proxy, revocation } = extension;
  const told = {
    ...(gateway === undefined ? {} : { gatewayUnknown: true as const }),
    ...(resolver === undefined ? {} : { resolverOfIsp: true as const }),
    ...(proxy === undefined ? {} : { proxy: PROXY }),
    ...(revocation === undefined ? {} : { asksForList: true as const }),
  };
  if (vendors.length + endpoints.length + services.length + Object.keys(told).length === 0) return world;
  const named = { ...world, ...told, name: `${world.name}-${name}` };
  return services.reduce(withService, withPlaces(named, extension));
}

/** The world with what services may lean on. */
const withPlaces = (world: World, { vendors, endpoints }: Extension): World =>
  endpoints.reduce(withEndpoint, vendors.reduce(withVendor, world));

function withVendor(world: World, { vendor, edge, dns, runsOn }: Extension['vendors'][number], index: number): World {
  const first = FIRST_VENDOR + index * OCTETS_PER_VENDOR;
  const [place = { pop: 'FRA', city: 'Frankfurt' }] = world.edges;
  const added = edgeAt(vendor, first + 2, { pop: place.pop, city: place.city }, TWO_SITES);
  return {
    ...world,
    statusPages: [...world.statusPages, { vendor, at: first + 6 }],
    ...(dns ? { nameServers: [...world.nameServers, { set: vendor, at: [first, first + 1] }] } : {}),
    dnsControls: [
      ...world.dnsControls,
      ...(dns ? ['one', 'two'].map((zone) => ({ vendor, zone: `${vendor}-${zone}.test` })) : []),
    ],
    zones: [...world.zones, ...(edge ? [{ ...edgeZoneOf(added), set: 'commons' }] : [])],
    edges: [...world.edges, ...(edge ? [{ ...added, ...(runsOn && { runsOn }) }] : [])],
  };
}

function withEndpoint(world: World, added: Extension['endpoints'][number], index: number): World {
  const { vendor, component, title = component } = added;
  const zone = `${vendor}-api.test`;
  const name = `${component}.${zone}`;
  const siblings = SIBLINGS.map((sibling) => `${sibling}.${name}`);
  const at = FIRST_ENDPOINT + index;
  const set = world.nameServers.some((known) => known.set === vendor) ? vendor : 'commons';
  const known = world.zones.find((one) => one.zone === zone) ?? { zone, set, hosts: {} };
  const hosts = Object.fromEntries([name, ...siblings].map((host) => [host, [at]]));
  const wider = { ...known, hosts: { ...known.hosts, ...hosts } };
  return {
    ...world,
    zones: [...world.zones.filter((one) => one.zone !== zone), wider],
    endpoints: [...world.endpoints, { vendor, component, title, name, zone, at, siblings }],
  };
}

function withService(world: World, added: Extension['services'][number], index: number): World {
  const { name, edge, dns, tunneled, needs, tells, calls, watched, watchedEvery, hosted, tls, software, certificate } =
    added;
  const at = FIRST_SERVICE + index;
  const zone = `${name}-zone.test`;
  const host = `${name}.${zone}`;
  const front = world.edges.find(({ vendor }) => vendor === edge)?.at ?? [at];
  const service: WorldService = {
    name,
    host,
    path: '/',
    zone,
    edge: edge ?? null,
    ...(certificate === undefined ? {} : { certificate }),
    tunneled,
    needs: needs ?? null,
    ...(tells ? { tells } : {}),
    ...(calls ? { calls: CALLED_EVERY_S } : {}),
    ...(watched ? { watched: watchedEvery } : {}),
    ...(hosted === undefined ? {} : { hosted }),
    origin: { at, tls, software },
  };
  return {
    ...world,
    ...(watched ? { watcher: WATCHER } : {}),
    zones: [...world.zones, { zone, set: dns, hosts: { [host]: front } }],
    services: [...world.services, service],
  };
}

/** What of an extension does not fit its world. `place` is told the way inside it. */
export function extensionProblems(
  extension: Extension,
  world: World,
  place: (path: readonly PropertyKey[]) => string,
): Problem[] {
  const { vendors, endpoints, services } = extension;
  const wider = withPlaces(world, extension);
  const taken = [...world.services.map(({ name }) => name), 'uplink'];
  const among = (at: readonly PropertyKey[], word: string | undefined, known: readonly string[]): Problem[] => {
    if (word === undefined || known.includes(word)) return [];
    const guess = nearest(word, known);
    const hint = guess === undefined ? `use ${[...new Set(known)].join(' or ')}` : `did you mean ${guess}?`;
    return [{ place: place(at), what: `${word} is not in this world`, hint }];
  };
  return [
    ...vendors.flatMap(({ vendor, runsOn }, index): Problem[] => {
      const components = wider.endpoints.map(({ component }) => component);
      return [
        ...(world.statusPages.some((known) => known.vendor === vendor)
          ? [{ place: place(['vendors', index]), what: `${world.name} has ${vendor} already`, hint: 'leave it out' }]
          : []),
        ...among(['vendors', index, 'runsOn'], runsOn, components),
      ];
    }),
    ...endpoints.flatMap(({ vendor, component }, index): Problem[] => {
      const at = ['endpoints', index];
      const again = wider.endpoints.filter((known) => known.component === component).length > 1;
      return [
        ...among(
          [...at, 'vendor'],
          vendor,
          wider.statusPages.map((known) => known.vendor),
        ),
        ...(again
          ? [{ place: place([...at, 'component']), what: `the name ${component} is taken`, hint: 'choose another' }]
          : []),
      ];
    }),
    ...services.flatMap(({ name, edge, dns, needs, tunneled }, index): Problem[] => {
      const at = ['services', index];
      const again = taken.includes(name) || services.findIndex((one) => one.name === name) < index;
      return [
        ...(again
          ? [{ place: place([...at, 'name']), what: `the name ${name} is taken`, hint: 'choose another' }]
          : []),
        ...among(
          [...at, 'edge'],
          edge,
          wider.edges.map(({ vendor }) => vendor),
        ),
        ...among(
          [...at, 'dns'],
          dns,
          wider.nameServers.map(({ set }) => set),
        ),
        ...among(
          [...at, 'needs'],
          needs,
          wider.endpoints.map(({ component }) => component),
        ),
        ...(tunneled && !(hasTunnel(world) && edge === world.tunnel.vendor)
          ? [{ place: place([...at, 'tunneled']), what: 'there is no tunnel to that edge', hint: 'leave it out' }]
          : []),
      ];
    }),
  ];
}
