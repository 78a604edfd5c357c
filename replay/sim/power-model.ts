// The model of a UPS and its server, as the lab has them.

import type { Observation } from '../../exporters/observation.ts';
import type { PowerFacts } from '../../exporters/power/facts.ts';
import { NOTHING_SEEN } from '../../exporters/power/facts.ts';
import { reasonOfPower } from '../../exporters/power/nut.ts';
import type { Target } from '../../exporters/target.ts';
import { connected, type End, placeAt, stamped, tripTo, type Wired } from './measuring.ts';

export function measurePower(target: Target, startedAt: number, wired: Wired): Observation {
  const { condition } = wired;
  const place = placeAt(Number(target.settings.port), wired);
  const trip = tripTo(place, target, wired);
  const reached = connected(trip, place, wired);
  const onBattery = condition.active('power_cut') !== undefined || condition.active('ups_on_battery') !== undefined;
  const told = { ...NOTHING_SEEN, source: onBattery ? 'battery' : 'line', low: false, calibrating: false } as const;
  const facts: PowerFacts = { ...(reached.reason === 'ok' ? told : NOTHING_SEEN), address: place.address };
  const reason = reasonOfPower(facts);
  const end: End = reached.reason === 'ok' ? { reason, phase: reason === 'ok' ? null : 'check' } : reached;
  return { kind: 'power', ...stamped(target, startedAt, trip, end), facts };
}
