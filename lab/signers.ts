// Who signs which zones of a world, with keys made when it is built, and what the faults leave of that.

import type { DsData } from 'dns-packet';
import type { Damage } from './damage.ts';
import { createZoneKey, type ZoneKey } from './dnssec-key.ts';
import { endedAt, type Signer, validityAt } from './dnssec-sign.ts';
import { hasWrongKey, isExpired } from './signature-faults.ts';
import type { World } from './world.ts';

export interface Signers {
  /** Who signs a zone at this instant; absent where nobody does. */
  of(zone: string): Signer | undefined;
  /** The key that resolvers are told of a zone above. */
  anchor(zone: string): ZoneKey | undefined;
  /** What the zone above publishes of the key of a domain; absent where it is not signed. */
  entry(domain: string): DsData | undefined;
}

export function signersOf(world: World, damage: Damage): Signers {
  const { registries, zones, dnsControls } = world;
  const above = new Set(registries.map(({ suffix }) => suffix));
  const below = [...zones, ...dnsControls].filter(({ signed }) => signed !== undefined).map(({ zone }) => zone);
  const keys = new Map([...above, ...below].map((zone) => [zone, createZoneKey(zone)]));
  const stranger = createZoneKey('');
  const now = Date.now();
  const [current, ended] = [validityAt(now), endedAt(now)];
  return {
    of(zone) {
      const key = keys.get(zone);
      if (key === undefined) return undefined;
      const unfit = above.has(zone) && damage.active('registry_signatures_broken');
      const validity = isExpired(world, zone, damage.active) ? ended : current;
      return { key: unfit ? { ...key, sign: stranger.sign } : key, validity };
    },
    anchor: (zone) => keys.get(zone),
    entry: (domain) => (hasWrongKey(world, domain, damage.active) ? stranger : keys.get(domain))?.ds,
  };
}
