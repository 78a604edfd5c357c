// A certificate that is not valid: your host's alone, or what something in between shows to everybody.
import { describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld } from './bench-world.ts';

const ROUNDS = 4;

function shown(...untrusted: string[]): BenchWorld {
  const world = benchWorld();
  const measure = (): void => {
    for (let round = 0; round < ROUNDS; round += 1) {
      world.round();
      world.wait(3);
    }
  };
  measure();
  for (const prefix of untrusted) world.broken.set(prefix, 'untrusted');
  measure();
  return world;
}

const MINE = ['service/blog', 'edge/blog', 'edge_certificate/blog'] as const;

describe('hosts of others', () => {
  it('are not compared while yours is valid', () => {
    expect(shown('control').state('certificates_elsewhere')).toBe(-1);
  });

  it('make an invalid certificate your own affair when theirs are valid', () => {
    expect(shown(...MINE).state('certificates_elsewhere')).toBe(1);
  });

  it('make it the affair of something in between when theirs are not valid either', () => {
    const world = shown(...MINE, 'control');
    expect(world.state('certificates_elsewhere')).toBe(0);
    expect(world.verdict()).toMatchObject({ row: 'tls_intercepted', party: 'unknown' });
  });

  it('prove nothing when only one vendor was heard', () => {
    const world = shown(...MINE, 'control/cloudflare');
    expect(world.state('certificates_elsewhere')).toBe(1);
    const alone = shown(...MINE, 'control/cloudflare', 'control/fastly');
    alone.broken.delete('control/fastly');
    alone.round(['control/fastly']);
    // Fastly is well again, yours has not been asked since: the end of an interception looks just like this.
    expect(alone.state('certificates_elsewhere')).toBe(-1);
  });
});
