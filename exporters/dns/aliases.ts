// The names an answer went through, from alias to alias, and whose each is: the zone it stands in, as the server tells when asked,
// and who has it, as the settings say. Nothing is judged by it; it tells whose record leads to where an answer ends.
import { z } from 'zod';
import type { DnsAnswer } from './answer.ts';
import type { AliasHop } from './facts.ts';
import { isAskable } from './question.ts';

/** Who has which names. Owners come from the map and the catalogue, so that they may be label values. */
export const Owners = z.array(
  z.strictObject({
    zone: z.string().refine(isAskable, 'not a DNS name in ASCII form').describe('A domain, with all below it.'),
    owner: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -, not starting with -')
      .describe('Who has it.'),
  }),
);

export type Owners = z.output<typeof Owners>;

/** Asks the same server for the SOA of a name; null when nothing came back that could be read. */
export type AskZone = (name: string) => Promise<DnsAnswer | null>;

/** A zone is seldom cut deeper below the name it is looked for at. */
const MOST_STEPS = 4;

/** Every name of the chain, the asked one first; none when the answer came without an alias. */
export async function hopsOf(answer: DnsAnswer, owners: Owners, ask: AskZone | null): Promise<AliasHop[]> {
  const { chain } = answer;
  if (chain.length === 1) return [];
  const known = new Map<string, Promise<DnsAnswer | null>>();
  const askOnce: AskZone = (name) => {
    const asked = known.get(name) ?? ask?.(name) ?? Promise.resolve(null);
    known.set(name, asked);
    return asked;
  };
  return Promise.all(
    chain.map(async (name, index): Promise<AliasHop> => {
      const last = index === chain.length - 1;
      // A negative answer comes with the SOA of the zone that gave it. An alias is never the top of a zone, its end may be.
      const told = last && isWithin(name, answer.zone) ? answer.zone : null;
      const zone = ask === null ? told : (told ?? (await zoneOf(last ? name : parentOf(name), name, askOnce)));
      return { name, zone, owner: ownerOf(name, owners), end: last ? answer.shape : null };
    }),
  );
}

/** The zone `name` stands in, looked for from `start` upwards: where an alias stands on the way, its target's zone is told instead. */
async function zoneOf(start: string, name: string, ask: AskZone): Promise<string | null> {
  let at = start;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const zone = (await ask(at))?.zone ?? null;
    if (isWithin(name, zone)) return zone;
    if (at === '.') return null;
    at = parentOf(at);
  }
  return null;
}

/** By the longest zone that is known. */
function ownerOf(name: string, owners: Owners): string | null {
  const having = owners.filter(({ zone }) => isWithin(name, zone.toLowerCase()));
  return having.sort((a, b) => b.zone.length - a.zone.length)[0]?.owner ?? null;
}

const parentOf = (name: string): string => name.split('.').slice(1).join('.') || '.';

const isWithin = (name: string, zone: string | null): zone is string =>
  zone !== null && (zone === '.' || `.${name}`.endsWith(`.${zone}`));
