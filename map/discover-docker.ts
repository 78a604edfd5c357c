// Proposals from the labels of running containers: `demarc.url`, and any other key of a service, e.g. `demarc.edge.vendor`.
import { z } from 'zod';
import { each, nameFrom, type Proposal, plain, type Refusal, type Sighted, type Sketch } from './discover.ts';

const PREFIX = 'demarc.';
/** Labels that are not keys of a service. */
const OURS = new Set(['name', 'enable']);
const LISTS = new Set(['expect.status', 'dns.servers']);
const DEEPEST = 4;

/** What `GET /containers/json` of the engine's API says of each. */
export const Containers = each(
  z.object({
    Names: z.array(z.string()).default([]),
    Labels: z
      .record(z.string(), z.string())
      .nullish()
      .transform((labels) => labels ?? {}),
  }),
);
type Container = z.output<typeof Containers>[number];

const numbered = (text: string): string | number => (/^\d{1,9}$/.test(text) ? Number(text) : text);

/** `edge.vendor` = x becomes { edge: { vendor: x } }. */
function put(into: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  const [key = '', ...rest] = path;
  if (key === '' || key === '__proto__' || path.length > DEEPEST) return false;
  if (rest.length === 0) {
    into[key] = value;
    return true;
  }
  const inner = Object.hasOwn(into, key) ? into[key] : {};
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return false;
  into[key] = inner;
  return put(inner as Record<string, unknown>, rest, value);
}

function sketchOf(labels: Readonly<Record<string, string>>): { service: Record<string, unknown>; odd: string[] } {
  const service: Record<string, unknown> = {};
  const odd = Object.entries(labels).flatMap(([label, text]) => {
    const key = label.slice(PREFIX.length);
    if (!label.startsWith(PREFIX) || OURS.has(key)) return [];
    const value = LISTS.has(key) ? text.split(',').map((one) => numbered(one.trim())) : numbered(text);
    return put(service, key.split('.'), value) ? [] : [label];
  });
  return { service, odd };
}

function read({ Names, Labels }: Container): Proposal | Refusal | null {
  if (!Object.keys(Labels).some((label) => label.startsWith(PREFIX))) return null;
  const container = (Names[0] ?? '').replace(/^\//, '');
  const what = `the container ${plain(container)}`;
  if (Labels['demarc.enable'] === 'false') return { what, why: 'its label demarc.enable says so' };
  const { service, odd } = sketchOf(Labels);
  if (odd.length > 0) return { what, why: `its label ${plain(odd[0])} is no key of a service` };
  if (typeof service.url !== 'string') return { what, why: 'it has labels of demarc, but no demarc.url' };
  const name = nameFrom(Labels['demarc.name'] ?? Labels['com.docker.compose.service'] ?? container);
  return { name, service: service as Sketch, reasons: [`the labels of ${what}`] };
}

export function proposedByDocker(containers: readonly Container[]): Sighted {
  const seen = containers.map(read).filter((one) => one !== null);
  return {
    proposals: seen.filter((one) => 'service' in one),
    refusals: seen.filter((one) => 'why' in one),
  };
}
