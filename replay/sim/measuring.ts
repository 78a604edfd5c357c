// What the models of all kinds of probes share: who is where, how a measurement gets there, and how it ends.
import net from 'node:net';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import type { Clock } from '../../exporters/clock.ts';
import { plainHost } from '../../exporters/http/connection.ts';
import type { Target } from '../../exporters/target.ts';
import type { Outlet } from '../../lab/outlet.ts';
import { WRONG_CLOCK_MS } from '../../lab/time-servers.ts';
import type { World } from '../../lab/world.ts';
import type { Random } from './chance.ts';
import type { Condition } from './condition.ts';
import type { Names } from './names.ts';
import type { Replies } from './replies.ts';
import { giveUp, RESENDS, roundTrip, startTrip, type Trip } from './trip.ts';

export interface ModelOptions {
  world: World;
  places: readonly Outlet[];
  clock: Clock;
  random: Random;
  condition: Condition;
  /** Share of measurements over the uplink that are lost for no reason at all. */
  noise: number;
}

export interface Wired extends ModelOptions {
  names: Names;
  replies: Replies;
  atPort: ReadonlyMap<number, readonly Outlet[]>;
}

/** Where a measurement ended. */
export interface End {
  reason: Reason;
  phase: Phase | null;
}

export const FINE: End = { reason: 'ok', phase: null };

/** By everybody's clock but ours. */
export function trueTime(ours: number, { condition }: Wired): number {
  return condition.active('clock_wrong') === undefined ? ours : ours - WRONG_CLOCK_MS;
}

export function text(target: Target, key: string): string {
  const value = target.settings[key];
  if (typeof value !== 'string') throw new Error(`${target.id} has no ${key}`);
  return value;
}

/** Whoever is at this port; of several addresses one by lot, as resolvers turn them, and of those of IPv6 one only if there are no others. */
export function placeAt(
  port: number,
  { atPort, random, names }: Wired,
  host = '',
  family = names.familyOf(host),
): Outlet {
  const here = (atPort.get(port) ?? []).filter(({ role }) => role !== 'former');
  const wanted = here.filter(({ address }) => net.isIP(address) === family);
  const alike = wanted.length > 0 ? wanted : here;
  const place = alike.length > 1 ? alike[Math.floor(random() * alike.length)] : alike[0];
  if (place === undefined) throw new Error(`nothing is at port ${port}`);
  return place;
}

export function tripTo(place: Outlet, { timeoutMs }: Target, { noise, condition, random }: Wired): Trip {
  return startTrip(timeoutMs, place, noise, condition, random);
}

export function stamped(target: Target, startedAt: number, { spentMs }: Trip, { reason, phase }: End) {
  return { target: target.id, ok: reason === 'ok', startedAt, durationMs: spentMs, reason, phase, phases: {} };
}

/** Names are looked up, literals are not. */
export function located(trip: Trip, host: string, mode: 'fresh' | 'last_good', target: Target, { names }: Wired): End {
  if (net.isIP(plainHost(host)) !== 0) return FINE;
  const reason = names.lookUp(trip, host, mode, target.timeoutMs);
  return reason === 'ok' ? FINE : { reason, phase: 'resolve' };
}

export function connected(trip: Trip, place: Outlet, { condition, random }: Wired): End {
  const state = condition.state(place);
  const heard = state === 'silent' ? giveUp(trip) : roundTrip(trip, place, RESENDS.syn, condition, random);
  if (!heard) return { reason: 'timeout', phase: 'connect' };
  return state === 'closed' ? { reason: 'connect_refused', phase: 'connect' } : FINE;
}
