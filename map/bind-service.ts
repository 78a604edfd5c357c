// Binds one service: a target for every link of its path that the map names.
import type { VendorLayer } from '../catalog/layers.ts';
import type { TargetLabels } from '../exporters/target.ts';
import { isNear } from './alert-path.ts';
import { domainOf, registrationDependencies } from './bind-domains.ts';
import { bindSigned } from './bind-signatures.ts';
import { bindCustom } from './custom.ts';
import { addPeer } from './egress.ts';
import { bindProxy } from './forward-proxy.ts';
import type { DemarcMap } from './load.ts';
import { bindOutside } from './outside.ts';
import { ownersOf } from './owners.ts';
import type { Surroundings } from './plan.ts';
import type { Dependency, DomainBinding, ServiceBinding } from './plan-types.ts';
import type { ServiceEntry } from './schema.ts';
import type { Targets } from './targets.ts';
import { bindTunnel, farEndOf } from './tunnel.ts';
import { hostOf, portOf } from './url-parts.ts';
import type { Component, Vendor } from './vendor.ts';

/** Who runs which layer of a service. */
export function dependenciesOf(service: ServiceEntry): Dependency[] {
  const use = (layer: VendorLayer, vendor: string | undefined, component: string): Dependency[] =>
    vendor === undefined ? [] : [{ layer, vendor, component }];
  return [
    ...use('dns', service.dns?.vendor, 'dns'),
    ...use('endpoint', service.needs?.vendor, service.needs?.component ?? ''),
    ...use('edge', service.edge?.vendor, service.edge?.component ?? ''),
    ...use('tunnel', farEndOf(service.tunnel)?.vendor, farEndOf(service.tunnel)?.component ?? ''),
  ];
}

const isNearServer = (server: string): boolean => isNear(server.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''));

/** Whether any part of the way from here leads outside, or may. A name without servers of its own at home is found outside. */
function leavesTheHouse({ url, dns, edge, tunnel, needs, origin, hosted }: ServiceEntry): boolean {
  if (hosted === 'elsewhere') return true;
  if (dns?.vendor !== undefined || edge !== undefined || tunnel !== undefined || needs !== undefined) return true;
  const host = hostOf(url);
  if (origin !== undefined && !isNear(hostOf(origin.url))) return true;
  if (isNear(host)) return dns !== undefined && !(dns.servers ?? []).every(isNearServer);
  const ownNames = dns?.servers !== undefined && dns.servers.length > 0 && dns.servers.every(isNearServer);
  return !(ownNames && origin !== undefined);
}

/** Whether it runs behind the line of this vantage, or may. */
export function isBehindUplink({ hosted, tunnel, origin }: ServiceEntry): boolean {
  if (hosted !== undefined) return hosted === 'here';
  return tunnel !== undefined || origin === undefined || isNear(hostOf(origin.url));
}

/** What services are bound to besides themselves. */
interface Binding {
  map: DemarcMap;
  around: Surroundings;
  targets: Targets;
  domains: readonly DomainBinding[];
}

export function bindService(
  name: string,
  service: ServiceEntry,
  { map, around, targets, domains }: Binding,
): ServiceBinding {
  const domain = domains.find((one) => one.name === domainOf(map, service.url));
  const labels = { service: name };
  const { url, expect, edge, tunnel, stamp } = service;
  const farEnd = farEndOf(tunnel);
  const front = edge === undefined ? undefined : map.vendors.get(edge.vendor);
  const { errors: errorClasses = [], popHeader, askAgainWith } = front ?? {};
  const errors = { errorClasses, popHeader, askAgainWith, stamp };
  const asked = { ...service.request, headers: { ...front?.requestHeaders, ...service.request?.headers } };
  const https = url.startsWith('https:');
  const { clientCertificate } = service.request ?? {};
  const served = { host: hostOf(url), port: portOf(url), revocation: map.file.revocation, clientCertificate };
  watchZone(name, service, around, targets);
  return {
    name,
    kind: 'map',
    url,
    beyondUplink: domain !== undefined || leavesTheHouse(service),
    user: targets.add('service', name, 'http', { url, resolve: 'fresh', expect, ...asked, ...errors }, labels),
    proxy: bindProxy(url, service.request?.proxy, map.file.proxy),
    nameservers: bindNameservers(name, service, map, around, targets),
    signed: bindSigned(service, map, targets),
    signerOwn: service.dns?.signed === 'self',
    endpoint: bindEndpoint(name, service, map, around, targets),
    edge:
      edge === undefined
        ? null
        : bindEdge(name, service, front, targets, { ...labels, vendor: edge.vendor, component: edge.component }),
    edgeCertificate: https ? targets.add('edge_certificate', name, 'certificate', served, labels) : null,
    edgeCertificateOwn: edge === undefined || edge.certificate === 'self',
    tunnel: tunnel === undefined ? null : bindTunnel(name, tunnel, targets),
    tunnelEdge:
      farEnd === undefined
        ? []
        : bindTunnelPorts(map.vendors.get(farEnd.vendor)?.components[farEnd.component], farEnd, targets),
    ...bindOrigin(name, service, targets),
    ...bindCustom(name, service, targets),
    ...bindOutside(name, service.outside, targets),
    behindUplink: isBehindUplink(service),
    routes: [],
    failover: bindFailover(name, service, targets),
    domain: domain?.name ?? null,
    dependencies: [...registrationDependencies(domain), ...dependenciesOf(service)],
  };
}

function bindNameservers(
  name: string,
  { dns, edge, url }: ServiceEntry,
  { vendors }: DemarcMap,
  around: Surroundings,
  targets: Targets,
): string[] {
  if (dns === undefined) return [];
  const asked = {
    name: hostOf(url),
    type: dns.type,
    recursion: false,
    owners: ownersOf([dns.zone], vendors),
    // A CDN answers with whichever of its addresses it likes.
    fingerprint: (dns.agree ?? (edge === undefined ? 'same' : 'any')) === 'same',
    ...(dns.expect && { expect: { records: dns.expect } }),
  };
  const servers = dns.servers ?? around.nameservers.get(dns.zone) ?? [];
  const labels = { service: name, vendor: dns.vendor ?? '', component: dns.vendor === undefined ? '' : 'dns' };
  return servers.map((server) => targets.add('nameserver', `${name}@${server}`, 'dns', { server, ...asked }, labels));
}

/** Serials and signatures change by the hour at most. */
const ZONE_PACE = { intervalMs: 300_000, gapMs: 10_000 };

/** The zone itself, at every server that should have the same copy of it. Judged by no verdict: nobody suffers yet. */
function watchZone(name: string, { dns }: ServiceEntry, around: Surroundings, targets: Targets): void {
  if (dns === undefined) return;
  const servers = dns.servers ?? around.nameservers.get(dns.zone) ?? [];
  if (servers.length < 2 && dns.signed === undefined) return;
  const labels = { service: name, vendor: dns.vendor ?? '', component: dns.vendor === undefined ? '' : 'dns' };
  for (const server of servers) {
    const asked = { server, name: dns.zone, type: 'SOA', recursion: false, signatures: dns.signed !== undefined };
    targets.add('zone', `${name}/${dns.zone}@${server}`, 'dns', asked, labels, ZONE_PACE);
  }
}

/** Zone a component's endpoint lives in. */
export function endpointZone({ name, zone }: NonNullable<Component['endpoint']>): string {
  return zone ?? name.split('.').slice(1).join('.');
}

function bindEndpoint(
  name: string,
  { needs }: ServiceEntry,
  map: DemarcMap,
  around: Surroundings,
  targets: Targets,
): string[] {
  const endpoint = needs && map.vendors.get(needs.vendor)?.components[needs.component]?.endpoint;
  if (!needs || !endpoint) return [];
  const servers = endpoint.servers ?? around.nameservers.get(endpointZone(endpoint)) ?? [];
  const labels = { service: name, vendor: needs.vendor, component: needs.component };
  return servers.map((server) =>
    targets.add(
      'endpoint',
      `${name}/${endpoint.name}@${server}`,
      'dns',
      { server, name: endpoint.name, type: endpoint.type, recursion: false },
      labels,
    ),
  );
}

function bindEdge(
  name: string,
  service: ServiceEntry,
  vendor: Vendor | undefined,
  targets: Targets,
  labels: Partial<TargetLabels>,
): string {
  const path = vendor?.components[service.edge?.component ?? '']?.edgePath;
  const url = path === undefined ? service.url : new URL(path, service.url).href;
  const expect = path === undefined ? service.expect : { status: [200] };
  const settings = {
    url,
    resolve: 'last_good',
    expect,
    // No secrets for what the edge answers itself: that is open to everybody who gets through the handshake.
    ...(path === undefined ? service.request : wayOf(service.request)),
    headers: { ...vendor?.requestHeaders, ...(path === undefined ? service.request?.headers : {}) },
    errorClasses: vendor?.errors ?? [],
    popHeader: vendor?.popHeader,
    askAgainWith: vendor?.askAgainWith,
  };
  return targets.add('edge', name, 'http', settings, labels);
}

const wayOf = (request: ServiceEntry['request']): Pick<NonNullable<ServiceEntry['request']>, 'clientCertificate'> => ({
  ...(request && { protocol: request.protocol, proxy: request.proxy }),
  clientCertificate: request?.clientCertificate,
});

function bindTunnelPorts(
  component: Component | undefined,
  use: { vendor: string; component: string },
  targets: Targets,
): string[] {
  const labels = { vendor: use.vendor, component: use.component };
  return (component?.ports ?? []).map(({ host, port, quic }) => {
    if (quic) addPeer({ host, port, over: 'quic', operator: use.vendor }, targets);
    return targets.add('tunnel_edge', `${use.vendor}/${host}:${port}`, 'tcp', { host, port }, labels);
  });
}

function bindOrigin(
  name: string,
  { origin, stamp, hosted }: ServiceEntry,
  targets: Targets,
): Pick<ServiceBinding, 'host' | 'hostNear' | 'origin' | 'originCertificate'> {
  if (origin === undefined) return { host: null, hostNear: false, origin: null, originCertificate: null };
  const labels = { service: name };
  const { url, expect } = origin;
  const host = hostOf(url);
  const port = portOf(url);
  const asked = { url, host: origin.host, resolve: 'last_good', expect, tlsVerify: false, stamp, ...origin.request };
  const { clientCertificate } = origin.request ?? {};
  const certificate = { host, port, serverName: origin.host, clientCertificate };
  return {
    host: targets.add(
      'host',
      `${name}/${host}:${origin.hostPort ?? port}`,
      'tcp',
      { host, port: origin.hostPort ?? port, aliveWhenRefused: true },
      labels,
    ),
    hostNear: hosted !== 'elsewhere' && isNear(host),
    origin: targets.add('origin', name, 'http', asked, labels),
    originCertificate: url.startsWith('https:')
      ? targets.add('origin_certificate', name, 'certificate', certificate, labels)
      : null,
  };
}

/** The whole second path, as a user would meet it after a switch: found by its name, with a certificate that must be valid. */
function bindFailover(
  name: string,
  { failover, expect, stamp, request }: ServiceEntry,
  targets: Targets,
): string | null {
  if (failover === undefined) return null;
  const { url, host, vendor = '' } = failover;
  return targets.add(
    'failover',
    name,
    'http',
    { url, host, resolve: 'fresh', expect, stamp, ...request },
    { service: name, vendor },
  );
}
