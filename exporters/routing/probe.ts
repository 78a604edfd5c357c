// Asks RIPEstat how route collectors see one prefix: by how many of their peers, and from which autonomous systems. What they
// heard is hours old, so it is told with its time and decides nothing.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { RIPESTAT } from '../../catalog/route-collectors.ts';
import { readJson } from '../http/bounded-json.ts';
import { fetchDocument, missing } from '../http/document.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import { HttpUrl } from '../http/url.ts';
import { malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import type { RoutingFacts } from './facts.ts';
import { Origins, Prefix } from './prefix.ts';
import { type RoutingStatus, readRoutingStatus } from './ripestat.ts';

const MAX_BYTES = 262_144;
/** RIPEstat asks its users to say who they are: https://stat.ripe.net/docs/02.data-api/ */
const SOURCE_APP = 'demarc';

const Settings = z.strictObject({
  prefix: Prefix.describe('The prefix, as it is announced: 193.0.0.0/21.'),
  origins: Origins.optional(),
  least: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('The least share of the peers of route collectors that must see it.'),
  url: HttpUrl.default(RIPESTAT.url).describe('Base URL of RIPEstat, or of what speaks as it does.'),
  proxy: ForwardProxy.optional(),
});

type Settings = z.output<typeof Settings>;

export const routing = defineProbe({
  kind: 'routing',
  settings: Settings,

  async measure(settings, context) {
    const got = await fetchDocument(urlOf(settings), MAX_BYTES, context, { proxy: settings.proxy });
    const { phases, address, answer } = got;
    const nothing: RoutingFacts = {
      address,
      httpStatus: answer?.status ?? null,
      origins: null,
      seeing: null,
      peers: null,
      asOf: null,
    };
    if (got.reason !== 'ok') return { ...missing(got), facts: nothing };
    const { value, flaw } = readingOf(() => readRoutingStatus(readJson(got.body.toString('utf8')), settings.prefix));
    if (value === null) return { ...malformed(flaw), phases, facts: nothing };
    const reason = judged(value, settings);
    const phase: Phase | null = reason === 'ok' ? null : 'check';
    return { reason, phase, phases, facts: { ...nothing, ...value } };
  },

  samples: samplesOf,
});

function urlOf({ url, prefix }: Settings): URL {
  const asked = new URL('data/routing-status/data.json', url.endsWith('/') ? url : `${url}/`);
  asked.searchParams.set('resource', prefix);
  asked.searchParams.set('sourceapp', SOURCE_APP);
  return asked;
}

function judged({ origins, seeing, peers }: RoutingStatus, wish: Settings): Reason {
  if (peers === 0) return 'value_missing';
  if (seeing / peers < wish.least) return 'route_unseen';
  const strange = wish.origins !== undefined && origins.some((origin) => !wish.origins?.includes(origin));
  return strange ? 'route_origin' : 'ok';
}

function samplesOf({ facts: { origins, seeing, peers, asOf } }: Measurement<RoutingFacts>): Sample[] {
  if (origins === null || seeing === null || peers === null || asOf === null) return [];
  return [
    ...(peers === 0 ? [] : [{ metric: 'demarc_route_visibility_ratio' as const, value: seeing / peers }]),
    { metric: 'demarc_route_origins', value: origins.length },
    { metric: 'demarc_route_seen_timestamp_seconds', value: asOf / 1000 },
  ];
}
