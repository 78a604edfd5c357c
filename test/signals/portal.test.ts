// Silent anchors are not called a dead line while known pages may yet prove a portal.
import { beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_REMEMBERED } from '../../signals/memory.ts';
import { type BenchWorld, benchWorld, MAP, START } from './bench-world.ts';

const PAGES = `
portalTests:
  - { url: 'http://127.0.0.8/', operator: one }
  - { url: 'http://127.0.0.9/', operator: two }
`;

describe('when every anchor falls silent', () => {
  let world: BenchWorld;

  const BEYOND = ['anchor', 'control', 'service', 'edge', 'public_resolver', 'resolver'];
  const ALL_BUT_PAGES = [...BEYOND, 'gateway'];

  const silence = (): void => {
    for (const prefix of BEYOND) world.broken.set(prefix, 'silent');
  };

  beforeEach(() => {
    world = benchWorld(NOTHING_REMEMBERED, START, MAP + PAGES);
    for (let round = 0; round < 3; round += 1) {
      world.round();
      world.wait(15);
    }
  });

  it('pages that are known are asked at once, and the gateway', () => {
    world.broken.set('anchor/opendns', 'silent');
    expect(world.round(['anchor/opendns'])).toContainEqual({
      ids: [...world.plan.portals.map(({ target }) => target), world.plan.gateway],
      delayMs: 0,
    });
  });

  it('nobody is accused between the first word of a portal and its second', () => {
    silence();
    world.broken.set('portal', 'captured');
    world.round();
    for (let second = 0; second < 3; second += 1) {
      world.wait(3);
      world.round(ALL_BUT_PAGES);
      expect(world.state('uplink')).toBe(-1);
      expect(world.verdict().party).toBe('unknown');
    }
    world.wait(1);
    world.round(['portal']);
    expect(world.verdict()).toMatchObject({ party: 'unknown', row: 'captive_portal' });
  });

  it('a second word that gets lost is asked for again, and nobody is accused meanwhile', () => {
    const [one = ''] = world.plan.portals.map(({ target }) => target);
    silence();
    world.broken.set('portal', 'captured');
    world.round();
    world.wait(10);
    world.broken.set('portal', 'silent');
    expect(world.round([one])).toContainEqual({ ids: [one], delayMs: 3_000 });
    world.round(ALL_BUT_PAGES);
    world.wait(6);
    world.round(ALL_BUT_PAGES);
    expect(world.verdict().party).toBe('unknown');
    world.broken.set('portal', 'captured');
    world.round(['portal']);
    expect(world.verdict()).toMatchObject({ party: 'unknown', row: 'captive_portal' });
  });

  it('a page that was itself a moment ago is asked again first', () => {
    world.round(['portal']);
    silence();
    for (let second = 0; second < 3; second += 1) {
      world.round(ALL_BUT_PAGES);
      world.wait(3);
    }
    expect(world.state('uplink')).toBe(-1);
    world.broken.set('portal', 'silent');
    world.wait(1);
    world.round(['portal', 'gateway']);
    expect(world.verdict()).toMatchObject({ party: 'isp', row: 'uplink_down' });
  });

  it('pages that are silent too hold nothing up', () => {
    silence();
    world.broken.set('portal', 'silent');
    for (let second = 0; second < 3; second += 1) {
      world.round();
      world.wait(3);
    }
    expect(world.verdict()).toMatchObject({ party: 'isp', row: 'uplink_down' });
  });

  it('nor does one page that alone has another answer for good', () => {
    silence();
    world.broken.set('portal/one', 'captured');
    world.broken.set('portal/two', 'silent');
    for (let second = 0; second < 6; second += 1) {
      world.round();
      world.wait(3);
    }
    expect(world.verdict()).toMatchObject({ party: 'isp', row: 'uplink_down' });
  });
});
