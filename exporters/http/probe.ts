// Asks one URL on a fresh connection, and judges the answer by its status and, if wanted, a text in its body.
// Unless told to follow, a 3xx is a status like any other.
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Reason } from '../../catalog/reasons.ts';
import type { Measurement } from '../observation.ts';
import { startPhases } from '../phases.ts';
import { defineProbe, type ProbeContext, reasonOf } from '../probe.ts';
import { cacheStateOf } from './cache.ts';
import { addressesOf, HostName, plainHost } from './connection.ts';
import { type Exchange, exchange } from './exchange.ts';
import { type Further, FurtherExpectations, unmetWish } from './expect.ts';
import type { HttpFacts } from './facts.ts';
import { type Followed, follow } from './follow.ts';
import { ErrorClass, generatorOf } from './generator.ts';
import { PopHeader, popOf } from './pop.ts';
import { RequestSettings } from './request.ts';
import { isAmong, StatusCodes } from './status-codes.ts';
import { HttpUrl } from './url.ts';

const MAX_AGE_SECONDS = 2_147_483_647;

const HeaderName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/)
  .toLowerCase();

export const HttpSettings = z
  .strictObject({
    url: HttpUrl.describe('What to ask for; a redirect is not followed.'),
    address: z.union([z.ipv4(), z.ipv6()]).optional().describe('Connect here instead of resolving.'),
    host: HostName.optional().describe("Name for Host, SNI and the certificate when it is not the URL's host."),
    resolve: z
      .enum(['fresh', 'last_good'])
      .default('fresh')
      .describe('last_good: go on with what was true before when no name server answers.'),
    ...RequestSettings,
    method: z.enum(['GET', 'HEAD']).default('GET').describe('Request method.'),
    expect: z
      .strictObject({
        status: StatusCodes.describe('Status codes that are as wished.'),
        body: z
          .string()
          .min(1)
          .optional()
          .describe('Text that must be in the part of the body that is read; case counts.'),
        ...FurtherExpectations,
      })
      .prefault({}),
    errorClasses: z
      .array(ErrorClass)
      .default([])
      .describe('How vendors mark their error answers; the first that fits.'),
    popHeader: PopHeader.optional(),
    stamp: HeaderName.optional().describe('Header that only the origin sets.'),
    tlsVerify: z.boolean().default(true).describe('Whether a certificate that is not valid is a failure.'),
    maxBodyBytes: z.int().min(1).max(1_048_576).default(65_536).describe('How much of the body is read.'),
  })
  .refine(({ method, expect }) => method === 'GET' || !readsBody(expect), {
    path: ['expect', 'body'],
    message: 'needs method GET: an answer to HEAD has no body',
  });

function readsBody({ body, matches, json }: Further & { body?: string | undefined }): boolean {
  return body !== undefined || matches !== undefined || json.length > 0;
}

type HttpSettings = z.output<typeof HttpSettings>;

export const http = defineProbe({
  kind: 'http',
  settings: HttpSettings,

  async measure(settings, context) {
    if (settings.addresses === 'each' && settings.address === undefined) return measureEach(settings, context);
    return measureOnce(settings, context);
  },

  samples: samplesOf,
});

async function measureOnce(settings: HttpSettings, context: ProbeContext): Promise<Measurement<HttpFacts>> {
  const asked = { ...settings, url: new URL(settings.url) };
  const done =
    settings.follow === undefined ? await exchange(asked, context) : await follow(asked, settings.follow, context);
  const unmet = unmetBy(done, settings);
  const facts = factsOf(done, settings);
  if (unmet !== null) return { reason: unmet, phase: 'check', phases: done.phases, facts };
  return { reason: done.reason, phase: done.phase, phases: done.phases, facts };
}

/** The first that failed speaks for all, else the first. */
async function measureEach(settings: HttpSettings, context: ProbeContext): Promise<Measurement<HttpFacts>> {
  const timer = startPhases(context.clock);
  const url = new URL(settings.url);
  let addresses: string[];
  try {
    addresses = await addressesOf(plainHost(url.hostname), settings.resolve, timer, context, settings);
  } catch (error) {
    timer.stop();
    const facts = factsOf({ answer: null, address: null, certificateNotAfter: null }, settings);
    return { reason: reasonOf(error), phase: timer.current(), phases: timer.phases, facts };
  }
  timer.stop();
  const all = await Promise.all(addresses.map((address) => measureOnce({ ...settings, address }, context)));
  const worst = all.find(({ reason }) => reason !== 'ok') ?? all[0];
  if (worst === undefined) throw new Error('asked at no address');
  const each = all.map(({ reason }, index) => ({ address: addresses[index] ?? '', reason }));
  return { ...worst, phases: { ...timer.phases, ...worst.phases }, facts: { ...worst.facts, each } };
}

/** A received status is an explicit answer, so a wrong one outweighs whatever became of the body. */
function unmetBy({ reason, answer }: Exchange, { expect }: HttpSettings): Reason | null {
  if (answer === null || reason === 'http_redirect' || reason === 'target_denied') return null;
  if (!isAmong(answer.status, expect.status)) return 'http_status';
  if (reason !== 'ok') return null;
  if (expect.body !== undefined && !answer.body?.includes(expect.body)) return 'http_body';
  return unmetWish(answer, expect);
}

function factsOf(
  {
    answer,
    address,
    certificateNotAfter,
    redirects,
    proxyStatus = null,
  }: Pick<Followed, 'answer' | 'address' | 'certificateNotAfter'> & Partial<Followed>,
  settings: HttpSettings,
): HttpFacts {
  const connection = {
    address,
    ...(settings.proxy !== undefined && { proxyStatus }),
    tls: settings.url.startsWith('https:'),
    certificateNotAfter,
    ...(redirects !== undefined && { redirects }),
  };
  if (answer === null) {
    const unknown = { status: null, generator: null, vendorCode: null, pop: null, httpVersion: null };
    return { ...connection, ...unknown, stamped: null, bodyBytes: null, serverDate: null, age: null };
  }
  const { status, httpVersion, headers, bodyBytes } = answer;
  return {
    status,
    ...connection,
    ...generatorOf(answer, settings.errorClasses, settings.stamp),
    pop: popOf(headers, settings.popHeader),
    httpVersion,
    stamped: settings.stamp === undefined ? null : headers.has(settings.stamp),
    bodyBytes,
    serverDate: dateOf(headers.get('date') ?? ''),
    age: ageOf(headers.get('age') ?? ''),
    cache: cacheStateOf(headers),
  };
}

/** Only the form servers must send; Date.parse alone makes dates of nearly anything. */
function dateOf(field: string): number | null {
  const time = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(field) ? Date.parse(field) : NaN;
  return Number.isFinite(time) ? time : null;
}

function ageOf(field: string): number | null {
  return /^\d{1,10}$/.test(field) ? Math.min(Number(field), MAX_AGE_SECONDS) : null;
}

function samplesOf({ phases, facts }: Measurement<HttpFacts>): Sample[] {
  const samples: Sample[] = [{ metric: 'probe_http_ssl', value: facts.tls ? 1 : 0 }];
  for (const [phase, ms] of Object.entries(phases)) {
    samples.push({ metric: 'probe_http_duration_seconds', value: ms / 1000, labels: { phase } });
  }
  if (facts.status !== null) samples.push({ metric: 'probe_http_status_code', value: facts.status });
  if (facts.httpVersion !== null) samples.push({ metric: 'probe_http_version', value: Number(facts.httpVersion) });
  if (facts.bodyBytes !== null) {
    samples.push({ metric: 'probe_http_uncompressed_body_length', value: facts.bodyBytes });
  }
  if (facts.certificateNotAfter !== null) {
    samples.push({ metric: 'probe_ssl_earliest_cert_expiry', value: facts.certificateNotAfter / 1000 });
  }
  if (facts.generator !== null) {
    samples.push({ metric: 'demarc_http_error_generator_info', value: 1, labels: { generator: facts.generator } });
  }
  const { cache, redirects, each } = facts;
  if (cache) samples.push({ metric: 'demarc_http_cache_info', value: 1, labels: { cache } });
  if (redirects !== undefined) samples.push({ metric: 'probe_http_redirects', value: redirects });
  if (each !== undefined) {
    const good = each.filter(({ reason }) => reason === 'ok').length;
    samples.push({ metric: 'demarc_addresses', value: good, labels: { outcome: 'ok' } });
    samples.push({ metric: 'demarc_addresses', value: each.length - good, labels: { outcome: 'failed' } });
  }
  return samples;
}
