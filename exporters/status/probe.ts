// Reads a vendor's own status feed. What it says is shown next to a verdict and never decides one.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import { fetchDocument, missing } from '../http/document.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import { revalidations } from '../http/revalidate.ts';
import { HttpUrl } from '../http/url.ts';
import { malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import { FEED_STATES, type FeedIncident, type FeedState, type StatusFacts } from './facts.ts';
import { type Feed, worst } from './feed.ts';
import { FORMATS, readFeed } from './formats.ts';

const MAX_BYTES = 2_097_152;
const MAX_INCIDENTS = 50;
/** A longer lag is a date that means something else. */
const LONGEST_LAG_MS = 30 * 86_400_000;

/** A component's, in the feed. */
export const FeedName = z.string().trim().min(1).max(64);

const Settings = z.strictObject({
  url: HttpUrl.describe('The feed, not the page people read.'),
  format: z.enum(FORMATS).describe('Which service or vendor writes it.'),
  components: z
    .array(FeedName)
    .max(64)
    .default([])
    .describe('Components to watch, by the name the feed has for them; case does not count.'),
  known: z
    .record(z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/), z.array(FeedName).min(1).max(16))
    .refine((known) => Object.keys(known).length <= 64, 'at most 64')
    .default({})
    .describe('Further ones under names of your own, each with all the names the feed has for it: the worst counts.'),
  proxy: ForwardProxy.optional(),
});

type Told = Omit<StatusFacts, 'address' | 'httpStatus'>;

const revalidationOf = revalidations<Told>();

export const status = defineProbe({
  kind: 'status',
  settings: Settings,

  async measure(settings, context) {
    const { url, format, components, known, proxy } = settings;
    const wanted = [...components.map((name): Wanted => [name, [name]]), ...Object.entries(known)];
    const revalidation = revalidationOf(settings);
    const now = context.clock.now();
    const conditions = revalidation.conditions(now);
    const got = await fetchDocument(new URL(url), MAX_BYTES, context, { proxy, conditions });
    const { phases, address, answer } = got;
    const silent: StatusFacts = {
      address,
      httpStatus: answer?.status ?? null,
      overall: null,
      components: wanted.map(([name]) => ({ name, state: null })),
      incidents: [],
      openIncidents: null,
      unknownWords: 0,
    };
    if (got.reason !== 'ok') return { ...missing(got), facts: silent };
    const read = (told: Told) => ({ reason: 'ok', phase: null, phases, facts: { ...silent, ...told } }) as const;
    if (got.unchanged) return read(revalidation.unchanged());
    // What is no feed of this format is as likely a login page, or an error of whoever hosts it.
    const { value, flaw } = readingOf(() => readFeed(format, got.body, answer?.headers.get('content-type') ?? ''));
    if (value === null) return { ...malformed(flaw), phases, facts: silent };
    const told = factsOf(value, wanted);
    if (answer !== null) revalidation.keep(answer, told, now);
    return read(told);
  },

  samples: samplesOf,
});

/** A component, and what the feed calls it. */
type Wanted = [name: string, inFeed: readonly string[]];

function factsOf(feed: Feed, wanted: readonly Wanted[]): Told {
  const states = statesByName(feed);
  const newestFirst = [...feed.incidents].sort((a, b) => beganAt(b) - beganAt(a));
  return {
    overall: feed.overall,
    components: wanted.map(([name, inFeed]) => {
      const found = inFeed.flatMap((one) => states.get(one.toLowerCase()) ?? []);
      return { name, state: found.length === 0 ? feed.unnamed : worst(found) };
    }),
    incidents: newestFirst.slice(0, MAX_INCIDENTS),
    openIncidents: feed.tellsOpen ? feed.incidents.length : null,
    unknownWords: feed.unknownWords,
  };
}

/** One name may stand for several parts, or be in several events. */
function statesByName({ components }: Feed): Map<string, (FeedState | null)[]> {
  const states = new Map<string, (FeedState | null)[]>();
  for (const { names, state } of components) {
    for (const name of new Set(names.map((each) => each.trim().toLowerCase()))) {
      const found = states.get(name);
      if (found === undefined) states.set(name, [state]);
      else found.push(state);
    }
  }
  return states;
}

function beganAt({ startedAt, createdAt }: FeedIncident): number {
  return startedAt ?? createdAt ?? 0;
}

function samplesOf({ reason, facts }: Measurement<StatusFacts>): Sample[] {
  const samples: Sample[] = [{ metric: 'demarc_vendor_feed_ok', value: reason === 'ok' ? 1 : 0 }];
  if (facts.overall !== null) {
    samples.push({ metric: 'demarc_vendor_status', value: FEED_STATES.indexOf(facts.overall) });
  }
  for (const { name, state } of facts.components) {
    if (state === null) continue;
    const labels = { component: name };
    samples.push({ metric: 'demarc_vendor_status', value: FEED_STATES.indexOf(state), labels });
  }
  if (facts.openIncidents === null) return samples;
  samples.push({ metric: 'demarc_vendor_incidents_open', value: facts.openIncidents });
  const lag = lagOf(facts.incidents);
  if (lag !== null) samples.push({ metric: 'demarc_vendor_incident_publication_lag_seconds', value: lag / 1000 });
  return samples;
}

/** Of the newest incident that tells both times. */
function lagOf(incidents: readonly FeedIncident[]): number | null {
  for (const { startedAt, createdAt } of incidents) {
    if (startedAt === null || createdAt === null) continue;
    const lag = createdAt - startedAt;
    if (lag >= 0 && lag <= LONGEST_LAG_MS) return lag;
  }
  return null;
}
