// What route collectors heard of the prefixes a service needs. Hours old, so no row reads it: it stands beside the other
// evidence, with its time.
import type { State } from '../catalog/signals.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import { describe } from './describe.ts';
import type { GuardSources } from './guard.ts';
import { bare, type Reading } from './readings.ts';

/** OK when every prefix that is known is as it should be, BAD when one is not: the newest word of each counts. */
export function readRoutes({ routes }: ServiceBinding, { tracks }: GuardSources): Reading {
  const known = routes.flatMap((target) => {
    const newest = tracks.get(target)?.newest ?? null;
    return newest?.kind === 'routing' && newest.facts.origins !== null ? [newest] : [];
  });
  const bad = known.filter(({ ok }) => !ok);
  const state: State = bad.length > 0 ? 0 : known.length > 0 ? 1 : -1;
  return bare(state, (bad.length > 0 ? bad : known).map(describe).join('; '));
}
