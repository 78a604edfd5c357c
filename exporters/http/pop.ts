// Where an answer names the edge location that gave it. The header is a stranger's, so the pattern is matched in linear time.
import { z } from 'zod';
import { linearPattern, Pattern } from './linear-pattern.ts';

const MAX_HEADER = 128;

export const PopHeader = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'not a header name')
    .toLowerCase()
    .describe('Header naming the edge location.'),
  pattern: Pattern.describe('Regular expression; its first group, or all of it, is the name.'),
});

export type PopHeader = z.output<typeof PopHeader>;

/** null where it is not named, or not in at most 16 letters, digits and dashes. */
export function popOf(headers: ReadonlyMap<string, string>, known: PopHeader | undefined): string | null {
  if (known === undefined) return null;
  const pop = linearPattern(known.pattern).firstIn((headers.get(known.name) ?? '').slice(0, MAX_HEADER)) ?? '';
  return /^[A-Za-z0-9-]{1,16}$/.test(pop) ? pop : null;
}
