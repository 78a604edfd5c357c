// The worlds there are.
import { UserError } from '../map/user-error.ts';
import type { World } from './world.ts';
import { CABIN } from './worlds/cabin.ts';
import { COMPANY } from './worlds/company.ts';
import { CONSUMER } from './worlds/consumer.ts';
import { CORNER } from './worlds/corner.ts';
import { FLEET_OF_TWO } from './worlds/fleet.ts';
import { HOMELAB } from './worlds/homelab.ts';

export const WORLDS: ReadonlyMap<string, World> = new Map(
  [HOMELAB, COMPANY, CABIN, CONSUMER, CORNER, FLEET_OF_TWO].map((world) => [world.name, world]),
);

/** The world of that name. Throws {@link UserError}, about `place`, when there is none. */
export function worldNamed(name: string, place = 'world'): World {
  const world = WORLDS.get(name);
  if (world !== undefined) return world;
  throw new UserError([{ place, what: `no world ${name}`, hint: `known are ${[...WORLDS.keys()].join(', ')}` }]);
}
