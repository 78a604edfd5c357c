// What one exchange teaches: its facts, and the series made of them. Nothing of a body stays but its length.
import type { Sample } from '../../catalog/metrics.ts';
import type { Measurement } from '../observation.ts';
import { tlsVersion } from '../tls-session.ts';
import type { Answer } from './answer.ts';
import { cacheStateOf } from './cache.ts';
import type { Exchange } from './exchange.ts';
import { contentLengthOf } from './expect.ts';
import type { HttpFacts } from './facts.ts';
import type { Followed } from './follow.ts';
import { type ErrorClass, generatorOf } from './generator.ts';
import { dateOf } from './http-date.ts';
import { type PopHeader, popOf } from './pop.ts';

/** What of the settings decides what is read. */
export interface Reading {
  url: string;
  proxy?: unknown;
  errorClasses: readonly ErrorClass[];
  popHeader?: PopHeader | undefined;
  stamp?: string | undefined;
}

const MAX_AGE_SECONDS = 2_147_483_647;

/** Left out: nobody was reached. */
export function factsOf(settings: Reading, seen?: Exchange & Partial<Followed>): HttpFacts {
  const answer = seen?.answer ?? null;
  // Spreading small objects costs more than all that is read here: there is one spread, and what may be absent comes after it.
  const facts: HttpFacts = {
    ...(answer === null ? NO_ANSWER : ofAnswer(answer, settings)),
    address: seen?.address ?? null,
    tls: settings.url.startsWith('https:'),
    certificateNotAfter: seen?.certificateNotAfter ?? null,
  };
  if (settings.proxy !== undefined) facts.proxyStatus = seen?.proxyStatus ?? null;
  if (seen?.chainNotAfter) facts.chainNotAfter = seen.chainNotAfter;
  if (seen?.session) Object.assign(facts, seen.session);
  if (seen?.redirects !== undefined) facts.redirects = seen.redirects;
  if (seen?.hops !== undefined) facts.hops = seen.hops;
  return facts;
}

type OfAnswer = Omit<HttpFacts, 'address' | 'tls' | 'certificateNotAfter'>;

const NO_ANSWER: OfAnswer = {
  ...{ status: null, generator: null, vendorCode: null, pop: null, httpVersion: null },
  ...{ stamped: null, bodyBytes: null, serverDate: null, age: null },
};

function ofAnswer(answer: Answer, { errorClasses, popHeader, stamp }: Reading): OfAnswer {
  const { status, httpVersion, headers, bodyBytes } = answer;
  const { generator, vendorCode } = generatorOf(answer, errorClasses, stamp);
  const facts: OfAnswer = {
    status,
    generator,
    vendorCode,
    pop: popOf(headers, popHeader),
    httpVersion,
    stamped: stamp === undefined ? null : headers.has(stamp),
    bodyBytes,
    serverDate: dateOf(headers.get('date')),
    age: ageOf(headers.get('age') ?? ''),
    cache: cacheStateOf(headers),
  };
  const contentLength = contentLengthOf(answer);
  const lastModified = dateOf(headers.get('last-modified'));
  if (contentLength !== null) facts.contentLength = contentLength;
  if (lastModified !== null) facts.lastModified = lastModified;
  return facts;
}

function ageOf(field: string): number | null {
  return /^\d{1,10}$/.test(field) ? Math.min(Number(field), MAX_AGE_SECONDS) : null;
}

export function samplesOf({ phases, facts }: Measurement<HttpFacts>): Sample[] {
  const samples: Sample[] = [{ metric: 'probe_http_ssl', value: facts.tls ? 1 : 0 }];
  for (const [phase, ms] of Object.entries(phases)) {
    samples.push({ metric: 'probe_http_duration_seconds', value: ms / 1000, labels: { phase } });
  }
  const add = (metric: Sample['metric'], value: number | null | undefined): void => {
    if (value !== null && value !== undefined) samples.push({ metric, value });
  };
  const inSeconds = (ms: number | null | undefined): number | null => (ms ? ms / 1000 : null);
  add('probe_http_status_code', facts.status);
  add('probe_http_version', facts.httpVersion === null ? null : Number(facts.httpVersion));
  add('probe_http_content_length', facts.contentLength);
  add('probe_http_uncompressed_body_length', facts.bodyBytes);
  add('probe_http_last_modified_timestamp_seconds', inSeconds(facts.lastModified));
  add('probe_ssl_earliest_cert_expiry', inSeconds(facts.chainNotAfter ?? facts.certificateNotAfter));
  const version = tlsVersion(facts.protocol);
  if (version !== undefined) samples.push({ metric: 'probe_tls_version_info', value: 1, labels: { version } });
  if (facts.generator !== null) {
    samples.push({ metric: 'demarc_http_error_generator_info', value: 1, labels: { generator: facts.generator } });
  }
  if (facts.cache) samples.push({ metric: 'demarc_http_cache_info', value: 1, labels: { cache: facts.cache } });
  add('probe_http_redirects', facts.redirects);
  return [...samples, ...samplesOfHops(facts), ...samplesOfEach(facts)];
}

const samplesOfHops = ({ hops = [] }: HttpFacts): Sample[] =>
  hops.map((ms, hop) => ({
    metric: 'demarc_http_hop_duration_seconds',
    value: ms / 1000,
    labels: { hop: String(hop) },
  }));

function samplesOfEach({ each }: HttpFacts): Sample[] {
  if (each === undefined) return [];
  const good = each.filter(({ reason }) => reason === 'ok').length;
  return [
    { metric: 'demarc_addresses', value: good, labels: { outcome: 'ok' } },
    { metric: 'demarc_addresses', value: each.length - good, labels: { outcome: 'failed' } },
  ];
}
