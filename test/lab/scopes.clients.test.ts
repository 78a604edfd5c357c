// What a fault spares when it is limited, as curl and dig see it, in a world that is reached by both families.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../lab/lab.ts';
import { foreignLab } from './foreign-lab.ts';
import {
  ANSWERED,
  CONNECTED,
  dig,
  knock,
  NO_REPLY,
  NOT_CONNECTED,
  OK,
  type Question,
  seen,
  WITHIN,
} from './foreign-programs.ts';
import { visitorOf } from './visitor.ts';

const { lab, at, curl } = foreignLab('corner');

const visit = (host: string, role: 'edge' | 'edge_control', family: 4 | 6) => (): Question =>
  curl('https', host, at(role, 'cloudflare', 0, family));
const blog = (family: 4 | 6) => visit('blog.corner.test', 'edge', family);
const archive = visit('archive.corner.test', 'edge', 6);
const news = (family: 4 | 6) => visit('news.cloudflare-edge.test', 'edge_control', family);
const anchor = (family: 4 | 6) => (): Question => knock(at('anchor', 'quad9', 0, family));
const zone = (family: 4 | 6) => (): Question =>
  dig(at('nameserver', 'cloudflare', 0, family), 'blog.corner.test', 'AAAA');

const FAILING = /HTTP\/1\.1 500/;

type Look = [ask: () => Question, seen: RegExp];

describe('a fault that is limited', () => {
  it.each<[string, Fault, hit: Look, spared: Look]>([
    ['the line to IPv6', { kind: 'uplink_cut', scope: 'ip6' }, [anchor(6), NOT_CONNECTED], [anchor(4), CONNECTED]],
    ['the line to IPv4', { kind: 'uplink_cut', scope: 'ip4' }, [blog(4), NOT_CONNECTED], [blog(6), OK]],
    [
      'a silent edge to IPv6',
      { kind: 'edge_unreachable', target: 'cloudflare', scope: 'ip6' },
      [archive, NOT_CONNECTED],
      [blog(4), OK],
    ],
    [
      'a silent edge to the location that serves you',
      { kind: 'edge_unreachable', target: 'cloudflare', scope: 'pop' },
      [blog(4), NOT_CONNECTED],
      [news(4), OK],
    ],
    [
      'a failing edge to IPv4',
      { kind: 'edge_5xx', target: 'cloudflare', scope: 'ip4' },
      [news(4), FAILING],
      [news(6), OK],
    ],
    [
      'a failing edge to one host',
      { kind: 'edge_5xx', target: 'cloudflare', scope: 'blog.corner.test' },
      [blog(6), FAILING],
      [archive, OK],
    ],
    [
      'a failing edge to the location that serves you',
      { kind: 'edge_5xx', target: 'cloudflare', scope: 'pop' },
      [archive, FAILING],
      [news(6), OK],
    ],
    [
      'a certificate that ended, to the location that serves you',
      { kind: 'edge_certificate_expired', target: 'cloudflare', scope: 'pop' },
      [archive, /certificate has expired/],
      [news(4), OK],
    ],
    [
      'a middlebox to IPv4',
      { kind: 'middlebox_503', target: 'blog', scope: 'ip4' },
      [blog(4), /HTTP\/1\.1 503/],
      [blog(6), OK],
    ],
    [
      'silent name servers to IPv6',
      { kind: 'dns_vendor_down', target: 'cloudflare', scope: 'ip6' },
      [zone(6), NO_REPLY],
      [zone(4), ANSWERED],
    ],
  ])('as %s hits those and no others', async (_, fault, [hit, broken], [spared, fine]) => {
    await lab().inject(fault);
    await expect.poll(() => seen(hit()), WITHIN).toMatch(broken);
    await expect.poll(() => seen(spared()), WITHIN).toMatch(fine);
    await lab().heal();
    await expect.poll(() => seen(hit()), WITHIN).not.toMatch(broken);
  });

  it('is known by its limit too', async () => {
    const wide = await lab().inject({ kind: 'edge_5xx', target: 'cloudflare', rate: 0.5 });
    const narrow = await lab().inject({ kind: 'edge_5xx', target: 'cloudflare', scope: 'ip6' });
    expect(lab().faults()).toEqual([wide, { ...narrow, scope: 'ip6' }]);
    await lab().inject({ kind: 'edge_5xx', target: 'cloudflare', scope: 'everyone' });
    expect(lab().faults()).toEqual([{ ...wide, rate: 1 }, narrow]);
  });

  it.each<[string, Fault, string]>([
    [
      'what hits all or nothing',
      { kind: 'gateway_down', scope: 'ip6' },
      'fault.scope: gateway_down takes no scope, leave it out: it hits one place, or what everybody sees alike',
    ],
    [
      'a host of another edge',
      { kind: 'edge_latency', target: 'fastly', scope: 'blog.corner.test' },
      'fault.scope: edge_latency of fastly cannot be limited to blog.corner.test in corner, use everyone or ip4 or ip6 or pop or www.stall.test or news.fastly-edge.test or media.fastly-edge.test',
    ],
  ])('is refused for %s', async (_, fault, message) => {
    await expect(lab().inject(fault)).rejects.toThrow(message);
  });
});

it('has its map ask every control at the port of that control', async () => {
  const { control } = visitorOf(lab());
  for (const [index, host] of ['news', 'media'].entries()) {
    const url = new URL(control('cloudflare', 'edge', index));
    const place = at('edge_control', 'cloudflare', 2 * index);
    expect([url.hostname, Number(url.port)]).toEqual([`${host}.cloudflare-edge.test`, place.port]);
    expect(await seen(curl('https', url.hostname, place))).toMatch(OK);
  }
});

it('finds names by either family, at a resolver that is asked by IPv6', async () => {
  const resolver = at('resolver', '', 0, 6);
  expect(await seen(dig(resolver, 'archive.corner.test', 'AAAA'))).toMatch(/AAAA\s+::1/);
  expect(await seen(dig(resolver, 'archive.corner.test'))).toMatch(/NOERROR[\s\S]*ANSWER: 0/);
  expect(await seen(dig(resolver, 'blog.corner.test'))).toMatch(/A\s+127\./);
});
