// A small plan and hand-made observations, to drive the signal engine one answer at a time.

import { tmpdir } from 'node:os';
import type { SignalName, State } from '../../catalog/signals.ts';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import { nothingRead } from '../../exporters/dns/facts.ts';
import type { Observation } from '../../exporters/observation.ts';
import { NO_TUNNEL_FACTS } from '../../exporters/tunnel-facts.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import type { Plan } from '../../map/plan-types.ts';
import { createSignalEngine, type SignalEngine, type Wish } from '../../signals/engine.ts';
import { NOTHING_REMEMBERED, type Remembered } from '../../signals/memory.ts';
import { judgeAll } from '../../verdict/explain.ts';
import type { Verdict } from '../../verdict/verdict.ts';

const NEAR = `
version: 1
site: test
gateway: { address: 127.0.0.1, port: 80 }
resolver: { address: '127.0.0.2:53', owner: self }
publicResolvers: [{ address: '127.0.0.3:53', operator: quad9 }]
anchors:`;

/** What a map says of the house and its line, where only its services matter; one anchor for each operator. */
export const HOUSE = `${NEAR}
  - { address: 127.1.0.1, operator: cloudflare }
  - { address: 127.1.0.2, operator: google }
  - { address: 127.1.0.3, operator: quad9 }
  - { address: 127.1.0.4, operator: opendns }
`;

export const MAP = `${NEAR}
  - { address: 127.1.0.1, operator: cloudflare }
  - { address: 127.1.0.2, operator: google }
  - { address: 127.1.0.3, operator: google }
  - { address: 127.1.0.4, operator: quad9 }
  - { address: 127.1.0.5, operator: opendns }
  - { address: 127.1.0.6, operator: isp }
  - { address: 127.1.0.7, operator: university }
watch: [cloudflare, fastly]
vendors:
  cloudflare:
    components:
      edge:
        controls:
          - { kind: http, url: 'https://one.cf.test/', source: test, checked: never }
          - { kind: http, url: 'https://two.cf.test/', source: test, checked: never }
      dns: { controls: [] }
      tunnel: { controls: [], ports: [] }
  fastly:
    components:
      edge:
        controls:
          - { kind: http, url: 'https://one.fastly.test/', source: test, checked: never }
services:
  blog:
    url: https://blog.test/
    edge: { vendor: cloudflare }
    origin: { url: 'http://127.2.0.1:8080/', hostPort: 22 }
    failover: { url: 'https://127.2.0.9/', host: blog.test }
`;

export const START = 1_700_000_000_000;

export interface BenchWorld {
  plan: Plan;
  engine: SignalEngine;
  /** Seconds since the start. */
  now(): number;
  /** Moves time on. */
  wait(seconds: number): void;
  /** One round of these targets (by prefix of their id; all when none is given), all fine unless `broken` says otherwise. */
  round(prefixes?: readonly string[]): Wish[];
  /** Targets (by prefix) that fail from now on, and how. */
  broken: Map<string, Failure>;
  /** Addresses at which targets (by prefix) are measured; one of IPv4 where none is given. */
  addresses: Map<string, string>;
  state(name: SignalName, service?: string): State | undefined;
  verdict(service?: string): Verdict;
}

export type Failure =
  | 'silent'
  | 'refused'
  | 'own_500'
  | 'origin_502'
  | 'not_found'
  | 'untrusted'
  | 'expired'
  | 'not_ready'
  | 'captured'
  | 'proxy_refused'
  | 'proxy_504'
  | 'proxy_unnamed';

export function benchWorld(memory: Remembered = NOTHING_REMEMBERED, startedAt = START, mapText = MAP): BenchWorld {
  const plan = planOf(parseMap(mapText, 'test map', tmpdir()), NOTHING_KNOWN);
  let at = startedAt;
  const engine = createSignalEngine({ plan, timing: DEFAULT_TIMING, now: () => at, memory });
  const broken = new Map<string, Failure>();
  const addresses = new Map<string, string>();
  const of = <T>(given: Map<string, T>, id: string): T | undefined =>
    [...given].find(([prefix]) => id.startsWith(prefix))?.[1];
  return {
    plan,
    engine,
    broken,
    addresses,
    now: () => (at - START) / 1000,
    wait(seconds) {
      at += seconds * 1000;
    },
    round(prefixes = ['']) {
      const due = plan.targets.filter(
        ({ id, kind }) => !TOLD_ONLY.has(kind) && prefixes.some((prefix) => id.startsWith(prefix)),
      );
      return due.flatMap(({ id, kind, settings: { proxy } }) =>
        engine.observe(
          observed({ id, kind, proxied: proxy !== undefined, address: of(addresses, id) }, of(broken, id), at),
        ),
      );
    },
    state: (name, service = signalOfSite(name) ? '' : 'blog') =>
      engine.read().find((one) => one.name === name && one.service === service)?.state,
    verdict(service = 'blog') {
      const found = judgeAll(engine.read(), plan, engine.failovers()).find((one) => one.service === service);
      if (found === undefined) throw new Error(`no verdict about ${service}`);
      return found;
    },
  };
}

/** Kinds that no verdict hears of, so that nothing here reads them. */
const TOLD_ONLY: ReadonlySet<string> = new Set(['status', 'train', 'quic', 'routing']);

const signalOfSite = (name: SignalName): boolean =>
  ['gateway', 'uplink', 'resolver', 'other_resolvers', 'prober'].includes(name);

const FAILED = {
  silent: { reason: 'timeout', phase: 'connect' },
  refused: { reason: 'connect_refused', phase: 'connect' },
  own_500: { reason: 'http_status', phase: 'check' },
  origin_502: { reason: 'http_status', phase: 'check' },
  not_found: { reason: 'http_status', phase: 'check' },
  untrusted: { reason: 'tls_untrusted', phase: 'tls' },
  expired: { reason: 'tls_expired', phase: 'tls' },
  not_ready: { reason: 'tunnel_not_ready', phase: 'check' },
  captured: { reason: 'captive_portal', phase: 'check' },
  proxy_refused: { reason: 'proxy_unreachable', phase: 'connect' },
  proxy_504: { reason: 'proxy_gateway', phase: 'proxy' },
  proxy_unnamed: { reason: 'proxy_unreachable', phase: 'resolve' },
} as const;

const STATUS: Partial<Record<Failure, number>> = { own_500: 500, origin_502: 502, not_found: 404 };

const GENERATOR = {
  own_500: 'vendor_internal',
  origin_502: 'vendor_says_origin',
  not_found: 'unknown',
  silent: null,
  refused: null,
  untrusted: null,
  expired: null,
  not_ready: null,
  captured: null,
  proxy_refused: null,
  proxy_504: null,
  proxy_unnamed: null,
} as const;

const NO_WORD = { registerFailures: null, version: null, smoothedRttMs: null };

const tunnelState = (failure: Failure | undefined): 'ready' | 'not_ready' | null =>
  failure === undefined ? 'ready' : failure === 'not_ready' ? 'not_ready' : null;

interface Asked {
  id: string;
  kind: string;
  /** Whether it is asked through a forward proxy. */
  proxied: boolean;
  address: string | undefined;
}

function observed(
  { id: target, kind, proxied, address = '127.0.0.1' }: Asked,
  failure: Failure | undefined,
  startedAt: number,
): Observation {
  const common = {
    target,
    ok: failure === undefined,
    startedAt,
    durationMs: 5,
    phases: {},
    ...(failure ? FAILED[failure] : ({ reason: 'ok', phase: null } as const)),
  };
  switch (kind) {
    case 'tcp':
      return { kind, ...common, facts: { address, answer: failure === undefined ? 'accepted' : null } };
    case 'dns':
      return {
        kind,
        ...common,
        ...(failure ? { reason: 'dns_timeout' as const } : {}),
        facts: {
          ...nothingRead('127.0.0.2:53'),
          rcode: failure ? null : 'NOERROR',
          shape: failure ? null : 'answer',
          authoritative: false,
        },
      };
    case 'cloudflared':
      return { kind, ...common, facts: { ...NO_WORD, state: tunnelState(failure), readyConnections: null } };
    case 'tailscale':
    case 'wireguard':
    case 'ngrok':
    case 'frp':
      return { kind, ...common, facts: { ...NO_TUNNEL_FACTS, state: tunnelState(failure) } };
    case 'certificate':
      return {
        kind,
        ...common,
        facts: {
          address: null,
          notBefore: 0,
          notAfter: 2e12,
          checks: {
            time: failure !== 'expired',
            hostname: true,
            trusted: failure !== 'untrusted',
            completeChain: true,
          },
          fingerprint: null,
          issuer: null,
          chainLength: 2,
          protocol: null,
        },
      };
    case 'portal': {
      const answer = failure === undefined ? 'clear' : failure === 'captured' ? failure : null;
      return { kind, ...common, facts: { address: null, httpStatus: null, answer } };
    }
    case 'http':
      return {
        kind,
        ...common,
        facts: {
          address,
          ...(proxied && { proxyStatus: null }),
          status: failure ? (STATUS[failure] ?? null) : 200,
          generator: failure ? GENERATOR[failure] : null,
          vendorCode: null,
          pop: null,
          httpVersion: '1.1',
          stamped: null,
          bodyBytes: 1,
          serverDate: null,
          age: null,
          tls: true,
          certificateNotAfter: null,
        },
      };
    default:
      throw new Error(`no observation of kind ${kind} here`);
  }
}
