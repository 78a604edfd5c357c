// The model of the probe that reads values of the user's own: the document an application of the world tells of its parts.
import type { CustomFacts } from '../../exporters/custom/facts.ts';
import type { Observation } from '../../exporters/observation.ts';
import type { Target } from '../../exporters/target.ts';
import { hostOf } from '../../map/url-parts.ts';
import { type End, FINE, placeAt, stamped, text, tripTo, type Wired } from './measuring.ts';
import { reachedBy } from './proxy-model.ts';

export function measureCustom(target: Target, startedAt: number, wired: Wired): Observation {
  const { port, hostname } = new URL(text(target, 'url'));
  const place = placeAt(Number(port), wired);
  const trip = tripTo(place, target, wired);
  const reached = reachedBy(target, hostname, trip, place, wired);
  const nothing: CustomFacts = { address: place.address, httpStatus: null, value: null, samples: null };
  if (reached.reason !== 'ok') return { kind: 'custom', ...stamped(target, startedAt, trip, reached), facts: nothing };
  const isWell = wired.replies.isWell(target);
  const value = isWell ? 'good' : 'bad';
  const end: End = isWell ? FINE : { reason: 'value_bad', phase: 'check' };
  return { kind: 'custom', ...stamped(target, startedAt, trip, end), facts: { ...nothing, httpStatus: 200, value } };
}

const SHOWN = {
  identity: { document: 'keys', keyIds: null, keysEnd: null },
  acme: { externalAccount: null, renewalInfo: null },
} as const;

/** Of what a provider shows to everybody only the way there is simulated. */
export function measureShown(target: Target, kind: 'identity' | 'acme', startedAt: number, wired: Wired): Observation {
  const place = placeAt(Number(target.settings.port), wired);
  const trip = tripTo(place, target, wired);
  const { issuer, directory } = target.settings;
  const end = reachedBy(target, hostOf(String(issuer ?? directory)), trip, place, wired);
  const said = { ...stamped(target, startedAt, trip, end), phases: {} };
  const seen = { address: place.address, httpStatus: end.reason === 'ok' ? 200 : null };
  return kind === 'acme'
    ? { kind, ...said, facts: { ...seen, ...SHOWN.acme } }
    : { kind, ...said, facts: { ...seen, ...SHOWN.identity } };
}
