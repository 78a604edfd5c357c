// The model of the way out through a network's forward proxy: what it refuses, and how little it tells of what it met behind it.
import type { Target } from '../../exporters/target.ts';
import type { Outlet } from '../../lab/outlet.ts';
import { wayOutOf } from '../../map/forward-proxy.ts';
import { connected, type End, FINE, placeAt, type Wired } from './measuring.ts';
import { silence, spend, type Trip } from './trip.ts';

/** Whether a connection to `place` comes about, through the proxy of the target where it has one. `host`: whom the proxy is asked for. */
export function reachedBy(target: Target, host: string, trip: Trip, place: Outlet, wired: Wired): End {
  const proxy = wayOutOf(target);
  if (proxy === null) return connected(trip, place, wired);
  const passed = passProxy(trip, proxy, host, wired);
  if (passed.reason !== 'ok') return passed;
  const end = connected(trip, place, wired);
  return end.reason === 'ok' ? FINE : toldByProxy(end);
}

/** As far as the forward proxy lets a request come. */
export function passProxy(trip: Trip, proxy: string, host: string, wired: Wired): End {
  const place = placeAt(Number(new URL(proxy).port), wired);
  const { reason } = connected(trip, place, wired);
  if (reason !== 'ok')
    return { reason: reason === 'timeout' ? 'proxy_timeout' : 'proxy_unreachable', phase: 'connect' };
  const { condition } = wired;
  const met = { ...place, host };
  const slow = condition.strikes('proxy_slow', undefined, met)
    ? condition.active('proxy_slow', undefined, met)
    : undefined;
  if (!spend(trip, slow?.delayMs ?? 0)) return { reason: 'proxy_timeout', phase: silence(trip, 'proxy') };
  const denied = condition.strikes('proxy_denies', undefined, met);
  return denied ? { reason: 'proxy_denied', phase: 'proxy' } : FINE;
}

/** It looks the name up and connects by itself, and tells no more than that it could not. */
export const toldByProxy = ({ reason }: End): End => ({
  reason: reason === 'timeout' ? 'proxy_timeout' : 'proxy_gateway',
  phase: 'proxy',
});
