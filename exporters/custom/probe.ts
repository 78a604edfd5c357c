// Reads one value of the user's own: a field of a JSON document, or what a PromQL query gives. Whether it is good is the
// user's to say; whose it is, the map's.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { readJson } from '../http/bounded-json.ts';
import { ClientCertificate } from '../http/client-certificate.ts';
import { type Fetched, fetchDocument, missing } from '../http/document.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import { ServerAuth } from '../http/oauth2.ts';
import { HttpUrl } from '../http/url.ts';
import { JsonPointer, valueAt } from '../json-pointer.ts';
import { malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import type { CustomFacts } from './facts.ts';
import { Good, isGood, shownValue } from './good.ts';
import { samplesIn } from './prometheus-answer.ts';

const MAX_BYTES = 262_144;
const HEADERS = { accept: 'application/json' };

const Settings = z
  .strictObject({
    url: HttpUrl.describe('The JSON document; with `query`, the base URL of a Prometheus or of what speaks as one.'),
    pointer: JsonPointer.optional().describe('Where the value is in the document: a JSON pointer (RFC 6901).'),
    query: z
      .string()
      .min(1)
      .max(2_000)
      .optional()
      .describe('PromQL. Every sample it gives must be good; none at all is no answer.'),
    good: Good,
    auth: ServerAuth.optional().describe(
      'Credentials for the server. One that cannot be read is a failure of ours, `local`.',
    ),
    clientCertificate: ClientCertificate.optional(),
    proxy: ForwardProxy.optional(),
  })
  .refine(({ pointer, query }) => (pointer === undefined) !== (query === undefined), {
    message: 'needs either pointer or query',
  });

type Settings = z.output<typeof Settings>;

export const custom = defineProbe({
  kind: 'custom',
  settings: Settings,

  async measure(settings, context) {
    const nothing: CustomFacts = { address: null, httpStatus: null, value: null, samples: null };
    const { auth, clientCertificate, proxy } = settings;
    const sent = { headers: HEADERS, auth, clientCertificate, proxy };
    const got = await fetchDocument(urlOf(settings), MAX_BYTES, context, sent);
    const { phases, address, answer } = got;
    const seen = { ...nothing, address, httpStatus: answer?.status ?? null };
    if (got.reason !== 'ok') return { ...missing(got), facts: seen };
    const read = readingOf(() => judged(got, settings));
    if (read.value === null) return { ...malformed(read.flaw), phases, facts: seen };
    const { reason, ...told } = read.value;
    const phase: Phase | null = reason === 'ok' ? null : 'check';
    return { reason, phase, phases, facts: { ...seen, ...told } };
  },

  samples: samplesOf,
});

function urlOf({ url, query }: Settings): URL {
  if (query === undefined) return new URL(url);
  const asked = new URL('api/v1/query', url.endsWith('/') ? url : `${url}/`);
  asked.searchParams.set('query', query);
  return asked;
}

type Judged = Pick<CustomFacts, 'value' | 'samples'> & { reason: Reason };

/** Throws `Malformed`. */
function judged({ body }: Fetched, { query, pointer = '', good }: Settings): Judged {
  const document = readJson(body.toString('utf8'));
  if (query !== undefined) return ofSamples(samplesIn(document), good);
  const value = valueAt(document, pointer);
  // What JSON has no room for, such as 1e400, is not what anybody measured.
  return { ...ofValue(isEndless(value) ? undefined : value, good), samples: null };
}

const isEndless = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);

function ofValue(value: unknown, good: Good): Pick<Judged, 'reason' | 'value'> {
  const verdict = isGood(value, good);
  const reason: Reason = verdict === null ? 'value_missing' : verdict ? 'ok' : 'value_bad';
  return { reason, value: verdict === null ? null : shownValue(value) };
}

/** One bad sample is enough; one that cannot be judged leaves the others unproven. */
function ofSamples(samples: readonly number[], good: Good): Judged {
  const judgements = samples.map((value) => ofValue(value, good));
  const worst =
    judgements.find(({ reason }) => reason === 'value_bad') ??
    judgements.find(({ reason }) => reason !== 'ok') ??
    judgements[0];
  return { reason: 'value_missing', value: null, ...worst, samples: samples.length };
}

function samplesOf({ facts: { value } }: Measurement<CustomFacts>): Sample[] {
  if (value === null || typeof value === 'string') return [];
  return [{ metric: 'demarc_custom_value', value: Number(value) }];
}
