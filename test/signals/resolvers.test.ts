// What public resolvers prove: that they answer while yours works, and far more once it fails.
import { beforeEach, describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld } from './bench-world.ts';

describe('public resolvers', () => {
  let world: BenchWorld;

  const rounds = (count: number, everyS: number, prefixes?: readonly string[]): void => {
    for (let round = 0; round < count; round += 1) {
      world.round(prefixes);
      world.wait(everyS);
    }
  };

  beforeEach(() => {
    world = benchWorld();
    rounds(4, 15);
  });

  it('are well while they answer and yours does', () => {
    expect(world.state('other_resolvers')).toBe(1);
  });

  it('are not while they are silent, or were never heard', () => {
    world.broken.set('public_resolver', 'silent');
    rounds(3, 15);
    expect(world.state('other_resolvers')).toBe(0);
    expect(benchWorld().state('other_resolvers')).toBe(-1);
  });

  it('prove nothing about yours by what they said before it failed', () => {
    world.broken.set('resolver', 'silent');
    rounds(3, 3, ['resolver', 'service']);
    expect(world.state('resolver')).toBe(0);
    expect(world.state('other_resolvers')).toBe(-1);
  });

  it('prove it by answers before and after, over a line that is clean since', () => {
    world.broken.set('resolver', 'silent');
    rounds(3, 3, ['resolver', 'service']);
    rounds(1, 1, ['public_resolver', 'anchor']);
    expect(world.state('other_resolvers')).toBe(1);
  });

  it('do not by answers over a line that was noisy', () => {
    world.broken.set('resolver', 'silent');
    for (const prefix of ['anchor/google', 'anchor/quad9']) world.broken.set(prefix, 'silent');
    rounds(3, 3, ['resolver', 'service']);
    rounds(1, 1, ['public_resolver', 'anchor']);
    expect(world.state('other_resolvers')).toBe(-1);
  });
});
