// The model of a host that is pinged: it answers while it lives, whatever its ports do.
import { NO_BURST } from '../../exporters/burst.ts';
import type { Observation } from '../../exporters/observation.ts';
import type { PingFacts } from '../../exporters/ping/facts.ts';
import type { Target } from '../../exporters/target.ts';
import { type End, FINE, placeAt, stamped, tripTo, type Wired } from './measuring.ts';
import { giveUp, RESENDS, roundTrip } from './trip.ts';

const DATAGRAMS = 3;

export function measurePing(target: Target, startedAt: number, wired: Wired): Observation {
  const { condition, random } = wired;
  const place = placeAt(Number(target.settings.port), wired);
  const trip = tripTo(place, target, wired);
  const silent = condition.state(place) === 'silent';
  const heard = silent ? giveUp(trip) : roundTrip(trip, place, RESENDS.datagram, condition, random);
  const end: End = heard ? FINE : { reason: 'timeout', phase: 'request' };
  const counts = { sent: DATAGRAMS, received: heard ? DATAGRAMS : 0 };
  const facts: PingFacts = { ...NO_BURST, ...counts, address: place.address, mtu: null };
  return { kind: 'ping', ...stamped(target, startedAt, trip, end), facts };
}
