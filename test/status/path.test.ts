// Every hop the map has, none it has not, each in the state its signals prove.
import { describe, expect, it } from 'vitest';
import type { ServiceBinding } from '../../map/plan-types.ts';
import { type Hop, pathOf } from '../../status/path.ts';
import { SCENES } from './fake-monitor.ts';
import { PLAN, type Scene, signalsWith, verdictOf } from './fake-scenes.ts';

function bindingOf(service: string): ServiceBinding {
  const binding = PLAN.services.find((candidate) => candidate.name === service);
  if (binding === undefined) throw new Error(`no service ${service}`);
  return binding;
}

function pathIn(scene: Scene, service: string, plan = PLAN): Hop[] {
  const verdict = scene.verdicts.find((candidate) => candidate.service === service);
  if (verdict === undefined) throw new Error(`no verdict on ${service}`);
  return pathOf(verdict, scene.signals, bindingOf(service), plan);
}

const idsOf = (hops: Hop[]) => hops.map((hop) => hop.id).join(' ');
const hopOf = (hops: Hop[], id: Hop['id']) => hops.find((hop) => hop.id === id);

describe('pathOf', () => {
  it.each([
    ['blog', 'you lan uplink resolver dns edge certificate tunnel host origin'],
    ['photos', 'you lan uplink resolver dns certificate host origin endpoint'],
    ['uplink', 'you lan uplink'],
  ])('shows the hops the map has for %s', (service, ids) => {
    expect(idsOf(pathIn(SCENES.healthy, service))).toBe(ids);
  });

  it('leaves out a gateway and a resolver that are not in the plan', () => {
    const bare = { ...PLAN, gateway: null, resolver: null };
    expect(idsOf(pathIn(SCENES.healthy, 'uplink', bare))).toBe('you uplink');
    expect(idsOf(pathIn(SCENES.healthy, 'photos', bare))).toBe('you uplink dns certificate host origin endpoint');
  });

  it('is all ok and accuses nobody when the service is fine', () => {
    const hops = pathIn(SCENES.healthy, 'blog');
    expect(hops.map((hop) => hop.state)).toEqual(hops.map(() => 'ok'));
    expect(hops.map((hop) => hop.accused)).toEqual(hops.map(() => 'no'));
  });

  it.each<[string, Scene, string, Hop['id'], Partial<Hop>]>([
    ['a vendor', SCENES.vendorDown, 'blog', 'edge', { state: 'broken', accused: 'proven', owner: 'Cloudflare' }],
    ['you', SCENES.ownDown, 'photos', 'origin', { state: 'broken', accused: 'proven', owner: 'you' }],
    ['the ISP', SCENES.uplinkDown, 'wiki', 'uplink', { state: 'broken', accused: 'proven', owner: 'your ISP' }],
    ['nobody', SCENES.unknown, 'blog', 'edge', { state: 'broken', accused: 'suspected', owner: 'Cloudflare' }],
    ['an endpoint', SCENES.mixed, 'photos', 'endpoint', { title: 'S3 us-east-1', owner: 'AWS', accused: 'proven' }],
  ])('marks the broken link of a verdict about %s', (_, scene, service, id, expected) => {
    expect(hopOf(pathIn(scene, service), id)).toMatchObject(expected);
  });

  it('says whose fault a broken link is, not who runs it', () => {
    const signals = signalsWith([['blog', 'record', 0, '2 of 2 say there is no address.']]);
    const verdict = verdictOf('blog', 'record_missing', signals);
    const dns = hopOf(pathOf(verdict, signals, bindingOf('blog'), PLAN), 'dns');
    expect(dns).toMatchObject({ state: 'broken', owner: 'you' });
    expect(dns?.note).toBe('2 of 2 say there is no address. 2 of 2 name servers answered with authority.');
  });

  it('shows masked layers as masked, whatever their signals last said', () => {
    const hops = pathIn(SCENES.uplinkDown, 'blog');
    const states = (['dns', 'edge', 'certificate', 'tunnel'] as const).map((id) => hopOf(hops, id)?.state);
    expect(states).toEqual(['masked', 'masked', 'masked', 'ok']);
  });

  it('knows nothing without signals, and says so', () => {
    const [you, ...others] = pathOf(verdictOf('blog', 'no_result', []), [], bindingOf('blog'), PLAN);
    expect(you?.state).toBe('ok');
    expect(others.map((hop) => hop.state)).toEqual(others.map(() => 'unknown'));
  });

  it('needs every proof of a hop for ok', () => {
    const signals = signalsWith([['blog', 'edge_answer', -1, '']]);
    const hops = pathOf(verdictOf('blog', 'fine', signals), signals, bindingOf('blog'), PLAN);
    expect(hopOf(hops, 'edge')?.state).toBe('unknown');
  });

  it('puts a starved prober on you', () => {
    const signals = signalsWith([['', 'prober', 0, 'Probes start 9 s late.']]);
    const [you] = pathOf(verdictOf('blog', 'prober_starved', signals), signals, bindingOf('blog'), PLAN);
    expect(you).toMatchObject({ id: 'you', state: 'broken', accused: 'proven' });
  });
});
