// What an answer is held against: status, head, body, and where it came from. Each in linear time.
import { z } from 'zod';
import type { Reason } from '../../catalog/reasons.ts';
import { boundsText, type Check, isWithin } from '../check.ts';
import { valueAt } from '../json-pointer.ts';
import { shownHeader, shownUrl } from '../trace.ts';
import type { Answer } from './answer.ts';
import { bodyText } from './body-text.ts';
import { jsonOrNothing } from './bounded-json.ts';
import { dateOf } from './http-date.ts';
import { linearPattern, Pattern } from './linear-pattern.ts';
import { isAmong, type StatusCodes } from './status-codes.ts';

const HeaderWish = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'not a header name')
    .toLowerCase()
    .describe('Name of the header.'),
  contains: z.string().min(1).max(512).optional().describe('Text it must contain; case counts.'),
  matches: Pattern.optional().describe('Regular expression that must match somewhere in it.'),
  optional: z.boolean().default(false).describe('true: it may be missing, but must be as wished where it is there.'),
  absent: z.boolean().default(false).describe('true: it must not be there at all.'),
});

const JsonWish = z.strictObject({
  pointer: z
    .string()
    .max(256)
    .regex(/^(\/([^~/]|~[01])*)*$/, 'must be a JSON pointer such as /status/database')
    .describe('Where the value is (RFC 6901).'),
  is: z
    .union([z.string().max(512), z.number(), z.boolean(), z.null()])
    .optional()
    .meta({ title: 'text, number, true, false or null' })
    .describe('What it must be. Left out: it must be there.'),
  matches: Pattern.optional().describe('Regular expression that must match somewhere in it, where it is a text.'),
});

const Bytes = z.int().min(0);

/** What a service of the map and the probe share. */
export const FurtherExpectations = {
  matches: Pattern.optional().describe(
    'Regular expression that must match somewhere in the part of the body that is read. Matched in linear time: back references and looking around are refused.',
  ),
  notMatches: Pattern.optional().describe(
    'Regular expression that must match nowhere in the part of the body that is read.',
  ),
  headers: z.array(HeaderWish).max(16).default([]).describe('Headers that must, or must not, be there.'),
  json: z.array(JsonWish).max(16).default([]).describe('Values the body must hold, as JSON.'),
  versions: z
    .array(z.enum(['1.0', '1.1', '2']))
    .min(1)
    .optional()
    .describe('Versions of HTTP the answer may come in.'),
  contentLength: z
    .strictObject({ atLeast: Bytes.optional().describe('Bytes.'), atMost: Bytes.optional().describe('Bytes.') })
    .optional()
    .describe('What Content-Length must say.'),
  maxAgeSeconds: z
    .int()
    .min(1)
    .optional()
    .describe("How long ago Last-Modified may be, by the server's own clock where it tells its time."),
  finalUrl: Pattern.optional().describe(
    'Regular expression that must match somewhere in the URL the answer came from, at the end of all redirects that are followed.',
  ),
};

const Further = z.strictObject(FurtherExpectations);

export interface Wished extends z.output<typeof Further> {
  status: StatusCodes;
  body?: string | undefined;
}

/** Whether a wish cannot be judged without a body. */
export function readsBody({ body, matches, notMatches, json }: Omit<Wished, 'status'>): boolean {
  return body !== undefined || matches !== undefined || notMatches !== undefined || json.length > 0;
}

/** What is judged. */
export interface Judged {
  answer: Answer;
  /** Where it came from. */
  url: URL;
  /** Unix milliseconds. */
  now: number;
}

/** One wish, not yet looked at. */
interface Wish {
  check: string;
  expected: string;
  reason: Reason;
  isMet(judged: Judged): boolean;
  actual(judged: Judged): string;
}

const NONE = 'none';

/** In the order in which the first that is not met speaks for all. */
function* wishesIn(wished: Wished): Generator<Wish> {
  const { status } = wished;
  yield {
    check: 'status',
    expected: status.join(' or '),
    reason: 'http_status',
    isMet: ({ answer }) => isAmong(answer.status, status),
    actual: ({ answer }) => String(answer.status),
  };
  yield* wishesForWay(wished);
  yield* wishesForText(wished);
  for (const wish of wished.headers) yield wishForHeader(wish);
  const document = once(({ answer }: Judged) => jsonOrNothing(bodyText(answer)));
  for (const wish of wished.json) yield wishForValue(wish, document);
}

/** Of the head, and of where it came from. */
function* wishesForWay({ versions, contentLength, maxAgeSeconds, finalUrl }: Wished): Generator<Wish> {
  if (finalUrl !== undefined) {
    yield {
      check: 'final URL',
      expected: `matches ${finalUrl}`,
      reason: 'http_redirect',
      isMet: ({ url }) => linearPattern(finalUrl).isIn(url.href),
      actual: ({ url }) => shownUrl(url.href),
    };
  }
  if (versions !== undefined) {
    yield {
      check: 'version',
      expected: versions.join(' or '),
      reason: 'http_header',
      isMet: ({ answer }) => versions.some((version) => version === answer.httpVersion),
      actual: ({ answer }) => answer.httpVersion,
    };
  }
  if (contentLength !== undefined) {
    yield {
      check: 'content length',
      expected: boundsText(contentLength, ' bytes'),
      reason: 'http_header',
      isMet: ({ answer }) => isWithin(contentLengthOf(answer) ?? Number.NaN, contentLength),
      actual: ({ answer }) => told(contentLengthOf(answer), ' bytes'),
    };
  }
  if (maxAgeSeconds !== undefined) {
    yield {
      check: 'last modified',
      expected: `at most ${maxAgeSeconds} s ago`,
      reason: 'http_header',
      isMet: (judged) => (secondsSinceChange(judged) ?? Infinity) <= maxAgeSeconds,
      actual: (judged) => told(secondsSinceChange(judged), ' s ago'),
    };
  }
}

function* wishesForText({ body, matches, notMatches }: Wished): Generator<Wish> {
  const text = once(({ answer }: Judged) => bodyText(answer));
  const wish = (check: string, expected: string, isMet: Wish['isMet']): Wish => ({
    ...{ check, expected, isMet, reason: 'http_body' },
    actual: (judged) => (isMet(judged) ? 'as wished' : `not in the ${text(judged).length} characters that were read`),
  });
  if (body !== undefined)
    yield wish('body', `contains ${JSON.stringify(body)}`, (judged) => text(judged).includes(body));
  if (matches !== undefined) yield wish('pattern', matches, (judged) => linearPattern(matches).isIn(text(judged)));
  if (notMatches !== undefined) {
    const isMet = (judged: Judged): boolean => !linearPattern(notMatches).isIn(text(judged));
    yield {
      ...wish('pattern', `nowhere ${notMatches}`, isMet),
      actual: (judged) => (isMet(judged) ? 'nowhere' : 'there'),
    };
  }
}

function wishForHeader({ name, contains, matches, optional, absent }: z.output<typeof HeaderWish>): Wish {
  const expected = [
    contains === undefined ? '' : `contains ${JSON.stringify(contains)}`,
    matches === undefined ? '' : `matches ${matches}`,
  ].filter((part) => part !== '');
  return {
    check: `header ${name}`,
    expected: absent ? 'absent' : `${expected.join(' and ') || 'there'}${optional ? ', or absent' : ''}`,
    reason: 'http_header',
    isMet({ answer }) {
      const value = answer.headers.get(name);
      if (value === undefined) return absent || optional;
      const asWished = value.includes(contains ?? '') && (matches === undefined || linearPattern(matches).isIn(value));
      return !absent && asWished;
    },
    actual: ({ answer }) => shownHeader(name, answer.headers.get(name) ?? 'absent'),
  };
}

function wishForValue(
  { pointer, is, matches }: z.output<typeof JsonWish>,
  document: (judged: Judged) => unknown,
): Wish {
  const valueIn = (judged: Judged): unknown => valueAt(document(judged), pointer);
  const expected = is === undefined ? (matches === undefined ? 'there' : `matches ${matches}`) : JSON.stringify(is);
  return {
    check: `json ${pointer}`,
    expected,
    reason: 'http_json',
    isMet(judged) {
      const value = valueIn(judged);
      const asWished = is === undefined ? value !== undefined : value === is;
      return asWished && (matches === undefined || (typeof value === 'string' && linearPattern(matches).isIn(value)));
    },
    actual: (judged) => (JSON.stringify(valueIn(judged)) ?? NONE).slice(0, 64),
  };
}

function once<T>(make: (judged: Judged) => T): (judged: Judged) => T {
  let made: { value: T } | undefined;
  return (judged) => {
    made ??= { value: make(judged) };
    return made.value;
  };
}

const told = (value: number | null, unit: string): string => (value === null ? NONE : `${value}${unit}`);

/** null when it says nothing, or nothing that can be one. */
export function contentLengthOf({ headers }: Pick<Answer, 'headers'>): number | null {
  const field = headers.get('content-length') ?? '';
  return /^\d{1,15}$/.test(field) ? Number(field) : null;
}

function secondsSinceChange({ answer: { headers }, now }: Judged): number | null {
  const changed = dateOf(headers.get('last-modified'));
  return changed === null ? null : Math.max(0, Math.round(((dateOf(headers.get('date')) ?? now) - changed) / 1000));
}

/** The first wish that is not met. Without a whole body only the status is judged: it is an explicit answer. */
export function unmetWish(judged: Judged, wished: Wished, whole: boolean): Reason | null {
  for (const { isMet, reason } of wishesIn(wished)) {
    if (!isMet(judged)) return reason;
    if (!whole) return null;
  }
  return null;
}

/** Every wish on its own. `judged` is null where no answer came; without a whole body only the status can be told. */
export function checksOf(judged: Judged | null, wished: Wished, whole: boolean): Check[] {
  return [...wishesIn(wished)].map(({ check, expected, isMet, actual }, index) => {
    if (judged === null || (!whole && index > 0)) return { check, expected, actual: 'not read', passed: null };
    return { check, expected, actual: actual(judged), passed: isMet(judged) };
  });
}
