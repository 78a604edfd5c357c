// What those say who look from elsewhere. An old OK is no news: they must have looked since the trouble began. And a view that
// was bad long before has a trouble of its own.
import type { State } from '../catalog/signals.ts';
import type { ServiceBinding, VendorPart } from '../map/plan-types.ts';
import type { GuardSources } from './guard.ts';
import { bare, composed, type Reading, readOne, type Tally } from './readings.ts';

/** OK or BAD when all who know agree. */
export function readOutside({ outside }: ServiceBinding, t0: number | null, sources: GuardSources): Reading {
  const counted = views(outside, t0, sources);
  const { good, bad } = counted;
  const state: State = good > 0 && bad === 0 ? 1 : bad > 0 && good === 0 ? 0 : -1;
  return composed(
    state,
    counted,
    state === 0 ? 'views from elsewhere see it down' : 'views from elsewhere see it work',
  );
}

/** One who is served through an edge proves that it serves; that they are not may have reasons beyond it. */
export function readEdgeElsewhere(service: ServiceBinding, t0: number | null, sources: GuardSources): Reading {
  const edge = service.dependencies.find(({ layer }) => layer === 'edge');
  return edge === undefined ? bare(-1) : readServedBy(edge, t0, sources);
}

/** The same about any component that stands before services of yours. */
export function readServedBy(edge: VendorPart, t0: number | null, sources: GuardSources): Reading {
  const counted = views(viewsThrough(edge, sources), t0, sources);
  const { good, bad, readings } = counted;
  const state: State = good > 0 ? 1 : bad > 0 && bad === readings.length ? 0 : -1;
  return composed(state, counted, state === 0 ? 'views through the edge fail' : 'views through the edge work');
}

/** BAD: a look through the edge of `service` is still to come. */
export function readElsewhereHeard(service: ServiceBinding, t0: number | null, sources: GuardSources): Reading {
  const edge = service.dependencies.find(({ layer }) => layer === 'edge');
  return bare(edge !== undefined && t0 !== null && isLookAwaited(edge, t0, sources) ? 0 : 1);
}

/**
 * Whether somebody who was served through `edge` until it failed at `t0` may yet say how it has been since. Nobody is waited for
 * longer than one turn of asking takes, nor whose word would be too old to be news by then.
 */
export function isLookAwaited(edge: VendorPart, t0: number, sources: GuardSources): boolean {
  return viewsThrough(edge, sources).some(
    (target) =>
      sources.tracks.state(target, 'works') === 1 &&
      !isSince(target, t0, sources) &&
      sources.now() - t0 < patienceMs(target, sources),
  );
}

function patienceMs(target: string, { plan, timing }: GuardSources): number {
  const { intervalMs = 0, settings = {} } = plan.targets.find(({ id }) => id === target) ?? {};
  const lagMs = settings.checked === undefined ? Number(settings.lagMs) : 0;
  return lagMs > intervalMs ? 0 : intervalMs + lagMs + timing.timeoutMs;
}

/** Of all services of yours behind it. */
function viewsThrough(edge: VendorPart, { plan }: GuardSources): string[] {
  const behind = ({ dependencies }: ServiceBinding): boolean =>
    dependencies.some(({ layer, ...use }) => layer === 'edge' && isSame(use, edge));
  return plan.services.filter(behind).flatMap(({ outside }) => outside);
}

const isSame = (one: VendorPart, other: VendorPart): boolean =>
  one.vendor === other.vendor && one.component === other.component;

function views(targets: readonly string[], t0: number | null, sources: GuardSources): Tally {
  const readings = targets.map((target) => readView(target, t0, sources));
  const good = readings.filter(({ state }) => state === 1).length;
  const bad = readings.filter(({ state }) => state === 0).length;
  return { good, bad, known: good + bad, readings };
}

function readView(target: string, t0: number | null, sources: GuardSources): Reading {
  const reading = readOne(target, 'works', sources);
  const news = reading.state === 1 ? isSince(target, t0, sources) : isOfToday(target, t0, sources);
  return news ? reading : { ...reading, state: -1 };
}

function isSince(target: string, t0: number | null, { tracks }: GuardSources): boolean {
  const newest = tracks.get(target)?.newest ?? null;
  return t0 === null || (newest?.kind === 'outside' && (newest.facts.checkedAt ?? 0) > t0);
}

function isOfToday(target: string, t0: number | null, { tracks, timing }: GuardSources): boolean {
  const { lastOk = null, firstBad = null } = tracks.meter(target, 'works') ?? {};
  if (t0 === null) return true;
  return lastOk !== null && firstBad !== null && Math.abs(firstBad - t0) <= timing.witnessWindowMs;
}
