// Whether a value somebody else's document holds is a good one, by the user's own words.
import { z } from 'zod';
import type { CustomValue } from './facts.ts';

export const Good = z
  .strictObject({
    equals: z
      .array(z.union([z.string().min(1).max(64), z.number(), z.boolean()]))
      .min(1)
      .max(16)
      .optional()
      .describe('Values that are good. Case counts; `true` and "true" are two things.'),
    atLeast: z.number().optional().describe('The least number that is good.'),
    atMost: z.number().optional().describe('The largest number that is good.'),
  })
  .refine(({ equals, atLeast, atMost }) => (equals === undefined) !== (atLeast === undefined && atMost === undefined), {
    message: 'needs either equals, or atLeast and atMost or one of them',
  });

export type Good = z.output<typeof Good>;

/** null: nothing that could be held against the user's words, such as a list, or text where a number is wanted. */
export function isGood(value: unknown, { equals, atLeast, atMost }: Good): boolean | null {
  if (equals !== undefined) return isPlain(value) ? equals.includes(value) : null;
  if (typeof value !== 'number' || Number.isNaN(value)) return null;
  return value >= (atLeast ?? Number.NEGATIVE_INFINITY) && value <= (atMost ?? Number.POSITIVE_INFINITY);
}

function isPlain(value: unknown): value is CustomValue {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** What may be shown of it: numbers, and words as states are written; a stranger's prose is left out. */
export function shownValue(value: unknown): CustomValue | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(value) ? value : null;
}
