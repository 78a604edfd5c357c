// Loads the vendor catalogue and lays the map's own vendors over it, key by key.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { projectFile } from '../catalog/root.ts';
import { EgressPeer } from './egress.ts';
import { ResolverIdentity } from './interception.ts';
import { problemsOf } from './issues.ts';
import { type Problem, UserError } from './user-error.ts';
import { Anchor, PortalTest, Vendor } from './vendor.ts';
import { readYaml } from './yaml.ts';

export type Vendors = ReadonlyMap<string, Vendor>;

const AnchorFile = z.strictObject({
  anchors: z.array(Anchor).min(1),
  publicResolvers: z.array(
    z.strictObject({
      address: z.string(),
      operator: z.string(),
      identity: ResolverIdentity.optional(),
      source: z.string().optional(),
      checked: z.string().optional(),
    }),
  ),
  portalTests: z.array(PortalTest.extend({ source: z.string(), checked: z.string() })),
  egress: z.array(EgressPeer.extend({ source: z.string(), checked: z.string() })),
  timeServers: z.array(
    z.strictObject({
      host: z.string(),
      port: z.int().min(1).max(65535).default(123),
      operator: z.string(),
      source: z.string(),
      checked: z.string(),
    }),
  ),
});

export type Outside = z.output<typeof AnchorFile>;

function parseFile<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  const name = path.relative(projectFile('.'), file);
  const yaml = readYaml(name, readFileSync(file, 'utf8'));
  if (yaml.problems.length > 0) throw new UserError(yaml.problems);
  const parsed = schema.safeParse(yaml.value);
  if (!parsed.success) throw new UserError(problemsOf(parsed.error, schema, yaml.place));
  return parsed.data;
}

/** The catalogue is part of the program: each place of it is read once while it runs. */
function once<T>(read: (place: string) => T): (place: string) => T {
  const known = new Map<string, T>();
  return (place) => {
    const value = known.get(place) ?? read(place);
    known.set(place, value);
    return value;
  };
}

const readVendors = once((folder): Vendors => {
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.yml'))
    .sort();
  return new Map(files.map((file) => [file.slice(0, -'.yml'.length), parseFile(path.join(folder, file), Vendor)]));
});

const readOutside = once((file): Outside => parseFile(file, AnchorFile));

/** Every vendor file of the catalogue, by id (the file's name). The map is the caller's own, the vendors are everybody's. */
export function loadCatalogue(folder = projectFile('catalog/vendors')): Map<string, Vendor> {
  return new Map(readVendors(folder));
}

/** The catalogue's anchors and public resolvers. */
export function loadOutside(file = projectFile('catalog/anchors.yml')): Outside {
  return readOutside(file);
}

type Override = Record<string, unknown> & { components?: Record<string, Record<string, unknown>> | undefined };

/** One vendor with the map's words laid over the catalogue's. Problems are reported, and the vendor is then left out. */
export function overlay(
  id: string,
  base: Vendor | undefined,
  over: Override,
  place: (path: readonly PropertyKey[]) => string,
): Vendor | Problem[] {
  const components: Record<string, unknown> = { ...base?.components };
  for (const [name, component] of Object.entries(over.components ?? {})) {
    components[name] = { ...base?.components[name], ...component };
  }
  const merged = Vendor.safeParse({ ...base, ...over, components });
  if (merged.success) return merged.data;
  return problemsOf(merged.error, Vendor, (inner) => place(['vendors', id, ...inner]));
}
