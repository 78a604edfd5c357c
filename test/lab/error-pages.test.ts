// The lab's error pages, read with the vendor catalogue: what a vendor says of itself must not be taken for what it says of you.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { generatorOf } from '../../exporters/http/generator.ts';
import type { EdgeContext } from '../../lab/edge.ts';
import type { Fault, Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { VOICES } from '../../lab/voices.ts';
import { type DemarcMap, parseMap } from '../../map/load.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { type Visitor, visitorOf } from './visitor.ts';

interface Watched {
  lab: Lab;
  map: DemarcMap;
  visitor: Visitor;
}

const watched = new Map<string, Watched>();

beforeAll(async () => {
  for (const world of ['homelab', 'company']) {
    const lab = await startLab({ world });
    watched.set(world, { lab, map: parseMap(lab.map, 'lab', '/'), visitor: visitorOf(lab) });
  }
});

function watchedIn(world: string): Watched {
  const found = watched.get(world);
  if (found === undefined) throw new Error(`no ${world}`);
  return found;
}

afterEach(async () => {
  for (const { lab } of watched.values()) await lab.heal();
  const { visitor } = watchedIn('homelab');
  const blog = () => visitor.visit(visitor.service('blog').url);
  await expect.poll(blog, { timeout: 3_000, interval: 50 }).toMatchObject({ status: 200 });
});

afterAll(async () => {
  for (const { lab } of watched.values()) await lab.stop();
});

async function generatorSeen(world: string, name: string) {
  const { map, visitor } = watchedIn(world);
  const { url, edge, stamp } = visitor.service(name);
  const seen = await visitor.visit(url);
  if (typeof seen === 'string') return seen;
  const headers = new Map(Object.entries(seen.headers).map(([key, value]) => [key, String(value)]));
  const errors = map.vendors.get(edge?.vendor ?? '')?.errors ?? [];
  return generatorOf({ status: seen.status, headers, body: Buffer.from(seen.body) }, errors, stamp);
}

const SAYS_ORIGIN = { generator: 'vendor_says_origin' };

describe('the catalogue', () => {
  it.each<[string, Fault, string, { generator: string | null; vendorCode?: string }]>([
    ["Cloudflare's own 500", { kind: 'edge_5xx', target: 'cloudflare' }, 'blog', { generator: 'vendor_internal' }],
    [
      "Cloudflare's 502 without its page",
      { kind: 'edge_overloaded', target: 'cloudflare' },
      'blog',
      { generator: 'vendor_internal' },
    ],
    ["Fastly's own 503", { kind: 'edge_5xx', target: 'fastly' }, 'shop', { generator: 'vendor_internal' }],
    ['a middlebox for Cloudflare', { kind: 'middlebox_503', target: 'blog' }, 'blog', { generator: 'vendor_internal' }],
    ['a tunnel without daemon', { kind: 'tunnel_daemon_dead' }, 'blog', { ...SAYS_ORIGIN, vendorCode: '1033' }],
    [
      'a slow origin behind the tunnel',
      { kind: 'origin_slow', target: 'blog' },
      'blog',
      { ...SAYS_ORIGIN, vendorCode: '524' },
    ],
    [
      'a slow origin behind Fastly',
      { kind: 'origin_slow', target: 'shop' },
      'shop',
      { ...SAYS_ORIGIN, vendorCode: 'first_byte_timeout' },
    ],
    ['a dead process behind the tunnel', { kind: 'origin_refused', target: 'blog' }, 'blog', SAYS_ORIGIN],
    ['a dead process behind Fastly', { kind: 'origin_refused', target: 'shop' }, 'shop', SAYS_ORIGIN],
    ['a dead host behind the tunnel', { kind: 'origin_host_down', target: 'blog' }, 'blog', SAYS_ORIGIN],
    ['a dead host behind Fastly', { kind: 'origin_host_down', target: 'shop' }, 'shop', SAYS_ORIGIN],
    [
      'an expired certificate behind Fastly',
      { kind: 'origin_certificate_expired', target: 'shop' },
      'shop',
      SAYS_ORIGIN,
    ],
    ['a stamped error of the origin', { kind: 'origin_5xx', target: 'shop' }, 'shop', { generator: 'origin' }],
    [
      'an error of the origin without a stamp',
      { kind: 'origin_5xx', target: 'blog' },
      'blog',
      { generator: 'unknown' },
    ],
  ])('knows %s at home', async (_, fault, service, expected) => {
    await watchedIn('homelab').lab.inject(fault);
    expect(await generatorSeen('homelab', service)).toMatchObject(expected);
  });

  it.each<[string, Fault, string, { generator: string | null; vendorCode: string | null }]>([
    // The same page stands for a host without a route, so it may convict nobody.
    ["Front Door's own 503", { kind: 'edge_5xx', target: 'azure' }, 'www', { generator: 'unknown', vendorCode: null }],
    [
      "Front Door's own 502",
      { kind: 'edge_overloaded', target: 'azure' },
      'www',
      { generator: 'vendor_internal', vendorCode: 'UnspecifiedInternalError' },
    ],
    [
      'a dead process behind Front Door',
      { kind: 'origin_refused', target: 'www' },
      'www',
      { ...SAYS_ORIGIN, vendorCode: 'OriginConnectionRefused' },
    ],
    [
      'a dead host behind Front Door',
      { kind: 'origin_host_down', target: 'www' },
      'www',
      { ...SAYS_ORIGIN, vendorCode: 'OriginConnectionError' },
    ],
    [
      'a slow origin behind Front Door',
      { kind: 'origin_slow', target: 'www' },
      'www',
      { ...SAYS_ORIGIN, vendorCode: 'OriginTimeout' },
    ],
    [
      'an expired certificate behind Front Door',
      { kind: 'origin_certificate_expired', target: 'www' },
      'www',
      { ...SAYS_ORIGIN, vendorCode: 'SSLHandshakeError' },
    ],
    [
      'a dead host behind Cloudflare',
      { kind: 'origin_host_down', target: 'app' },
      'app',
      { ...SAYS_ORIGIN, vendorCode: '522' },
    ],
    [
      'a dead process behind Cloudflare',
      { kind: 'origin_refused', target: 'app' },
      'app',
      { ...SAYS_ORIGIN, vendorCode: '521' },
    ],
    [
      'an expired certificate behind Cloudflare',
      { kind: 'origin_certificate_expired', target: 'app' },
      'app',
      { ...SAYS_ORIGIN, vendorCode: '526' },
    ],
  ])('knows %s in the company', async (_, fault, service, expected) => {
    await watchedIn('company').lab.inject(fault);
    expect(await generatorSeen('company', service)).toMatchObject(expected);
  });
});

describe('a client that asks Front Door who failed', () => {
  const context: EdgeContext = {
    method: 'GET',
    path: '/',
    host: 'www.harbour.test',
    client: '127.0.0.1',
    pop: 'AMS',
    city: 'Amsterdam',
    debugInfo: true,
  };

  it.each([
    ['itself', VOICES.azure.internalError(context), 'vendor_internal'],
    ['an origin', VOICES.azure.originFailure('refused', context), 'vendor_says_origin'],
  ])('is told of %s', (_, { status, headers, body }, generator) => {
    const errors = loadCatalogue().get('azure')?.errors ?? [];
    const answer = { status, headers: new Map(Object.entries(headers)), body: Buffer.from(body) };
    expect(generatorOf(answer, errors)).toMatchObject({ generator });
  });
});
