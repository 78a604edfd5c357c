// The key `public` of demarc.yaml: what strangers may see. Only what is listed here by hand is ever shown to them.
import { z } from 'zod';
import { Name } from './schema-words.ts';

/** A name people read; what could reorder or hide text is refused where it is written. */
const Title = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]+$/u, 'must be plain text of one line')
  .meta({ title: 'text' });

export const Public = z
  .strictObject({
    title: Title.default('Status').describe('What the public page is called.'),
    services: z
      .record(Name, Title)
      .refine((services) => Object.keys(services).length > 0, 'must list at least one service')
      .describe('The services strangers see, each with the name it has for them. No other is ever shown.'),
    listen: z
      .string()
      .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'must be host:port')
      .meta({ title: 'host:port' })
      .optional()
      .describe(
        'A port of its own, which serves the public page and nothing else. Without it, the page is at `/public/` of `listen` alone.',
      ),
  })
  .describe(
    'A page, badges and a feed for strangers: which service works and since when, and never why, where or through whom. Left out: there is none.',
  );

export type Public = z.output<typeof Public>;
