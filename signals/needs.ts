// Whether an origin's errors are its own: only if what it needs from outside was there when it failed.
import type { State } from '../catalog/signals.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import { findsNoNames } from './finding-names.ts';
import type { GuardSources } from './guard.ts';
import type { Meter } from './meter.ts';

/**
 * OK: what the origin needs answered without a break before and after one of its errors; or it needs nothing. While neither the
 * service nor its origin fails, an address is enough: there is no error to place.
 * BAD: what it needs fails, or a signal of the user's own says so.
 */
export function needsMet(service: ServiceBinding, t0: number | null, sources: GuardSources): State {
  const { plan, tracks, uplink } = sources;
  const need = service.dependencies.find(({ layer }) => layer === 'endpoint');
  if (need === undefined) return 1;
  if (service.customVendor.some((target) => tracks.meter(target, 'works')?.ring.at(-1) === 0)) return 0;
  if (findsNoNames(sources)) return -1;
  const resolver = plan.resolver === null ? [] : [tracks.meter(plan.resolver.target, 'works')];
  const names = service.endpoint.flatMap((target) => tracks.meter(target, 'record') ?? []);
  if (names.some(({ ring }) => ring.at(-1) === 0)) return 0;
  const answers = tracks.meter(service.origin, 'answer');
  if (t0 === null && (answers?.firstBad ?? null) === null)
    return service.endpoint.some((target) => tracks.state(target, 'record') === 1) ? 1 : -1;
  // A name with an address is not yet an endpoint that works; its neighbours tell.
  const neighbours = plan.controls
    .filter(({ vendor, component }) => vendor === need.vendor && component === need.component)
    .flatMap(({ target }) => tracks.meter(target, 'works') ?? []);
  if (neighbours.some(({ firstBad }) => firstBad !== null)) return 0;
  const { badSince = null, lastBad = null } = answers ?? {};
  const failures = [badSince, lastBad].filter((at) => at !== null);
  // Well before and after one and the same error: either alone leaves room for a trouble in between.
  const wellThroughout = (meter: Meter | undefined): boolean => {
    const { okSince = null, lastOk = null } = meter ?? {};
    return okSince !== null && failures.some((at) => okSince < at && at < (lastOk ?? 0));
  };
  const heard = neighbours.filter(({ lastOk }) => lastOk !== null && lastOk > staleBefore(t0, sources));
  const quiet = uplink.lastNoise() < (lastBad ?? 0);
  return quiet && names.some(wellThroughout) && [...resolver, ...heard].every(wellThroughout) ? 1 : -1;
}

/** Neighbours that had not answered for long when the trouble began have rotted, and say nothing. */
function staleBefore(t0: number | null, { timing, now }: GuardSources): number {
  return (t0 ?? now()) - timing.staleIntervals * timing.intervalMs;
}
