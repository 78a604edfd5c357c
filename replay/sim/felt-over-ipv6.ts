// What services feel of a fault that hits IPv6 alone: only those whose name has no other address notice it. Which of the two ends
// of the way it is, the anchors tell; whether the edge or the way to it, nobody can.
import { LOOPBACK_V6, type World, type WorldService } from '../../lab/world.ts';
import type { RowId } from '../../verdict/table.ts';
import type { SimFault } from './sim-faults.ts';
import type { Truth } from './truth.ts';

/** Kinds that are played over IPv6 alone, where the world has it. */
export const OVER_IPV6 = ['uplink_cut', 'edge_unreachable'] as const satisfies readonly SimFault['kind'][];

const NOTHING_BEYOND: readonly RowId[] = [
  'edge_failing',
  'edge_suspected',
  'edge_unreachable',
  'edge_unreachable_suspected',
  'edge_family_silent',
  'edge_certificate_invalid',
  'edge_certificate_suspected',
  'edge_certificate_expired',
  'prober_turned_away',
  'unexplained',
];

export function feltOverIpv6(service: WorldService, { kind, target }: SimFault, { zones }: World): Truth | null {
  const addresses = zones.find(({ zone }) => zone === service.zone)?.hosts[service.host] ?? [];
  const alone = addresses.length > 0 && addresses.every((at) => at === LOOPBACK_V6);
  if (!alone || service.edge === null) return null;
  const base = { party: 'unknown', maybe: false, masks: NOTHING_BEYOND } as const;
  if (kind === 'uplink_cut') return { ...base, rows: ['line_family_down'], vendor: null, component: null };
  return service.edge === target
    ? { ...base, rows: ['edge_family_silent'], vendor: service.edge, component: 'edge' }
    : null;
}
