// Whom a fault is limited to, of all it could hit: one family of addresses, the location that serves you, a region, or one host.
// Without a scope it hits everyone.
import net from 'node:net';
import { FAULTS, type FaultFact, type FaultKind } from './faults.ts';
import type { Outlet } from './outlet.ts';
import { LOOPBACK_V6, type World, type WorldEndpoint } from './world.ts';

/** By what a kind of fault can be limited. */
export type Narrowing = 'family' | 'location' | 'region' | 'host';

export const EVERYONE = 'everyone';

/** Why a kind takes no scope. */
export const UNLIMITED = 'it hits one place, or what everybody sees alike';

const FAMILIES = ['ip4', 'ip6'] as const;
const LOCATION = 'pop';

/** What meets a fault: a place, and the host it is asked for where it is asked for one. */
export interface Met extends Pick<Outlet, 'role' | 'address'>, Partial<Pick<Outlet, 'groups'>> {
  host?: string;
}

/** What meets an endpoint of a vendor: known by itself, by its vendor, and by where it is. */
export const metAt = ({ vendor, region }: WorldEndpoint): Met & Pick<Outlet, 'groups'> => ({
  role: 'endpoint',
  address: '',
  groups: region === undefined ? [vendor] : [vendor, region],
});

/** Whether a fault is about this target, by its own name or by that of a group, and hits what meets it. */
export function isMeant(
  fault: { target: string | null; scope: string | null },
  target: string | undefined,
  met: Met | undefined,
): boolean {
  const named = target === undefined || fault.target === target || met?.groups?.includes(fault.target ?? '') === true;
  return named && (met === undefined || isWithin(fault.scope, met));
}

/** Whether a fault of this scope hits what meets it. `null` is everyone. */
export function isWithin(scope: string | null, { role, address, host, groups = [] }: Met): boolean {
  switch (scope) {
    case null:
      return true;
    case 'ip4':
    case 'ip6':
      return `ip${net.isIP(address)}` === scope;
    case LOCATION:
      return role === 'edge';
    default:
      return host === scope || groups.includes(scope);
  }
}

/** How somebody far away meets an edge: at another location, by IPv4. */
export const metElsewhere = (host: string): Met => ({ role: 'edge_control', address: '127.0.0.1', host });

/** What a fault of this kind can be limited to in this world, besides everyone; null where nothing limits it anywhere. */
export function scopesOf(kind: FaultKind, target: string | undefined, world: World): string[] | null {
  const { scopes }: FaultFact = FAULTS[kind];
  return scopes?.flatMap((narrowing) => SCOPES[narrowing](world, target)) ?? null;
}

const SCOPES: Record<Narrowing, (world: World, target: string | undefined) => readonly string[]> = {
  family: (world) => (hasIpv6(world) ? FAMILIES : []),
  location: ({ edges }, target) =>
    edges.some(({ vendor, controls }) => vendor === target && controls.length > 0) ? [LOCATION] : [],
  region: ({ endpoints }, target) => [
    ...new Set(endpoints.filter(({ vendor }) => vendor === target).flatMap(({ region }) => region ?? [])),
  ],
  // Without a target, one of all hosts there are.
  host: ({ edges, services }, target) => [
    ...services.filter(({ edge }) => target === undefined || edge === target).map(({ host }) => host),
    ...edges
      .filter(({ vendor }) => target === undefined || vendor === target)
      .flatMap(({ controls }) => controls.map(({ host }) => host)),
  ],
};

/** Whether anything in this world is reached by IPv6. */
export const hasIpv6 = ({ zones, anchors }: World): boolean =>
  zones.some(({ hosts }) => Object.values(hosts).some((at) => at.includes(LOOPBACK_V6))) ||
  anchors.some(({ at }) => at === LOOPBACK_V6);
