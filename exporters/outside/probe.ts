// Reads what an uptime service, or a vantage elsewhere, says of one service, and when it looked. An old word is passed on
// with its age: whether it is still news is for the signals to say.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { readJson } from '../http/bounded-json.ts';
import { Auth } from '../http/credentials.ts';
import { fetchDocument, missing } from '../http/document.ts';
import { Fields } from '../http/fields.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import { HttpUrl } from '../http/url.ts';
import { instantOf, instantOfSeconds } from '../instant.ts';
import { JsonPointer, valueAt } from '../json-pointer.ts';
import { malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import type { OutsideFacts } from './facts.ts';

const MAX_BYTES = 262_144;
const HEADERS = { accept: 'application/json' };

/** Values that mean one thing, as the document has them. */
export const Words = z
  .array(z.union([z.string().min(1).max(64), z.number(), z.boolean()]))
  .min(1)
  .max(16);

export const OutsideSettings = z
  .strictObject({
    url: HttpUrl.describe('The JSON document that tells how the service is, seen from elsewhere.'),
    pointer: JsonPointer.describe('Where the state is in the document: a JSON pointer (RFC 6901).'),
    up: Words.describe('States that mean it works. Case counts.'),
    down: Words.describe('States that mean it does not. Every other one means that nobody knows.'),
    checked: JsonPointer.optional().describe(
      'Where the time of their newest look is: ISO 8601, or Unix seconds. Left out: `lagMs` before they were asked.',
    ),
    lagMs: z
      .int()
      .min(0)
      .max(86_400_000)
      .default(300_000)
      .describe('How old their word may be where the document does not tell.'),
    form: Fields.optional().describe(
      'Fields of a form to be sent by POST; secrets as {file} or {env}. Left out: the document is asked for by GET.',
    ),
    auth: Auth.optional().describe(
      'Credentials for the server. One that cannot be read is a failure of ours, `local`.',
    ),
    proxy: ForwardProxy.optional(),
  })
  .refine(({ up, down }) => !up.some((word) => down.includes(word)), { message: 'one word cannot mean both' });

type Settings = z.output<typeof OutsideSettings>;

export const outside = defineProbe({
  kind: 'outside',
  settings: OutsideSettings,

  async measure(settings, context) {
    const askedAt = context.clock.now();
    const got = await fetchDocument(new URL(settings.url), MAX_BYTES, context, {
      headers: HEADERS,
      auth: settings.auth,
      form: settings.form,
      proxy: settings.proxy,
    });
    const { phases, address, answer } = got;
    const seen: OutsideFacts = { address, httpStatus: answer?.status ?? null, up: null, checkedAt: null };
    if (got.reason !== 'ok') return { ...missing(got), facts: seen };
    const read = readingOf(() => said(got.body.toString('utf8'), settings, askedAt));
    if (read.value === null) return { ...malformed(read.flaw), phases, facts: seen };
    const { reason, ...told } = read.value;
    const phase: Phase | null = reason === 'ok' ? null : 'check';
    return { reason, phase, phases, facts: { ...seen, ...told } };
  },

  samples: samplesOf,
});

type Said = Pick<OutsideFacts, 'up' | 'checkedAt'> & { reason: Reason };

/** Throws `Malformed`. */
function said(text: string, settings: Settings, askedAt: number): Said {
  const document = readJson(text);
  const up = meaningOf(valueAt(document, settings.pointer), settings);
  const checkedAt = lookedAt(document, settings, askedAt);
  if (up === null || checkedAt === null) return { up: null, checkedAt: null, reason: 'value_missing' };
  return { up, checkedAt, reason: up ? 'ok' : 'value_bad' };
}

function meaningOf(value: unknown, { up, down }: Settings): boolean | null {
  const means = (words: readonly unknown[]): boolean => words.includes(value);
  return means(up) ? true : means(down) ? false : null;
}

/** null where a time was promised and none is there. Nobody looks in the future: their clock is ahead of ours. */
function lookedAt(document: unknown, { checked, lagMs }: Settings, askedAt: number): number | null {
  if (checked === undefined) return askedAt - lagMs;
  const value = valueAt(document, checked);
  const told = typeof value === 'string' ? (instantOf(value) ?? instantOfSeconds(value)) : instantOfSeconds(value);
  return told === null ? null : Math.min(told, askedAt);
}

function samplesOf({ facts: { up, checkedAt } }: Measurement<OutsideFacts>): Sample[] {
  if (up === null || checkedAt === null) return [];
  return [
    { metric: 'demarc_outside_up', value: up ? 1 : 0 },
    { metric: 'demarc_outside_checked_timestamp_seconds', value: checkedAt / 1000 },
  ];
}
