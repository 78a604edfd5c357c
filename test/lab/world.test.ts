// The world while nothing is broken, seen by clients that are not ours.
import dgram from 'node:dgram';
import { once } from 'node:events';
import dnsPacket from 'dns-packet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority } from '../../lab/authority.ts';
import { damageOf } from '../../lab/damage.ts';
import type { Lab } from '../../lab/lab.ts';
import { mapText } from '../../lab/map-text.ts';
import { buildNetwork } from '../../lab/network.ts';
import { closeOutlets } from '../../lab/outlet.ts';
import { patienceAt } from '../../lab/patience.ts';
import { startLab } from '../../lab/start.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { certificateEnd, knock, knockAt, resolve, resolverAddress, type Visitor, visitorOf } from './visitor.ts';

let lab: Lab;
let visitor: Visitor;

beforeAll(async () => {
  lab = await startLab();
  visitor = visitorOf(lab);
});

afterAll(() => lab.stop());

async function rawAnswer(server: string, name: string, type: dnsPacket.RecordType): Promise<dnsPacket.DecodedPacket> {
  const [address = '', port = ''] = server.split(':');
  const socket = dgram.createSocket('udp4');
  try {
    socket.send(
      dnsPacket.encode({ type: 'query', id: 7, flags: 0, questions: [{ name, type }] }),
      Number(port),
      address,
    );
    const [message] = await once(socket, 'message', { signal: AbortSignal.timeout(2_000) });
    return dnsPacket.decode(message as Buffer);
  } finally {
    socket.close();
  }
}

const shapeOf = ({ flags = 0, answers = [], authorities = [] }: dnsPacket.DecodedPacket) => ({
  rcode: flags & 0xf,
  authoritative: (flags & dnsPacket.AUTHORITATIVE_ANSWER) !== 0,
  answers: answers.map(({ type }) => type),
  authorities: authorities.map(({ type }) => type),
});

describe('services', () => {
  it.each([
    ['blog', 'cloudflare', 'Welcome to the blog.'],
    ['shop', 'Apache', 'Welcome to the shop.'],
    ['orders', undefined, '"orders":42'],
  ])('%s answers', async (name, server, text) => {
    const seen = await visitor.visit(visitor.service(name).url);
    expect(seen).toMatchObject({ status: 200 });
    if (typeof seen === 'string') return;
    expect(seen.headers['x-origin']).toBe(name);
    expect(seen.headers.server).toBe(server);
    expect(seen.body).toContain(text);
  });

  it('carry the marks of the edge they come through', async () => {
    const blog = await visitor.visit(visitor.service('blog').url);
    expect(blog).toMatchObject({ headers: { 'cf-ray': expect.stringMatching(/^[0-9a-f]{16}-FRA$/) } });
    const shop = await visitor.visit(visitor.service('shop').url);
    expect(shop).toMatchObject({
      headers: { 'x-served-by': expect.stringMatching(/^cache-.*-FRA$/), via: '1.1 varnish' },
    });
  });

  it.each(['blog', 'shop', 'orders'])("%s's origin and its host answer directly", async (name) => {
    const { origin } = visitor.service(name);
    expect(await knockAt(origin?.url ?? '')).toBe('accepted');
    expect(await knock(new URL(origin?.url ?? '').hostname, origin?.hostPort ?? 0)).toBe('accepted');
  });
});

describe('certificates', () => {
  it('are in time, and trusted by nobody without the authority', async () => {
    const { origin } = visitor.service('shop');
    expect(await certificateEnd(origin?.url ?? '', 'shop.market.test')).toBeGreaterThan(Date.now());
    const stranger = visitorOf({ ...lab, ca: '' });
    expect(await stranger.visit(visitor.service('shop').url)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });
});

describe('names', () => {
  it('resolve through every resolver that is asked in the clear', async () => {
    const inTheClear = (visitor.map.publicResolvers ?? []).flatMap(({ address }) =>
      address.includes('://') ? [] : [address],
    );
    for (const server of [resolverAddress(visitor.map), ...inTheClear]) {
      expect(await resolve(server, 'blog.home.test')).toHaveLength(2);
      expect(await resolve(server, visitor.map.resolverTest)).toHaveLength(1);
      expect(await resolve(server, 'nobody.nowhere.test')).toBe('ENOTFOUND');
    }
  });

  it('are answered by their own servers with authority, and by no others', async () => {
    const [server = ''] = visitor.servers('cloudflare');
    const shape = async (name: string, type: dnsPacket.RecordType) => shapeOf(await rawAnswer(server, name, type));
    const negative = { authoritative: true, answers: [], authorities: ['SOA'] };
    expect(await shape('BLOG.home.test', 'A')).toEqual({
      rcode: 0,
      authoritative: true,
      answers: ['A', 'A'],
      authorities: [],
    });
    expect(await shape('home.test', 'SOA')).toEqual({
      rcode: 0,
      authoritative: true,
      answers: ['SOA'],
      authorities: [],
    });
    expect(await shape('home.test', 'NS')).toEqual({
      rcode: 0,
      authoritative: true,
      answers: ['NS', 'NS'],
      authorities: [],
    });
    expect(await shape('blog.home.test', 'AAAA')).toEqual({ rcode: 0, ...negative });
    expect(await shape('absent.home.test', 'A')).toEqual({ rcode: 3, ...negative });
    expect(await shape('shop.market.test', 'A')).toEqual({
      rcode: 5,
      authoritative: false,
      answers: [],
      authorities: [],
    });
  });

  it('are served over TCP too', async () => {
    const [server = ''] = visitor.servers('aws');
    const [address = '', port = ''] = server.split(':');
    expect(await knock(address, Number(port))).toBe('accepted');
  });
});

describe('the tunnel daemon', () => {
  it('is ready with four connections, and counts as the real one does', async () => {
    const { metrics = '' } = visitor.service('blog').tunnel ?? {};
    const ready = await visitor.visit(`${metrics}/ready`);
    expect(ready).toMatchObject({ status: 200, body: expect.stringContaining('"readyConnections":4') });
    const exposition = await visitor.visit(`${metrics}/metrics`);
    expect(exposition).toMatchObject({ body: expect.stringMatching(/^cloudflared_tunnel_ha_connections 4$/m) });
  });
});

describe('vendors', () => {
  it.each([
    ['cloudflare', 'edge', 2],
    ['cloudflare', 'tunnel', 2],
    ['fastly', 'edge', 2],
    ['aws', 'dynamodb', 1],
  ])('%s has controls for %s that answer', async (vendor, component, count) => {
    for (let index = 0; index < count; index += 1) {
      expect(await visitor.visit(visitor.control(vendor, component, index))).toMatchObject({ status: 200 });
    }
    expect(visitor.control(vendor, component, count)).toBe('');
  });

  it("answer Cloudflare's trace on customers' hosts", async () => {
    const url = new URL('/cdn-cgi/trace', visitor.service('blog').url).href;
    expect(await visitor.visit(url)).toMatchObject({ status: 200, body: expect.stringContaining('\ncolo=FRA\n') });
  });
});

describe('a system with a single loopback address', () => {
  it('carries the world on ports alone', async () => {
    const authority = await createAuthority();
    const network = await buildNetwork(
      HOMELAB,
      () => '127.0.0.1',
      authority,
      damageOf(() => [], 1),
      patienceAt(1),
    );
    try {
      const text = mapText(HOMELAB, network.outlets, 'ca.pem');
      const places = network.outlets.map(({ address, port }) => `${address}:${port}`);
      expect(new Set(places).size).toBe(places.length);
      const alone = visitorOf({ ...lab, map: text, ca: authority.pem });
      for (const name of ['blog', 'shop', 'orders']) {
        expect(await alone.visit(alone.service(name).url)).toMatchObject({ status: 200 });
      }
    } finally {
      network.tunnel?.stop();
      await closeOutlets(network.outlets);
    }
  });
});
