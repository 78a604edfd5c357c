// An origin's errors are its own only while all it needs from outside was there, the names it asks for among it.
import { beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_REMEMBERED } from '../../signals/memory.ts';
import { type BenchWorld, benchWorld, HOUSE, START } from './bench-world.ts';

const MAP = `${HOUSE}vendors:
  cloud:
    title: Cloud
    operators: [cloud]
    components:
      db:
        title: database
        layer: endpoint
        endpoint: { name: db.cloud.test, zone: cloud.test, type: A, servers: ['127.3.0.1:53'] }
        controls: []
services:
  orders:
    url: https://orders.test/
    needs: { vendor: cloud, component: db }
    origin: { url: 'http://127.2.0.1:8080/', hostPort: 22 }
`;

const THE_REST = ['anchor', 'public_resolver', 'endpoint', 'gateway', 'host'];

describe('an origin that needs something from outside', () => {
  let world: BenchWorld;

  const fails = (rounds: number): void => {
    for (const id of ['service/orders', 'origin/orders']) world.broken.set(id, 'own_500');
    for (let round = 0; round < rounds; round += 1) {
      world.round(['service', 'origin', ...THE_REST]);
      world.wait(3);
    }
  };

  beforeEach(() => {
    world = benchWorld(NOTHING_REMEMBERED, START, MAP);
    for (let round = 0; round < 4; round += 1) {
      world.round();
      world.wait(15);
    }
  });

  it('has them while nothing fails, and not without an address', () => {
    expect(world.state('needs_met', 'orders')).toBe(1);
    world.broken.set('endpoint', 'silent');
    world.round(['endpoint']);
    world.wait(60);
    expect(world.state('needs_met', 'orders')).toBe(-1);
  });

  it('owes the whole proof from its first failure on', () => {
    fails(1);
    expect(world.state('needs_met', 'orders')).toBe(-1);
  });

  it('is not blamed before the resolver was heard: one that hangs is noticed later than what needs it', () => {
    fails(4);
    expect(world.state('needs_met', 'orders')).toBe(-1);
    expect(world.verdict('orders').row).not.toBe('origin_error');
    world.broken.set('resolver', 'silent');
    world.round(['resolver']);
    expect(world.state('needs_met', 'orders')).toBe(-1);
    expect(world.verdict('orders').party).not.toBe('own');
  });

  it('is blamed once the resolver has answered since', () => {
    fails(4);
    world.round(['resolver']);
    world.wait(1);
    world.round(THE_REST);
    expect(world.verdict('orders')).toMatchObject({ party: 'own', row: 'origin_error' });
  });
});
