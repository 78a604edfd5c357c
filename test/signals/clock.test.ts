// Whether our clock is right: several operators must tell, and what they tell must be newer than the trouble.
import { describe, expect, it } from 'vitest';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import type { Observation } from '../../exporters/observation.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { createSignalEngine } from '../../signals/engine.ts';

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

const plan = planOf(
  parseMap(
    `
version: 1
watch: [fastly]
vendors: { fastly: { components: { edge: { controls: [{ kind: http, url: 'http://127.0.0.1:1/', source: test, checked: never }] } } } }
timeServers:
  - { host: 127.0.0.1, port: 1, operator: one }
  - { host: 127.0.0.1, port: 2, operator: one }
  - { host: 127.0.0.1, port: 3, operator: two }
domains: { shop.test: none }
services: { shop: { url: 'https://shop.test/' } }
`,
    'map',
    '/',
  ),
  NOTHING_KNOWN,
);

const [ONE = '', OTHER_ONE = '', TWO = ''] = plan.timeServers.map(({ target }) => target);
const CONTROL = 'control/fastly/edge/127.0.0.1:1/';

const common = { ok: true, durationMs: 20, reason: 'ok', phase: null, phases: {} } as const;

function ntp(target: string, offsetMs: number, startedAt = NOW - 1_000): Observation {
  const facts = { address: '127.0.0.1', offsetMs, delayMs: 20, stratum: 2, refusal: null };
  return { kind: 'clock', target, startedAt, ...common, facts };
}

function page(serverDate: number, age: number | null = null): Observation {
  const facts = {
    address: '127.0.0.1',
    status: 200,
    generator: null,
    vendorCode: null,
    pop: null,
    httpVersion: '1.1',
    stamped: null,
    bodyBytes: 1,
    serverDate,
    age,
    tls: false,
    certificateNotAfter: null,
  };
  return { kind: 'http', target: CONTROL, startedAt: NOW - 1_000, ...common, facts };
}

function certificate(notBefore: number, notAfter: number): Observation {
  const facts = {
    address: '127.0.0.1',
    notBefore,
    notAfter,
    checks: { time: NOW >= notBefore && NOW < notAfter, hostname: true, trusted: true, completeChain: true },
    fingerprint: null,
    issuer: null,
    chainLength: 2,
    protocol: null,
  };
  const failed = { ...common, ok: false, reason: 'tls_expired', phase: 'check' } as const;
  return { kind: 'certificate', target: 'edge_certificate/shop', startedAt: NOW - 1_000, ...failed, facts };
}

function states(...observations: Observation[]) {
  const engine = createSignalEngine({ plan, timing: DEFAULT_TIMING, now: () => NOW });
  for (const observation of observations) engine.observe(observation);
  const signals = engine.read();
  const of = (wanted: string) => signals.find(({ name }) => name === wanted);
  return { clock: of('clock')?.state, explains: of('clock_explains')?.state, evidence: of('clock')?.evidence };
}

describe('the clock of this machine', () => {
  it.each<[string, Observation[], number]>([
    ['nobody told', [], -1],
    ['one operator told', [ntp(ONE, 0), ntp(OTHER_ONE, 0)], -1],
    ['two operators told by two servers', [ntp(ONE, 0), ntp(TWO, 0)], -1],
    ['three servers of two operators agree', [ntp(ONE, 40), ntp(OTHER_ONE, -40), ntp(TWO, 90)], 1],
    ['a web server of another vendor is the third', [ntp(ONE, 0), ntp(TWO, 0), page(NOW - 1_000)], 1],
    ['the third is a page out of a cache', [ntp(ONE, 0), ntp(TWO, 0), page(NOW - DAY_MS, 86_400)], -1],
    ['one operator of three lies', [ntp(ONE, DAY_MS), ntp(TWO, 0), page(NOW - 1_000)], 1],
    ['all say that it is behind', [ntp(ONE, 31_000), ntp(OTHER_ONE, 32_000), ntp(TWO, 31_000)], 0],
    ['all say that it is ahead', [ntp(ONE, -DAY_MS), ntp(OTHER_ONE, -DAY_MS), ntp(TWO, -DAY_MS)], 0],
    ['it is less wrong than matters', [ntp(ONE, 29_000), ntp(OTHER_ONE, 29_000), ntp(TWO, 29_000)], 1],
    ['they told long ago', [ONE, OTHER_ONE, TWO].map((one) => ntp(one, 0, NOW - 3_600_000)), -1],
  ])('when %s', (_, observations, state) => {
    expect(states(...observations).clock).toBe(state);
  });

  it('is told of in words', () => {
    expect(states(ntp(ONE, -3 * DAY_MS), ntp(OTHER_ONE, -3 * DAY_MS), ntp(TWO, -3 * DAY_MS)).evidence).toBe(
      'the clock of this machine is 3 days ahead',
    );
  });
});

describe('a certificate that seems to have ended', () => {
  const ahead = [ntp(ONE, -60 * DAY_MS), ntp(OTHER_ONE, -60 * DAY_MS), ntp(TWO, -60 * DAY_MS)];

  it('is good by true time', () => {
    expect(states(...ahead, certificate(NOW - 90 * DAY_MS, NOW - DAY_MS)).explains).toBe(1);
  });

  it('had ended by true time too', () => {
    expect(states(...ahead, certificate(NOW - 190 * DAY_MS, NOW - 100 * DAY_MS)).explains).toBe(0);
  });

  it('is not explained by a clock that is right', () => {
    const right = [ntp(ONE, 0), ntp(OTHER_ONE, 0), ntp(TWO, 0)];
    expect(states(...right, certificate(NOW - 90 * DAY_MS, NOW - DAY_MS)).explains).toBe(-1);
  });
});
