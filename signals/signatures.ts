// Whether signatures hold, as resolvers that validate see it: what they refuse, yet answer when told not to check, is not
// missing and not unreachable, but signed wrongly. Nothing is verified here.
import type { State } from '../catalog/signals.ts';
import type { ServiceBinding, ValidatedBinding } from '../map/plan-types.ts';
import type { GuardSources } from './guard.ts';
import { bare, composed, type Reading, readOne, trusted } from './readings.ts';

/** BAD when two of them, or the only one, refuse what they answer unchecked, and none accepts it. */
export function readValidated(asked: readonly ValidatedBinding[], sources: GuardSources): Reading {
  const readings = asked.map(
    (one): Reading => ({ ...readOne(one.checked, 'works', sources), state: stateOf(one, sources) }),
  );
  const count = (state: State): number => readings.filter((reading) => reading.state === state).length;
  const [good, bad] = [count(1), count(0)];
  const refused = bad > 0 && bad >= Math.min(2, asked.length) && good === 0;
  const word = refused ? 'validating resolvers refuse what they answer unchecked' : 'validating resolvers accept it';
  return composed(refused ? 0 : good > 0 ? 1 : -1, { good, bad, known: good + bad, readings }, word);
}

/** The same about a service: nobody suffers from signatures whose own resolver finds the name all the same. */
export function readFelt(service: ServiceBinding, asked: readonly ValidatedBinding[], sources: GuardSources): Reading {
  const reading = readValidated(asked, sources);
  const felt = sources.tracks.get(service.user ?? '')?.lastFailure?.phase === 'resolve';
  return reading.state === 0 && !felt ? bare(-1) : reading;
}

/**
 * BAD counts once the unchecked answer came after the first refusal, and a refusal after that answer: when name servers come
 * back, the last failure of before is no refusal.
 */
function stateOf({ checked, unchecked }: ValidatedBinding, { tracks }: GuardSources): State {
  const state = trusted(tracks.state(checked, 'works'), tracks.meter(checked, 'works'));
  if (state !== 0) return state;
  const { firstBad = null, lastBad = null } = tracks.meter(checked, 'works') ?? {};
  const { okSince = null, lastOk = null } = tracks.meter(unchecked, 'works') ?? {};
  if (firstBad === null || okSince === null) return -1;
  return (lastOk ?? 0) > firstBad && (lastBad ?? 0) > okSince ? 0 : -1;
}

/** What answers without the check, as it did before the trouble and has since, shows that nothing but the check fails. */
export function readUnchecked({ plan, tracks }: GuardSources): Reading {
  const { firstBad = null } = tracks.meter(plan.resolver?.target ?? null, 'works') ?? {};
  const target = plan.resolver?.unchecked ?? null;
  const { okSince = null, lastOk = null } = tracks.meter(target, 'works') ?? {};
  const state = tracks.state(target, 'works');
  const throughout = firstBad === null || (okSince !== null && okSince < firstBad && (lastOk ?? 0) > firstBad);
  return bare(state === 1 && !throughout ? -1 : state);
}

/** What of yours in this layer is refused for its signatures; none while they hold. */
export function refusedOf(
  service: ServiceBinding,
  layer: 'registry' | 'dns',
  sources: GuardSources,
): readonly ValidatedBinding[] {
  const domain = sources.plan.domains.find(({ name }) => name === service.domain);
  const asked = layer === 'dns' ? service.signed : (domain?.keys ?? []);
  return readValidated(asked, sources).state === 0 ? asked : [];
}
