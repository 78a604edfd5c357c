// Who has which names, as far as the map and the catalogue know: your zones, and the domains under which vendors have others' services.
import type { Owners } from '../exporters/dns/aliases.ts';
import type { Vendors } from './vendors.ts';

/** What is in a zone of yours is your record, whoever serves it. */
const YOURS = 'self';

/** `zones`: yours. */
export function ownersOf(zones: readonly string[], vendors: Vendors): Owners {
  return [
    ...zones.map((zone) => ({ zone, owner: YOURS })),
    ...[...vendors].flatMap(([owner, { fingerprint }]) =>
      fingerprint.cnames.map((suffix) => ({ zone: suffix.replace(/^\./, ''), owner })),
    ),
  ];
}
