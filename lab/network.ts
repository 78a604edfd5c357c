// Builds a world: every element as real servers on loopback, wired to each other by address.
import { X509Certificate } from 'node:crypto';
import type { Respond } from './answer.ts';
import type { Authority } from './authority.ts';
import { buildBystanders } from './bystanders.ts';
import { buildAgents } from './daemons.ts';
import type { Damage } from './damage.ts';
import { buildEdges } from './edges.ts';
import { buildEgress } from './egress.ts';
import { viewsFromElsewhere } from './elsewhere.ts';
import { buildFleet } from './fleet.ts';
import { greetAsSsh, hold } from './greetings.ts';
import type { AddressOf } from './loopback.ts';
import { buildNames } from './names.ts';
import {
  type ConsumerSurroundings,
  endpointConsumer,
  endpointServer,
  pageOrigin,
  partsDocument,
  statusPage,
} from './origins.ts';
import type { Outlet } from './outlet.ts';
import type { Patience } from './patience.ts';
import { buildPortalTests } from './portal.ts';
import { buildProxy } from './proxy.ts';
import { buildRegistries } from './registries.ts';
import { buildRevocations } from './revocations.ts';
import { metAt } from './scope.ts';
import { signersOf } from './signers.ts';
import { addHttp, addPort, onlyOutlet, type Presentable, type Site } from './site.ts';
import { buildTimeServers } from './time-servers.ts';
import { startTunnel, type Tunnel } from './tunnel.ts';
import { buildUps } from './ups.ts';
import { toOrigin } from './upstream.ts';
import { hasTunnel, originSide, type World, type WorldService } from './world.ts';

export interface Network {
  outlets: readonly Outlet[];
  /** null in a world without one. */
  tunnel: Tunnel | null;
  certificates: readonly Presentable[];
}

export async function buildNetwork(
  world: World,
  addressOf: AddressOf,
  authority: Authority,
  damage: Damage,
  patience: Patience,
  repointed: Site['repointed'] = new Map(),
): Promise<Network> {
  const signers = signersOf(world, damage);
  const site: Site = {
    world,
    addressOf,
    authority,
    damage,
    patience,
    signers,
    repointed,
    outlets: [],
    certificates: [],
    serials: new Map(),
  };
  site.authority = await buildRevocations(site);
  await buildPlainPorts(site);
  await buildRegistries(site);
  await buildNames(site);
  await buildTimeServers(site);
  await buildUps(site);
  await buildFleet(site);
  await buildEgress(site);
  await buildPortalTests(site);
  await buildProxy(site);
  await buildEndpoints(site);
  await buildOrigins(site);
  await buildParts(site);
  await buildAgents(site);
  await buildBystanders(site);
  const tunnel = hasTunnel(world) ? await buildTunnel(site) : null;
  await buildEdges(site, tunnel);
  return { outlets: site.outlets, tunnel, certificates: site.certificates };
}

async function buildPlainPorts(site: Site): Promise<void> {
  const { world } = site;
  await addPort(site, { role: 'gateway', owner: '', side: 'lan' }, world.gateway, hold);
  for (const { operator, at } of world.anchors) {
    await addPort(site, { role: 'anchor', owner: operator, side: 'internet' }, at, hold);
  }
  for (const { host, at } of world.tunnel.regions) {
    await addPort(site, { role: 'tunnel_port', owner: host, side: 'internet' }, at, hold);
  }
  for (const service of world.services) {
    const { name, origin } = service;
    await addPort(site, { role: 'host', owner: name, side: originSide(service) }, origin.at, greetAsSsh);
  }
  for (const { vendor, at } of world.statusPages) {
    const place = { role: 'status', owner: vendor, side: 'internet', at: [at] } as const;
    await addHttp(site, place, statusPage(vendor, site.damage), null);
  }
  if (world.watcher === undefined) return;
  const watcher = { role: 'watcher', owner: '', side: 'internet', at: [world.watcher] } as const;
  await addHttp(site, watcher, viewsFromElsewhere(world, site.damage), null);
}

async function buildEndpoints(site: Site): Promise<void> {
  for (const endpoint of site.world.endpoints) {
    const { component, at } = endpoint;
    const { groups } = metAt(endpoint);
    const place = { role: 'endpoint', owner: component, side: 'internet', at: [at], groups } as const;
    await addHttp(site, place, endpointServer(endpoint, site.damage), null);
  }
}

async function buildOrigins(site: Site): Promise<void> {
  for (const service of site.world.services) {
    const { name, host, origin, edge } = service;
    const current = origin.tls ? await site.authority.issue([host]) : null;
    const side = originSide(service);
    const place = { role: 'origin', owner: name, side, at: [origin.at] } as const;
    const shown = edge === null ? ({ ...place, hadFormer: true } as const) : place;
    const handler = await addHttp(site, shown, applicationOf(site, service), current);
    if (current === null) continue;
    site.serials.set(name, new X509Certificate(current.cert).serialNumber);
    const expired = await site.authority.issue([host], 'expired');
    site.certificates.push({
      brokenBy: 'origin_certificate_expired',
      target: name,
      side,
      role: 'origin',
      present: (validity) => handler.present(validity === 'expired' ? expired : current),
    });
  }
}

function applicationOf(site: Site, service: WorldService): Respond {
  const endpoint = site.world.endpoints.find(({ component }) => component === service.needs);
  if (endpoint === undefined) return pageOrigin(service, site.damage);
  return endpointConsumer(service, endpoint, surroundingsOf(site, service));
}

function surroundingsOf({ outlets, damage, patience }: Site, { needs }: WorldService): ConsumerSurroundings {
  const port = () => onlyOutlet(outlets, 'endpoint', needs ?? '').port;
  const resolver = () => onlyOutlet(outlets, 'resolver');
  return { port, resolver, patience, damage };
}

async function buildParts(site: Site): Promise<void> {
  for (const service of site.world.services.filter(({ tells }) => tells)) {
    const endpoint = site.world.endpoints.find(({ component }) => component === service.needs);
    const place = { role: 'parts', owner: service.name, side: 'lan', at: [service.origin.at] } as const;
    await addHttp(site, place, partsDocument(service, endpoint, surroundingsOf(site, service)), null);
  }
}

async function buildTunnel(site: Site): Promise<Tunnel> {
  const { world, patience } = site;
  const tunneled = world.services.filter((service) => service.tunneled);
  // The daemon waits for a connection; for an answer it waits longer than the edge, as the real one does.
  const routes = new Map(
    tunneled.map((service) => [
      service.host,
      { ...toOrigin(site, service, patience.daemonMs), answerMs: 2 * patience.edgeMs },
    ]),
  );
  const tunnel = startTunnel(routes, patience.noticeMs);
  const at = [world.tunnel.daemon];
  await addHttp(site, { role: 'daemon', owner: '', side: 'lan', at }, tunnel.metrics, null);
  await addHttp(site, { role: 'ingress', owner: '', side: 'lan', at }, tunnel.ingress, null);
  return tunnel;
}
