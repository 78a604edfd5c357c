// The settings of a probe kind on the command line: what there is, read from the kind's own schema, and key=value pairs
// made into what that schema checks. Whether a value is right is the schema's to say.
import { z } from 'zod';
import type { ProbeKind } from '../exporters/observation.ts';
import { PROBES } from '../exporters/registry.ts';
import { nearest, problemsOf } from '../map/issues.ts';
import { type Problem, UserError } from '../map/user-error.ts';

export const MEANING_OF_KIND = {
  tcp: 'opens a TCP connection',
  dns: 'asks one name server one question',
  http: 'asks one URL',
  certificate: 'reads the certificate an endpoint serves',
  cloudflared: 'asks a tunnel daemon whether it is connected',
  registration: 'asks the registry of a domain, by RDAP',
  status: "reads a vendor's status feed",
  clock: 'compares our clock with a time server, by NTP',
  power: 'asks a NUT server how a UPS is',
  tailscale: 'asks a Tailscale daemon whether it is connected',
  wireguard: 'looks at a WireGuard interface of this machine',
  ngrok: 'asks an ngrok agent whether it is connected',
  frp: 'asks frp whether one of its proxies runs',
  identity: 'reads the discovery document and the keys of an OpenID provider',
  api: 'calls an API with one credential or two, in one region or two',
  acme: 'reads the ACME directory of a certificate authority',
  custom: 'reads a value of your own, from a JSON document or by a PromQL query',
  outside: 'asks an uptime service, or a vantage elsewhere, how it sees a service',
  routing: 'asks RIPEstat how route collectors see a prefix',
  portal: 'looks whether a portal answers in place of a page',
  ping: 'pings a host by the ping of the system',
  train: 'counts what comes back of a train of DNS questions',
  quic: 'asks whether QUIC gets to a server and back',
} as const satisfies Record<ProbeKind, string>;

export interface SettingFact {
  /** Dotted, as it is given. */
  key: string;
  type: string;
  /** As it would be given; null when there is none. */
  preset: string | null;
  required: boolean;
  meaning: string;
}

type Node = z.core.JSONSchema.BaseSchema;

type Settings = { [key: string]: unknown };

const WORD_OF_FORMAT: ReadonlyMap<string, string> = new Map([
  ['uri', 'URL'],
  ['ipv4', 'IPv4 address'],
  ['ipv6', 'IPv6 address'],
]);

const PAIR = /^([A-Za-z][A-Za-z0-9]*(?:\.[A-Za-z][A-Za-z0-9]*){0,4})=(.*)$/s;

export function kindOf(word: string): ProbeKind {
  if (isKind(word)) return word;
  const guess = nearest(word, Object.keys(PROBES));
  const hint = guess === undefined ? `there are ${Object.keys(PROBES).join(', ')}` : `did you mean ${guess}?`;
  throw new UserError([{ place: 'kind', what: `there is no probe kind ${JSON.stringify(word)}`, hint }]);
}

function isKind(word: string): word is ProbeKind {
  return Object.hasOwn(PROBES, word);
}

function schemaOf(kind: ProbeKind): Node {
  return z.toJSONSchema(PROBES[kind].settings, { io: 'input', unrepresentable: 'any' });
}

/** Every kind with its settings, for the page about them. */
export function probeTexts(): { kind: ProbeKind; meaning: string; settings: SettingFact[] }[] {
  return Object.entries(MEANING_OF_KIND).flatMap(([kind, meaning]) =>
    isKind(kind) ? [{ kind, meaning, settings: settingsOf(kind) }] : [],
  );
}

/** Every setting of a kind, in the schema's order. */
export function settingsOf(kind: ProbeKind): SettingFact[] {
  return factsIn(schemaOf(kind), '');
}

function factsIn(node: Node, prefix: string): SettingFact[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => {
    if (typeof child === 'boolean') return [];
    const key = `${prefix}${name}`;
    if (child.properties !== undefined) return factsIn(child, `${key}.`);
    return {
      key,
      type: typeText(child),
      preset: child.default === undefined ? null : givenAs(child.default),
      required: prefix === '' && (node.required ?? []).includes(name),
      meaning: child.description ?? '',
    };
  });
}

function typeText(node: Node): string {
  if (node.enum !== undefined) return node.enum.map(String).join(' | ');
  if (node.anyOf !== undefined) return node.title ?? [...new Set(node.anyOf.map(typeText))].join(' or ');
  if (node.oneOf !== undefined) return 'JSON object';
  switch (node.type) {
    case 'array':
      return isNode(node.items) && node.items.type !== 'object' ? `list of ${typeText(node.items)}` : 'JSON list';
    case 'boolean':
      return 'true | false';
    case 'integer':
      return rangeText(node);
    case 'number':
      return 'number';
    case 'object':
      return 'JSON object';
    default:
      return WORD_OF_FORMAT.get(node.format ?? '') ?? (node.type === 'string' ? 'text' : 'JSON');
  }
}

function rangeText({ minimum, maximum }: Node): string {
  const bounded = minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER;
  return bounded ? `${minimum} to ${maximum}` : 'whole number';
}

function givenAs(value: unknown): string {
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The settings the pairs stand for, checked by the kind's schema. Throws {@link UserError} with every problem. */
export function settingsFrom(kind: ProbeKind, pairs: readonly string[]): Settings {
  const schema = schemaOf(kind);
  const settings: Settings = {};
  const problems: Problem[] = [];
  for (const pair of pairs) {
    const [, path = '', text = ''] = PAIR.exec(pair) ?? [];
    if (path === '') {
      problems.push({ place: JSON.stringify(pair), what: 'is not key=value', hint: 'write it like port=443' });
    } else if (!put(settings, path.split('.'), settingOf(text, nodeAt(schema, path.split('.'))))) {
      problems.push({ place: path, what: 'is given twice', hint: 'give each setting once' });
    }
  }
  const checked = PROBES[kind].settings.safeParse(settings);
  if (!checked.success) {
    problems.push(...problemsOf(checked.error, PROBES[kind].settings, (path) => path.map(String).join('.')));
  }
  if (problems.length > 0) throw new UserError(problems);
  return settings;
}

/** false when the place is taken. */
function put(settings: Settings, path: readonly string[], value: unknown): boolean {
  let inner = settings;
  for (const key of path.slice(0, -1)) {
    if (!Object.hasOwn(inner, key)) inner[key] = {};
    const next = inner[key];
    if (!isSettings(next)) return false;
    inner = next;
  }
  const last = path.at(-1) ?? '';
  if (Object.hasOwn(inner, last)) return false;
  inner[last] = value;
  return true;
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nodeAt(schema: Node, path: readonly string[]): Node | undefined {
  let node: Node | undefined = schema;
  for (const key of path) {
    const properties: Node['properties'] = node?.properties;
    const child: unknown = properties !== undefined && Object.hasOwn(properties, key) ? properties[key] : undefined;
    node = isNode(child) ? child : undefined;
  }
  return node;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** By the type the schema wants there. What does not fit stays text, and the schema says so. */
function settingOf(text: string, node: Node | undefined): unknown {
  switch (node?.type) {
    case 'integer':
    case 'number':
      return numberOr(text);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'array': {
      if (text.startsWith('[')) return jsonOr(text);
      const items = isNode(node.items) ? node.items : undefined;
      return text === '' ? [] : text.split(',').map((item) => settingOf(item.trim(), items));
    }
    case 'object':
      return jsonOr(text);
    default:
      return settingOfSeveral(text, node?.oneOf ?? node?.anyOf ?? []);
  }
}

/** One of several shapes: what looks like an object is one, and a number where there may be one. */
function settingOfSeveral(text: string, shapes: readonly z.core.JSONSchema._JSONSchema[]): unknown {
  if (text.startsWith('{') && shapes.length > 0) return jsonOr(text);
  const counts = shapes.some((shape) => isNode(shape) && (shape.type === 'integer' || shape.type === 'number'));
  return counts ? numberOr(text) : text;
}

const numberOr = (text: string): unknown => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text);

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
