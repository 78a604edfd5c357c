// Asks the registry of a domain by RDAP until when it is registered and in what state. Gentle by contract: no retry, and a
// redirect only from one registry to another (RFC 7480, section 5.2); who asks how often is the plan's business.
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Reason } from '../../catalog/reasons.ts';
import { isAskable } from '../dns/question.ts';
import { HostName } from '../http/connection.ts';
import { type Fetched, fetchDocument } from '../http/document.ts';
import { ForwardProxy } from '../http/forward-proxy.ts';
import type { Follow } from '../http/request.ts';
import { retryAfterOf } from '../http/rest.ts';
import { HttpUrl } from '../http/url.ts';
import { malformed, readingOf } from '../malformed.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe } from '../probe.ts';
import { hostsOf, loadBootstrap, rdapBaseOf } from './bootstrap.ts';
import type { EppStatus } from './epp-status.ts';
import type { RegistrationFacts } from './facts.ts';
import { readDomain } from './rdap.ts';

const MAX_BYTES = 1_048_576;
const HEADERS = { accept: 'application/rdap+json' };
const LONGEST_REST_MS = 86_400_000;

const servers = loadBootstrap();
const BUNDLED_HOSTS = hostsOf(servers);
const MOST_REDIRECTS = 3;
const MOST_REGISTRIES = 5_000;

/** Registries move, and a redirector such as rdap.org knows where to; to a host nobody has heard of nobody goes. */
const redirectsTo = (hosts: string[]): Follow => ({ most: MOST_REDIRECTS, hosts });

const Settings = z.strictObject({
  domain: z
    .string()
    .max(253)
    .transform((name) => domainToASCII(name.replace(/\.$/, '')))
    .refine((name) => name.includes('.') && isAskable(name), 'not a registered domain such as example.org')
    .describe('The domain as it was registered: example.org, not www.example.org.'),
  server: HttpUrl.optional().describe('Base URL of the RDAP server; found by the top-level domain when left out.'),
  registries: z
    .array(HostName)
    .max(MOST_REGISTRIES)
    .optional()
    .describe('Hosts of registries, to which a redirect may lead. Left out: those of the list that came with demarc.'),
  proxy: ForwardProxy.optional(),
});

const TRANSFER_LOCKS: readonly EppStatus[] = ['clientTransferProhibited', 'serverTransferProhibited'];

const NOTHING_SEEN: RegistrationFacts = {
  address: null,
  httpStatus: null,
  expiry: null,
  statuses: [],
  unknownStatuses: 0,
  nameServers: [],
  delegationSigned: null,
  retryAfterMs: null,
};

export const registration = defineProbe({
  kind: 'registration',
  settings: Settings,

  async measure({ domain, server, registries = BUNDLED_HOSTS, proxy }, context) {
    const base = server ?? rdapBaseOf(domain, servers);
    if (base === null) return { reason: 'rdap_unsupported', phase: 'resolve', phases: {}, facts: NOTHING_SEEN };
    const url = new URL(`domain/${domain}`, base.endsWith('/') ? base : `${base}/`);
    const got = await fetchDocument(url, MAX_BYTES, context, {
      headers: HEADERS,
      redirects: redirectsTo(registries),
      proxy,
    });
    const { phases, address, answer } = got;
    const wished = answer === null ? null : retryAfterOf(answer.headers, context.clock.now());
    const rest = wished === null ? null : Math.min(wished, LONGEST_REST_MS);
    const facts = { ...NOTHING_SEEN, address, httpStatus: answer?.status ?? null, retryAfterMs: rest };
    if (got.reason !== 'ok') return { reason: refusalOf(got, rest), phase: got.phase, phases, facts };
    const { value, flaw } = readingOf(() => readDomain(got.body.toString('utf8'), domain));
    if (value === null) return { ...malformed(flaw), phases, facts };
    return { reason: 'ok', phase: null, phases, facts: { ...facts, ...value } };
  },

  samples: samplesOf,
});

/** Whether it has a lock against transfers to another registrar; null when no states are published. */
export function isLocked({ statuses, unknownStatuses }: RegistrationFacts): boolean | null {
  if (statuses.length + unknownStatuses === 0) return null;
  return statuses.some((status) => TRANSFER_LOCKS.includes(status));
}

function refusalOf({ reason, answer }: Fetched, rest: number | null): Reason {
  if (answer?.status === 404) return 'rdap_not_found';
  return answer?.status === 429 || (answer?.status === 503 && rest !== null) ? 'rdap_rate_limited' : reason;
}

function samplesOf({ reason, facts }: Measurement<RegistrationFacts>): Sample[] {
  if (reason !== 'ok') return [];
  const samples: Sample[] = [{ metric: 'demarc_domain_expiry_published', value: facts.expiry === null ? 0 : 1 }];
  if (facts.expiry !== null) {
    samples.push({ metric: 'demarc_domain_expiry_timestamp_seconds', value: facts.expiry / 1000 });
  }
  const locked = isLocked(facts);
  if (locked !== null) samples.push({ metric: 'demarc_domain_transfer_locked', value: locked ? 1 : 0 });
  for (const status of facts.statuses) samples.push({ metric: 'demarc_domain_status', value: 1, labels: { status } });
  return samples;
}
