// When one witness alone is enough. It may have a trouble of its own that looks like yours and began with it by chance.
import type { Dependency, ServiceBinding } from '../map/plan-types.ts';
import { findsNoNames } from './finding-names.ts';
import type { GuardSources } from './guard.ts';
import { failingMeters, metersIn } from './layer-meters.ts';
import { type Meter, stateAt } from './meter.ts';
import type { Site } from './witness.ts';

/**
 * Whether the one broken `witness` proves the guilt of the component. It broke with your part, not while that still worked; no
 * other service of yours behind the component goes on working; and it fails by an error of the vendor's own making, as
 * yours does, or there is no other witness that goes on working. An origin that finds no names has errors of its own.
 * Yours worked whenever it answered, amid the trouble too: where one request in ten comes through, two troubles that began
 * together look the same as one, so an accusation is taken back, and made again once both fail without a break.
 */
export function convicts(
  witness: string,
  others: readonly Site[],
  service: ServiceBinding,
  dependency: Dependency,
  t0: number,
  sources: GuardSources,
): boolean {
  const { plan, tracks } = sources;
  const siblings = plan.services.filter((one) => one.name !== service.name && leansOn(one, dependency));
  if (siblings.some((sibling) => isWellIn(sibling, dependency, t0, sources))) return false;
  if (dependency.layer === 'endpoint' && findsNoNames(sources)) return false;
  if (!brokeTogether(witness, service, dependency, sources)) return false;
  const failure = tracks.get(witness)?.lastFailure;
  if (dependency.layer === 'edge' && failure?.kind === 'http' && failure.reason === 'http_status')
    return failure.facts.generator === 'vendor_internal';
  return !others.some(({ targets }) => targets.some((target) => wentOn(tracks.meter(target, 'works'), t0, sources)));
}

function brokeTogether(
  witness: string,
  service: ServiceBinding,
  { layer }: Dependency,
  sources: GuardSources,
): boolean {
  const theirs = sources.tracks.meter(witness, 'works')?.firstBad ?? null;
  const failing = failingMeters(service, layer, sources);
  if (theirs === null || failing.length === 0) return false;
  const began = Math.min(...failing.map(({ firstBad }) => firstBad ?? Number.POSITIVE_INFINITY));
  const worked = Math.max(...failing.map(({ lastOk }) => lastOk ?? 0));
  return theirs >= began - roundMs(sources) && worked <= theirs;
}

const leansOn = ({ dependencies }: ServiceBinding, { vendor, component, layer }: Dependency): boolean =>
  dependencies.some((one) => one.vendor === vendor && one.component === component && one.layer === layer);

/** Whether all that is known of another service of yours in this layer went on working. */
function isWellIn(service: ServiceBinding, { layer }: Dependency, t0: number, sources: GuardSources): boolean {
  const meters = metersIn(service, layer, sources).filter(({ state }) => state !== -1);
  return meters.length > 0 && meters.every((meter) => wentOn(meter, t0, sources));
}

/** Heard of lately, and failed neither since the symptom began nor shortly before. What was not asked since may yet fail. */
function wentOn(meter: Meter | undefined, t0: number, sources: GuardSources): boolean {
  if (meter === undefined || stateAt(meter, sources.now(), staleMs(sources)) !== 1) return false;
  return (meter.lastBad ?? 0) < t0 - roundMs(sources);
}

/** What breaks at one moment is noticed within this time of each other. */
const roundMs = ({ timing }: GuardSources): number => timing.intervalMs + timing.timeoutMs;

const staleMs = ({ timing }: GuardSources): number => timing.staleIntervals * timing.intervalMs + timing.timeoutMs;
