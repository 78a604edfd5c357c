// `demarc probe`: one measurement of any kind, by the very code the exporter runs, with everything it saw.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import type { Sample } from '../catalog/metrics.ts';
import type { Check } from '../exporters/check.ts';
import { realClock } from '../exporters/clock.ts';
import { parseServer } from '../exporters/dns/endpoint.ts';
import { createMetrics, samplesOf } from '../exporters/metrics.ts';
import type { Observation, ProbeKind } from '../exporters/observation.ts';
import { type NameResolver, type ProbeContext, ResolveError } from '../exporters/probe.ts';
import { PROBES } from '../exporters/registry.ts';
import { createResolver, systemServers } from '../exporters/resolver.ts';
import { shownUrl, type Trace } from '../exporters/trace.ts';
import { ownersOf } from '../map/owners.ts';
import { UserError } from '../map/user-error.ts';
import { loadCatalogue } from '../map/vendors.ts';
import { describe } from '../signals/describe.ts';
import { maskFor } from './mask-secrets.ts';
import { checksOf } from './probe-checks.ts';
import { reportLines, settingsLines, shownJson } from './probe-page.ts';
import { kindOf, MEANING_OF_KIND, settingsFrom, settingsOf } from './probe-settings.ts';
import { withProgress } from './progress.ts';
import { EXIT, print } from './terminal.ts';

export interface ProbeOptions {
  /** Like 4s or 500ms. */
  timeout: string;
  json?: boolean;
  debug?: boolean;
  /** `host:port` of the name server to ask; the system's when left out. */
  resolver?: string;
  /** PEM files. */
  trust?: readonly string[];
}

interface Asked {
  name: string;
  mode: 'fresh' | 'last_good';
  addresses?: readonly string[];
  reason?: string;
  tookMs: number;
}

/** What the measurement told while it went on. */
export interface Step {
  /** Milliseconds after it began. */
  atMs: number;
  happened: string;
  details: readonly string[];
}

export interface ProbeReport {
  observation: Observation;
  sentence: string;
  samples: readonly Sample[];
  timeoutMs: number;
  debug?: {
    settings: unknown;
    resolver: Asked[];
    /** undefined: the kind keeps none. */
    address: string | null | undefined;
    steps: Step[];
    checks: Check[];
    exposition: string[];
  };
}

const UNIT_MS: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
]);
const SHORTEST_MS = 10;
const LONGEST_MS = 60_000;
const TARGET = 'probe';
/** What a sentence is about, where the map would give it a name. */
const SUBJECT: Partial<Record<ProbeKind, string>> = {
  custom: 'the value',
  outside: 'whoever watches it',
  routing: 'the prefix',
  api: 'the call',
  identity: 'issuer',
  acme: 'authority',
};

export async function probe(
  word: string | undefined,
  pairs: readonly string[],
  options: ProbeOptions,
  say: (line: string) => void = print,
): Promise<number> {
  if (word === undefined) {
    for (const [kind, meaning] of Object.entries(MEANING_OF_KIND)) say(`${kind.padEnd(14)}${meaning}`);
    say('');
    say('demarc probe <kind> tells the settings of a kind.');
    return EXIT.fine;
  }
  const kind = kindOf(word);
  if (pairs.length === 0) {
    if (options.json) say(shownJson(settingsOf(kind)));
    else for (const line of settingsLines(kind, MEANING_OF_KIND[kind], settingsOf(kind))) say(line);
    return EXIT.fine;
  }
  const settings = settingsFrom(kind, pairs);
  const report = await withProgress(`measuring ${kind}`, measureOnce(kind, settings, options));
  if (options.json) say(shownJson(asJson(report)));
  else for (const line of reportLines(report)) say(line);
  return report.observation.ok ? EXIT.fine : EXIT.failed;
}

/** Whose aliases are, and how vendors word their errors, is the catalogue's knowledge, where nothing else is said. */
function knowing(kind: ProbeKind, settings: object): object {
  const catalogue = loadCatalogue();
  if (kind === 'dns') return { owners: ownersOf([], catalogue), ...settings };
  if (kind === 'http') return { errorClasses: [...catalogue.values()].flatMap(({ errors }) => errors), ...settings };
  return settings;
}

async function measureOnce(kind: ProbeKind, settings: object, options: ProbeOptions): Promise<ProbeReport> {
  const timeoutMs = timeoutOf(options.timeout);
  const servers = options.resolver === undefined ? systemServers() : [serverOf(options.resolver)];
  const trust = (options.trust ?? []).map(pemOf);
  const plain = createResolver({ servers, clock: realClock, trust, deadlineMs: timeoutMs });
  const { resolver, asked } = overheard(plain);
  const measure = prepared(kind, knowing(kind, settings));
  const { trace, steps, told } = watched(await maskFor(settings));
  const deadline = new AbortController();
  const cancel = realClock.after(timeoutMs, () => deadline.abort());
  let observation: Observation;
  try {
    const context = { signal: deadline.signal, clock: realClock, resolver, trust };
    observation = await measure(options.debug ? { ...context, trace } : context);
  } finally {
    cancel();
  }
  const report = {
    observation,
    sentence: describe({ ...observation, target: SUBJECT[kind] ?? TARGET }),
    samples: samplesOf(observation),
    timeoutMs,
  };
  if (!options.debug) return report;
  const complete = PROBES[kind].settings.parse(settings);
  const checks = checksOf(observation, { settings: complete, timeoutMs, told });
  const exposition = await exported(kind, report.samples);
  const debug = {
    settings: redacted(complete),
    resolver: asked,
    address: addressOf(observation),
    steps,
    checks,
    exposition,
  };
  return { ...report, debug };
}

function prepared(kind: ProbeKind, settings: object): (context: ProbeContext) => Promise<Observation> {
  const prepare: (target: string, settings: unknown) => (context: ProbeContext) => Promise<Observation> =
    PROBES[kind].prepare;
  return prepare(TARGET, settings);
}

/** Who watches a measurement, and what there was to see. */
function watched(maskKnown: (text: string) => string): { trace: Trace; steps: Step[]; told: Check[] } {
  const since = realClock.monotonic();
  const learnt: string[] = [];
  const mask = (text: string): string => learnt.reduce((masked, one) => masked.replaceAll(one, '***'), maskKnown(text));
  const steps: Step[] = [];
  const told: Check[] = [];
  const trace: Trace = {
    step: (happened, details = []) =>
      steps.push({ atMs: realClock.monotonic() - since, happened: mask(happened), details: details.map(mask) }),
    check: (check) => told.push({ ...check, expected: mask(check.expected), actual: mask(check.actual) }),
    hide: (secret) => learnt.push(secret),
  };
  return { trace, steps, told };
}

/** The resolver, and everything that was asked of it. */
function overheard(inner: NameResolver): { resolver: NameResolver; asked: Asked[] } {
  const asked: Asked[] = [];
  const resolve: NameResolver['resolve'] = async (name, mode, signal) => {
    const since = realClock.monotonic();
    const note = (answer: Pick<Asked, 'addresses' | 'reason'>): void => {
      asked.push({ name, mode, ...answer, tookMs: realClock.monotonic() - since });
    };
    try {
      const addresses = await inner.resolve(name, mode, signal);
      note({ addresses });
      return addresses;
    } catch (error) {
      if (error instanceof ResolveError) note({ reason: error.reason });
      throw error;
    }
  };
  return { resolver: { resolve }, asked };
}

function addressOf({ facts }: Observation): string | null | undefined {
  if ('address' in facts) return facts.address;
  return 'server' in facts ? facts.server : undefined;
}

/** The series as /metrics would have them, for a target no map knows. */
async function exported(kind: ProbeKind, samples: readonly Sample[]): Promise<string[]> {
  const metrics = createMetrics('here');
  metrics.tell({ id: TARGET, kind, labels: { role: '', service: '', vendor: '', component: '' } }, samples);
  const page = String(await metrics.render());
  return page.split('\n').filter((line) => line.includes(`{target="${TARGET}",`));
}

function asJson({ observation, sentence, samples, timeoutMs, debug }: ProbeReport): object {
  return { ...observation, sentence, timeoutMs, samples, ...(debug === undefined ? {} : { debug }) };
}

/** Settings as they may be shown: what stands before an @ or after a ? of a URL is often a secret. */
function redacted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redacted);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redacted(inner)]));
  }
  return typeof value === 'string' && /^https?:/i.test(value) && URL.canParse(value) ? shownUrl(value) : value;
}

function timeoutOf(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,6})(ms|s|m)$/.exec(text) ?? [];
  const ms = Number(digits) * (UNIT_MS.get(unit) ?? 0);
  if (ms >= SHORTEST_MS && ms <= LONGEST_MS) return ms;
  throw new UserError([{ place: '--timeout', what: `${text} is not a time`, hint: 'give 10ms to 60s, like 4s' }]);
}

function serverOf(text: string): string {
  const server = parseServer(text);
  if (server !== null && net.isIP(server.host) !== 0) return text;
  const what = `${text} is not the address of a name server`;
  throw new UserError([
    { place: '--resolver', what, hint: 'write it like 192.0.2.1:53, [2001:db8::1]:53 or tls://192.0.2.1#dns.example' },
  ]);
}

function pemOf(file: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === '') throw error;
    throw new UserError([{ place: '--trust', what: `${file} cannot be read (${code})`, hint: 'give a PEM file' }]);
  }
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new UserError([{ place: '--trust', what: `${file} holds no PEM certificate`, hint: 'give a PEM file' }]);
}
