// What came and went: the mark of a bad line. One thing that breaks stays broken; a line that loses packets, or comes back,
// silences this and that for a moment, at places that have nothing to do with each other.
import { SILENT_REASONS } from '../catalog/reasons.ts';
import type { Plan } from '../map/plan-types.ts';
import type { Track, Tracks } from './tracks.ts';

/** Of the witnesses heard, so many must have flickered, at so many unrelated owners. */
const SHARE = 0.25;
const OWNERS = 3;

interface Witness {
  target: string;
  owner: string;
}

export interface Flicker {
  /** Whether a good part of all witnesses, those of `accused` left out, were both silent and answering after `since`. */
  heard(since: number, accused: readonly string[]): boolean;
}

export function createFlicker(plan: Plan, tracks: Tracks): Flicker {
  const operatorsOf = (vendor: string): readonly string[] => plan.vendors.get(vendor)?.operators ?? [vendor];
  const witnesses: Witness[] = [
    ...[...plan.anchors, ...plan.publicResolvers].map(({ target, operator }) => ({ target, owner: operator })),
    // Whoever runs both an anchor and controls is one owner, known by the first of the operator's names.
    ...plan.controls.map(({ target, vendor }) => ({ target, owner: operatorsOf(vendor)[0] ?? vendor })),
  ];
  return {
    heard(since, accused) {
      const others = witnesses.filter(({ owner, target }) => !accused.includes(owner) && isHeard(tracks.get(target)));
      const flickered = others.filter(({ target }) => cameAndWent(tracks.get(target), since));
      return (
        new Set(flickered.map(({ owner }) => owner)).size >= OWNERS &&
        flickered.length >= Math.max(1, SHARE * others.length)
      );
    },
  };
}

const isHeard = (track: Track | undefined): boolean => (track?.meters.get('works')?.lastOk ?? null) !== null;

/** Both silent and answering within the time. A refusal is an answer, and a name that is not found is its resolver's affair. */
function cameAndWent(track: Track | undefined, since: number): boolean {
  const failure = track?.lastFailure ?? null;
  if (failure === null || failure.phase === 'resolve' || !SILENT_REASONS.has(failure.reason)) return false;
  return failure.startedAt > since && (track?.meters.get('works')?.lastOk ?? 0) > since;
}
