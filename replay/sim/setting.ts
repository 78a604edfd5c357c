// A world made ready to be simulated: its places, and the real plan made from the real map of it. Shared by many episodes.
import { DEFAULT_TIMING, type Timing } from '../../catalog/timing.ts';
import type { ProbeKind } from '../../exporters/observation.ts';
import { mapText } from '../../lab/map-text.ts';
import type { Outlet } from '../../lab/outlet.ts';
import type { World } from '../../lab/world.ts';
import { worldNamed } from '../../lab/worlds.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import type { Plan } from '../../map/plan-types.ts';
import { timingOf } from '../../signals/engine.ts';
import { placesOf } from './places.ts';

export interface Setting {
  world: World;
  places: readonly Outlet[];
  plan: Plan;
  timing: Timing;
}

/** Nothing is dialled, so nobody's certificate needs to be trusted. */
const TRUST = /^trust:\n(?: +- .*\n)+/m;

/** Kinds that decide nothing, and so are not simulated. */
const TOLD_ONLY: ReadonlySet<ProbeKind> = new Set<ProbeKind>(['status', 'train', 'quic', 'routing']);

/** `wanted`: a world, or the name of one of ours. */
export function settingOf(wanted: string | World): Setting {
  const world = typeof wanted === 'string' ? worldNamed(wanted) : wanted;
  const places = placesOf(world);
  const map = parseMap(mapText(world, places, 'none').replace(TRUST, ''), `map of ${world.name}`, '.');
  const timing = timingOf(map.file.interval ?? DEFAULT_TIMING.intervalMs, map.file.timeout);
  const plan = planOf(map, NOTHING_KNOWN);
  const targets = plan.targets.filter(({ kind }) => !TOLD_ONLY.has(kind));
  return { world, places, plan: { ...plan, targets }, timing };
}
