// Who wrote an error answer: the origin, the vendor, our own edge code, a daemon. Known from marks, never guessed.
// The writer is not the culprit; what follows from it is the verdict's business.
import { z } from 'zod';
import { GENERATORS, type Generator } from './facts.ts';

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
  code: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,32}$/)
    .optional(),
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
    return { generator: matching.generator, vendorCode: matching.code ?? null };
  }
  if (!isError) return { generator: null, vendorCode: null };
  return { generator: byProxyStatus(answer.headers.get('proxy-status') ?? ''), vendorCode: null };
}

function matches(known: ErrorClass, { status, headers }: MarkedAnswer, body: string | null): boolean {
  if (known.status !== undefined && !known.status.includes(status)) return false;
  if (known.header !== undefined) {
    const value = headers.get(known.header.name);
    if (value === undefined || !value.toLowerCase().includes(known.header.contains.toLowerCase())) return false;
  }
  if (known.withoutHeader !== undefined && headers.has(known.withoutHeader)) return false;
  if (known.body !== undefined && !body?.includes(known.body.toLowerCase())) return false;
  return known.withoutBody === undefined || (body !== null && !body.includes(known.withoutBody.toLowerCase()));
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
