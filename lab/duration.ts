// Durations as scenarios and faults spell them.
import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000 } as const;

const EXPECTED = 'must be a duration such as 50s, 2m or 500ms';

/** Milliseconds inside. */
export const Duration = z
  .string({ error: ({ input }) => (input === undefined ? undefined : EXPECTED) })
  .regex(/^\d{1,6}(ms|s|m)$/, EXPECTED)
  .transform((text) => Number.parseInt(text, 10) * UNIT_MS[text.replace(/^\d+/, '') as keyof typeof UNIT_MS]);
