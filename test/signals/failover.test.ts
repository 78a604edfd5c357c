// The second path: probed all along, judged on its own, and blamed for nothing that the line did.
import { describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld } from './bench-world.ts';

const PATH = 'failover/blog';

function healthy(): BenchWorld {
  const world = benchWorld();
  for (let round = 0; round < 4; round += 1) {
    world.wait(15);
    world.round();
  }
  return world;
}

function rounds(world: BenchWorld, count: number): void {
  for (let round = 0; round < count; round += 1) {
    world.wait(15);
    world.round();
  }
}

describe('a second path', () => {
  it('is planned as its own end-to-end probe', () => {
    const { plan } = benchWorld();
    expect(plan.services.find(({ name }) => name === 'blog')?.failover).toBe(PATH);
    expect(plan.targets.find(({ id }) => id === PATH)).toMatchObject({
      kind: 'http',
      labels: { role: 'failover', service: 'blog', vendor: '' },
      settings: { url: 'https://127.2.0.9/', host: 'blog.test', resolve: 'fresh' },
    });
  });

  it('is unknown before it was asked, and ready when it answers', () => {
    expect([...benchWorld().engine.failovers()]).toEqual([['blog', -1]]);
    const world = healthy();
    expect([...world.engine.failovers()]).toEqual([['blog', 1]]);
    expect(world.verdict().failover).toBe('yes');
  });

  it('stands beside a vendor verdict, whatever it is, and changes none', () => {
    const world = healthy();
    for (const prefix of ['service/blog', 'edge/blog', 'control/cloudflare/edge']) world.broken.set(prefix, 'own_500');
    rounds(world, 4);
    expect(world.verdict()).toMatchObject({ party: 'vendor', vendor: 'cloudflare', failover: 'yes' });
    world.broken.set(PATH, 'refused');
    rounds(world, 4);
    expect(world.verdict()).toMatchObject({ party: 'vendor', vendor: 'cloudflare', failover: 'no' });
  });

  it('that fails alone is not ready, and nobody is down', () => {
    const world = healthy();
    world.broken.set(PATH, 'silent');
    rounds(world, 4);
    expect(world.verdict()).toMatchObject({ party: 'none', failover: 'no' });
  });

  it('behind a line that is down is unknown, not broken', () => {
    const world = healthy();
    for (const prefix of ['anchor/', 'service/', 'edge/', 'control/', 'public_resolver/', PATH])
      world.broken.set(prefix, 'silent');
    rounds(world, 4);
    expect(world.verdict()).toMatchObject({ party: 'isp', failover: 'unknown' });
  });

  it('nobody asks any more is unknown', () => {
    const world = healthy();
    world.wait(120);
    expect(world.verdict().failover).toBe('unknown');
  });
});
