// The time one measurement spends on the wire: round trips, what is lost and sent again, and the deadline that ends it all.
import type { Phase } from '../../catalog/reasons.ts';
import type { Outlet } from '../../lab/outlet.ts';
import { lognormal, type Random } from './chance.ts';
import type { Condition } from './condition.ts';

export interface Trip {
  /** Milliseconds so far; at `limitMs` the deadline has struck. */
  spentMs: number;
  readonly limitMs: number;
  /** Nothing of this measurement will arrive anywhere: noise, or a prober without time or sockets. */
  readonly lost: boolean;
}

/** What the way to a place depends on. */
export type Far = Pick<Outlet, 'side' | 'role' | 'address'>;

/** When something unanswered is sent again, milliseconds after the first time. TCP: RFC 6298, with Linux's 200 ms floor. */
export const RESENDS = { syn: [0, 1_000, 3_000], segment: [0, 250, 750, 1_750], datagram: [0, 1_000] } as const;

/** Home line to a well connected place: median 18 ms, one in a hundred above 90 ms. */
const INTERNET_RTT = { medianMs: 18, sigma: 0.69 };
const LAN_RTT = { medianMs: 0.5, sigma: 0.5 };

/** Noise of cables at home, as a share of that of the internet. */
const LAN_NOISE = 0.1;

export function startTrip(limitMs: number, { side }: Far, noise: number, condition: Condition, random: Random): Trip {
  const starved = condition.active('machine_starved') ?? condition.active('machine_suspended');
  const share = side === 'internet' ? noise : noise * LAN_NOISE;
  const unasked = condition.active('machine_out_of_files') !== undefined;
  const lost = unasked || (share > 0 && random() < share) || (starved !== undefined && random() < starved.rate);
  return { spentMs: 0, limitMs, lost };
}

/** One exchange with a place that answers. False: nothing came back before the deadline. */
export function roundTrip(
  trip: Trip,
  place: Far,
  resends: readonly number[],
  condition: Condition,
  random: Random,
): boolean {
  if (trip.lost) return giveUp(trip);
  const { medianMs, sigma } = place.side === 'internet' ? INTERNET_RTT : LAN_RTT;
  const offset = resends.find(() => survives(place, condition, random));
  if (offset === undefined) return giveUp(trip);
  return spend(trip, offset + lognormal(random, medianMs, sigma) + lateMs(place, condition, random));
}

/** Whether a packet and its answer both get there and back: those that stay at home always do. */
export function survives(place: Far, condition: Condition, random: Random): boolean {
  const loss = place.side === 'lan' ? 0 : (condition.active('uplink_loss', undefined, place)?.rate ?? 0);
  return loss === 0 || random() < (1 - loss) ** 2;
}

/** How much later than usual an answer comes over a slow line, milliseconds. */
export function lateMs(place: Far, condition: Condition, random: Random): number {
  const slow = place.side === 'lan' ? undefined : condition.active('uplink_delay', undefined, place);
  return slow !== undefined && random() < slow.rate ? slow.delayMs : 0;
}

/** Whether the way to a place swallows what is long. */
export const isNarrow = (place: Far, condition: Condition): boolean =>
  place.side === 'internet' && condition.active('uplink_mtu', undefined, place) !== undefined;

/** False when the deadline strikes meanwhile. */
export function spend(trip: Trip, ms: number): boolean {
  trip.spentMs = Math.min(trip.limitMs, trip.spentMs + ms);
  return trip.spentMs < trip.limitMs;
}

export function giveUp(trip: Trip): false {
  trip.spentMs = trip.limitMs;
  return false;
}

/** The phase in which nothing came back any more. */
export function silence(trip: Trip, phase: Phase): Phase {
  giveUp(trip);
  return phase;
}
