// The probe that asks how route collectors see a prefix: prefixes as they are announced, and all that is no answer.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { readJson } from '../../exporters/http/bounded-json.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { Prefix } from '../../exporters/routing/prefix.ts';
import { routing } from '../../exporters/routing/probe.ts';
import { readRoutingStatus } from '../../exporters/routing/ripestat.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { mangled, readOrRefused } from './mangled.ts';
import { serveDocument } from './serve-document.ts';

const V4 = '193.0.0.0/21';
const V6 = '2001:67c:2e8::/48';

/** As RIPEstat answers, by its documentation. */
function statusOf(prefix: string, changed: object = {}): string {
  const seen = { ris_peers_seeing: 320, total_ris_peers: 340 };
  const none = { ris_peers_seeing: 0, total_ris_peers: 335 };
  const data = {
    first_seen: { prefix, origin: '3333', time: '2000-08-21T08:00:00' },
    last_seen: { prefix, origin: '3333', time: '2026-03-01T08:00:00' },
    visibility: prefix === V4 ? { v4: seen, v6: none } : { v4: none, v6: seen },
    origins: [{ origin: 3333, route_objects: ['RIPE'] }],
    less_specifics: [],
    more_specifics: [{ prefix, origin: 64_501 }],
    resource: prefix,
    query_time: '2026-03-01T08:00:00',
    ...changed,
  };
  return JSON.stringify({ status: 'ok', status_code: 200, messages: [], data_call_status: 'supported', data });
}

async function measure(body: string, settings: object = {}): Promise<[ObservationOf<'routing'>, string[]]> {
  const { base, asked } = await serveDocument({ body });
  const prepared = routing.prepare('route/x', { url: base, prefix: V4, ...settings });
  return [await prepared(contextOf(AbortSignal.timeout(3_000))), asked];
}

const visible = (seeing: number, peers: number) => ({
  visibility: {
    v4: { ris_peers_seeing: seeing, total_ris_peers: peers },
    v6: { ris_peers_seeing: 0, total_ris_peers: 0 },
  },
});
const from = (...origins: unknown[]) => ({ origins: origins.map((origin) => ({ origin })) });

describe('a prefix', () => {
  it.each<[string, string, object, Reason]>([
    ['seen by nearly all', statusOf(V4), {}, 'ok'],
    ['of IPv6, by the count of IPv6', statusOf(V6), { prefix: V6 }, 'ok'],
    ['from whom it may be', statusOf(V4), { origins: [3333, 1] }, 'ok'],
    ['from a number in digits', statusOf(V4, from('3333')), { origins: [3333] }, 'ok'],
    ['from somebody else', statusOf(V4, from(64_500)), { origins: [3333] }, 'route_origin'],
    ['from somebody else besides', statusOf(V4, from(3333, 64_500)), { origins: [3333] }, 'route_origin'],
    ['from anybody, if nobody is named', statusOf(V4, from(64_500)), {}, 'ok'],
    ['seen by few', statusOf(V4, visible(169, 340)), {}, 'route_unseen'],
    ['seen by as many as must', statusOf(V4, visible(170, 340)), {}, 'ok'],
    ['gone', statusOf(V4, { ...visible(0, 340), ...from() }), { origins: [3333] }, 'route_unseen'],
    ['without anybody who could see it', statusOf(V4, visible(0, 0)), {}, 'value_missing'],
    ['that is another one', statusOf(V6), {}, 'answer_malformed'],
    ['seen by more than there are', statusOf(V4, visible(341, 340)), {}, 'answer_malformed'],
    ['from a number that is none', statusOf(V4, from(4_294_967_296)), {}, 'answer_malformed'],
    ['from a set of numbers', statusOf(V4, from('{64500,64501}')), {}, 'answer_malformed'],
    ['at no time', statusOf(V4, { query_time: 'now' }), {}, 'answer_malformed'],
    ['of which there is an error', '{"status":"error","data":{}}', {}, 'answer_malformed'],
    ['of which there is a page', '<!doctype html>', {}, 'answer_malformed'],
  ])('%s', async (_, body, settings, reason) => {
    const [observed, asked] = await measure(body, settings);
    expect(observed).toMatchObject({ reason, ok: reason === 'ok' });
    const [path = ''] = asked;
    expect(path).toMatch(/^\/data\/routing-status\/data\.json\?/);
    const { resource, sourceapp } = Object.fromEntries(new URL(path, 'http://x').searchParams);
    expect([resource, sourceapp]).toEqual(['prefix' in settings ? settings.prefix : V4, 'demarc']);
  });

  it('is told with its time, and what is not known is left out', async () => {
    const [seen] = await measure(statusOf(V4, from(64_501, 3333, '3333')));
    expect(seen.facts).toMatchObject({ origins: [3333, 64_501], seeing: 320, peers: 340 });
    expect(routing.samples(seen)).toEqual([
      { metric: 'demarc_route_visibility_ratio', value: 320 / 340 },
      { metric: 'demarc_route_origins', value: 2 },
      { metric: 'demarc_route_seen_timestamp_seconds', value: Date.UTC(2026, 2, 1, 8) / 1000 },
    ]);
    const [unread] = await measure('{}');
    expect(routing.samples(unread)).toEqual([]);
  });
});

describe('as it is announced', () => {
  it.each([V4, V6, '0.0.0.0/1', '192.0.2.1/32', '2001:db8::1/128', '2a00::/12', 'fe80::/10', '10.128.0.0/9'])(
    '%s is a prefix',
    (text) => {
      expect(Prefix.safeParse(text).success).toBe(true);
    },
  );

  it.each([
    '193.0.0.1/21',
    '193.0.0.0',
    '193.0.0.0/33',
    '193.0.0.0/0',
    '193/21',
    '193.0.0.0/021',
    '2001:67c:2e8::1/48',
    '2001:067c:2e8::/48',
    '2001:67C:2e8::/48',
    '::ffff:192.0.2.0/120',
    '2001:db8::/129',
    'example.org/24',
    '',
  ])('%s is none', (text) => {
    expect(Prefix.safeParse(text).success).toBe(false);
  });

  it('a network ends in zeros, at any length', () => {
    fc.assert(
      fc.property(fc.nat(0xff_ff_ff_ff), fc.integer({ min: 1, max: 32 }), (bits, length) => {
        const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
        const network = Number(BigInt.asUintN(32, (BigInt(bits) >> BigInt(32 - length)) << BigInt(32 - length)));
        expect(Prefix.safeParse(`${dotted(network)}/${length}`).success).toBe(true);
        expect(Prefix.safeParse(`${dotted(bits)}/${length}`).success).toBe(bits === network);
      }),
    );
  });
});

it('whatever comes, a status is one that can be, or refused', () => {
  fc.assert(
    fc.property(mangled(fc.constantFrom(statusOf(V4), statusOf(V4, from('64500', 7)))), (text) => {
      const read = readOrRefused(() => readRoutingStatus(readJson(text), V4));
      if (read == null) return;
      expect(read.seeing).toBeLessThanOrEqual(read.peers);
      for (const origin of read.origins) expect(Number.isInteger(origin) && origin > 0).toBe(true);
    }),
  );
});

probeContract('routing', {
  ...overHttp(),
  probe: routing,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}`, prefix: V4 }),
});
