// Builds the edges of a world: their addresses, their certificates, and the sites behind them.
import type { HttpHandler } from './answer.ts';
import { type EdgeRole, type EdgeSite, edge } from './edge.ts';
import { addHttp, type HttpPlace, onlyOutlet, type Site } from './site.ts';
import type { Tunnel } from './tunnel.ts';
import { toOrigin, type Upstream } from './upstream.ts';
import { voiceOf } from './voices.ts';
import { controlAt, hasTunnel, type WorldEdge } from './world.ts';

export async function buildEdges(site: Site, tunnel: Tunnel | null): Promise<void> {
  for (const worldEdge of site.world.edges) await buildEdge(site, worldEdge, tunnel);
}

async function buildEdge(site: Site, worldEdge: WorldEdge, tunnel: Tunnel | null): Promise<void> {
  const { vendor, at, controls } = worldEdge;
  const sites = sitesBehind(site, worldEdge, tunnel);
  const respond = edge(worldEdge, voiceOf(worldEdge), sites, site.damage);
  const hosts = sites.map(({ host }) => host);
  const current = await site.authority.issue(hosts);
  const expired = await site.authority.issue(hosts, 'expired');
  const shown = { current, expired, forged: await site.authority.issue(hosts, 'forged') };
  const places: (HttpPlace & { role: EdgeRole })[] = [
    { role: 'edge', owner: vendor, side: 'internet', at, hadFormer: true },
    ...controls.map((control, index): (typeof places)[number] => ({
      role: 'edge_control',
      owner: vendor,
      side: 'internet',
      at: controlAt(worldEdge, control),
      rank: [index, controls.length],
    })),
  ];
  const handlers: HttpHandler[] = [];
  for (const place of places) {
    const handler = await addHttp(site, place, (asked) => respond(asked, place.role), current);
    handlers.push(handler);
    site.certificates.push({
      ...{ brokenBy: 'edge_certificate_expired', target: vendor, side: 'internet', role: place.role },
      present: (validity) => handler.present(shown[validity]),
    });
  }
  for (const { service, host } of sites) {
    if (service === null) continue;
    site.certificates.push({
      ...{ brokenBy: 'edge_certificate_expired', target: service, side: 'internet', role: 'edge' },
      present(validity) {
        for (const handler of handlers) handler.presentTo(host, validity === 'expired' ? expired : null);
      },
    });
  }
}

function sitesBehind(site: Site, { vendor, controls }: WorldEdge, tunnel: Tunnel | null): EdgeSite[] {
  const { world, damage, patience } = site;
  const services = world.services.filter((service) => service.edge === vendor);
  const own = services.map((service): EdgeSite => {
    const { host, name, tunneled } = service;
    const up = tunneled && tunnel !== null ? () => tunnel.connections() > 0 : null;
    const upstream = tunneled ? downTheTunnel(site) : toOrigin(site, service, patience.edgeMs);
    return { host, service: name, upstream, tunnelUp: up, control: null };
  });
  const nobody = { service: null, upstream: null, tunnelUp: null, control: null };
  const others = controls.map(({ host }, control): EdgeSite => ({ ...nobody, host, control }));
  if (!hasTunnel(world) || world.tunnel.vendor !== vendor) return [...own, ...others];
  // Other people's tunnels live and die with the vendor's service, not with our daemon.
  const tunnelUp = (): boolean => !damage.active('tunnel_service_down');
  const canaries = world.tunnel.canaries.map((host): EdgeSite => ({ ...nobody, host, tunnelUp }));
  return [...own, ...others, ...canaries];
}

function downTheTunnel({ outlets, patience }: Site): Upstream {
  const ingress = onlyOutlet(outlets, 'ingress');
  return { address: ingress.address, port: () => ingress.port, trust: null, timeoutMs: patience.edgeMs };
}
