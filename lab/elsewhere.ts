// How the services of a world look from elsewhere: only what breaks them for everybody is seen there, and nothing of the way
// from here. Told in a document, as uptime services tell what they see.
import type { Answer, Respond } from './answer.ts';
import type { Damage } from './damage.ts';
import { DOMAIN_FAULTS } from './domain-faults.ts';
import type { FaultKind } from './faults.ts';
import { registeredAs } from './registration.ts';
import { metAt, metElsewhere } from './scope.ts';
import type { World, WorldService } from './world.ts';

type Active = Damage['active'];

const OF_SERVICE: readonly FaultKind[] = [
  'origin_refused',
  'origin_5xx',
  'origin_slow',
  'origin_shut_out',
  'origin_hung',
  'origin_host_down',
  'origin_certificate_expired',
  'part_down',
  'account_refused',
  'trust_outdated',
  'dns_zone_refused',
  'dns_record_missing',
  'dns_record_moved',
  'edge_5xx_own',
  'edge_certificate_expired',
  ...(Object.keys(DOMAIN_FAULTS) as (keyof typeof DOMAIN_FAULTS)[]),
];
const OF_EDGE: readonly FaultKind[] = [
  'edge_unreachable',
  'edge_5xx',
  'edge_5xx_sites',
  'edge_overloaded',
  'edge_resets',
  'edge_certificate_expired',
];
const OF_ENDPOINT: readonly FaultKind[] = ['endpoint_empty', 'endpoint_down', 'endpoint_5xx', 'endpoint_slow'];
/** What cuts the house off. */
export const OFFLINE_FAULTS = [
  'uplink_cut',
  'uplink_flapping',
  'gateway_down',
  'power_cut',
  'captive_portal',
] as const satisfies readonly FaultKind[];
const OF_TUNNEL: readonly FaultKind[] = [
  'tunnel_daemon_dead',
  'tunnel_service_down',
  'tunnel_ports_blocked',
  'tunnel_credentials',
  'tunnel_stalled',
];

/** Whether it is served to somebody far away. */
export function worksElsewhere(service: WorldService, world: World, active: Active): boolean {
  const { name, host, edge, needs, tunneled, hosted, zone } = service;
  const met = metElsewhere(host);
  const hit = (kinds: readonly FaultKind[], target?: string | null): boolean =>
    target !== null && kinds.some((kind) => active(kind, target, met));
  const set = world.zones.find((known) => known.zone === zone)?.set;
  const endpoint = world.endpoints.find(({ component }) => component === needs);
  return !(
    hit(OF_SERVICE, name) ||
    hit(OF_EDGE, edge) ||
    (endpoint !== undefined && OF_ENDPOINT.some((kind) => active(kind, endpoint.component, metAt(endpoint)))) ||
    (set !== undefined && active('dns_vendor_down', set, met)) ||
    (registeredAs(world, host) !== null && active('registry_down')) ||
    (tunneled && hit(OF_TUNNEL)) ||
    (!tunneled && hosted === undefined && active('uplink_oneway')) ||
    (hosted === undefined && hit(OFFLINE_FAULTS))
  );
}

/** What the watcher says of all services, each looked at this very moment. */
export function viewsFromElsewhere(world: World, damage: Damage): Respond {
  return (): Answer => {
    const seen = world.services.map((service) => {
      const state = worksElsewhere(service, world, damage.active) ? 'up' : 'down';
      return [service.name, { state, checked_at: new Date().toISOString() }];
    });
    const body = `${JSON.stringify({ services: Object.fromEntries(seen) })}\n`;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  };
}
