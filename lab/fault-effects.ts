// What faults do to listening places: which they silence, which they close, and whether the tunnel daemon can connect.
import { OFFLINE_FAULTS } from './elsewhere.ts';
import { type FaultKind, type KnownFault, shareOf } from './faults.ts';
import type { Outlet, OutletRole, OutletState } from './outlet.ts';
import { isWithin } from './scope.ts';

type Hits = (outlet: Outlet, fault: KnownFault) => boolean;

const isEdge = ({ role, owner }: Outlet, vendor: string | null): boolean =>
  (role === 'edge' || role === 'edge_control') && owner === vendor;

/** Which places are asked at ports of a kind. */
export const BLOCKED_PORTS: Readonly<Record<string, OutletRole>> = { quic: 'quic', tcp: 'egress', ntp: 'time' };

const SILENCED_BY: Partial<Record<FaultKind, Hits>> = {
  uplink_cut: ({ side }) => side === 'internet',
  uplink_loss: ({ side }) => side === 'internet',
  uplink_flapping: ({ side }) => side === 'internet',
  gateway_down: ({ side, role }) => side === 'internet' || role === 'gateway',
  hosts_lost: ({ role, groups, rank }, { target, rate }) =>
    role === 'fleet' && groups.includes(target ?? '') && rank < rate,
  egress_blocked: ({ role }, { target }) => target !== null && BLOCKED_PORTS[target] === role,
  captive_portal: ({ side, role }) => side === 'internet' && role !== 'portal_test',
  power_cut: ({ side, role }) => side === 'internet' || role === 'gateway',
  ups_silent: ({ role }) => role === 'ups',
  operator_down: ({ role, owner }, { target }) => (role === 'anchor' || role === 'public_resolver') && owner === target,
  resolver_down: ({ role }) => role === 'resolver',
  resolver_stale: ({ role }) => role === 'former',
  dns_record_moved: ({ role }) => role === 'former',
  dns_vendor_down: ({ role, owner }, { target }) => role === 'nameserver' && owner === target,
  dns_partial: ({ role, owner, rank }, { target }) => role === 'nameserver' && owner === target && rank === 0,
  registry_down: ({ role }) => role === 'registry',
  revocation_list_down: ({ role }) => role === 'revocations',
  edge_route_lost: ({ role, owner }, { target }) => role === 'edge' && owner === target,
  edge_unreachable: (outlet, { target }) => isEdge(outlet, target),
  peering_lost: (outlet, { target }) => isEdge(outlet, target),
  edge_partial: (outlet, { target, rate }) => isEdge(outlet, target) && outlet.rank < rate,
  tunnel_ports_blocked: ({ role }) => role === 'tunnel_port',
  tunnel_stalled: ({ role }) => role === 'ingress',
  status_page_down: ({ role, owner }, { target }) => role === 'status' && owner === target,
  endpoint_down: ({ role, owner, groups }, { target }) =>
    role === 'endpoint' && (owner === target || groups.includes(target ?? '')),
  origin_hung: ({ role, owner }, { target }) => role === 'origin' && owner === target,
  origin_host_down: ({ role, owner }, { target }) =>
    (role === 'origin' || role === 'host' || role === 'parts') && owner === target,
};

const CLOSED_BY: Partial<Record<FaultKind, Hits>> = {
  tunnel_daemon_dead: ({ role }) => role === 'daemon' || role === 'ingress',
  proxy_down: ({ role }) => role === 'proxy',
  origin_refused: ({ role, owner }, { target }) => (role === 'origin' || role === 'parts') && owner === target,
};

/**
 * The state the active faults, together, want a listening place in for the present second. A dead machine is silent even where a
 * process is dead. `lot`: from 0 up to 1, drawn where only a share of the seconds is hit.
 */
export function wantedState(outlet: Outlet, faults: readonly KnownFault[], lot: () => number): OutletState {
  const hit = (by: typeof SILENCED_BY): boolean =>
    faults.some((fault) => by[fault.kind]?.(outlet, fault) && isWithin(fault.scope, outlet) && strikesNow(fault, lot));
  if (hit(SILENCED_BY)) return 'silent';
  if (outlet.role === 'former') return 'closed';
  return hit(CLOSED_BY) ? 'closed' : 'open';
}

const strikesNow = ({ kind, rate }: KnownFault, lot: () => number): boolean =>
  shareOf(kind) !== 'seconds' || rate >= 1 || lot() < rate;

/** Whether the daemon can hold connections to its edge, which it dials by IPv4. They outlive lost seconds. */
export function tunnelConnectable(faults: readonly KnownFault[]): boolean {
  const enemies: readonly FaultKind[] = OFFLINE_FAULTS;
  return !faults.some(
    ({ kind, scope, rate }) =>
      !(shareOf(kind) === 'seconds' && rate < 1) &&
      ((enemies.includes(kind) && scope !== 'ip6') || (kind.startsWith('tunnel_') && kind !== 'tunnel_stalled')),
  );
}
