// One witness alone: a site of somebody else that broke as your service did may have had a trouble of its own.
import { describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld, type Failure, MAP, START } from './bench-world.ts';

const WITNESS = 'control/cloudflare/edge/one';
const YOURS = ['service/blog', 'edge/blog'] as const;

const WITH_SIBLING = `${MAP}  wiki:
    url: https://wiki.test/
    edge: { vendor: cloudflare }
`;

/** The blog fails at its edge from one moment on, and one of two controls with it. */
function brokeTogether(yours: Failure, theirs: Failure, mapText = MAP, alsoBroken: readonly string[] = []): BenchWorld {
  const world = benchWorld(undefined, START, mapText);
  for (let round = 0; round < 4; round += 1) {
    world.round();
    world.wait(15);
  }
  for (const target of [...YOURS, ...alsoBroken]) world.broken.set(target, yours);
  world.broken.set(WITNESS, theirs);
  for (let round = 0; round < 6; round += 1) {
    world.round();
    world.wait(round < 3 ? 3 : 15);
  }
  return world;
}

const row = (world: BenchWorld): string => world.verdict().row;

describe('one witness alone', () => {
  it('convicts by an error of the vendor’s own making, as yours is', () => {
    expect(row(brokeTogether('own_500', 'own_500'))).toBe('edge_failing');
  });

  it('convicts nobody by an error its own origin made', () => {
    expect(row(brokeTogether('own_500', 'origin_502'))).toBe('edge_suspected');
  });

  it('convicts nobody while another service of yours behind the same edge goes on working', () => {
    expect(row(brokeTogether('own_500', 'own_500', WITH_SIBLING))).toBe('edge_suspected');
    const both = brokeTogether('own_500', 'own_500', WITH_SIBLING, ['service/wiki', 'edge/wiki']);
    expect(row(both)).toBe('edge_failing');
  });

  it('convicts nobody by its silence while another witness goes on working', () => {
    expect(row(brokeTogether('silent', 'silent'))).toBe('edge_unreachable_suspected');
    const all = brokeTogether('silent', 'silent', MAP, ['control/cloudflare']);
    expect(row(all)).toBe('edge_unreachable');
  });
});
