// The models of what is asked of registries and time servers: the zone above a domain, the record of it, and the time.
import type { ClockFacts } from '../../exporters/clock/facts.ts';
import { type DnsFacts, nothingRead } from '../../exporters/dns/facts.ts';
import type { Observation } from '../../exporters/observation.ts';
import type { EppStatus } from '../../exporters/registration/epp-status.ts';
import type { RegistrationFacts } from '../../exporters/registration/facts.ts';
import type { Target } from '../../exporters/target.ts';
import type { FaultKind } from '../../lab/faults.ts';
import { isBroken, nameServersOf, STRANGERS } from '../../lab/registration.ts';
import { type End, FINE, placeAt, stamped, text, tripTo, trueTime, type Wired } from './measuring.ts';
import { type ResolverAnswer, reasonOfName } from './names.ts';
import { reachedBy } from './proxy-model.ts';
import { giveUp, RESENDS, roundTrip, type Trip } from './trip.ts';

const DAY_MS = 86_400_000;

const broken = (domain: string, kind: FaultKind, { world, condition }: Wired): boolean =>
  isBroken(world, domain, kind, (fault, service) => condition.active(fault, service) !== undefined);

/** What a server of the zone above says to a question for a domain, or for the SOA of its own zone. */
export function referral(
  target: Target,
  startedAt: number,
  trip: Trip,
  answer: ResolverAnswer,
  wired: Wired,
): Observation {
  const name = text(target, 'name');
  const asksForDomain = text(target, 'type') === 'NS';
  const silent = answer === 'silent';
  const given = answer === 'answer' && asksForDomain;
  const changed = given && broken(name, 'delegation_changed', wired);
  const facts: DnsFacts = {
    ...nothingRead(text(target, 'server')),
    rcode: silent ? null : answer === 'answer' ? 'NOERROR' : 'NXDOMAIN',
    shape: silent ? null : given ? 'referral' : answer === 'answer' ? 'answer' : 'nxdomain',
    authoritative: silent ? null : !given,
    nameServers: given ? (changed ? [...STRANGERS] : nameServersOf(wired.world, name)) : [],
  };
  const end: End = silent
    ? { reason: reasonOfName(answer), phase: 'request' }
    : changed
      ? { reason: 'dns_mismatch', phase: 'check' }
      : { reason: reasonOfName(answer), phase: answer === 'answer' ? null : 'check' };
  return { kind: 'dns', ...stamped(target, startedAt, trip, end), facts };
}

export function measureRegistration(target: Target, startedAt: number, wired: Wired): Observation {
  const domain = text(target, 'domain');
  const { port, hostname } = new URL(text(target, 'server'));
  const place = placeAt(Number(port), wired);
  const trip = tripTo(place, target, wired);
  const end = reachedBy(target, hostname, trip, place, wired);
  const ended = broken(domain, 'domain_expired', wired) || broken(domain, 'domain_deleting', wired);
  const statuses: EppStatus[] = [
    ...(broken(domain, 'domain_deleting', wired) ? (['redemptionPeriod', 'pendingDelete'] as const) : []),
    ...(broken(domain, 'registrar_hold', wired) ? (['clientHold'] as const) : []),
    ...(broken(domain, 'registry_hold', wired) ? (['serverHold'] as const) : []),
  ];
  const answered = end.reason === 'ok';
  const facts: RegistrationFacts = {
    address: place.address,
    httpStatus: answered ? 200 : null,
    expiry: answered ? trueTime(startedAt, wired) + (ended ? -3 : 300) * DAY_MS : null,
    statuses: answered ? statuses : [],
    unknownStatuses: 0,
    nameServers: [],
    delegationSigned: null,
    retryAfterMs: null,
  };
  return { kind: 'registration', ...stamped(target, startedAt, trip, end), facts };
}

export function measureClock(target: Target, startedAt: number, wired: Wired): Observation {
  const { condition, random } = wired;
  const place = placeAt(Number(target.settings.port), wired);
  const trip = tripTo(place, target, wired);
  const deaf = condition.state(place) !== 'open';
  const heard = !deaf && roundTrip(trip, place, RESENDS.datagram.slice(0, 1), condition, random);
  if (!heard) giveUp(trip);
  const facts: ClockFacts = {
    address: place.address,
    offsetMs: heard ? trueTime(startedAt, wired) - startedAt : null,
    delayMs: heard ? trip.spentMs : null,
    stratum: heard ? 2 : null,
    refusal: null,
  };
  const end: End = heard ? FINE : { reason: 'timeout', phase: 'request' };
  return { kind: 'clock', ...stamped(target, startedAt, trip, end), facts };
}
