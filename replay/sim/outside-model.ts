// The model of the probe that asks who watches from elsewhere: the way there, and what they see of the simulated world.
import type { Observation } from '../../exporters/observation.ts';
import type { OutsideFacts } from '../../exporters/outside/facts.ts';
import type { Target } from '../../exporters/target.ts';
import { worksElsewhere } from '../../lab/elsewhere.ts';
import { type End, FINE, placeAt, stamped, text, tripTo, type Wired } from './measuring.ts';
import { reachedBy } from './proxy-model.ts';

export function measureOutside(target: Target, startedAt: number, wired: Wired): Observation {
  const { world, condition } = wired;
  const { port, hostname } = new URL(text(target, 'url'));
  const place = placeAt(Number(port), wired);
  const trip = tripTo(place, target, wired);
  const reached = reachedBy(target, hostname, trip, place, wired);
  const nothing: OutsideFacts = { address: place.address, httpStatus: null, up: null, checkedAt: null };
  if (reached.reason !== 'ok') return { kind: 'outside', ...stamped(target, startedAt, trip, reached), facts: nothing };
  const service = world.services.find(({ name }) => name === target.labels.service);
  const active = (kind: Parameters<typeof condition.active>[0], about?: string): boolean =>
    condition.active(kind, about) !== undefined;
  const up = service !== undefined && worksElsewhere(service, world, active);
  const end: End = up ? FINE : { reason: 'value_bad', phase: 'check' };
  const facts: OutsideFacts = { ...nothing, httpStatus: 200, up, checkedAt: startedAt };
  return { kind: 'outside', ...stamped(target, startedAt, trip, end), facts };
}
