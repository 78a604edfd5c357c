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
  const behind = ({ dependencies }: ServiceBinding): boolean =>
    dependencies.some(({ layer, ...use }) => layer === 'edge' && isSame(use, edge));
  const counted = views(
    sources.plan.services.filter(behind).flatMap(({ outside }) => outside),
    t0,
    sources,
  );
  const { good, bad, readings } = counted;
  const state: State = good > 0 ? 1 : bad > 0 && bad === readings.length ? 0 : -1;
  return composed(state, counted, state === 0 ? 'views through the edge fail' : 'views through the edge work');
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
