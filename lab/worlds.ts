// The worlds there are.
import { UserError } from '../map/user-error.ts';
import type { World } from './world.ts';
import { COMPANY } from './worlds/company.ts';
import { HOMELAB } from './worlds/homelab.ts';

export const WORLDS: ReadonlyMap<string, World> = new Map([HOMELAB, COMPANY].map((world) => [world.name, world]));

/** The world of that name. Throws {@link UserError}, about `place`, when there is none. */
export function worldNamed(name: string, place = 'world'): World {
  const world = WORLDS.get(name);
  if (world !== undefined) return world;
  throw new UserError([{ place, what: `no world ${name}`, hint: `known are ${[...WORLDS.keys()].join(', ')}` }]);
}
