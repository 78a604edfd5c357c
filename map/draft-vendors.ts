// The vendors of another map, for recognising what the catalogue does not know. They come along into the draft.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { loadMap } from './load.ts';
import type { Vendors } from './vendors.ts';
import { readYaml } from './yaml.ts';

const WithVendors = z.object({ vendors: z.record(z.string(), z.unknown()).default({}) });

/** `raw`: as written there. Throws UserError for a file that is no map. */
export function vendorsIn(file: string): { raw: Record<string, unknown>; vendors: Vendors } {
  const { vendors } = loadMap(file);
  const { value } = readYaml(path.basename(file), readFileSync(file, 'utf8'));
  return { raw: WithVendors.parse(value).vendors, vendors };
}
