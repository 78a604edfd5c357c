// What a new map leaves as it was: targets that are asked the same thing as before, and surroundings that cannot be seen now.
import { isDeepStrictEqual } from 'node:util';
import type { Target } from '../exporters/target.ts';
import type { Surroundings } from '../map/plan.ts';
import type { Plan } from '../map/plan-types.ts';

/** Ids of the targets that mean the same in both plans: what was learned about them stays true. */
export function sameTargets(before: Plan, after: Plan): ReadonlySet<string> {
  const old = new Map(before.targets.map((target) => [target.id, target]));
  const same = after.targets.filter((target) => {
    const known = old.get(target.id);
    return known !== undefined && isDeepStrictEqual(known, target) && layerOf(known, before) === layerOf(target, after);
  });
  return new Set(same.map(({ id }) => id));
}

/** An answer is read by the layer of the component it comes from. */
function layerOf({ labels: { vendor, component } }: Target, plan: Plan): string | undefined {
  return plan.vendors.get(vendor)?.components[component]?.layer;
}

/** A reload while the line is cut finds no route and no name servers; those known before still are the ones to watch. */
export function keepSurroundings(before: Surroundings, now: Surroundings): Surroundings {
  return {
    gateway: now.gateway ?? before.gateway,
    resolvers: now.resolvers.length > 0 ? now.resolvers : before.resolvers,
    nameservers: new Map([...before.nameservers, ...now.nameservers]),
    ...(now.registries === undefined ? {} : { registries: now.registries }),
  };
}
