// A lab that the programs of others look at, for the tests of one file: started before them, healed after each, ended after all.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import type { World } from '../../lab/world.ts';
import { type Place, placeOf, placesOf } from './clients.ts';
import { curl, handshake, type Question } from './foreign-programs.ts';

export interface ForeignLab {
  lab(): Lab;
  /** Throws when there is none; `family` where it is reached by both. */
  at(role: string, owner?: string, index?: number, family?: 4 | 6): Place;
  /** With the authority of this lab. */
  curl(scheme: string, host: string, place: Place, page?: string): Question;
  handshake(place: Place, name: string): Question;
}

export function foreignLab(world: string | World = 'homelab'): ForeignLab {
  let lab: Lab;
  let places: readonly Place[];
  let folder: string;
  const authority = (): string => path.join(folder, 'ca.pem');

  beforeAll(async () => {
    lab = await startLab({ world });
    folder = await mkdtemp(path.join(tmpdir(), 'demarc-foreign-'));
    await writeFile(authority(), lab.ca);
    places = await placesOf(lab);
  });
  afterEach(() => lab.heal());
  afterAll(async () => {
    await lab.stop();
    await rm(folder, { recursive: true });
  });

  const speaks = (family: 4 | 6 | undefined, { address }: Place): boolean =>
    family === undefined || address.includes(':') === (family === 6);
  return {
    lab: () => lab,
    at(role, owner = '', index = 0, family = undefined) {
      const fitting = places.filter((place) => speaks(family, place));
      return placeOf(fitting, role, owner, index);
    },
    curl: (scheme, host, place, page) => curl(scheme, host, place, authority(), page),
    handshake: (place, name) => handshake(place, name, authority()),
  };
}
