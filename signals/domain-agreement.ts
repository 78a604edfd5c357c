// Whether the registry's record of a domain (RDAP) says what the zone above has: the record is what should be, the zone what
// is. Told, and judging nobody: a record may be published hours after the zone. And whether it ends on the day the map says.
import type { Observation, ObservationOf } from '../exporters/observation.ts';
import type { DomainBinding } from '../map/plan-types.ts';

/** What the two are compared about; the label `about`. */
export type Agreement = 'name_servers' | 'signing' | 'expiry';

const DAY_MS = 86_400_000;
const RECORD_COUNTS_MS = DAY_MS;

/** Of each target: its newest observation, and its newest good one. */
interface Told {
  newest(target: string): Observation | undefined;
  lastGood(target: string): Observation | undefined;
}

/** What one of the two does not tell of is missing. */
export function agreementsOf(
  { registration, expiresOn, parents, keys }: DomainBinding,
  { newest, lastGood }: Told,
): [Agreement, boolean][] {
  const record = registration === null ? undefined : lastGood(registration);
  if (record?.kind !== 'registration') return [];
  const { nameServers, delegationSigned, expiry } = record.facts;
  const answersOf = (targets: readonly string[]): ObservationOf<'dns'>[] =>
    targets.flatMap((target) => {
      const answer = newest(target);
      return answer?.kind === 'dns' && answer.startedAt - record.startedAt <= RECORD_COUNTS_MS ? [answer] : [];
    });
  const delegations = answersOf(parents).flatMap(({ facts }) =>
    facts.nameServers.length === 0 ? [] : facts.nameServers.join(' '),
  );
  const signed = answersOf(keys.flatMap(({ checked, unchecked }) => [checked, unchecked])).flatMap(
    ({ facts: { shape } }) => (shape === 'answer' || shape === 'nodata' ? shape === 'answer' : []),
  );
  return [
    ...compared('name_servers', nameServers.length === 0 ? null : nameServers.join(' '), delegations),
    ...compared('signing', delegationSigned, signed),
    ...(expiry === null || expiresOn === null
      ? []
      : [['expiry', isSameDay(expiry, expiresOn)] as [Agreement, boolean]]),
  ];
}

/** Registries write the moment, people the day, as it is where they live. */
export const isSameDay = (moment: number, day: number): boolean => Math.abs(moment - (day + DAY_MS / 2)) <= DAY_MS;

/** Every server of the zone above must have what the record says. */
function compared<T>(about: Agreement, recorded: T | null, found: readonly T[]): [Agreement, boolean][] {
  return recorded === null || found.length === 0 ? [] : [[about, found.every((one) => one === recorded)]];
}
