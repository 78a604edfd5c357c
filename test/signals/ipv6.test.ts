// A line that carries one family of addresses alone: what it says of the line, and that no vendor is accused over the other.
import { describe, expect, it } from 'vitest';
import { NOTHING_REMEMBERED } from '../../signals/memory.ts';
import { type BenchWorld, benchWorld, MAP, START } from './bench-world.ts';

const OVER_6 = ['quad9', 'google', 'opendns'];
const OVER_4 = ['cloudflare', 'google', 'quad9', 'opendns', 'isp', 'university'];

/** The same map, with anchors that are asked over IPv6. */
const BOTH = MAP.replace(
  'watch:',
  `${OVER_6.map((operator, index) => `  - { address: '2001:db8::${index + 1}', operator: ${operator} }\n`).join('')}watch:`,
);

function rounds(world: BenchWorld, count: number, everyS: number): void {
  for (let round = 0; round < count; round += 1) {
    world.round();
    world.wait(everyS);
  }
}

/** A world in which the service and everybody at its edge are met over IPv6. */
function reachedOver6(): BenchWorld {
  const world = benchWorld(NOTHING_REMEMBERED, START, BOTH);
  for (const prefix of ['service/', 'edge/', 'control/cloudflare']) world.addresses.set(prefix, '2001:db8:1::1');
  rounds(world, 4, 15);
  return world;
}

const silence = (world: BenchWorld, ...prefixes: string[]): void => {
  for (const prefix of prefixes) world.broken.set(prefix, 'silent');
};

const anchorsOver = (world: BenchWorld, family: 4 | 6): string[] =>
  world.plan.anchors.map(({ target }) => target).filter((target) => target.includes('2001:db8') === (family === 6));

const AT_EDGE = ['service/', 'edge/', 'control/cloudflare'] as const;

describe('IPv6', () => {
  it('is carried while anchors answer over it', () => {
    expect(reachedOver6().state('second_family', '')).toBe(1);
    const without = benchWorld();
    rounds(without, 4, 15);
    expect(without.state('second_family', '')).toBe(-1);
  });

  it('is lost when all its anchors fall silent, and the line goes on to be judged by IPv4', () => {
    const world = reachedOver6();
    silence(world, ...anchorsOver(world, 6), ...AT_EDGE);
    rounds(world, 3, 3);
    expect(world.state('second_family', '')).toBe(0);
    rounds(world, 3, 12);
    expect(world.state('uplink')).toBe(1);
    expect(world.verdict()).toMatchObject({ party: 'unknown', row: 'line_family_down' });
  });

  it('lost accuses nobody, however long and however many witnesses are silent with it', () => {
    const world = reachedOver6();
    silence(world, ...anchorsOver(world, 6), ...AT_EDGE);
    for (let round = 0; round < 16; round += 1) {
      rounds(world, 1, 15);
      expect(world.state('edge_guard_uplink')).not.toBe(1);
      expect(world.verdict().party).not.toBe('vendor');
      expect(
        world.engine
          .vendors()
          .find(({ vendor }) => vendor === 'cloudflare')
          ?.signals.get('guard_uplink')?.state,
      ).not.toBe(1);
    }
  });

  it('is held lost for a moment after its return, since what failed with it has not been asked again', () => {
    const world = reachedOver6();
    silence(world, ...anchorsOver(world, 6), ...AT_EDGE);
    rounds(world, 5, 12);
    for (const anchor of anchorsOver(world, 6)) world.broken.delete(anchor);
    rounds(world, 2, 6);
    expect(world.verdict()).toMatchObject({ row: 'line_family_down' });
    rounds(world, 4, 12);
    expect(world.state('second_family', '')).toBe(1);
    expect(world.verdict().row).not.toBe('line_family_down');
  });

  it('carried lets a vendor be named that is silent over it', () => {
    const world = reachedOver6();
    silence(world, ...AT_EDGE);
    rounds(world, 4, 8);
    expect(world.verdict()).toMatchObject({ party: 'vendor', row: 'edge_unreachable' });
  });

  it('proves nothing about a line that lost IPv4', () => {
    const world = benchWorld(NOTHING_REMEMBERED, START, BOTH);
    rounds(world, 4, 15);
    expect(anchorsOver(world, 4)).toHaveLength(OVER_4.length + 1);
    silence(world, ...anchorsOver(world, 4), ...AT_EDGE);
    for (let round = 0; round < 12; round += 1) {
      rounds(world, 1, 15);
      expect(world.verdict().party).not.toBe('vendor');
    }
  });
});
