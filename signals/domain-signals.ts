// What the registry says of a service's domain, by its own record (RDAP) and by the servers of the zone above.
// The record is asked for rarely, so a record of today counts; asked anew as soon as the delegation looks wrong.
import type { SignalName, State } from '../catalog/signals.ts';
import type { ObservationOf } from '../exporters/observation.ts';
import type { EppStatus } from '../exporters/registration/epp-status.ts';
import type { DomainBinding, ServiceBinding } from '../map/plan-types.ts';
import type { Question } from './classify.ts';
import { dayOf, describe } from './describe.ts';
import { isSameDay } from './domain-agreement.ts';
import type { GuardSources } from './guard.ts';
import { composed, type Reading, tally } from './readings.ts';

const RECORD_COUNTS_MS = 86_400_000;

const DELETING: readonly EppStatus[] = ['redemptionPeriod', 'pendingDelete'];

/** The registry's record of the domain of a service, not older than a day; null without one. */
export function recordOf(
  { domain }: ServiceBinding,
  { plan, tracks, now }: GuardSources,
): ObservationOf<'registration'> | null {
  const target = plan.domains.find(({ name }) => name === domain)?.registration ?? '';
  const good = tracks.get(target)?.lastGood;
  return good?.kind === 'registration' && now() - good.startedAt <= RECORD_COUNTS_MS ? good : null;
}

/** The end that the map tells, where the registry tells none. */
export const declaredEnd = (
  { expiresOn }: Pick<DomainBinding, 'expiresOn'>,
  record: Pick<ObservationOf<'registration'>, 'facts'> | null,
): number | null => (record?.facts.expiry == null ? expiresOn : null);

/** Whether the record shows any of these states; UNKNOWN without a record. */
export function heldBack(record: ObservationOf<'registration'> | null, statuses: readonly EppStatus[]): State {
  if (record === null) return -1;
  return record.facts.statuses.some((status) => statuses.includes(status)) ? 0 : 1;
}

export function readDomain(service: ServiceBinding, sources: GuardSources): [SignalName, Reading][] {
  const domain = sources.plan.domains.find(({ name }) => name === service.domain);
  const record = recordOf(service, sources);
  const parents = domain?.parents ?? [];
  const told = (state: State): Reading => ({
    state,
    evidence: record === null ? '' : describe(record),
    since: null,
    lastOk: state === 1 ? (record?.startedAt ?? null) : null,
    lastBad: state === 0 ? (record?.startedAt ?? null) : null,
  });
  const current = domain === undefined ? told(-1) : readCurrent(domain, record, told, sources.now());
  return [
    ['registry', readAsked(parents, sources)],
    ['registry_hold', told(heldBack(record, ['serverHold']))],
    ['delegation', readAgreed(parents, 'delegated', sources)],
    ['delegation_expected', readAgreed(parents, 'expected', sources)],
    ['registration_current', current],
    ['registration_kept', told(heldBack(record, DELETING))],
    ['registrar_hold', told(heldBack(record, ['clientHold']))],
  ];
}

/** A day in the map has nobody's word behind it: it proves that a registration ended, which nobody renewed there, and never that it holds. */
function readCurrent(
  domain: DomainBinding,
  record: ObservationOf<'registration'> | null,
  told: (state: State) => Reading,
  now: number,
): Reading {
  const declared = declaredEnd(domain, record);
  const ended = declared !== null && declared <= now;
  const reading = told(ended ? 0 : currentState(record, now));
  const words = [reading.evidence, wordsOfMap(domain, record)].filter((text) => text !== '');
  return { ...reading, evidence: words.join('; '), lastBad: ended ? now : reading.lastBad };
}

/** What the map says, unless the registry says the same. */
function wordsOfMap({ expiresOn }: DomainBinding, record: ObservationOf<'registration'> | null): string {
  const expiry = record?.facts.expiry ?? null;
  if (expiresOn === null || (expiry !== null && isSameDay(expiry, expiresOn))) return '';
  return `${expiry === null ? '' : 'but '}until ${dayOf(expiresOn)}, as the map says`;
}

/** Deleting begins after the end, so it counts as ended where no date is published. */
function currentState(record: ObservationOf<'registration'> | null, now: number): State {
  if (record === null) return -1;
  const { expiry } = record.facts;
  if (heldBack(record, DELETING) === 0 || (expiry !== null && expiry <= now)) return 0;
  return expiry === null ? -1 : 1;
}

/** BAD when none of them answers. */
function readAsked(parents: readonly string[], sources: GuardSources): Reading {
  const counted = tally(parents, 'reachable', sources);
  const state: State = counted.good > 0 ? 1 : counted.bad > 0 && counted.bad === parents.length ? 0 : -1;
  return composed(state, counted, state === 0 ? "of the registry's servers fail" : "of the registry's servers answer");
}

/** BAD when two servers, or the only one, say so and none says otherwise. */
function readAgreed(parents: readonly string[], question: Question, sources: GuardSources): Reading {
  const counted = tally(parents, question, sources);
  const agreed = counted.bad > 0 && counted.bad >= Math.min(2, parents.length) && counted.good === 0;
  return composed(agreed ? 0 : counted.good > 0 ? 1 : -1, counted, "of the registry's servers say so");
}
