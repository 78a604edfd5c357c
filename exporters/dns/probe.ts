// Asks one name server one question and compares the shape of the answer with the expected one.
// It never asks another server instead: hiding a dead one is what c-ares does.
import net from 'node:net';
import { z } from 'zod';
import type { Sample } from '../../catalog/metrics.ts';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import type { Measurement } from '../observation.ts';
import { defineProbe, type ProbeContext, reasonOf } from '../probe.ts';
import { type AskZone, hopsOf, Owners } from './aliases.ts';
import type { DnsAnswer } from './answer.ts';
import { flawsOf } from './delegation.ts';
import { extendedErrorName } from './dnssec.ts';
import { formatEndpoint, parseServer, type Server } from './endpoint.ts';
import { type Exchange, exchange } from './exchange.ts';
import { DnsExpectation, judge, smallestTtl, tellChecks } from './expect.ts';
import { type AliasHop, DELEGATION_FLAWS, type DelegationFault, type DnsFacts } from './facts.ts';
import { HTTPS_METHODS } from './https.ts';
import { identityOf } from './identity.ts';
import { isAskable, QUESTION_TYPES, type Question } from './question.ts';
import { rcodeLabel } from './rcodes.ts';
import { fingerprintOf, pointedAt } from './records.ts';

const Settings = z.strictObject({
  server: z
    .string()
    .refine(
      (text) => parseServer(text) !== null,
      'not host, host:port, [address]:port, tls://host#name or https://host/path#name',
    )
    .describe(
      'Name server to ask: host:port, [address]:port, or host, which means port 53. `tls://host` asks over TLS at port 853, `https://host/path` over HTTPS; `#name` says which name the certificate must carry if not the host.',
    ),
  name: z.string().refine(isAskable, 'not a DNS name in ASCII form').describe('Name to ask for.'),
  type: z.enum(QUESTION_TYPES).describe('Record type to ask for.'),
  class: z
    .enum(['IN', 'CH'])
    .default('IN')
    .describe('CH asks the server about itself: `name=id.server type=TXT`, or `version.bind`.'),
  transport: z
    .enum(['udp', 'tcp'])
    .default('udp')
    .describe('For servers without a scheme. A truncated answer over UDP is asked for again over TCP.'),
  method: z.enum(HTTPS_METHODS).default('POST').describe('How to ask over HTTPS.'),
  recursion: z.boolean().default(true).describe('The RD bit: true for resolvers, false for authoritative servers.'),
  signatures: z
    .boolean()
    .default(false)
    .describe('The DO bit: have DNSSEC signatures sent along, and read when they end.'),
  unchecked: z
    .boolean()
    .default(false)
    .describe('The CD bit: a validating resolver then answers even what does not validate.'),
  mixedCase: z
    .boolean()
    .default(true)
    .describe(
      'Over UDP: ask with letters in random case, which an answer must repeat, so that who forges one has to guess them too. A server that repeats them otherwise is asked in one case, and no worse for it.',
    ),
  zones: z
    .boolean()
    .default(false)
    .describe('Whether to find out in which zone each alias of the answer stands, by a question more for each.'),
  delegation: z
    .boolean()
    .default(false)
    .describe(
      'With type NS, asked of a server of the zone above: whether to ask every name server it names too, and tell what is wrong with them.',
    ),
  owners: Owners.max(512).default([]).describe('Who has which zones, so that each alias can be told to be whose.'),
  fingerprint: z
    .boolean()
    .default(false)
    .describe('Whether to export a number that is equal for equal answers, so that servers can be compared.'),
  expect: DnsExpectation.prefault({}),
});

type Settings = z.output<typeof Settings>;

export const dns = defineProbe({
  kind: 'dns',
  settings: Settings,

  async measure(settings, context) {
    const start = context.clock.monotonic();
    const located = givenByAddress(settings) ?? (await locate(settings.server, context));
    const resolve = context.clock.monotonic() - start;
    if ('reason' in located) return failed(located.reason, 'resolve', { resolve }, factsOf(settings.server, settings));
    const { server, at } = located;
    const got = await exchange(server, settings, settings.transport, { method: settings.method, ...context });
    const ask = zonesAt(server, settings, context);
    const aliases = got.answer === null ? [] : await hopsOf(got.answer, settings.owners, ask);
    const delegation = await delegationOf(server, settings, got.answer, context);
    const told = factsOf(at, settings, got, aliases);
    const facts = delegation === null ? told : { ...told, delegation };
    const all = { resolve, ...got.phases };
    if (context.trace !== undefined) tellChecks(got.answer, settings.expect, context.trace);
    if (got.answer === null) return failed(got.reason, got.phase, all, facts);
    const reason = judge(got.answer, settings.expect);
    return { reason, phase: reason === 'ok' ? null : 'check', phases: all, facts };
  },

  samples({ phases, facts }) {
    const samples: Sample[] = [{ metric: 'probe_dns_query_succeeded', value: facts.rcode === null ? 0 : 1 }];
    for (const [phase, ms] of Object.entries(phases)) {
      samples.push({ metric: 'probe_dns_duration_seconds', value: ms / 1000, labels: { phase } });
    }
    if (facts.rcode !== null) samples.push({ metric: 'probe_dns_answer_rrs', value: facts.answers.length });
    if (facts.authorityCount !== null) samples.push({ metric: 'probe_dns_authority_rrs', value: facts.authorityCount });
    if (facts.additionalCount !== null) {
      samples.push({ metric: 'probe_dns_additional_rrs', value: facts.additionalCount });
    }
    if (facts.serial !== null) samples.push({ metric: 'probe_dns_serial', value: facts.serial });
    const ttl = smallestTtl(facts.answers);
    if (ttl !== null) samples.push({ metric: 'demarc_dns_answer_ttl_seconds', value: ttl });
    samples.push(...samplesOfHeader(facts));
    samples.push(...samplesOfDatagrams(facts));
    if (facts.fingerprint !== null) {
      samples.push({ metric: 'demarc_dns_answer_fingerprint', value: facts.fingerprint });
    }
    if (facts.signedUntil !== null) {
      samples.push({ metric: 'demarc_dns_signatures_end_timestamp_seconds', value: facts.signedUntil });
    }
    for (const error of new Set(facts.extendedErrors.map(extendedErrorName))) {
      samples.push({ metric: 'demarc_dns_extended_error_info', value: 1, labels: { error } });
    }
    samples.push(...samplesOfDelegation(facts));
    if (facts.identity !== null) {
      samples.push({ metric: 'demarc_dns_identity_info', value: 1, labels: { identity: facts.identity } });
    }
    if (facts.shape !== null)
      samples.push({ metric: 'demarc_dns_shape_info', value: 1, labels: { shape: facts.shape } });
    for (const [hop, { owner, end }] of facts.aliases.entries()) {
      const labels = { hop: String(hop), owner: owner ?? 'other', end: end ?? '' };
      samples.push({ metric: 'demarc_dns_alias_info', value: 1, labels });
    }
    return samples;
  },
});

/** What the header of an answer says, and the record that stands in for a longer one. */
function samplesOfHeader({ rcode, edns, authoritative, authenticated, recursive, truncated }: DnsFacts): Sample[] {
  if (rcode === null || edns === null) return [];
  const flags = { aa: authoritative, ad: authenticated, ra: recursive, tc: truncated };
  return [
    { metric: 'demarc_dns_rcode_info', value: 1, labels: { rcode: rcodeLabel(rcode) } },
    ...Object.entries(flags).flatMap(([flag, isSet]): Sample[] =>
      isSet ? [{ metric: 'demarc_dns_flag_info', value: 1, labels: { flag } }] : [],
    ),
    { metric: 'demarc_dns_edns_supported', value: edns ? 1 : 0 },
  ];
}

/** What is rare is told when it happened. */
function samplesOfDatagrams({ transport, resent, unexpected, caseKept }: DnsFacts): Sample[] {
  const samples: Sample[] = [];
  if (transport === 'udp') samples.push({ metric: 'demarc_dns_resent', value: resent });
  if (unexpected > 0) samples.push({ metric: 'demarc_dns_unexpected_messages', value: unexpected });
  if (caseKept === false) samples.push({ metric: 'demarc_dns_case_kept', value: 0 });
  return samples;
}

function samplesOfDelegation({ delegation }: DnsFacts): Sample[] {
  if (delegation === undefined) return [];
  return DELEGATION_FLAWS.map((flaw) => ({
    metric: 'demarc_dns_delegation_faults',
    value: delegation.filter((fault) => fault.flaw === flaw).length,
    labels: { flaw },
  }));
}

async function delegationOf(
  server: Server,
  { delegation, type, name }: Settings,
  answer: DnsAnswer | null,
  context: ProbeContext,
): Promise<DelegationFault[] | null> {
  if (!delegation || type !== 'NS' || answer === null || answer.nameServers.length === 0) return null;
  return flawsOf(name, answer, server, context);
}

interface Located {
  server: Server;
  /** Its address and port, as text. */
  at: string;
}

// By the settings, as a target asks the same server again and again.
const addressed = new WeakMap<Settings, Located>();

/** null when the server is given by name. */
function givenByAddress(settings: Settings): Located | null {
  const known = addressed.get(settings);
  if (known !== undefined) return known;
  const server = serverIn(settings.server);
  if (net.isIP(server.host) === 0) return null;
  const located = { server, at: formatEndpoint(server) };
  addressed.set(settings, located);
  return located;
}

async function locate(text: string, { resolver, signal }: ProbeContext): Promise<Located | { reason: Reason }> {
  const named = serverIn(text);
  try {
    const [host] = await resolver.resolve(named.host, 'last_good', signal);
    if (host === undefined) return { reason: 'no_address' };
    const server = { ...named, host };
    return { server, at: formatEndpoint(server) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

function serverIn(text: string): Server {
  const server = parseServer(text);
  if (server === null) throw new Error('the settings let a server through that cannot be parsed');
  return server;
}

/** Asks the same server, and within the same deadline. */
function zonesAt(
  server: Server,
  { zones, transport, recursion, method }: Settings,
  context: ProbeContext,
): AskZone | null {
  if (!zones) return null;
  const asked = (name: string): Question => ({ name, type: 'SOA', recursion });
  return async (name) =>
    isAskable(name) ? (await exchange(server, asked(name), transport, { ...context, method })).answer : null;
}

function failed(
  reason: Reason,
  phase: Phase,
  phases: Partial<Record<Phase, number>>,
  facts: DnsFacts,
): Measurement<DnsFacts> {
  return { reason, phase, phases, facts };
}

function factsOf(server: string, settings: Settings, got?: Exchange, aliases: AliasHop[] = []): DnsFacts {
  const answer = got?.answer ?? null;
  const signatures = answer?.signatures ?? [];
  const found = answer !== null && settings.fingerprint ? pointedAt(answer) : [];
  return {
    server,
    rcode: answer?.rcode ?? null,
    shape: answer?.shape ?? null,
    authoritative: answer?.authoritative ?? null,
    authenticated: answer?.authenticated ?? null,
    recursive: answer?.recursive ?? null,
    truncated: got?.truncated ?? false,
    edns: answer?.edns ?? null,
    signedUntil: signatures.length === 0 ? null : Math.min(...signatures.map(({ until }) => until)),
    signedFrom: signatures.length === 0 ? null : Math.max(...signatures.map(({ from }) => from)),
    answers: answer?.answers ?? [],
    aliases,
    nameServers: answer?.nameServers ?? [],
    authorityCount: answer?.authorityCount ?? null,
    additionalCount: answer?.additionalCount ?? null,
    extendedErrors: answer?.extendedErrors ?? [],
    transport: got?.transport ?? parseServer(settings.server)?.secured?.transport ?? settings.transport,
    identity: answer === null ? null : identityOf(answer, settings.expect.identity),
    serial: answer?.serial ?? null,
    fingerprint: found.length > 0 ? fingerprintOf(found) : null,
    resent: got?.resent ?? 0,
    unexpected: got?.unexpected ?? 0,
    caseKept: got?.caseKept ?? null,
  };
}
