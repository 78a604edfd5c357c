// Asks one URL on a fresh connection, and judges the answer by its status and, if wanted, a text in its body.
// Unless told to follow, a 3xx is a status like any other.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Reason } from '../../catalog/reasons.ts';
import type { Check } from '../check.ts';
import type { Measurement } from '../observation.ts';
import { startPhases } from '../phases.ts';
import { defineProbe, type ProbeContext, reasonOf } from '../probe.ts';
import { watching } from '../trace.ts';
import { exchangeAuthorized } from './authorized.ts';
import { addressesOf, HostName, plainHost } from './connection.ts';
import type { Exchange } from './exchange.ts';
import { checksOf, FurtherExpectations, type Judged, readsBody, unmetWish } from './expect.ts';
import type { HttpFacts } from './facts.ts';
import { type Followed, follow } from './follow.ts';
import { ErrorClass, generatorOf } from './generator.ts';
import { factsOf, samplesOf } from './learnt.ts';
import { PopHeader } from './pop.ts';
import { flawIn } from './refusal.ts';
import { PlainHeaders, RequestSettings } from './request.ts';
import { StatusCodes } from './status-codes.ts';
import { HttpUrl } from './url.ts';

/** Those whose answer is a redirect that may not be followed: it was not what was asked for. */
const LED_ASTRAY: ReadonlySet<Reason> = new Set(['http_redirect', 'target_denied']);

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
    askAgainWith: PlainHeaders.optional().describe(
      'Headers to ask once more with when nobody knows who wrote an error (403, 429, 5xx). Only who wrote it is learnt from that.',
    ),
    popHeader: PopHeader.optional(),
    stamp: HeaderName.optional().describe('Header that only the origin sets.'),
    tlsVerify: z.boolean().default(true).describe('Whether a certificate that is not valid is a failure.'),
    maxBodyBytes: z.int().min(1).max(1_048_576).default(65_536).describe('How much of the body is read.'),
  })
  .refine(({ method, expect }) => method === 'GET' || !readsBody(expect), {
    path: ['expect', 'body'],
    message: 'needs method GET: an answer to HEAD has no body',
  });

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
  const { expect, follow: further } = settings;
  const asked = { ...settings, url: urlOf(settings) };
  const done: Exchange & Partial<Followed> =
    further === undefined ? await exchangeAuthorized(asked, context) : await follow(asked, further, context);
  const { url = asked.url } = done;
  const judged = done.answer && { answer: done.answer, url, now: context.clock.now() };
  const whole = done.reason === 'ok';
  for (const check of asked.tlsVerify ? certified(done) : []) context.trace?.check(check);
  tellChecks(judged, settings, context, whole);
  const facts = await withWriter(factsOf(settings, done), { ...asked, url }, context);
  const unmet = judged === null || LED_ASTRAY.has(done.reason) ? null : unmetWish(judged, expect, whole);
  const [reason, phase] = unmet === null ? [done.reason, done.phase] : ([unmet, 'check'] as const);
  return { reason, phase, phases: done.phases, ...flawIn(done), facts };
}

/**
 * The first answer stays what is judged. Whoever asked as people do is told of an error in words for people; asked as a machine, an
 * edge says whose it is, or passes on what the origin wrote, which then is the origin's.
 */
async function withWriter(
  facts: HttpFacts,
  asked: Omit<HttpSettings, 'url'> & { url: URL },
  context: ProbeContext,
): Promise<HttpFacts> {
  const { askAgainWith, errorClasses, stamp } = asked;
  if (askAgainWith === undefined || facts.generator !== 'unknown' || !maySayMore(facts.status)) return facts;
  const headers = { ...asked.headers, ...askAgainWith };
  const { answer, reason } = await exchangeAuthorized({ ...asked, headers, unpack: true }, context);
  if (answer?.status !== facts.status || reason !== 'ok') return facts;
  return { ...facts, ...generatorOf(answer, errorClasses, stamp) };
}

const maySayMore = (status: number | null): boolean => status === 403 || status === 429 || (status ?? 0) >= 500;

function tellChecks(judged: Judged | null, { expect }: HttpSettings, { trace }: ProbeContext, whole = false): void {
  if (trace === undefined) return;
  for (const check of checksOf(judged, expect, whole)) trace.check(check);
}

function urlOf({ url, nonce }: HttpSettings): URL {
  const asked = new URL(url);
  if (nonce) asked.search += `${asked.search === '' ? '?' : '&'}demarc=${randomUUID().slice(0, 8)}`;
  return asked;
}

/** What the handshake came to, where there was one. */
function certified({ reason, session, answer }: Exchange): Check[] {
  if (session === null) return [];
  const fault = reason.startsWith('tls_');
  const passed = fault ? false : answer === null ? null : true;
  const actual = fault ? reason : passed === true ? 'valid' : 'not told';
  return [{ check: 'certificate', expected: 'valid', actual, passed }];
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
    tellChecks(null, settings, context);
    return { reason: reasonOf(error), phase: timer.current(), phases: timer.phases, facts: factsOf(settings) };
  }
  timer.stop();
  const all = await Promise.all(
    addresses.map((address) => measureOnce({ ...settings, address }, watching(address, context))),
  );
  const worst = all.find(({ reason }) => reason !== 'ok') ?? all[0];
  if (worst === undefined) throw new Error('asked at no address');
  const each = all.map(({ reason }, index) => ({ address: addresses[index] ?? '', reason }));
  return { ...worst, phases: { ...timer.phases, ...worst.phases }, facts: { ...worst.facts, each } };
}
