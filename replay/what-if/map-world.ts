// The world a map tells of: who runs what, in whose zone, behind whose edge. What the map leaves out is taken to be there and
// well, as the map's reader would; addresses are made up, since nobody is ever asked.

import net from 'node:net';
import type { World, WorldEdge, WorldEndpoint, WorldService, WorldZone } from '../../lab/world.ts';
import { LOOPBACK_V6, NO_TUNNEL } from '../../lab/world.ts';
import { isNear } from '../../map/alert-path.ts';
import { domainOf } from '../../map/bind-domains.ts';
import { endpointZone } from '../../map/bind-service.ts';
import type { DemarcMap } from '../../map/load.ts';
import { zoneAbove } from '../../map/registrable.ts';
import type { ServiceEntry } from '../../map/schema.ts';
import { farEndOf } from '../../map/tunnel.ts';
import { hostOf } from '../../map/url-parts.ts';
import type { Component, Control, Vendor } from '../../map/vendor.ts';

/** Name servers of nobody in the map: the rest of the internet, your own outside, and your own at home. */
export const SETS = { commons: 'commons', own: 'own', house: 'house' } as const;

/** Nobody lives there; places get their addresses elsewhere. */
const NOWHERE = 0;

/** Endpoints are known by both names, since two vendors may call a component alike. */
export const endpointId = (vendor: string, component: string): string => `${vendor}/${component}`;

/** Who answers a service's visitors; null: its own machine. */
export const frontOf = ({ edge, tunnel }: ServiceEntry): string | null => edge?.vendor ?? tunnel?.vendor ?? null;

export function worldOf(map: DemarcMap): World {
  const { file, vendors } = map;
  const services = Object.entries(file.services);
  const edges = edgesOf(vendors);
  const fronts = services.flatMap(([, service]) => frontOf(service) ?? []);
  const missing = [...new Set(fronts)].filter((id) => !edges.some(({ vendor }) => vendor === id));
  return {
    name: file.site,
    gateway: NOWHERE,
    resolver: NOWHERE,
    resolverTest: file.resolverTest,
    former: NOWHERE,
    anchors: map.anchors.map(({ operator, address }) => ({
      operator,
      at: net.isIPv6(address) ? LOOPBACK_V6 : NOWHERE,
    })),
    publicResolvers: map.publicResolvers.map(({ operator }) => ({ operator, at: NOWHERE })),
    nameServers: [],
    registries: registriesOf(map),
    timeServers: map.timeServers.map(({ operator }) => ({ operator, at: NOWHERE })),
    ...(map.portalTests.length === 0
      ? {}
      : { portalTests: map.portalTests.map(({ operator }) => ({ operator, at: NOWHERE })) }),
    ...(file.power.length === 0 ? {} : { ups: NOWHERE }),
    ...(hasProxy(map) ? { proxy: NOWHERE } : {}),
    zones: zonesOf(map),
    dnsControls: dnsControlsOf(map),
    edges: [...edges, ...missing.map((id) => edgeOf(id, vendors.get(id)?.errors ?? [], []))],
    tunnel: tunnelOf(map),
    endpoints: [...vendors].flatMap(([id, vendor]) => endpointsOf(id, vendor)),
    statusPages: [...vendors.keys()].map((vendor) => ({ vendor, at: NOWHERE })),
    services: services.map(([name, service]) => serviceOf(name, service)),
  };
}

const hasProxy = ({ file: { proxy, services } }: DemarcMap): boolean =>
  proxy !== undefined || Object.values(services).some(({ request }) => typeof request?.proxy === 'object');

/** Of the zones above the domains of services; the closest first, since the first that fits is taken. */
function registriesOf(map: DemarcMap): World['registries'] {
  const domains = Object.values(map.file.services).flatMap(({ url }) => domainOf(map, url) ?? []);
  const signed = signersOf(map).flatMap((vendor) => zonesAt(vendor, map));
  const suffixes = [...new Set([...domains, ...(domains.length === 0 ? [] : signed)].map(zoneAbove))].sort(
    (a, b) => b.length - a.length,
  );
  return suffixes.map((suffix) => ({ suffix, at: [NOWHERE], rdap: NOWHERE }));
}

function serviceOf(name: string, service: ServiceEntry): WorldService {
  const { url, edge, tunnel, needs, origin, stamp, signals = {} } = service;
  const { hostname, pathname, protocol } = new URL(url);
  const front = frontOf(service);
  const behind = origin?.url ?? url;
  const parts = Object.keys(signals).filter((signal) => signals[signal]?.owner === 'self');
  return {
    name,
    host: hostname,
    path: pathname,
    zone: zoneOf(service),
    edge: front,
    ...(edge?.certificate === 'self' ? { certificate: 'self' as const } : {}),
    tunneled: tunnel !== undefined,
    ...(stamp === undefined ? {} : { stamped: true as const }),
    ...(parts.length === 0 ? {} : { parts }),
    needs: needs === undefined ? null : endpointId(needs.vendor, needs.component),
    origin: { at: NOWHERE, tls: front === null ? protocol === 'https:' : behind.startsWith('https:'), software: '' },
  };
}

/** The zone the map names, or the name without its first label. */
function zoneOf({ url, dns }: ServiceEntry): string {
  if (dns !== undefined) return dns.zone.toLowerCase();
  const [, ...rest] = hostOf(url).toLowerCase().split('.');
  return rest.length > 1 ? rest.join('.') : hostOf(url).toLowerCase();
}

function setOf({ url, dns }: ServiceEntry): string {
  if (dns?.vendor !== undefined) return dns.vendor;
  if (dns === undefined) return isNear(hostOf(url)) ? SETS.house : SETS.commons;
  return (dns.servers ?? []).some((server) => isNear(server.replace(/:\d+$/, ''))) ? SETS.house : SETS.own;
}

/** Zones of services first: where two sets claim a zone, the map's word counts. */
function zonesOf({ file, vendors }: DemarcMap): WorldZone[] {
  const sets = new Map<string, Pick<WorldZone, 'set' | 'signed'>>();
  const claim = (zone: string, set: string, signed?: WorldZone['signed']): void =>
    void (sets.has(zone) || sets.set(zone, { set, ...(signed && { signed }) }));
  for (const service of Object.values(file.services)) claim(zoneOf(service), setOf(service), service.dns?.signed);
  for (const [id, { components }] of vendors) {
    for (const { endpoint } of Object.values(components))
      if (endpoint !== undefined) claim(endpointZone(endpoint).toLowerCase(), id);
  }
  claim('', SETS.commons);
  return [...sets].map(([zone, served]) => ({ zone, ...served, hosts: ipv6OnlyOf(zone, file) }));
}

/** Names of a zone that the map says to have addresses of IPv6; of the others one of IPv4 is asked, which they are taken to have. */
const ipv6OnlyOf = (zone: string, { services }: DemarcMap['file']): WorldZone['hosts'] =>
  Object.fromEntries(
    Object.values(services)
      .filter((service) => service.dns?.type === 'AAAA' && zoneOf(service) === zone)
      .map(({ url }) => [hostOf(url), [LOOPBACK_V6]]),
  );

/** Vendors that sign a zone of the map, and so, it is taken, those of others too. */
const signersOf = ({ file }: DemarcMap): string[] =>
  Object.values(file.services).flatMap(({ dns }) => (dns?.signed === 'vendor' ? (dns.vendor ?? []) : []));

/** A vendor that serves a zone of the map has one of others too, whether the map asks about it or not. */
function dnsControlsOf(map: DemarcMap): World['dnsControls'] {
  const signers = signersOf(map);
  return [...map.vendors].flatMap(([vendor, { components }]) => {
    const asked = zonesAt(vendor, map);
    const serves = Object.values(components).some(({ layer }) => layer === 'dns');
    const zones = serves && asked.length === 0 ? [`${vendor}.invalid`] : asked;
    return zones.map((zone) => ({ vendor, zone, ...(signers.includes(vendor) ? { signed: 'vendor' as const } : {}) }));
  });
}

/** Zones of others at the name servers of a vendor. */
function zonesAt(vendor: string, { vendors }: DemarcMap): string[] {
  const own = Object.values(vendors.get(vendor)?.components ?? {}).filter(({ layer }) => layer === 'dns');
  return own.flatMap(({ controls }) => controls.flatMap((one) => (one.kind === 'dns' ? [one.name.toLowerCase()] : [])));
}

function edgesOf(vendors: ReadonlyMap<string, Vendor>): WorldEdge[] {
  return [...vendors].flatMap(([id, { components, errors }]) => {
    const own = Object.values(components).filter(({ layer }) => layer === 'edge' || layer === 'tunnel');
    return own.length === 0 ? [] : [edgeOf(id, errors, own)];
  });
}

function edgeOf(vendor: string, errors: Vendor['errors'], components: readonly Component[]): WorldEdge {
  const controls = components.filter(({ layer }) => layer === 'edge').flatMap((component) => component.controls);
  const hosts = controls.map((control) => ({ host: controlHost(control), at: NOWHERE }));
  return { vendor, errors, at: [NOWHERE], pop: 'FRA', city: 'Frankfurt', controls: hosts };
}

export function controlHost(control: Control): string {
  switch (control.kind) {
    case 'http':
      return hostOf(control.url);
    case 'tcp':
      return control.host;
    case 'dns':
      return control.name;
  }
}

/** The simulation knows one tunnel vendor: that of the first service with a tunnel. */
function tunnelOf({ file, vendors }: DemarcMap): World['tunnel'] {
  const use = Object.values(file.services).flatMap(({ tunnel }) => farEndOf(tunnel) ?? [])[0];
  if (use === undefined) return NO_TUNNEL;
  const component = vendors.get(use.vendor)?.components[use.component];
  const ports = component?.ports ?? [];
  const regions = ports.length === 0 ? [use.vendor] : ports.map(({ host }) => host);
  return {
    vendor: use.vendor,
    daemon: NOWHERE,
    regions: regions.map((host) => ({ host, at: NOWHERE })),
    canaries: (component?.controls ?? []).map(controlHost),
  };
}

/** Names below the endpoint's own lose their address together with it, as on 2025-10-20. */
function endpointsOf(vendor: string, { components }: Vendor): WorldEndpoint[] {
  return Object.entries(components).flatMap(([id, { title, endpoint, controls }]) => {
    if (endpoint === undefined) return [];
    const name = endpoint.name.toLowerCase();
    const siblings = controls.map(controlHost).filter((host) => host.endsWith(`.${name}`));
    const zone = endpointZone(endpoint).toLowerCase();
    return [{ vendor, component: endpointId(vendor, id), title, name, zone, at: NOWHERE, siblings }];
  });
}
