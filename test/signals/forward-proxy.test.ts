// A forward proxy on the way: its failure is told apart from that of a server behind it, of the line, and of a resolver.
import { describe, expect, it } from 'vitest';
import { NOTHING_REMEMBERED } from '../../signals/memory.ts';
import { type BenchWorld, benchWorld, type Failure, MAP, START } from './bench-world.ts';

const WEB = ['service/', 'control/', 'edge/', 'failover/'];

/** Four rounds in which all is well. */
function healthy(proxy: string): BenchWorld {
  const world = benchWorld(NOTHING_REMEMBERED, START, `${MAP}proxy: ${proxy}\n`);
  rounds(world);
  return world;
}

function rounds(world: BenchWorld): void {
  for (let round = 0; round < 4; round += 1) {
    world.wait(15);
    world.round();
  }
}

function broken(proxy: string, failures: Readonly<Record<string, Failure>>): BenchWorld {
  const world = healthy(proxy);
  for (const [prefix, failure] of Object.entries(failures)) world.broken.set(prefix, failure);
  rounds(world);
  return world;
}

const all = (failure: Failure): Record<string, Failure> =>
  Object.fromEntries(WEB.map((prefix) => [prefix, failure] as const));

const NEAR = '{ url: "http://proxy.lan:3128" }';
const FAR = '{ url: "http://proxy.example.net:3128" }';
const OTHERS = '{ url: "http://proxy.lan:3128", owner: other }';

describe('a forward proxy', () => {
  it('that lets requests pass is well, and says nothing of what they meet', () => {
    expect(healthy(NEAR).state('forward_proxy')).toBe(1);
    const world = broken(NEAR, { 'service/blog': 'own_500' });
    expect(world.state('forward_proxy')).toBe(1);
    expect(world.state('service')).toBe(0);
  });

  it.each<[string, string, Readonly<Record<string, Failure>>, string]>([
    ['that refuses is the failure', NEAR, all('proxy_refused'), 'forward_proxy_down'],
    [
      'that refuses is it whatever becomes of the line',
      NEAR,
      { ...all('proxy_refused'), 'anchor/': 'silent' },
      'forward_proxy_down',
    ],
    ['beyond the line needs a line that is proven', FAR, all('proxy_refused'), 'forward_proxy_down'],
    ['beyond a line that is dead is not judged', FAR, { ...all('proxy_refused'), 'anchor/': 'silent' }, 'no_result'],
    ['that reaches nobody has failed', NEAR, all('proxy_504'), 'forward_proxy_down'],
    ['that reaches nobody over a dead line has not', NEAR, { ...all('proxy_504'), 'anchor/': 'silent' }, 'no_result'],
    ['whose name is not found is the trouble of the resolver', NEAR, all('proxy_unnamed'), 'no_result'],
    ['of somebody else is not called yours', OTHERS, all('proxy_refused'), 'no_result'],
    ['behind a dead router is not looked for', NEAR, { ...all('proxy_refused'), 'gateway/': 'silent' }, 'no_result'],
  ])('%s', (_, proxy, failures, row) => {
    const world = broken(proxy, failures);
    expect(world.verdict().row).toBe(row);
    expect(world.state('service')).toBe(-1);
  });

  it('that reaches others has not failed: then the one it does not reach is down', () => {
    const world = broken(NEAR, { 'service/': 'proxy_504' });
    rounds(world);
    expect(world.state('forward_proxy')).toBe(-1);
    expect(world.verdict()).toMatchObject({ row: 'unexplained', party: 'unknown' });
    world.broken.set('origin/', 'refused');
    rounds(world);
    expect(world.verdict().row).toBe('origin_refused');
  });

  it('that does not get through to the only server asked through it leaves it unknown, and says so', () => {
    const world = broken(NEAR, { ...all('proxy_504'), 'anchor/': 'silent' });
    expect(world.verdict()).toMatchObject({
      row: 'no_result',
      headline: 'Nothing is known about blog: what was met on the way does not tell how it is.',
      evidence: expect.arrayContaining([
        { signal: 'service', state: 'unknown', text: expect.stringContaining('proxy gateway during proxy') },
      ]),
    });
  });

  it('that is there again is forgotten at once', () => {
    const world = broken(NEAR, all('proxy_refused'));
    world.broken.clear();
    world.wait(15);
    world.round();
    expect(world.verdict().row).toBe('fine');
  });
});
