// Durations as people write them in the map: 15s, 1m, 500ms.
import { z } from 'zod';

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

const SHAPE = /^\d{1,6}(ms|s|m|h|d)$/;
const EXPECTED = 'must be a duration such as 15s, 1m or 500ms';

/** Milliseconds of a text such as `15s`; null for anything else. */
export function durationMs(text: string): number | null {
  if (!SHAPE.test(text)) return null;
  const unit = text.replace(/^\d+/, '') as keyof typeof UNIT_MS;
  return Number.parseInt(text, 10) * UNIT_MS[unit];
}

/** Milliseconds inside. Bounds are part of the message, so they are given as they are written. */
export function duration(from: string, to: string) {
  const [least, most] = [durationMs(from) ?? 0, durationMs(to) ?? 0];
  return z
    .string({ error: ({ input }) => (input === undefined ? undefined : EXPECTED) })
    .regex(SHAPE, EXPECTED)
    .transform((text) => durationMs(text) ?? 0)
    .refine((ms) => ms >= least && ms <= most, `must be between ${from} and ${to}`)
    .meta({ title: `duration, ${from} to ${to}` });
}
