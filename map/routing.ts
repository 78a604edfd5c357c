// Prefixes whose announcements are looked up: yours, your ISP's, and those of vendors. Told as evidence, judged by nobody.
import { z } from 'zod';
import { RIPESTAT } from '../catalog/route-collectors.ts';
import { Origins, Prefix } from '../exporters/routing/prefix.ts';
import { duration } from './duration.ts';
import type { ServiceBinding } from './plan-types.ts';
import { Name, Url } from './schema-words.ts';
import type { Targets } from './targets.ts';

/** Collectors are read every eight hours; asking more often brings nothing. */
const HOURLY_MS = 3_600_000;

const Route = z.strictObject({
  prefix: Prefix.describe('As it is announced, the first address before the slash.'),
  owner: z
    .union([z.literal('self'), z.literal('isp'), Name])
    .describe("Whose it is: yours, your ISP's, or a vendor's. A vendor's is told about services that need the vendor."),
  origins: Origins.optional(),
});

export const Routing = z.strictObject({
  url: Url.default(RIPESTAT.url).describe('Base URL of RIPEstat, or of what speaks as it does.'),
  every: duration('10m', '1d').default(HOURLY_MS).describe('How often it is asked.'),
  prefixes: z.array(Route).min(1).max(32).describe('What is looked up.'),
});

export type Routing = z.output<typeof Routing>;

/** Whether it is no vendor's. */
export const isOfTheHouse = (owner: string): boolean => owner === 'self' || owner === 'isp';

export interface BoundRoute {
  target: string;
  owner: string;
}

export function bindRouting(routing: Routing | undefined, targets: Targets): BoundRoute[] {
  if (routing === undefined) return [];
  const { url, every, prefixes } = routing;
  return prefixes.map(({ prefix, owner, origins }) => {
    const labels = isOfTheHouse(owner) ? {} : { vendor: owner };
    const pace = { intervalMs: every, gapMs: every / 2 };
    return { target: targets.add('route', prefix, 'routing', { prefix, origins, url }, labels, pace), owner };
  });
}

/** The way to every service leads over the line; over a vendor's network only where it needs the vendor. */
export function routesOf({ dependencies }: ServiceBinding, routes: readonly BoundRoute[]): string[] {
  const needs = (owner: string): boolean => dependencies.some(({ vendor }) => vendor === owner);
  return routes.filter(({ owner }) => isOfTheHouse(owner) || needs(owner)).map(({ target }) => target);
}
