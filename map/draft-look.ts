// Looks at a name from outside, once: its zone and name servers, where it leads, what answers there, which certificate it shows.
// It asks the given resolver and the name itself, nobody else, and judges nothing.
import net from 'node:net';
import type { Reason } from '../catalog/reasons.ts';
import type { Clock } from '../exporters/clock.ts';
import { reasonOfAnswer } from '../exporters/dns/answer.ts';
import type { Endpoint } from '../exporters/dns/endpoint.ts';
import { exchange as askDns, type Exchange as DnsExchange } from '../exporters/dns/exchange.ts';
import type { QuestionType } from '../exporters/dns/question.ts';
import { exchange as askHttp } from '../exporters/http/exchange.ts';
import type { NameResolver, ProbeContext } from '../exporters/probe.ts';
import { PROBES } from '../exporters/registry.ts';

export interface Subject {
  /** As the operator wrote it. */
  text: string;
  host: string;
  url: string;
  /** Whether https was only assumed. */
  schemeGuessed: boolean;
}

export interface Sighting {
  subject: Subject;
  /** The URL that answered, or the one asked. */
  url: string;
  zone: { name: string; nameServers: string[] } | null;
  addresses: string[];
  /** ok, or why there is no address. */
  addressReason: Reason;
  cnames: string[];
  answer: { status: number; headers: ReadonlyMap<string, string> } | null;
  /** ok, or why nothing answered. */
  answerReason: Reason;
  certificate: { issuer: string; notBefore: number; notAfter: number; reason: Reason } | null;
}

export interface LookOptions {
  /** Asked in order until one answers. */
  servers: readonly Endpoint[];
  resolver: NameResolver;
  clock: Clock;
  /** PEM. */
  trust: readonly string[];
}

const ATTEMPT_MS = 3_000;
const LOOK_MS = 8_000;
/** Enough for headers and a small page; only the headers are read. */
const MAX_BODY_BYTES = 1_024;

/** Runs `act` under a deadline of its own. */
export async function within<T>(ms: number, clock: Clock, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const cancel = clock.after(ms, () => deadline.abort());
  try {
    return await act(deadline.signal);
  } finally {
    cancel();
  }
}

/** A probe's surroundings for one look. */
export function lookContext({ resolver, clock, trust }: LookOptions, signal: AbortSignal): ProbeContext {
  return { signal, clock, resolver, trust };
}

/** The first server that says anything about the name, else the last one's silence. */
async function resolveType(
  name: string,
  type: QuestionType,
  { servers, clock, trust }: LookOptions,
): Promise<DnsExchange | null> {
  let last: DnsExchange | null = null;
  for (const server of servers) {
    last = await within(ATTEMPT_MS, clock, (signal) =>
      askDns(server, { name, type, recursion: true }, 'udp', { signal, clock, trust }),
    );
    if (last.answer !== null && last.answer.shape !== 'error') return last;
  }
  return last;
}

/** What the records of a type say, as text; empty when nobody tells. */
export async function recordsOf(name: string, type: QuestionType, options: LookOptions): Promise<string[]> {
  const found = await resolveType(name, type, options);
  return (found?.answer?.matching ?? []).map(({ data }) => data);
}

const plainName = (data: string): string => data.replace(/\.$/, '').toLowerCase();

/** The closest zone around the name, and who serves it. */
async function zoneOf(host: string, options: LookOptions): Promise<Sighting['zone']> {
  const parents = host.split('.').map((_, index, labels) => labels.slice(index).join('.'));
  for (const name of parents.filter((parent) => parent.includes('.'))) {
    const found = await resolveType(name, 'NS', options);
    const nameServers = (found?.answer?.matching ?? []).map(({ data }) => plainName(data));
    // Behind a CNAME the answer is about another zone.
    const own = found?.answer?.answers.every(({ type }) => type !== 'CNAME') ?? false;
    if (nameServers.length > 0 && own) return { name, nameServers: nameServers.sort() };
  }
  return null;
}

type Addresses = Pick<Sighting, 'addresses' | 'addressReason' | 'cnames'>;

async function addressesOf(host: string, options: LookOptions): Promise<Addresses> {
  if (net.isIP(host) !== 0) return { addresses: [host], addressReason: 'ok', cnames: [] };
  const found = await Promise.all([resolveType(host, 'A', options), resolveType(host, 'AAAA', options)]);
  const answers = found.flatMap((one) => one?.answer ?? []);
  const addresses = answers.flatMap(({ matching }) => matching.map(({ data }) => data));
  const links = answers.flatMap(({ answers: all }) => all.filter(({ type }) => type === 'CNAME'));
  const [v4] = found;
  const reason = v4 === null ? 'local' : v4.answer === null ? v4.reason : reasonOfAnswer(v4.answer);
  return {
    addresses,
    addressReason: addresses.length > 0 ? 'ok' : reason,
    cnames: [...new Set(links.map(({ data }) => plainName(data)))],
  };
}

type Answered = Pick<Sighting, 'url' | 'answer' | 'answerReason'>;

async function answerOf(url: string, options: LookOptions): Promise<Answered> {
  const { reason, answer } = await within(LOOK_MS, options.clock, (signal) =>
    askHttp(
      // A bad certificate must not keep us from seeing who shows it.
      { url: new URL(url), method: 'GET', resolve: 'fresh', tlsVerify: false, maxBodyBytes: MAX_BODY_BYTES },
      lookContext(options, signal),
    ),
  );
  return {
    url,
    answer: answer === null ? null : { status: answer.status, headers: answer.headers },
    answerReason: reason,
  };
}

async function certificateOf(url: string, options: LookOptions): Promise<Sighting['certificate']> {
  const { hostname, port, protocol } = new URL(url);
  if (protocol !== 'https:') return null;
  const measure = PROBES.certificate.prepare('look', { host: hostname, port: port === '' ? 443 : Number(port) });
  const { facts, reason } = await within(LOOK_MS, options.clock, (signal) => measure(lookContext(options, signal)));
  if (facts.notAfter === null || facts.notBefore === null) return null;
  return {
    issuer: facts.issuer ?? 'an issuer without a name',
    notBefore: facts.notBefore,
    notAfter: facts.notAfter,
    reason,
  };
}

/** Everything that can be seen of one name. What cannot be seen is null or empty, with the reason where there is one. */
export async function lookAt(subject: Subject, options: LookOptions): Promise<Sighting> {
  const { host } = subject;
  const [zone, addresses] = await Promise.all([
    net.isIP(host) === 0 ? zoneOf(host, options) : null,
    addressesOf(host, options),
  ]);
  if (addresses.addressReason !== 'ok') {
    const silent = { url: subject.url, answer: null, answerReason: addresses.addressReason, certificate: null };
    return { subject, zone, ...addresses, ...silent };
  }
  let answered = await answerOf(subject.url, options);
  if (answered.answer === null && subject.schemeGuessed) {
    const plain = await answerOf(subject.url.replace(/^https:/, 'http:'), options);
    if (plain.answer !== null) answered = plain;
  }
  return { subject, zone, ...addresses, ...answered, certificate: await certificateOf(answered.url, options) };
}
