// Who signs which zones of a world, with keys made when it is built.
import { createZoneKey } from './dnssec-key.ts';
import { type Signer, validityAt } from './dnssec-sign.ts';
import type { World } from './world.ts';

/** By zone: those above, and those below that are signed. */
export function signersOf({ registries, zones, dnsControls }: World): Map<string, Signer> {
  const signed = [
    ...registries.map(({ suffix }) => suffix),
    ...[...zones, ...dnsControls].filter((zone) => zone.signed !== undefined).map(({ zone }) => zone),
  ];
  const validity = validityAt(Date.now());
  return new Map(signed.map((zone) => [zone, { key: createZoneKey(zone), validity }]));
}
