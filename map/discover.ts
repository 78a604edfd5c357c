// Services proposed for the map from what runs beside it: each with its reasons, checked as the map itself would be.
// What strangers say ends in a value the map's own schema accepts, or in a refusal. Nothing is ever written for the reader.
import { z } from 'zod';
import { parseMap } from './load.ts';
import { UserError } from './user-error.ts';

/** Keys of a service of the map, as far as anybody can tell from outside. */
export interface Sketch {
  url: string;
  [key: string]: unknown;
}

export interface Proposal {
  name: string;
  service: Sketch;
  /** Where each of it was seen, e.g. `Traefik's router blog@docker`. */
  reasons: string[];
}

export interface Refusal {
  /** What was seen. */
  what: string;
  why: string;
}

/** What one source has to say. */
export interface Sighted {
  proposals: readonly Proposal[];
  refusals: readonly Refusal[];
}

const MOST = 500;
const LONGEST = 120;

/** A stranger's text for a person: one line, printable, short. */
export function plain(text: unknown): string {
  const line = String(text).replace(/\p{C}+/gu, '?');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}...` : line;
}

/** A list of things whose form differs from one to the next: a wrong one is left out, the others are not. */
export function each<S extends z.ZodType>(schema: S): z.ZodType<z.output<S>[]> {
  return z.array(z.unknown()).transform((all) =>
    all.slice(0, MOST).flatMap((one) => {
      const parsed = schema.safeParse(one);
      return parsed.success ? [parsed.data] : [];
    }),
  );
}

/** A name for the map: the first label of the host, or the text itself. */
export function nameFrom(text: string): string {
  const label =
    text
      .toLowerCase()
      .replace(/^https?:\/\//, '')
      .split(/[./:]/)[0] ?? '';
  const name = label
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name === '' ? 'service' : name;
}

const keyOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);

/** One proposal for each URL: who speaks first is believed, the others add what it left out. */
export function merge(all: readonly Proposal[]): Proposal[] {
  const byUrl = new Map<string, Proposal>();
  for (const { name, service, reasons } of all) {
    const before = byUrl.get(keyOf(service.url));
    if (before === undefined) byUrl.set(keyOf(service.url), { name, service: { ...service }, reasons: [...reasons] });
    else {
      before.service = { ...service, ...before.service };
      before.reasons.push(...reasons);
    }
  }
  const taken = new Set<string>();
  return [...byUrl.values()].map((proposal) => {
    let name = proposal.name;
    for (let number = 2; taken.has(name); number += 1) name = `${proposal.name}-${number}`;
    taken.add(name);
    return { ...proposal, name };
  });
}

/** A URL may hold line breaks for all its parser cares; nobody means them. */
function isPrintable(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isPrintable);
  return typeof value !== 'string' || !/\p{C}/u.test(value);
}

/** Those the map would accept, and why it would not accept the others. JSON is YAML, so the map's own reader checks them. */
export function checked(all: readonly Proposal[]): { accepted: Proposal[]; refusals: Refusal[] } {
  const accepted: Proposal[] = [];
  const refusals: Refusal[] = [];
  for (const proposal of all) {
    if (!isPrintable(proposal.service)) {
      refusals.push({ what: proposal.reasons.map(plain).join(', '), why: 'it holds control characters' });
      continue;
    }
    try {
      parseMap(JSON.stringify({ version: 1, services: { [proposal.name]: proposal.service } }), 'proposal', '/');
      accepted.push(proposal);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const why = error.problems
        .map(({ place, what }) => `${place.replace(/^proposal:\d+:\d+ /, '')} ${what}`)
        .join('; ');
      refusals.push({ what: proposal.reasons.map(plain).join(', '), why: plain(why) });
    }
  }
  return { accepted, refusals };
}
