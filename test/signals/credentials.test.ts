// A key that was taken back is yours; what fails with either key is the vendor's, if there is a second witness, and suspected else.
import { beforeEach, expect, it } from 'vitest';
import type { CallOutcome } from '../../exporters/api/facts.ts';
import { NOTHING_REMEMBERED } from '../../signals/memory.ts';
import { type BenchWorld, benchWorld, HOUSE, START } from './bench-world.ts';

const MAP = `${HOUSE}watch: [fastly]
vendors:
  fastly:
    components:
      edge: { controls: [{ kind: http, url: 'https://one.fastly.test/', source: test, checked: never }] }
  cloud:
    title: Cloud
    operators: [cloud]
    components:
      db:
        title: database
        layer: endpoint
        endpoint: { name: db.cloud.test, zone: cloud.test, type: A, servers: ['127.3.0.1:53'] }
        controls:
          - { kind: http, url: 'https://one.cloud.test/', source: test, checked: never }
          - { kind: http, url: 'https://two.cloud.test/', source: test, checked: never }
services:
  orders:
    url: https://orders.test/
    needs: { vendor: cloud, component: db }
    origin: { url: 'http://127.2.0.1:8080/', hostPort: 22 }
    signals:
      key:
        owner: cloud
        call: { url: 'https://db.cloud.test/', second: { headers: { x: y } }, elsewhere: 'https://eu.cloud.test/' }
`;

const THE_REST = [
  'anchor',
  'gateway',
  'resolver',
  'public_resolver',
  'endpoint',
  'host',
  'service',
  'origin',
  'control',
];
const SERVED: CallOutcome = { reason: 'ok', status: 200 };
const answering = (status: number): CallOutcome => ({ reason: 'http_status', status });

let world: BenchWorld;

function round(first: CallOutcome, second: CallOutcome, elsewhere: CallOutcome): void {
  const ok = first.reason === 'ok';
  world.round(THE_REST);
  world.engine.observe({
    kind: 'api',
    target: 'custom/orders/key',
    ok,
    reason: first.reason,
    phase: ok ? null : 'check',
    phases: {},
    startedAt: START + world.now() * 1000,
    durationMs: 5,
    facts: { address: '127.0.0.1', calls: { first, second, elsewhere } },
  });
  world.wait(15);
}

beforeEach(() => {
  world = benchWorld(NOTHING_REMEMBERED, START, MAP);
  for (let at = 0; at < 4; at += 1) round(SERVED, SERVED, SERVED);
});

const fails = (...targets: string[]): void => {
  for (const id of ['service/orders', 'origin/orders', ...targets]) world.broken.set(id, 'own_500');
};

it('a key that was taken back is yours', () => {
  fails();
  for (let at = 0; at < 6; at += 1) round(answering(401), SERVED, answering(401));
  expect(world.verdict('orders')).toMatchObject({ party: 'own', row: 'custom_own_bad' });
  const { evidence = '' } = world.engine.read().find(({ name }) => name === 'custom_own') ?? {};
  expect(evidence).toContain('key: HTTP 401, HTTP 200 with the second credential, HTTP 401 in the other region');
});

it('a vendor that refuses everybody is the vendor, whatever it says of the keys', () => {
  fails('control/cloud');
  for (let at = 0; at < 6; at += 1) round(answering(401), answering(403), answering(401));
  expect(world.verdict('orders')).toMatchObject({ party: 'vendor', vendor: 'cloud', row: 'custom_vendor_bad' });
});

it('what fails with both keys while everybody else is served is a suspicion', () => {
  fails();
  for (let at = 0; at < 6; at += 1) round(answering(403), answering(403), SERVED);
  expect(world.verdict('orders')).toMatchObject({ party: 'unknown', row: 'custom_suspected' });
});

it('a key that is refused in turns with errors is never yours', () => {
  fails('control/cloud');
  for (const status of [401, 500, 403, 401, 503, 401]) {
    round(answering(status), status === 500 ? SERVED : answering(500), answering(503));
    expect(world.verdict('orders').party).not.toBe('own');
  }
});
