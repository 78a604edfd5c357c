// What an answer is held against besides its status and a text: headers, a pattern, values of its JSON. Each in linear time.
import { z } from 'zod';
import type { Reason } from '../../catalog/reasons.ts';
import { valueAt } from '../json-pointer.ts';
import { Malformed } from '../malformed.ts';
import type { Answer } from './answer.ts';
import { readJson } from './bounded-json.ts';
import { linearPattern, Pattern } from './linear-pattern.ts';

const HeaderWish = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'not a header name')
    .toLowerCase()
    .describe('Name of the header.'),
  contains: z.string().min(1).max(512).optional().describe('Text it must contain; case counts.'),
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
});

/** What a service of the map and the probe share. */
export const FurtherExpectations = {
  matches: Pattern.optional().describe(
    'Regular expression that must match somewhere in the part of the body that is read. Matched in linear time: back references and looking around are refused.',
  ),
  headers: z.array(HeaderWish).max(16).default([]).describe('Headers that must, or must not, be there.'),
  json: z.array(JsonWish).max(16).default([]).describe('Values the body must hold, as JSON.'),
};

const Further = z.strictObject(FurtherExpectations);

export type Further = z.output<typeof Further>;

/** The first wish that is not met. */
export function unmetWish({ headers, body }: Answer, wished: Further): Reason | null {
  if (!wished.headers.every((wish) => isMet(headers.get(wish.name), wish))) return 'http_header';
  const text = body?.toString('utf8') ?? '';
  if (wished.matches !== undefined && !linearPattern(wished.matches).isIn(text)) return 'http_body';
  return wished.json.length === 0 || holds(text, wished.json) ? null : 'http_json';
}

function isMet(value: string | undefined, { contains, absent }: z.output<typeof HeaderWish>): boolean {
  if (absent) return value === undefined;
  return value !== undefined && (contains === undefined || value.includes(contains));
}

function holds(text: string, wishes: readonly z.output<typeof JsonWish>[]): boolean {
  let document: unknown;
  try {
    document = readJson(text);
  } catch (error) {
    if (error instanceof Malformed) return false;
    throw error;
  }
  return wishes.every(({ pointer, is }) => {
    const value = valueAt(document, pointer);
    return is === undefined ? value !== undefined : value === is;
  });
}
