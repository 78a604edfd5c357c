// What the services of a map feel of each kind of fault, at best. Written from the world's side, before any run.
import { registeredAs } from '../../lab/registration.ts';
import { isMeant, metAt } from '../../lab/scope.ts';
import type { World, WorldService } from '../../lab/world.ts';
import type { RowId } from '../../verdict/table.ts';
import type { SimFault } from './sim-faults.ts';
import type { Truth } from './truth.ts';

const AT_EDGE: readonly RowId[] = [
  'edge_failing',
  'edge_suspected',
  'edge_certificate_invalid',
  'edge_certificate_suspected',
];
const UNREACHED: readonly RowId[] = ['edge_unreachable', 'edge_unreachable_suspected'];
const AT_ORIGIN: readonly RowId[] = ['origin_error', 'origin_certificate_expired', 'edge_certificate_expired'];
const BEHIND_RESOLVER: readonly RowId[] = ['record_missing', 'unexplained', ...UNREACHED, ...AT_ORIGIN];
const BEHIND_UPLINK: readonly RowId[] = [
  'uplink_down',
  'resolver_down',
  'dns_vendor_down',
  'zone_not_served',
  'endpoint_record_empty',
  'tunnel_service_down',
  'tunnel_blocked',
  'tunnel_suspected',
  ...AT_EDGE,
  ...BEHIND_RESOLVER,
];

/** Without a delegation nothing behind it is found. */
const BEHIND_REGISTRY: readonly RowId[] = [
  'delegation_removed',
  'delegation_changed',
  'registry_suspected',
  'zone_not_served',
  ...BEHIND_RESOLVER,
];

function own(rows: readonly RowId[], masks: readonly RowId[] = []): Truth {
  return { party: 'own', rows, vendor: null, component: null, maybe: false, masks };
}

function theirs(
  vendor: string | null,
  component: string | null,
  rows: readonly RowId[],
  masks: readonly RowId[] = [],
): Truth {
  return { party: 'vendor', rows, vendor, component, maybe: false, masks };
}

/** Nobody can be named by right. */
function nobody(rows: readonly RowId[], vendor: string | null = null, component: string | null = null): Truth {
  return { party: 'unknown', rows, vendor, component, maybe: false, masks: [] };
}

type Felt = (service: WorldService, fault: SimFault, world: World) => Truth | null;

const when = (holds: boolean, truth: Truth): Truth | null => (holds ? truth : null);

const setOf = ({ zone }: WorldService, world: World): string => world.zones.find((one) => one.zone === zone)?.set ?? '';

const zoneOf = (name: string | null, { services }: World): string | undefined =>
  services.find((one) => one.name === name)?.zone;

/** Whether a visitor at home, or the service itself, needs the outside. */
function goesOut(service: WorldService, world: World): boolean {
  const atHome = world.nameServers.find(({ set }) => set === setOf(service, world))?.side === 'lan';
  return !atHome || service.edge !== null || service.needs !== null;
}

const line =
  (truth: Truth): Felt =>
  (service, _, world) =>
    when(goesOut(service, world), truth);

const atEdge =
  (truth: (vendor: string, service: WorldService, fault: SimFault) => Truth): Felt =>
  (service, fault) =>
    service.edge !== null && (fault.target === service.edge || fault.target === service.name)
      ? truth(service.edge, service, fault)
      : null;

const failing = atEdge((vendor, _, { rate }) => ({
  ...theirs(vendor, 'edge', ['edge_failing'], AT_EDGE),
  maybe: rate < 1,
}));

const unreached = atEdge((vendor, _, { rate }) => ({
  ...theirs(vendor, 'edge', ['edge_unreachable'], [...AT_EDGE, ...UNREACHED]),
  maybe: rate < 1,
}));

const certificateAtEdge = atEdge((vendor, { certificate, name }, { target }) => {
  if (certificate === 'self') return own(['edge_certificate_expired']);
  const alone = target === name;
  return alone
    ? nobody(['edge_certificate_suspected'], vendor, 'edge')
    : theirs(vendor, 'edge', ['edge_certificate_invalid'], AT_EDGE);
});

const ofTunnel =
  (truth: (vendor: string) => Truth): Felt =>
  ({ tunneled }, _, { tunnel }) =>
    when(tunneled, truth(tunnel.vendor));

const ofService =
  (truth: (service: WorldService, fault: SimFault) => Truth): Felt =>
  (service, fault) =>
    when(service.name === fault.target, truth(service, fault));

const ofEndpoint =
  (rows: readonly RowId[]): Felt =>
  ({ needs }, fault, { endpoints }) => {
    const needed = endpoints.find(({ component }) => component === needs);
    const isHit = needed !== undefined && isMeant(fault, needed.component, metAt(needed));
    return isHit ? theirs(needed.vendor, needed.component, rows, AT_ORIGIN) : null;
  };

/** Everybody under the domain feels what happens to it. */
const ofDomain =
  (truth: Truth): Felt =>
  ({ host }, { target }, world) => {
    const broken = world.services.find(({ name }) => name === target);
    const domain = broken === undefined ? undefined : registeredAs(world, broken.host)?.domain;
    const above = registeredAs(world, host);
    if (above === null || domain === undefined || above.domain !== domain) return null;
    if (truth.vendor === 'registrar') return { ...truth, component: domain };
    return truth.vendor === 'registry'
      ? { ...truth, vendor: `registry-${above.registry.suffix}`, component: 'zone' }
      : truth;
  };

/** Who signs the zone is at fault, unless the vendor signs and only this zone is hit: then nobody can tell. */
function ofZone({ zone }: WorldService, target: string | null, world: World): Truth | null {
  const { signed, set = null } = world.zones.find((one) => one.zone === zone) ?? {};
  const alone = nobody(['dnssec_suspected'], set, 'dns');
  return when(zone === zoneOf(target, world), signed === 'vendor' ? alone : own(['dnssec_own'], BEHIND_RESOLVER));
}

/** Whether somebody elsewhere watches a service behind the same edge. */
const isSeenElsewhere = ({ edge }: WorldService, { services }: World): boolean =>
  services.some((one) => one.edge === edge && one.watched !== undefined);

const unfelt: Felt = () => null;

/** Silence proves nothing to a prober that had no time. */
const starving: Felt = () => ({ ...nobody(['prober_starved']), maybe: true });

/** Over which family a way is lost is not for the fault to say. */
const UNREACHED_ALONE: readonly RowId[] = ['edge_unreachable_suspected', 'edge_family_silent'];

const lied = ofService(() => nobody([...UNREACHED_ALONE, 'unexplained', 'edge_unreachable']));

/** The endpoint is well for everybody else, so it is yours; with a signal about it, nobody's to name. */
const refusedAlone = ofService(({ tells }) => (tells ? nobody(['custom_suspected']) : own(['origin_error'])));

/** What the services of the map feel of each kind of fault. */
export const FELT: Record<SimFault['kind'], Felt> = {
  uplink_cut: line({ ...own(['uplink_down'], BEHIND_UPLINK), party: 'isp' }),
  uplink_flapping: line({ ...own(['uplink_down'], BEHIND_UPLINK), party: 'isp', maybe: true }),
  uplink_loss: line({ ...own([]), party: 'isp', maybe: true }),
  uplink_delay: unfelt,
  // TLS never begins, at anybody's edge.
  uplink_mtu: ({ edge }) => when(edge !== null, { ...nobody([]), maybe: true }),
  uplink_oneway: ({ edge, tunneled, hosted }) =>
    when(
      edge !== null && !tunneled && hosted === undefined,
      nobody(['edge_cannot_reach_origin', 'edge_suspected'], edge, 'edge'),
    ),
  egress_blocked: unfelt,
  machine_starved: starving,
  machine_suspended: starving,
  machine_out_of_files: starving,
  prober_killed: unfelt,
  scrape_gap: unfelt,
  prometheus_restart: unfelt,
  gateway_down: line(own(['lan_down'], BEHIND_UPLINK)),
  hosts_lost: unfelt,
  captive_portal: line({ ...nobody(['captive_portal']), masks: ['lan_down', 'power_cut', ...BEHIND_UPLINK] }),
  power_cut: line(own(['power_cut'], ['lan_down', 'power_cut_host', 'origin_host_down', ...BEHIND_UPLINK])),
  ups_on_battery: unfelt,
  ups_silent: unfelt,
  // Browsers and their like may refuse a certificate that was taken back; whoever asks no list goes on.
  certificate_revoked: unfelt,
  revocation_list_down: unfelt,
  revocation_list_expired: unfelt,
  operator_down: unfelt,
  resolver_down: () => own(['resolver_down'], BEHIND_RESOLVER),
  resolver_failing: () => own(['resolver_down'], BEHIND_RESOLVER),
  resolver_rewrite: lied,
  resolver_stale: lied,
  resolver_nodata: lied,
  dns_vendor_down: (service, { target }, world) =>
    when(
      setOf(service, world) === target,
      theirs(target, 'dns', ['dns_vendor_down'], ['zone_not_served', ...BEHIND_RESOLVER]),
    ),
  dns_partial: unfelt,
  // The first server is asked first, and it is right.
  dns_secondary_stale: unfelt,
  dns_zone_refused: ({ zone }, { target }, world) =>
    when(zone === zoneOf(target, world), own(['zone_not_served', 'own_zone_not_served'], BEHIND_RESOLVER)),
  dns_record_moved: lied,
  dns_record_missing: ofService(() => own(['record_missing'], ['unexplained', ...AT_ORIGIN.slice(0, 1)])),
  domain_expired: ofDomain(own(['domain_expired'], BEHIND_REGISTRY)),
  domain_deleting: ofDomain(own(['domain_deleting'], ['domain_expired', ...BEHIND_REGISTRY])),
  registrar_hold: ofDomain({ ...theirs('registrar', null, ['registrar_hold'], BEHIND_REGISTRY), party: 'registrar' }),
  registry_hold: ofDomain({ ...theirs('registry', null, ['registry_hold'], BEHIND_REGISTRY), party: 'registry' }),
  delegation_lost: ofDomain(nobody(['delegation_removed'])),
  delegation_changed: ofDomain(own(['delegation_changed'], BEHIND_REGISTRY)),
  registry_down: (service, _, world) => {
    const above = registeredAs(world, service.host);
    if (above === null) return null;
    const vendor = `registry-${above.registry.suffix}`;
    return { ...theirs(vendor, 'zone', ['registry_down'], BEHIND_REGISTRY), party: 'registry' };
  },
  signatures_expired: (service, { target }, world) => {
    const { signed, set } = world.zones.find(({ zone }) => zone === service.zone) ?? {};
    if (signed === 'vendor' && target === set) return theirs(target, 'dns', ['dnssec_vendor'], BEHIND_RESOLVER);
    return ofZone(service, target, world);
  },
  ds_mismatch: (service, { target }, world) => ofZone(service, target, world),
  registry_signatures_broken: (service, _, world) => {
    const above = registeredAs(world, service.host);
    if (above === null) return null;
    const vendor = `registry-${above.registry.suffix}`;
    return { ...theirs(vendor, 'zone', ['dnssec_registry'], BEHIND_REGISTRY), party: 'registry' };
  },
  resolver_validation_broken: (service, _, world) =>
    when(registeredAs(world, service.host) !== null, own(['resolver_validation_broken'], BEHIND_RESOLVER)),
  // With nobody to ask the time, all one sees is that no certificate holds.
  clock_wrong: ({ edge, origin }, _, { timeServers }) =>
    when(
      edge !== null || origin.tls,
      timeServers.length > 0 ? own(['clock_wrong'], [...AT_EDGE, ...AT_ORIGIN]) : nobody(['tls_intercepted']),
    ),
  edge_5xx: failing,
  edge_overloaded: failing,
  edge_5xx_sites: failing,
  edge_5xx_own: atEdge((vendor) => nobody(['edge_suspected'], vendor, 'edge')),
  edge_unreachable: unreached,
  edge_partial: unreached,
  edge_resets: unreached,
  edge_route_lost: atEdge((vendor) => ({ ...nobody(UNREACHED_ALONE, vendor, 'edge'), masks: AT_EDGE })),
  // Without a view from elsewhere nobody can tell it from the vendor's own silence.
  peering_lost: (service, fault, world) =>
    when(
      service.edge !== null && fault.target === service.edge,
      isSeenElsewhere(service, world) ? nobody(['edge_unreachable_here']) : { ...nobody([]), maybe: true },
    ),
  edge_latency: unfelt,
  edge_certificate_expired: certificateAtEdge,
  edge_challenges: atEdge((vendor) =>
    vendor === 'cloudflare'
      ? nobody(['prober_turned_away'], vendor, 'edge')
      : nobody(['prober_turned_away', 'unexplained']),
  ),
  // While the origin lives nobody feels it.
  edge_caches: unfelt,
  middlebox_503: ofService(() => nobody(['edge_suspected', 'unexplained'])),
  middlebox_for_all: ({ edge }) => when(edge !== null, nobody(['edge_suspected', 'unexplained'])),
  intercepted: ({ edge }) =>
    when(edge !== null, nobody(['tls_intercepted', 'edge_certificate_suspected', 'unexplained'])),
  endpoint_empty: ofEndpoint(['endpoint_record_empty']),
  endpoint_down: ofEndpoint([]),
  endpoint_5xx: ofEndpoint(['endpoint_failing']),
  endpoint_slow: ofEndpoint([]),
  tunnel_daemon_dead: ofTunnel(() =>
    own(['tunnel_daemon_dead'], ['tunnel_service_down', 'tunnel_blocked', 'tunnel_suspected']),
  ),
  tunnel_service_down: ofTunnel((vendor) => theirs(vendor, 'tunnel', ['tunnel_service_down'], ['tunnel_suspected'])),
  tunnel_ports_blocked: ofTunnel((vendor) => nobody(['tunnel_blocked'], vendor, 'tunnel')),
  tunnel_stalled: ofTunnel(() => nobody([])),
  tunnel_credentials: ofTunnel((vendor) => nobody(['tunnel_suspected'], vendor, 'tunnel')),
  origin_refused: ofService(() => own(['origin_refused'], AT_ORIGIN)),
  origin_shut_out: ofService(({ tunneled, edge }, _) =>
    tunneled ? nobody(['tunnel_not_carrying'], edge, 'tunnel') : nobody(['edge_cannot_reach_origin'], edge, 'edge'),
  ),
  origin_5xx: ofService((_, { rate }) => ({ ...own(['origin_error']), maybe: rate < 1 })),
  part_down: ofService(({ tells }) => own(tells ? ['custom_own_bad', 'origin_error'] : ['origin_error'])),
  account_refused: refusedAlone,
  trust_outdated: refusedAlone,
  origin_hung: ofService(() => own(['origin_silent'], AT_ORIGIN)),
  origin_slow: ofService(() => own(['origin_error', 'origin_silent'])),
  origin_host_down: ofService(() => own(['origin_host_down'], ['origin_refused', ...AT_ORIGIN])),
  origin_certificate_expired: ofService(({ edge }) =>
    own(edge === null ? ['edge_certificate_expired', 'origin_certificate_expired'] : ['origin_certificate_expired']),
  ),
  proxy_down: (_, __, { proxy }) => when(proxy !== undefined, own(['forward_proxy_down'])),
  proxy_denies: (_, __, { proxy }) => when(proxy !== undefined, own(['forward_proxy_down'])),
  proxy_slow: (_, __, { proxy }) => when(proxy !== undefined, { ...own(['forward_proxy_down']), maybe: true }),
  control_rotten: unfelt,
  control_5xx: unfelt,
  control_down: unfelt,
  status_page_down: unfelt,
  vendor_status_incident: unfelt,
};
