// Kinds that are shown and never judged: a sentence each, and no answer to any question a verdict asks.
import { expect, describe as group, it } from 'vitest';
import type { Observation } from '../../exporters/observation.ts';
import { classify } from '../../signals/classify.ts';
import { describe } from '../../signals/describe.ts';

const measured = { target: 't', startedAt: 0, durationMs: 12, phases: {} };
const fine = { ...measured, ok: true, reason: 'ok', phase: null } as const;
const silent = { ...measured, ok: false, reason: 'timeout', phase: 'connect' } as const;

const registered = {
  address: null,
  httpStatus: 200,
  expiry: Date.UTC(2027, 7, 13),
  statuses: ['clientHold'],
  unknownStatuses: 0,
  nameServers: [],
  delegationSigned: null,
  retryAfterMs: null,
} as const;

const page = {
  address: null,
  httpStatus: 200,
  overall: 'major',
  components: [],
  incidents: [],
  openIncidents: 1,
  unknownWords: 0,
} as const;

const time = { address: null, offsetMs: -1500, delayMs: 2, stratum: 1, refusal: null } as const;

const routed = {
  address: null,
  httpStatus: 200,
  origins: [64_500, 64_501],
  seeing: 320,
  peers: 340,
  asOf: Date.UTC(2026, 2, 1, 8),
};

const CASES: [Observation, string][] = [
  [
    { kind: 'registration', ...fine, facts: { ...registered, statuses: [...registered.statuses], nameServers: [] } },
    'registered, until 2027-08-13, clientHold',
  ],
  [
    { kind: 'registration', ...fine, facts: { ...registered, expiry: null, statuses: [], nameServers: [] } },
    'registered, no end published, no status',
  ],
  [
    { kind: 'registration', ...silent, facts: { ...registered, expiry: null, statuses: [], nameServers: [] } },
    'registry: timeout during connect after 12 ms',
  ],
  [
    { kind: 'status', ...fine, facts: { ...page, components: [], incidents: [] } },
    'status page says major, 1 open incident',
  ],
  [
    { kind: 'status', ...fine, facts: { ...page, overall: null, openIncidents: null, components: [], incidents: [] } },
    'status page says nothing known',
  ],
  [
    { kind: 'status', ...silent, facts: { ...page, overall: null, components: [], incidents: [] } },
    'status page: timeout during connect after 12 ms',
  ],
  [{ kind: 'clock', ...fine, facts: time }, 'our clock is 1500 ms ahead of the time server'],
  [{ kind: 'clock', ...fine, facts: { ...time, offsetMs: 20 } }, 'our clock is 20 ms behind the time server'],
  [{ kind: 'clock', ...silent, facts: { ...time, offsetMs: null } }, 'time server: timeout during connect after 12 ms'],
  [
    { kind: 'routing', ...fine, target: 'route/192.0.2.0/24', facts: routed },
    '192.0.2.0/24 was seen by 320 of 340 peers of route collectors, from AS64500, AS64501, at 2026-03-01 08:00 UTC',
  ],
  [
    {
      kind: 'routing',
      ...fine,
      ok: false,
      reason: 'route_unseen',
      phase: 'check',
      target: 'route/192.0.2.0/24',
      facts: { ...routed, origins: [], seeing: 0 },
    },
    '192.0.2.0/24 was seen by 0 of 340 peers of route collectors, announced by nobody, at 2026-03-01 08:00 UTC',
  ],
  [
    { kind: 'routing', ...silent, target: 'route/2001:db8::/32', facts: { ...routed, origins: null, asOf: null } },
    'route of 2001:db8::/32: timeout during connect after 12 ms',
  ],
];

group('advisory kinds', () => {
  it.each(CASES.map(([observation, sentence]) => [sentence, observation] as const))('%s', (sentence, observation) => {
    expect(describe(observation)).toBe(sentence);
    expect(
      classify(observation, { role: 'control', layer: null, named: false, declared: false, troubled: false }, false),
    ).toEqual({});
  });
});
