// A certificate that is not valid: your host's alone, or what something in between shows to everybody.
import { describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld, MAP, START } from './bench-world.ts';

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

const SECURED = MAP.replace('http://127.2.0.1:8080/', 'https://127.2.0.1:8443/');

/** A world whose certificates, by prefix, ran out while it was watched. */
function ranOut(...expired: string[]): BenchWorld {
  const world = benchWorld(undefined, START, SECURED);
  const measure = (): void => {
    for (let round = 0; round < ROUNDS; round += 1) {
      world.round();
      world.wait(3);
    }
  };
  measure();
  for (const prefix of expired) world.broken.set(prefix, 'expired');
  // What users get through the edge is its complaint about the origin.
  if (!expired.includes('service')) world.broken.set('service', 'origin_502');
  measure();
  return world;
}

describe('the certificate of the origin', () => {
  it('has run out when others hold by the same clock', () => {
    const world = ranOut('origin_certificate');
    expect(world.state('origin_certificate')).toBe(0);
    expect(world.verdict()).toMatchObject({ row: 'origin_certificate_expired', party: 'own' });
  });

  it('is not judged by a clock by which nobody’s holds, nor while the others are only just well again', () => {
    const world = ranOut('origin_certificate', 'edge', 'edge_certificate', 'control', 'service');
    expect(world.state('origin_certificate')).toBe(-1);
    expect(world.verdict()).toMatchObject({ row: 'tls_intercepted', party: 'unknown' });
    for (const prefix of ['edge', 'edge_certificate', 'control']) world.broken.delete(prefix);
    world.round(['control', 'edge', 'edge_certificate']);
    expect(world.state('origin_certificate')).toBe(-1);
    expect(world.verdict().party).toBe('unknown');
    world.wait(3);
    world.round();
    expect(world.state('origin_certificate')).toBe(0);
  });

  it('is not judged by its time while nobody else can be asked', () => {
    const world = ranOut('origin_certificate', 'edge', 'edge_certificate', 'service');
    for (const prefix of ['anchor', 'control', 'resolver', 'public_resolver']) world.broken.set(prefix, 'silent');
    expect(world.state('origin_certificate')).toBe(0);
    const dark = ranOut('origin_certificate', 'edge', 'edge_certificate', 'service', 'control');
    expect(dark.state('origin_certificate')).toBe(-1);
  });
});
