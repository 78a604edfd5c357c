// What the controls of a vendor come to: who is accused, who only suspected, and who may not testify.
import { describe, expect, it } from 'vitest';
import type { Remembered } from '../../signals/memory.ts';
import { judgeAll } from '../../verdict/explain.ts';
import { judgeVendors } from '../../verdict/vendor-judge.ts';
import type { VendorVerdict } from '../../verdict/vendor-verdict.ts';
import { type BenchWorld, benchWorld, START } from './bench-world.ts';

const EVERYTHING_ELSE = ['anchor', 'control', 'resolver', 'public_resolver'];

function rounds(world: BenchWorld, count: number, gap = 5, prefixes?: readonly string[]): void {
  for (let round = 0; round < count; round += 1) {
    world.wait(gap);
    world.round(prefixes);
  }
}

function about(world: BenchWorld, vendor: string, component = 'edge'): VendorVerdict {
  const { engine, plan } = world;
  const signals = engine.read();
  const verdicts = judgeVendors(engine.vendors(), signals, judgeAll(signals, plan), plan);
  const found = verdicts.find((one) => one.vendor === vendor && one.component === component);
  if (found === undefined) throw new Error(`no verdict about ${vendor}/${component}`);
  return found;
}

/** A world in which everything has answered once. */
function healthy(memory?: Remembered): BenchWorld {
  const world = benchWorld(memory);
  rounds(world, 3);
  return world;
}

const CLOUDFLARE = 'control/cloudflare/edge';
const FASTLY = 'control/fastly/edge';

describe('a vendor', () => {
  it('is fine while its controls answer, and says who uses it', () => {
    const world = healthy();
    expect(about(world, 'cloudflare')).toMatchObject({
      status: 'ok',
      row: 'vendor_fine',
      usedBy: ['blog'],
      hits: [],
      evidence: [{ signal: 'vendor_controls', state: 'ok' }, expect.anything()],
    });
    expect(about(world, 'fastly').usedBy).toEqual([]);
  });

  it('is accused by two of its hosts, though no service of yours fails', () => {
    const world = healthy();
    world.broken.set(CLOUDFLARE, 'own_500');
    rounds(world, 3);
    const verdict = about(world, 'cloudflare');
    expect(verdict).toMatchObject({ status: 'failing', row: 'vendor_failing', party: 'vendor', hits: [] });
    expect(verdict.headline).toBe(
      "Cloudflare's edge is failing for everyone we can see. None of your services is hit.",
    );
    expect(verdict.since).toBe(new Date(START + 20_000).toISOString());
    expect(verdict.evidence.map(({ text }) => text).join()).toMatch(/2 of 2 controls .* fail: HTTP 500/);
  });

  it('is only suspected by one of two, and by one alone', () => {
    const one = healthy();
    one.broken.set(`${CLOUDFLARE}/one`, 'own_500');
    rounds(one, 4);
    expect(about(one, 'cloudflare').row).toBe('vendor_suspected');
    const alone = healthy();
    alone.broken.set(FASTLY, 'own_500');
    rounds(alone, 4);
    expect(about(alone, 'fastly').row).toBe('vendor_suspected');
  });

  it('is accused with one host alone when a verdict about a service names it', () => {
    const world = healthy();
    world.broken.set(`${CLOUDFLARE}/one`, 'own_500');
    world.broken.set('service/blog', 'own_500');
    world.broken.set('edge/blog', 'own_500');
    rounds(world, 8);
    expect(world.verdict().row).toBe('edge_failing');
    expect(about(world, 'cloudflare')).toMatchObject({
      row: 'vendor_partly_failing_with_yours',
      status: 'partial',
      hits: ['blog'],
    });
  });

  it('is not judged behind a line that is down', () => {
    const world = healthy();
    world.broken.set('', 'silent');
    rounds(world, 6);
    expect(about(world, 'cloudflare').row).toBe('vendor_out_of_sight');
  });

  it('is not accused when nobody else answers either, nor when its hosts fail in manners that differ', () => {
    const everybody = healthy();
    everybody.broken.set('control/', 'silent');
    rounds(everybody, 4);
    expect(about(everybody, 'cloudflare').row).toBe('vendor_suspected');
    const mixed = healthy();
    mixed.broken.set(`${CLOUDFLARE}/one`, 'own_500');
    mixed.broken.set(`${CLOUDFLARE}/two`, 'silent');
    rounds(mixed, 4);
    expect(about(mixed, 'cloudflare').row).toBe('vendor_suspected');
  });

  it('is not accused by hosts that were never seen to work', () => {
    const world = benchWorld();
    world.broken.set(CLOUDFLARE, 'own_500');
    rounds(world, 6);
    expect(about(world, 'cloudflare').row).toBe('vendor_unknown');
  });

  it('is not accused when its hosts broke days apart', () => {
    const world = healthy();
    world.broken.set(`${CLOUDFLARE}/one`, 'own_500');
    rounds(world, 4);
    world.wait(30 * 3_600);
    rounds(world, 4);
    world.broken.set(`${CLOUDFLARE}/two`, 'own_500');
    rounds(world, 4);
    expect(about(world, 'cloudflare').row).toBe('vendor_suspected');
  });

  it('is fine again when what broke long ago is the only one that fails', () => {
    const world = healthy();
    world.broken.set(`${CLOUDFLARE}/one`, 'own_500');
    rounds(world, 4);
    world.wait(30 * 3_600);
    rounds(world, 4);
    expect(about(world, 'cloudflare').row).toBe('vendor_fine');
  });

  it('is not accused on evidence from before its trouble', () => {
    const world = healthy();
    world.broken.set(CLOUDFLARE, 'own_500');
    rounds(world, 3, 5, [CLOUDFLARE]);
    expect(about(world, 'cloudflare').row).not.toBe('vendor_failing');
    rounds(world, 2, 5, EVERYTHING_ELSE);
    expect(about(world, 'cloudflare').row).toBe('vendor_failing');
  });

  it('is spoken of while it is watched or used, component by component', () => {
    const world = healthy();
    expect(world.engine.vendors().map(({ vendor, component }) => `${vendor}/${component}`)).toEqual([
      'cloudflare/edge',
      'fastly/edge',
    ]);
  });
});
