// Prefixes in the map: what is asked about them, which services hear of them, and what is refused.
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';

const mapWith = (routing: string): string => `
version: 1
routing: ${routing}
services:
  shop:
    url: https://shop.test/
    edge: { vendor: fastly }
  wiki:
    url: https://wiki.test/
`;
const load = (text: string) => parseMap(text, 'demarc.yaml', tmpdir());

describe('prefixes', () => {
  it('are asked about once an hour, and told to whom they concern', () => {
    const prefixes =
      '[{ prefix: 192.0.2.0/24, owner: isp, origins: [64500] }, { prefix: "2001:db8::/32", owner: fastly }]';
    const { services, targets } = planOf(
      load(mapWith(`{ url: 'http://127.0.0.1:9/', prefixes: ${prefixes} }`)),
      NOTHING_KNOWN,
    );
    expect(Object.fromEntries(services.map(({ name, routes }) => [name, routes]))).toEqual({
      shop: ['route/192.0.2.0/24', 'route/2001:db8::/32'],
      wiki: ['route/192.0.2.0/24'],
      uplink: ['route/192.0.2.0/24'],
    });
    expect(targets.filter(({ kind }) => kind === 'routing')).toMatchObject([
      {
        intervalMs: 3_600_000,
        gapMs: 1_800_000,
        labels: { role: 'route', vendor: '', service: '' },
        settings: { prefix: '192.0.2.0/24', origins: [64_500], url: 'http://127.0.0.1:9/' },
      },
      { labels: { vendor: 'fastly' }, settings: { prefix: '2001:db8::/32' } },
    ]);
  });

  it('are asked about at RIPEstat, unless told otherwise', () => {
    const { targets } = planOf(load(mapWith('{ prefixes: [{ prefix: 192.0.2.0/24, owner: self }] }')), NOTHING_KNOWN);
    expect(targets.find(({ kind }) => kind === 'routing')?.settings).toMatchObject({ url: 'https://stat.ripe.net/' });
  });

  it.each<[string, string, string]>([
    ['an address within', '{ prefixes: [{ prefix: 192.0.2.1/24, owner: self }] }', 'must be a prefix such as'],
    ['a stranger as owner', '{ prefixes: [{ prefix: 192.0.2.0/24, owner: fastky }] }', 'did you mean fastly?'],
    ['no owner', '{ prefixes: [{ prefix: 192.0.2.0/24 }] }', 'prefixes.0.owner'],
    ['no prefix at all', '{ prefixes: [] }', 'routing.prefixes'],
    ['too much haste', '{ every: 1m, prefixes: [{ prefix: 192.0.2.0/24, owner: self }] }', 'routing.every'],
  ])('are refused with %s', (_, routing, message) => {
    expect(() => load(mapWith(routing))).toThrow(message);
  });
});
