// The model of pages with a known answer, and of a portal that answers in their place.
import type { Observation } from '../../exporters/observation.ts';
import type { PortalFacts } from '../../exporters/portal/facts.ts';
import type { Target } from '../../exporters/target.ts';
import { connected, type End, FINE, placeAt, stamped, text, tripTo, type Wired } from './measuring.ts';

export function measurePortal(target: Target, startedAt: number, wired: Wired): Observation {
  const place = placeAt(Number(new URL(text(target, 'url')).port), wired);
  const trip = tripTo(place, target, wired);
  const reached = connected(trip, place, wired);
  const captured = wired.condition.active('captive_portal') !== undefined;
  const answered = reached.reason === 'ok';
  const answer = !answered ? null : captured ? 'captured' : 'clear';
  const facts: PortalFacts = { address: place.address, httpStatus: answered ? (captured ? 302 : 204) : null, answer };
  const end: End = !answered ? reached : captured ? { reason: 'captive_portal', phase: 'check' } : FINE;
  return { kind: 'portal', ...stamped(target, startedAt, trip, end), facts };
}
