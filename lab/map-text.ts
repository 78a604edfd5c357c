// Writes the demarc.yaml that watches a world. It replaces every address the vendor catalogue would ask, so that nothing
// public is ever asked; what the catalogue knows about how vendors word their errors stays.
import net from 'node:net';
import path from 'node:path';
import { stringify } from 'yaml';
import type { z } from 'zod';
import type { MapFile } from '../map/schema.ts';
import type { Control } from '../map/vendor.ts';
import { loadCatalogue } from '../map/vendors.ts';
import { routingOf } from './bystanders.ts';
import { tunnelInput } from './daemons.ts';
import { signalsOf } from './map-signals.ts';
import { resolverName } from './names.ts';
import { STAMP } from './origins.ts';
import type { Outlet, OutletRole } from './outlet.ts';
import { DAYS_LEFT, inDays, nameServersOf, registeredAs } from './registration.ts';
import { findOutlets, onlyOutlet } from './site.ts';
import { UPS } from './ups.ts';
import type { Place } from './wall.ts';
import { type At, hasTunnel, LOOPBACK_V6, type World, type WorldService } from './world.ts';

type MapInput = z.input<typeof MapFile>;
type VendorInput = NonNullable<MapInput['vendors']>[string];
type ComponentInput = NonNullable<VendorInput['components']>[string];
type ServiceInput = NonNullable<MapInput['services']>[string];

/** A world and the ports it was given. */
interface Built {
  world: World;
  outlets: readonly Outlet[];
  /** Where the lab keeps its files. */
  folder: string;
}

const SOURCE = { source: 'lab', checked: 'never' } as const;

const HEADER =
  "# Watches the lab and nothing else: every address is loopback, every name is known to the lab's resolver only.\n";

const spell = ({ address, port }: Place): string => `${net.isIPv6(address) ? `[${address}]` : address}:${port}`;

/** `trust`: the file that holds the lab's authority, in the folder where all its files are. */
export function mapText(world: World, outlets: readonly Outlet[], trust: string): string {
  const built: Built = { world, outlets, folder: path.dirname(trust) };
  const { address, port } = onlyOutlet(outlets, 'gateway');
  const map: MapInput = {
    version: 1,
    site: 'lab',
    trust: [trust],
    gateway: world.gatewayUnknown ? 'none' : { address, port },
    resolver: { address: spell(onlyOutlet(outlets, 'resolver')), owner: world.resolverOfIsp ? 'isp' : 'self' },
    publicResolvers: publicResolversOf(built),
    resolverTest: world.resolverTest,
    ...(world.pings ? { bursts: { ping: true } } : {}),
    hosts: hostsOf(built),
    egress: [...egressOf('tcp', built), ...egressOf('quic', built)],
    portalTests: findOutlets(outlets, 'portal_test').map((outlet) => ({
      url: `http://${spell(outlet)}/generate_204`,
      operator: outlet.owner,
    })),
    ...proxyOf(built),
    ...(world.asksForList ? { revocation: 'list' as const } : {}),
    power: findOutlets(outlets, 'ups').map(({ address: host, port }) => ({ host, port, ups: UPS })),
    timeServers: findOutlets(outlets, 'time').map(({ address, port, owner }) => ({
      host: address,
      port,
      operator: owner,
    })),
    domains: domainsOf(built),
    anchors: findOutlets(outlets, 'anchor').map((outlet) => ({
      address: outlet.address,
      port: outlet.port,
      operator: outlet.owner,
    })),
    ...routingOf(world, outlets),
    watch: world.statusPages.map(({ vendor }) => vendor),
    vendors: Object.fromEntries(world.statusPages.map(({ vendor }) => [vendor, vendorOf(vendor, built)])),
    services: Object.fromEntries(world.services.map((service) => [service.name, serviceOf(service, built)])),
  };
  // Without aliases, since people read this.
  return HEADER + stringify(map, { aliasDuplicateObjects: false, lineWidth: 0 });
}

function proxyOf({ outlets }: Built): Partial<Pick<MapInput, 'proxy'>> {
  const [outlet] = findOutlets(outlets, 'proxy');
  return outlet === undefined ? {} : { proxy: { url: `http://${spell(outlet)}` } };
}

/** Outlets stand in the order of the world. */
function publicResolversOf({ world, outlets }: Built): NonNullable<MapInput['publicResolvers']> {
  const places = findOutlets(outlets, 'public_resolver');
  return world.publicResolvers.map(({ operator, over, identity }, index) => {
    const place = spell(outletAt(places, index));
    const address = over === undefined ? place : `${over}://${place}#${resolverName(operator)}`;
    return { address, operator, ...(identity === undefined ? {} : { identity: `\\.${operator}\\.test$` }) };
  });
}

function egressOf(over: 'tcp' | 'quic', { outlets }: Built): NonNullable<MapInput['egress']> {
  const role = over === 'tcp' ? 'egress' : 'quic';
  return findOutlets(outlets, role).map(({ address: host, port, owner }) => ({ host, port, over, operator: owner }));
}

function hostsOf({ world, outlets }: Built): NonNullable<MapInput['hosts']> {
  const places = findOutlets(outlets, 'fleet');
  return Object.fromEntries(
    (world.fleet ?? []).map(({ name, kind, switch: hangsOn, updates }, index) => {
      const { address, port } = outletAt(places, index);
      return [name, { address, port, labels: { os: kind, switch: hangsOn, ...(updates && { updates }) } }];
    }),
  );
}

function domainsOf({ world, outlets }: Built): NonNullable<MapInput['domains']> {
  return Object.fromEntries(
    world.services.map(({ host, zone }): [string, NonNullable<MapInput['domains']>[string]] => {
      const registered = registeredAs(world, host);
      if (registered === null) return [zone, 'none'];
      const { domain, registry } = registered;
      const parents = findOutlets(outlets, 'registry', registry.suffix).map(spell);
      const rdap = `http://${spell(onlyOutlet(outlets, 'rdap', registry.suffix))}/`;
      const isDeclared = world.zones.some((known) => known.zone === domain && known.declared === true);
      const until = isDeclared ? { expiresOn: new Date(inDays(DAYS_LEFT)).toISOString().slice(0, 10) } : {};
      return [domain, { rdap, parents, nameServers: nameServersOf(world, domain), ...until }];
    }),
  );
}

function vendorOf(vendor: string, built: Built): VendorInput {
  const statusPage = `http://${spell(onlyOutlet(built.outlets, 'status', vendor))}/`;
  const known = loadCatalogue().get(vendor);
  return {
    // A vendor nobody has written a file for is described here whole.
    ...(known === undefined ? { title: vendor, operators: [vendor], errors: errorsOf(vendor, built) } : {}),
    status: { kind: 'statuspage', url: `${statusPage}api/v2/summary.json`, page: statusPage, ...SOURCE },
    components: {
      ...mutedComponents(vendor),
      ...edgeOf(vendor, built),
      ...dnsOf(vendor, built),
      ...tunnelOf(vendor, built),
      ...endpointsOf(vendor, built),
    },
  };
}

function errorsOf(vendor: string, { world }: Built): NonNullable<VendorInput['errors']> {
  return [...(world.edges.find((edge) => edge.vendor === vendor)?.errors ?? [])];
}

/** Components of the catalogue this world does not have: kept, but nobody of theirs is asked. */
function mutedComponents(vendor: string): Record<string, ComponentInput> {
  const known = Object.keys(loadCatalogue().get(vendor)?.components ?? {});
  return Object.fromEntries(known.map((name) => [name, { controls: [], ports: [] }]));
}

function edgeOf(vendor: string, { world, outlets }: Built): Record<string, ComponentInput> {
  const found = world.edges.find((edge) => edge.vendor === vendor);
  if (found === undefined) return {};
  // Several addresses of one control share its port.
  const ports = [...new Set(findOutlets(outlets, 'edge_control', vendor).map(({ port }) => port))];
  const controls = found.controls.map(({ host }, index) => httpControl(`https://${host}:${ports[index]}/`));
  // Fastly has no path of its own on customers' hosts.
  const path = vendor === 'cloudflare' ? { edgePath: '/cdn-cgi/trace' } : {};
  const below = world.endpoints.find(({ component }) => component === found.runsOn);
  const runsOn = below === undefined ? {} : { runsOn: { vendor: below.vendor, component: below.component, ...SOURCE } };
  return { edge: { title: 'edge', layer: 'edge', ...path, ...runsOn, controls } };
}

function httpControl(url: string): Control {
  return { kind: 'http', url, status: [200], ...SOURCE };
}

function outletAt(outlets: readonly Outlet[], index: number): Outlet {
  const outlet = outlets[index];
  if (outlet === undefined) throw new Error(`no outlet ${index}`);
  return outlet;
}

const setOf = (zone: string, { zones }: World): string => zones.find((known) => known.zone === zone)?.set ?? '';

function serversOf(set: string, outlets: readonly Outlet[]): string[] {
  return findOutlets(outlets, 'nameserver', set).map(spell);
}

function dnsOf(vendor: string, { world, outlets }: Built): Record<string, ComponentInput> {
  const zones = world.dnsControls.filter((control) => control.vendor === vendor);
  if (zones.length === 0) return {};
  const servers = serversOf(vendor, outlets);
  const controls = zones.map(({ zone }): Control => ({ kind: 'dns', name: zone, type: 'SOA', servers, ...SOURCE }));
  return { dns: { title: vendor === 'aws' ? 'Route 53' : 'DNS', layer: 'dns', controls } };
}

function tunnelOf(vendor: string, { world, outlets }: Built): Record<string, ComponentInput> {
  const { tunnel } = world;
  if (!hasTunnel(world) || tunnel.vendor !== vendor) return {};
  const ports = tunnel.regions.map(({ host }) => ({ host, port: onlyOutlet(outlets, 'tunnel_port', host).port }));
  const { port } = onlyOutlet(outlets, 'edge', vendor);
  const controls = tunnel.canaries.map((host) => httpControl(`https://${host}:${port}/`));
  return { tunnel: { title: 'tunnel service', layer: 'tunnel', ports, controls } };
}

function endpointsOf(vendor: string, { world, outlets }: Built): Record<string, ComponentInput> {
  const own = world.endpoints.filter((endpoint) => endpoint.vendor === vendor);
  return Object.fromEntries(
    own.map(({ component, title, name, zone, siblings }): [string, ComponentInput] => {
      const servers = serversOf(setOf(zone, world), outlets);
      const { port } = onlyOutlet(outlets, 'endpoint', component);
      const controls = siblings.flatMap((sibling): Control[] => [
        { kind: 'dns', name: sibling, type: 'A', servers, ...SOURCE },
        httpControl(`http://${sibling}:${port}/ping`),
      ]);
      return [component, { title, layer: 'endpoint', endpoint: { name, zone, type: 'A', servers }, controls }];
    }),
  );
}

function viewOf(
  { name }: WorldService,
  everyS: number,
  outlets: readonly Outlet[],
): NonNullable<ServiceInput['outside']>[string] {
  const at = `/services/${name}`;
  return {
    url: `http://${spell(onlyOutlet(outlets, 'watcher'))}/`,
    pointer: `${at}/state`,
    up: ['up'],
    down: ['down'],
    checked: `${at}/checked_at`,
    every: `${everyS}s`,
  };
}

const isIpv6Only = (at: readonly At[] = []): boolean => at.length > 0 && at.every((one) => one === LOOPBACK_V6);

function serviceOf(service: WorldService, { world, outlets, folder }: Built): ServiceInput {
  const { name, host, zone, edge, certificate, tunneled, needs } = service;
  const { set = '', signed, hosts = {} } = world.zones.find((known) => known.zone === zone) ?? {};
  const origin = onlyOutlet(outlets, 'origin', name);
  const endpoint = world.endpoints.find(({ component }) => component === needs);
  const scheme = service.origin.tls ? 'https' : 'http';
  const frontRole: OutletRole = edge === null ? 'origin' : 'edge';
  const front = onlyOutlet(outlets, frontRole, edge ?? name);
  const tunnel = tunneled
    ? { metrics: `http://${spell(onlyOutlet(outlets, 'daemon'))}` }
    : tunnelInput(service, outlets, folder);
  const signals = signalsOf(service, endpoint, outlets);
  // A set that belongs to no vendor is your own.
  const vendor = world.statusPages.find((known) => known.vendor === set)?.vendor;
  return {
    url: `${edge === null ? scheme : 'https'}://${host}:${front.port}${service.path}`,
    dns: {
      zone,
      ...(vendor === undefined ? {} : { vendor }),
      ...(isIpv6Only(hosts[host]) ? { type: 'AAAA' } : {}),
      signed,
      servers: serversOf(set, outlets),
    },
    ...(edge === null ? {} : { edge: { vendor: edge, ...(certificate === undefined ? {} : { certificate }) } }),
    ...(tunnel === null ? {} : { tunnel }),
    ...(endpoint === undefined ? {} : { needs: { vendor: endpoint.vendor, component: endpoint.component } }),
    origin: {
      url: `${scheme}://${spell(origin)}${service.path}`,
      host,
      hostPort: onlyOutlet(outlets, 'host', name).port,
    },
    ...(service.watched === undefined ? {} : { outside: { watcher: viewOf(service, service.watched, outlets) } }),
    ...(service.hosted === undefined ? {} : { hosted: service.hosted }),
    ...(Object.keys(signals).length === 0 ? {} : { signals }),
    // The tunnel's second path: straight to the origin, as over an address of one's own line.
    ...(tunneled ? { failover: { url: `${scheme}://${spell(origin)}${service.path}`, host } } : {}),
    ...(service.stamped ? { stamp: STAMP } : {}),
  };
}
