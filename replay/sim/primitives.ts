// The faults episodes of a world are made of, and the cast that hostile ones are played by.
import type { FaultKind } from '../../lab/faults.ts';
import { canBreak, targetsOf } from '../../lab/parse-fault.ts';
import { hasIpv6 } from '../../lab/scope.ts';
import type { World } from '../../lab/world.ts';
import { OVER_IPV6 } from './felt-over-ipv6.ts';
import { breakage, type SimFault } from './sim-faults.ts';
import { truthOf } from './truth.ts';

/** Kinds of the lab that strike at once and stay. */
const STEADY: readonly FaultKind[] = [
  'uplink_cut',
  'gateway_down',
  'power_cut',
  'captive_portal',
  'resolver_down',
  'resolver_rewrite',
  'resolver_stale',
  'dns_vendor_down',
  'dns_partial',
  'dns_zone_refused',
  'dns_record_missing',
  'domain_expired',
  'domain_deleting',
  'registrar_hold',
  'registry_hold',
  'delegation_lost',
  'delegation_changed',
  'registry_down',
  'signatures_expired',
  'ds_mismatch',
  'registry_signatures_broken',
  'resolver_validation_broken',
  'clock_wrong',
  'edge_5xx',
  'edge_overloaded',
  'edge_5xx_sites',
  'edge_unreachable',
  'edge_resets',
  'edge_latency',
  'edge_challenges',
  'edge_certificate_expired',
  'middlebox_503',
  'endpoint_empty',
  'endpoint_5xx',
  'tunnel_daemon_dead',
  'tunnel_service_down',
  'tunnel_ports_blocked',
  'tunnel_credentials',
  'origin_refused',
  'origin_shut_out',
  'origin_5xx',
  'origin_slow',
  'origin_host_down',
  'origin_certificate_expired',
  'control_rotten',
  'control_5xx',
  'vendor_status_incident',
];

export interface Cast {
  world: World;
  /** One fault for every kind that strikes at once and stays, and everything it can hit. */
  primitives: readonly SimFault[];
  /** Those of them with which no vendor may ever be named. */
  harmless: readonly SimFault[];
  operators: readonly string[];
  /** Vendors of edges, each with a service behind it. */
  fronts: readonly { vendor: string; service: string }[];
  vendors: readonly string[];
}

function overIpv6(world: World): SimFault[] {
  return OVER_IPV6.flatMap((kind) =>
    (targetsOf(kind, world) ?? [null]).map((target) => ({ ...breakage(kind, target), scope: 'ip6' })),
  );
}

export function castOf(world: World): Cast {
  const fronts = world.services.flatMap(({ edge, name }) => (edge === null ? [] : [{ vendor: edge, service: name }]));
  const primitives = [
    ...STEADY.filter((kind) => canBreak(kind, world)).flatMap((kind) =>
      (targetsOf(kind, world) ?? [null]).map((target) => breakage(kind, target)),
    ),
    ...(hasIpv6(world) ? overIpv6(world) : []),
    ...fronts.map(({ vendor }) => breakage('edge_route_lost', vendor)),
    ...fronts.map(({ service }) => breakage('edge_5xx_own', service)),
  ];
  const blameless = (fault: SimFault): boolean =>
    [...truthOf(fault, world).values()].every(({ party }) => party !== 'vendor');
  return {
    world,
    primitives,
    harmless: primitives.filter(blameless),
    operators: [...new Set(world.anchors.map(({ operator }) => operator))],
    fronts,
    vendors: world.statusPages.map(({ vendor }) => vendor),
  };
}
