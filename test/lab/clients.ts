// The programs of others that look at a lab, and where in it they find whom they ask.
import { spawn } from 'node:child_process';
import { z } from 'zod';
import type { Lab } from '../../lab/lab.ts';

export interface Place {
  role: string;
  owner: string;
  address: string;
  port: number;
}

const World = z.object({
  places: z.array(z.object({ role: z.string(), owner: z.string(), address: z.string(), port: z.number() })),
});

/** Where each part of the lab listens, as its API tells anybody. */
export async function placesOf({ api }: Lab): Promise<readonly Place[]> {
  return World.parse(await (await fetch(`${api}/world`)).json()).places;
}

/** Throws when there is none. */
export function placeOf(places: readonly Place[], role: string, owner = '', index = 0): Place {
  const found = places.filter((place) => place.role === role && place.owner === owner)[index];
  if (found === undefined) throw new Error(`no ${role} ${owner}`);
  return found;
}

/** How dig and kdig are told whom to ask. */
export const asking = ({ address, port }: Pick<Place, 'address' | 'port'>): string[] => [
  `@${address}`,
  '-p',
  `${port}`,
];

const LIMIT_MS = 20_000;

/** Everything the program wrote, complaints included: how it ended is part of that. Killed when it takes too long. */
export function runClient(program: string, argv: readonly string[], limitMs = LIMIT_MS): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C' };
    const child = spawn(program, argv, {
      ...{ env, timeout: limitMs, killSignal: 'SIGKILL' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let written = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        written += chunk.toString();
      });
    }
    child.on('error', reject);
    child.on('close', () => resolve(written));
  });
}
