// Who registered what in a world, and what the faults leave of it. Read by the registry's servers, by resolvers that follow
// them, and by the registry's record of each domain.
import type { FaultKind } from './faults.ts';
import type { World, WorldRegistry } from './world.ts';

/** Faults that take a domain out of the zone above. */
export const WITHHOLDING = [
  'domain_expired',
  'domain_deleting',
  'registrar_hold',
  'registry_hold',
  'delegation_lost',
] as const satisfies readonly FaultKind[];

const DAY_MS = 86_400_000;

/** Until when a domain is registered that many days from now, milliseconds since the epoch. */
export const inDays = (days: number): number => Date.now() + days * DAY_MS;

/** What is left to every registration that has not ended. */
export const DAYS_LEFT = 300;

export interface Registered {
  registry: WorldRegistry;
  /** e.g. `home.test`. */
  domain: string;
}

/** The domain a name was registered as; null for names that stay in the house, and for those nobody registers. */
export function registeredAs({ registries, zones, nameServers }: World, name: string): Registered | null {
  const registry = registries.find(({ suffix }) => name.endsWith(`.${suffix}`));
  if (registry === undefined) return null;
  const domain = name
    .split('.')
    .slice(-(registry.suffix.split('.').length + 1))
    .join('.');
  const set = zones.find(({ zone }) => zone === domain)?.set;
  const atHome = nameServers.some((servers) => servers.set === set && servers.side === 'lan');
  return atHome ? null : { registry, domain };
}

type Active = (kind: FaultKind, service: string) => boolean;

/** Whether such a fault is active on any service under the domain. */
export function isBroken(world: World, domain: string, kind: FaultKind, active: Active): boolean {
  return world.services.some(({ name, host }) => active(kind, name) && registeredAs(world, host)?.domain === domain);
}

/** A domain that was given to others is not withheld, whatever else happened to it. */
export function isWithheld(world: World, domain: string, active: Active): boolean {
  if (isBroken(world, domain, 'delegation_changed', active)) return false;
  return WITHHOLDING.some((kind) => isBroken(world, domain, kind, active));
}

/** As the map of the world declares them. */
export function nameServersOf({ zones, dnsControls }: World, domain: string): string[] {
  const set =
    zones.find(({ zone }) => zone === domain || zone.endsWith(`.${domain}`))?.set ??
    dnsControls.find(({ zone }) => zone === domain)?.vendor;
  return set === undefined ? [] : [`ns1.${set}-servers.test`, `ns2.${set}-servers.test`];
}

/** Whom a domain is delegated to once somebody has changed that. */
export const STRANGERS = ['ns1.parking-servers.test', 'ns2.parking-servers.test'] as const;
