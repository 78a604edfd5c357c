// From the map to what is probed and why: targets for the scheduler, bindings for the signals. Pure; asks nobody.
import type { RdapServers } from '../exporters/registration/bootstrap.ts';
import { bindDomains, bindRegistries, registrars } from './bind-domains.ts';
import { bindService } from './bind-service.ts';
import { bindSignedControls } from './bind-signatures.ts';
import { planBursts } from './bursts.ts';
import { usedVendors, watchedVendors } from './controls.ts';
import { planEgress } from './egress.ts';
import { proxiedOf } from './forward-proxy.ts';
import { planInterception } from './interception.ts';
import type { DemarcMap } from './load.ts';
import {
  bareBinding,
  type ComponentBinding,
  type ControlBinding,
  type HostBinding,
  type OperatedTarget,
  type Plan,
  type VendorBinding,
} from './plan-types.ts';
import { bindRouting, routesOf } from './routing.ts';
import { collectTargets, type Targets } from './targets.ts';
import { hostOf, portOf } from './url-parts.ts';
import type { Component, Control, Vendor } from './vendor.ts';

/** What only this machine can tell, found before planning. */
export interface Surroundings {
  /** Default gateway, for `gateway: auto`. */
  gateway: string | null;
  /** Resolvers of this machine, `address:port`, for `resolver: auto`. */
  resolvers: readonly string[];
  /** Name servers found for zones the map gives none for. */
  nameservers: ReadonlyMap<string, readonly string[]>;
  /** Which RDAP server knows a suffix; left out: by the list that came with demarc. */
  registries?: RdapServers;
}

export const NOTHING_KNOWN: Surroundings = { gateway: null, resolvers: [], nameservers: new Map() };

/** Gentle enough for servers that everybody asks; NTP wants at least 16 s between two questions (RFC 5905). */
const TIME_PACE = { intervalMs: 128_000, gapMs: 16_000 };
/** Everybody asks these pages, but a portal should be known within a minute. */
const PORTAL_PACE = { intervalMs: 120_000, gapMs: 10_000 };
const FEED_PACE = { intervalMs: 120_000, gapMs: 60_000 };

/** The built-in service that is the connection itself. */
export const UPLINK_SERVICE = 'uplink';

/** Plans every probe of a map. */
export function planOf(map: DemarcMap, around: Surroundings): Plan {
  const targets = collectTargets(map);
  const { file } = map;
  const anchors = map.anchors.map(({ address, port, operator }): OperatedTarget => {
    const target = targets.add('anchor', `${operator}/${address}:${port}`, 'tcp', { host: address, port });
    return { target, operator };
  });
  const publicResolvers = map.publicResolvers.map(({ address, operator }): OperatedTarget => {
    const target = targets.add(
      'public_resolver',
      `${operator}/${address}`,
      'dns',
      question(address, file.resolverTest),
    );
    return { target, operator };
  });
  const domains = bindDomains(map, around, targets);
  const routes = bindRouting(file.routing, targets);
  const services = [
    ...Object.entries(file.services).map(([name, service]) =>
      bindService(name, service, { map, around, targets, domains }),
    ),
    bareBinding(UPLINK_SERVICE, 'uplink'),
  ].map((service) => ({ ...service, routes: routesOf(service, routes) }));
  const gateway = gatewayOf(map, around);
  const resolver = resolverOf(map, around);
  planBursts(map, { gateway: gateway?.address ?? null, resolver: resolver?.address ?? null }, targets);
  planEgress(map, targets);
  planInterception(map, targets);
  // Judged by nobody: what ends soon is told by rules of its own.
  for (const [name, wanted] of Object.entries(file.certificates))
    targets.add('certificate', name, 'certificate', wanted, { service: name });
  return {
    site: file.site,
    anchors,
    gateway: gateway === null ? null : bindGateway(gateway, targets),
    resolver: resolver === null ? null : bindResolver(resolver, file.resolverTest, targets),
    publicResolvers,
    controls: [
      ...watchedVendors(map).flatMap((id) => bindControls(id, map.vendors.get(id), targets)),
      ...bindRegistries(domains, targets),
    ],
    signedControls: bindSignedControls(map, domains, targets),
    services,
    vendors: new Map([
      ...[...map.vendors].map(([id, vendor]): [string, VendorBinding] => [id, bindVendor(vendor)]),
      ...registrars(domains),
    ]),
    domains,
    timeServers: map.timeServers.map(({ host, port, operator }): OperatedTarget => {
      const target = targets.add('time', `${operator}/${host}:${port}`, 'clock', { host, port }, {}, TIME_PACE);
      return { target, operator };
    }),
    fleet: bindFleet(map, targets),
    portals: bindPortals(map, targets),
    power: bindPower(map, targets),
    feeds: usedVendors(map).flatMap((id) => bindFeed(id, map.vendors.get(id), targets)),
    proxied: proxiedOf(targets.all()),
    targets: targets.all(),
  };
}

function question(server: string, name: string): Record<string, unknown> {
  return { server, name, type: 'A', recursion: true };
}

interface Gateway {
  address: string;
  port: number;
}

const GATEWAY_PORT = 80;

function gatewayOf({ file: { gateway } }: DemarcMap, around: Surroundings): Gateway | null {
  if (gateway === 'none') return null;
  if (gateway !== 'auto') return gateway;
  return around.gateway === null ? null : { address: around.gateway, port: GATEWAY_PORT };
}

function bindGateway({ address: host, port }: Gateway, targets: Targets): string {
  return targets.add('gateway', `${host}:${port}`, 'tcp', { host, port, aliveWhenRefused: true });
}

interface Resolver {
  address: string;
  owner: 'self' | 'isp';
}

function resolverOf({ file: { resolver } }: DemarcMap, around: Surroundings): Resolver | null {
  if (resolver !== 'auto') return resolver;
  const [address] = around.resolvers;
  return address === undefined ? null : { address, owner: 'self' };
}

function bindResolver({ address, owner }: Resolver, testName: string, targets: Targets): Plan['resolver'] {
  const asked = question(address, testName);
  return {
    target: targets.add('resolver', address, 'dns', asked),
    unchecked: targets.add('resolver_unchecked', address, 'dns', { ...asked, unchecked: true }),
    own: owner === 'self',
  };
}

function bindFleet({ file }: DemarcMap, targets: Targets): HostBinding[] {
  return Object.entries(file.hosts).map(([name, { address: host, port, ping, labels }]) => {
    const byPort = port === undefined ? [] : [{ port, settings: { host, port, aliveWhenRefused: true } }];
    const asked = [
      ...byPort.map((one) => targets.add('fleet', `${name}/tcp-${one.port}`, 'tcp', one.settings)),
      ...((ping ?? port === undefined) ? [targets.add('fleet', `${name}/ping`, 'ping', { host })] : []),
    ];
    return { name, targets: asked, labels };
  });
}

function bindPortals({ portalTests }: DemarcMap, targets: Targets): OperatedTarget[] {
  return portalTests.map(({ url, status, body, operator }) => {
    const name = `${operator}/${hostOf(url)}:${portOf(url)}${new URL(url).pathname}`;
    return { target: targets.add('portal', name, 'portal', { url, status, body }, {}, PORTAL_PACE), operator };
  });
}

function bindPower({ file }: DemarcMap, targets: Targets): string[] {
  return file.power.map(({ name, ...settings }) => targets.add('power', name ?? settings.ups, 'power', settings));
}

function bindFeed(vendor: string, known: Vendor | undefined, targets: Targets): Plan['feeds'] {
  if (known?.status === undefined) return [];
  const { kind: format, url } = known.status;
  const named = Object.entries(known.components).flatMap(([name, { onStatusPage }]) =>
    onStatusPage === undefined ? [] : [[name, onStatusPage] as const],
  );
  const settings = { url, format, ...(named.length > 0 && { known: Object.fromEntries(named) }) };
  const target = targets.add('status', vendor, 'status', settings, { vendor }, FEED_PACE);
  return [{ target, vendor }];
}

function bindControls(id: string, vendor: Vendor | undefined, targets: Targets): ControlBinding[] {
  return Object.entries(vendor?.components ?? {}).flatMap(([component, { controls }]) =>
    controls.flatMap((control) =>
      controlTargets(id, component, control, vendor, targets).map((target) => ({ target, vendor: id, component })),
    ),
  );
}

function controlTargets(
  vendor: string,
  component: string,
  control: Control,
  known: Vendor | undefined,
  targets: Targets,
): string[] {
  const labels = { vendor, component };
  const at = `${vendor}/${component}`;
  switch (control.kind) {
    case 'http': {
      const { url, status } = control;
      // Where the name itself may be what broke, a remembered address would hide it.
      const resolve = known?.components[component]?.layer === 'endpoint' ? 'fresh' : 'last_good';
      const settings = {
        url,
        resolve,
        expect: { status },
        headers: known?.requestHeaders,
        errorClasses: known?.errors ?? [],
        popHeader: known?.popHeader,
      };
      return [
        targets.add('control', `${at}/${hostOf(url)}:${portOf(url)}${new URL(url).pathname}`, 'http', settings, labels),
      ];
    }
    case 'dns':
      return control.servers.map((server) =>
        targets.add(
          'control',
          `${at}/${control.name}@${server}`,
          'dns',
          { server, name: control.name, type: control.type, recursion: false },
          labels,
        ),
      );
    case 'tcp':
      return [
        targets.add(
          'control',
          `${at}/${control.host}:${control.port}`,
          'tcp',
          { host: control.host, port: control.port },
          labels,
        ),
      ];
  }
}

function bindComponent({ title, layer, sla, runsOn }: Component): ComponentBinding {
  const below = runsOn && { vendor: runsOn.vendor, component: runsOn.component };
  return { title, layer, ...(sla && { sla }), ...(below && { runsOn: below }) };
}

function bindVendor({ title, operators, components, status }: Vendor): VendorBinding {
  const named = Object.entries(components).map(([name, component]) => [name, bindComponent(component)] as const);
  return { title, operators, components: Object.fromEntries(named), statusPage: status?.page ?? null };
}
