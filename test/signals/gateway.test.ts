// Whose silence it is when no anchor answers: the line's beyond a gateway that answers amid it, or that of a LAN which comes and goes.
import { describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld } from './bench-world.ts';

const INSIDE = ['gateway', 'host', 'origin'];
const OUTSIDE = ['anchor', 'service', 'edge', 'control', 'resolver', 'public_resolver', 'nameserver'];

function healthy(): BenchWorld {
  const world = benchWorld();
  for (let round = 0; round < 4; round += 1) {
    world.round();
    world.wait(15);
  }
  for (const prefix of OUTSIDE) world.broken.set(prefix, 'silent');
  return world;
}

/** So many rounds 3 s apart. */
function rounds(world: BenchWorld, count: number, prefixes?: readonly string[]): void {
  for (let round = 0; round < count; round += 1) {
    world.round(prefixes);
    world.wait(3);
  }
}

describe('the silence of every anchor', () => {
  it('is the line’s while the gateway answers amid it', () => {
    const world = healthy();
    rounds(world, 4);
    expect(world.state('uplink')).toBe(0);
    expect(world.verdict()).toMatchObject({ row: 'uplink_down', party: 'isp' });
  });

  it('is nobody’s while the gateway has answered between the silences only', () => {
    const world = healthy();
    for (let time = 0; time < 3; time += 1) {
      world.round(OUTSIDE);
      world.wait(7);
      world.round(INSIDE);
      world.wait(7);
    }
    expect(world.state('gateway')).toBe(1);
    expect(world.state('uplink')).toBe(-1);
    expect(world.verdict().party).toBe('unknown');
  });

  it('is nobody’s for a while after the gateway was away, and then the line’s', () => {
    const world = healthy();
    world.broken.set('gateway', 'silent');
    rounds(world, 4);
    expect(world.verdict()).toMatchObject({ row: 'lan_down', party: 'own' });
    world.broken.delete('gateway');
    rounds(world, 4);
    expect(world.state('gateway')).toBe(1);
    expect(world.verdict().party).toBe('unknown');
    rounds(world, 12);
    expect(world.verdict()).toMatchObject({ row: 'uplink_down', party: 'isp' });
  });
});

describe('an origin that fails', () => {
  it('is not called silent because one answer of it got lost', () => {
    const world = benchWorld();
    rounds(world, 4);
    for (const prefix of ['service', 'origin']) world.broken.set(prefix, 'own_500');
    rounds(world, 4);
    world.broken.set('origin', 'silent');
    rounds(world, 1);
    expect(world.state('origin_connect')).toBe(1);
    rounds(world, 1);
    expect(world.state('origin_connect')).toBe(-1);
    expect(world.verdict()).toMatchObject({ row: 'origin_silent', party: 'own' });
  });
});
