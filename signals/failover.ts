// Whether the second path of a service works. No row reads it: it says what can be done about a verdict, not whose fault it is.
import type { State } from '../catalog/signals.ts';
import type { GuardSources } from './guard.ts';
import { trusted } from './readings.ts';

/** By service, for those whose map names a second path. */
export function readFailovers(sources: GuardSources): ReadonlyMap<string, State> {
  return new Map(
    sources.plan.services.flatMap(({ name, failover }): [string, State][] =>
      failover === null ? [] : [[name, readiness(failover, sources)]],
    ),
  );
}

/** Behind a line that does not work nothing answers, so a failure counts only if the line was good since it began. */
function readiness(target: string, { tracks, uplink }: GuardSources): State {
  const meter = tracks.meter(target, 'works');
  const state = trusted(tracks.state(target, 'works'), meter);
  if (state !== 0) return state;
  const t0 = meter?.firstBad ?? meter?.lastResult ?? 0;
  return uplink.operatorsSince(t0) >= 2 && uplink.cleanSince(t0, []) !== 0 ? 0 : -1;
}
