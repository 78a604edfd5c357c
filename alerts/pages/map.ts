// docs/map.md: every key of demarc.yaml, from the schema that checks it.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { projectFile } from '../../catalog/root.ts';
import { MapFile } from '../../map/schema.ts';
import { fenced, page, table } from './markdown.ts';

/** The parts of JSON Schema that zod writes for our schema. */
const Node = z.object({
  title: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).default([]),
  get anyOf() {
    return z.array(Node).optional();
  },
  get oneOf() {
    return z.array(Node).optional();
  },
  get items() {
    return Node.optional();
  },
  get properties() {
    return z.record(z.string(), Node).optional();
  },
  get additionalProperties() {
    return z.union([z.literal(false), Node]).optional();
  },
});

type Node = z.output<typeof Node>;

interface Key {
  path: string;
  node: Node;
  required: boolean;
}

const alternatives = ({ anyOf, oneOf }: Node): Node[] => anyOf ?? oneOf ?? [];

const code = (value: unknown): string => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** Every key below a node. `<name>` stands for a name of the reader's choice, `[]` for each of a list. */
function keysBelow(node: Node, path: string): Key[] {
  const own = Object.entries(node.properties ?? {}).flatMap(([key, child]): Key[] => {
    const at = path === '' ? key : `${path}.${key}`;
    return [{ path: at, node: child, required: node.required.includes(key) }, ...keysBelow(child, at)];
  });
  const named = node.additionalProperties ? keysBelow(node.additionalProperties, `${path}.<name>`) : [];
  const listed = node.items === undefined ? [] : keysBelow(node.items, `${path}[]`);
  return [...own, ...named, ...listed, ...alternatives(node).flatMap((one) => keysBelow(one, path))];
}

function typeText(node: Node): string {
  const { title, type, minimum, maximum, items, format } = node;
  if (node.const !== undefined) return code(node.const);
  if (node.enum !== undefined) return node.enum.map(code).join(' or ');
  if (title !== undefined) return title;
  if (alternatives(node).length > 0) return [...new Set(alternatives(node).map(typeText))].join(' or ');
  if (type === 'array') return `list of ${items === undefined ? 'anything' : typeText(items)}`;
  if (type === 'object') return node.additionalProperties ? 'mapping by name' : 'mapping';
  if (type === 'integer') return `whole number, ${minimum ?? ''} to ${maximum ?? ''}`;
  return format === 'uri' ? 'URL' : (format ?? type ?? 'anything');
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

function durationText(ms: number): string {
  const [unit, size] = UNITS.find(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

/** Defaults behind a conversion are not part of a JSON schema; those of the top level are found by reading the least map. */
const LEAST: Readonly<Record<string, unknown>> = MapFile.parse({ version: 1 });

function defaultText({ path, node, required }: Key): string {
  if (required) return '*required*';
  const value = node.default ?? LEAST[path];
  const unsaid = value === undefined || ['{}', '[]', '""'].includes(JSON.stringify(value));
  if (unsaid) return '';
  return code(node.title?.startsWith('duration') && typeof value === 'number' ? durationText(value) : value);
}

function keyTable(keys: readonly Key[]): string {
  return table(
    ['key', 'type', 'default', 'meaning'],
    keys.map((key) => [code(key.path), typeText(key.node), defaultText(key), key.node.description ?? '']),
  );
}

export function mapPage(): string {
  const keys = keysBelow(Node.parse(z.toJSONSchema(MapFile, { io: 'input', unrepresentable: 'any' })), '');
  const within = (prefix: string) => (key: Key) => key.path.startsWith(`${prefix}.`);
  const top = keys.filter((key) => !within('services')(key) && !within('vendors')(key));
  return page(
    `# The map: demarc.yaml

Who runs what, and who depends on whom. One file, strict: an unknown key or a wrong type refuses the start, and every
problem is told at once, as \`file:line:column key: what, hint\`. \`demarc check\` does the same without starting, and adds
what would work better. YAML 1.2 without anchors, aliases and tags, at most 1 MiB.`,
    `## The whole file

\`<name>\` is a name of your choice, \`[]\` each entry of a list. A *name* is 1 to 64 of a-z, 0-9 and \`-\`.`,
    keyTable(top),
    `## services

Everything but \`url\` may be left out; what is left out cannot be judged. A service's name may not be \`uplink\`: that one
is built in, and is your line.`,
    keyTable(keys.filter(within('services'))),
    `## vendors

The catalogue has one file a vendor, [Cloudflare's](../catalog/vendors/cloudflare.yml) for one; a map uses the same keys.
\`checked\` is the day somebody compared the fact with the live vendor, or \`never\`.`,
    keyTable(keys.filter(within('vendors'))),
    '## Example',
    fenced('yaml', readFileSync(projectFile('demarc.example.yaml'), 'utf8')),
  );
}
