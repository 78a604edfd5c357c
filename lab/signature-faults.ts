// What can happen to DNSSEC: part of the list in faults.ts.
import type { World } from './world.ts';

export const SIGNATURE_FAULTS = {
  signatures_expired: {
    target: 'signed service or dns vendor that signs',
    whole: 'signatures hold or they do not',
    label: 'Let the signatures of {target} end',
    help: 'The signatures of the zone of a service, or of every zone a vendor signs, ended an hour ago. Resolvers that validate say SERVFAIL.',
  },
  ds_mismatch: {
    target: 'signed service',
    whole: 'a key fits or it does not',
    label: "Publish a wrong key for {target}'s zone",
    help: 'The zone above names a key that the zone of the service does not have, as after a roll-over half done.',
  },
  registry_signatures_broken: {
    target: null,
    whole: 'a key fits or it does not',
    label: 'Break the signatures of the top-level domain',
    help: "The registry's servers sign with a key that does not fit; resolvers that validate say SERVFAIL for every domain under it, signed or not.",
  },
  resolver_validation_broken: {
    target: null,
    whole: 'a machine has one clock',
    label: "Set the LAN resolver's clock back",
    help: 'To the resolver of the LAN, two months behind, no signature is valid yet: it says SERVFAIL to whoever does not tell it to check nothing.',
  },
} as const;

/** Kinds a world cannot have where no zone above is asked. */
export const NEEDS_REGISTRY: ReadonlySet<string> = new Set([
  'registry_signatures_broken',
  'resolver_validation_broken',
]);

/** Services whose zone is signed. */
export const signedServices = ({ services, zones }: World): string[] =>
  services
    .filter(({ zone }) => zones.some((one) => one.zone === zone && one.signed !== undefined))
    .map(({ name }) => name);

/** Sets of name servers whose vendor signs zones it serves. */
export const signingVendors = ({ zones, dnsControls }: World): string[] => [
  ...new Set([
    ...zones.filter(({ signed }) => signed === 'vendor').map(({ set }) => set),
    ...dnsControls.filter(({ signed }) => signed === 'vendor').map(({ vendor }) => vendor),
  ]),
];

type Active = (kind: 'signatures_expired' | 'ds_mismatch', target: string) => boolean;

/** Whether the signatures of a zone have ended, by its own fault or by that of the vendor who signs it. */
export function isExpired(world: World, zone: string, active: Active): boolean {
  const known = world.zones.find((one) => one.zone === zone);
  const control = world.dnsControls.find((one) => one.zone === zone);
  const vendor = known?.signed === 'vendor' ? known.set : control?.signed === 'vendor' ? control.vendor : null;
  return isHit(world, zone, 'signatures_expired', active) || (vendor !== null && active('signatures_expired', vendor));
}

/** Whether the zone above names a key that the zone does not have. */
export const hasWrongKey = (world: World, zone: string, active: Active): boolean =>
  isHit(world, zone, 'ds_mismatch', active);

const isHit = ({ services }: World, zone: string, kind: Parameters<Active>[0], active: Active): boolean =>
  services.some((service) => service.zone === zone && active(kind, service.name));
