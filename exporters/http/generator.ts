// Who wrote an error answer: the origin, the vendor, our own edge code, a daemon. Known from marks, never guessed.
// The writer is not the culprit; what follows from it is the verdict's business.
import { z } from 'zod';
import { JsonPointer, valueAt } from '../json-pointer.ts';
import { jsonOrNothing } from './bounded-json.ts';
import { GENERATORS, type Generator } from './facts.ts';

const CODE = /^[A-Za-z0-9_-]{1,64}$/;

const HeaderName = z.string().regex(/^[a-z0-9-]+$/);

/** One pattern of an error answer; all given conditions must hold, and the first matching class decides. */
export const ErrorClass = z.strictObject({
  status: z.array(z.int().min(100).max(599)).min(1).optional(),
  /** Present and, without regard to case, containing this text. */
  header: z.strictObject({ name: HeaderName, contains: z.string().default('') }).optional(),
  withoutHeader: HeaderName.optional(),
  /** Text of the body as far as it was read, without regard to case. */
  body: z.string().min(1).optional(),
  withoutBody: z.string().min(1).optional(),
  /** Values of the body as JSON: each, as text, must be among these. */
  json: z
    .array(z.strictObject({ pointer: JsonPointer, among: z.array(z.string()).min(1) }))
    .min(1)
    .optional(),
  /** Where in that JSON the vendor's code is, in place of one written here. */
  codePointer: JsonPointer.optional(),
  /** The header the vendor's code is in, likewise. */
  codeHeader: HeaderName.optional(),
  code: z.string().regex(CODE).optional(),
  generator: z.enum(GENERATORS),
  /** Where the pattern comes from: read by people only. */
  source: z.string().optional(),
  checked: z.string().optional(),
});

export type ErrorClass = z.output<typeof ErrorClass>;

export interface MarkedAnswer {
  status: number;
  /** By name in lower case; repeated ones joined with a comma. */
  headers: ReadonlyMap<string, string>;
  /** null: there was none to read, so nothing can be said of what it holds or lacks. */
  body: Buffer | null;
}

export interface Origin {
  generator: Generator | null;
  vendorCode: string | null;
}

/** null for answers that are neither an error nor a challenge. `stamp`: header only the origin sets. */
export function generatorOf(answer: MarkedAnswer, errorClasses: readonly ErrorClass[], stamp?: string): Origin {
  const isError = answer.status >= 400;
  if (stamp !== undefined && answer.headers.has(stamp)) {
    return { generator: isError ? 'origin' : null, vendorCode: null };
  }
  const body = answer.body?.toString('utf8').toLowerCase() ?? null;
  const matching = errorClasses.find((known) => matches(known, answer, body));
  if (matching !== undefined && (isError || matching.generator === 'challenge')) {
    return { generator: matching.generator, vendorCode: codeOf(matching, answer) };
  }
  if (!isError) return { generator: null, vendorCode: null };
  return { generator: byProxyStatus(answer.headers.get('proxy-status') ?? ''), vendorCode: null };
}

function matches(known: ErrorClass, answer: MarkedAnswer, body: string | null): boolean {
  const { status, headers } = answer;
  if (known.status !== undefined && !known.status.includes(status)) return false;
  if (known.header !== undefined) {
    const value = headers.get(known.header.name);
    if (value === undefined || !value.toLowerCase().includes(known.header.contains.toLowerCase())) return false;
  }
  if (known.withoutHeader !== undefined && headers.has(known.withoutHeader)) return false;
  if (known.body !== undefined && !body?.includes(known.body.toLowerCase())) return false;
  if (known.json !== undefined && !holds(known.json, documentIn(answer))) return false;
  return known.withoutBody === undefined || (body !== null && !body.includes(known.withoutBody.toLowerCase()));
}

function holds(wishes: NonNullable<ErrorClass['json']>, document: unknown): boolean {
  return wishes.every(({ pointer, among }) => among.includes(String(valueAt(document, pointer))));
}

/** A code that is a number, or of the shape of those written by hand. */
function codeOf({ code, codePointer, codeHeader }: ErrorClass, answer: MarkedAnswer): string | null {
  const found =
    codeHeader !== undefined
      ? answer.headers.get(codeHeader)
      : codePointer !== undefined
        ? valueAt(documentIn(answer), codePointer)
        : undefined;
  const text = typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  return CODE.test(text) ? text : (code ?? null);
}

// Many classes look at the same answer.
const documents = new WeakMap<Buffer, unknown>();

/** `undefined`, which has no values, for what is no JSON. */
function documentIn({ body }: MarkedAnswer): unknown {
  if (body === null || body[0] !== 0x7b) return undefined;
  if (!documents.has(body)) documents.set(body, jsonOrNothing(body.toString('utf8')));
  return documents.get(body);
}

/** Starts of error tokens that are about the hop behind the proxy, of RFC 9209 section 2.3. */
const BEHIND_THE_PROXY = ['destination_', 'connection_', 'dns_'];

function byProxyStatus(field: string): Generator {
  // Quoted text may hold anything, also what looks like a parameter; every second part lies between quotes.
  const unquoted = field
    .replaceAll('\\"', '')
    .split('"')
    .filter((_, part) => part % 2 === 0)
    .join('');
  // Members come nearest to the origin first, and the first that reports an error is the one that made the answer.
  for (const parameter of unquoted.split(',').flatMap((member) => member.split(';'))) {
    const [key = '', token = ''] = parameter.split('=').map((part) => part.trim().toLowerCase());
    if (key !== 'error') continue;
    if (token === 'proxy_internal_error') return 'vendor_internal';
    return BEHIND_THE_PROXY.some((start) => token.startsWith(start)) ? 'vendor_says_origin' : 'unknown';
  }
  return 'unknown';
}
