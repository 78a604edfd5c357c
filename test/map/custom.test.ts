// Signals of the user's own in the map: what they are bound to, and what is refused.
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';

const mapWith = (signals: string, needs = 'needs: { vendor: acme, component: pay }'): string => `
version: 1
vendors:
  acme:
    title: Acme
    operators: [acme]
    components:
      pay: { title: payments, layer: endpoint, endpoint: { name: pay.acme.test, servers: ['127.0.0.1:53'] } }
services:
  shop:
    url: https://shop.test/
    ${needs}
    signals:
      ${signals}
`;

const load = (text: string) => parseMap(text, 'demarc.yaml', tmpdir());
const READ = "url: 'http://127.0.0.1:8080/parts', pointer: /a, good: { equals: [up] }";

describe('signals of your own', () => {
  it('are targets of their service, and those about a vendor carry its name', () => {
    const text = mapWith(`database: { ${READ} }\n      breaker: { owner: acme, every: 2m, ${READ} }`);
    const { services, targets } = planOf(load(text), NOTHING_KNOWN);
    expect(services[0]).toMatchObject({
      customOwn: ['custom/shop/database'],
      customVendor: ['custom/shop/breaker'],
      dependencies: [{ layer: 'endpoint', vendor: 'acme', component: 'pay' }],
    });
    const [database, breaker] = targets.filter(({ kind }) => kind === 'custom');
    expect(database).toMatchObject({ intervalMs: 15_000, labels: { service: 'shop', vendor: '' } });
    expect(database?.gapMs).toBeUndefined();
    expect(breaker).toMatchObject({ intervalMs: 120_000, gapMs: 60_000, labels: { vendor: 'acme', component: 'pay' } });
  });

  it('may be what a provider shows to everybody, asked once a minute', () => {
    const text = mapWith(
      "login: { owner: acme, issuer: 'https://id.acme.test' }\n      ca: { directory: 'https://ca.test/directory' }",
    );
    const { services, targets } = planOf(load(text), NOTHING_KNOWN);
    expect(services[0]).toMatchObject({ customOwn: ['custom/shop/ca'], customVendor: ['custom/shop/login'] });
    const shown = targets.filter(({ labels }) => labels.role === 'custom');
    expect(shown.map(({ kind, settings, gapMs }) => [kind, settings, gapMs])).toEqual([
      ['identity', { issuer: 'https://id.acme.test' }, 30_000],
      ['acme', { directory: 'https://ca.test/directory' }, 30_000],
    ]);
  });

  it("may be a call with credentials, whose acceptance is the house's and whose answer the vendor's", () => {
    const key = '{ kind: bearer, token: { file: /run/secrets/key } }';
    const text = mapWith(
      `key: { owner: acme, call: { url: 'https://eu.acme.test/me', auth: ${key}, elsewhere: 'https://us.acme.test/me' } }`,
    );
    const { services, targets } = planOf(load(text), NOTHING_KNOWN);
    const target = 'custom/shop/key';
    expect(services[0]).toMatchObject({ customOwn: [], customVendor: [target], credentials: [target] });
    expect(targets.find(({ id }) => id === target)).toMatchObject({
      kind: 'api',
      intervalMs: 60_000,
      settings: { url: 'https://eu.acme.test/me', auth: { token: { file: '/run/secrets/key' } } },
      labels: { vendor: 'acme', component: 'pay' },
    });
  });

  it.each<[string, string, string]>([
    [
      'a stranger as owner',
      mapWith(`database: { owner: other, ${READ} }`),
      'other is not who this service needs, use self or acme',
    ],
    ['an owner, and no needs', mapWith(`database: { owner: acme, ${READ} }`, ''), 'say `self`, or name the vendor'],
    [
      'no word on what is good',
      mapWith('database: { url: http://127.0.0.1/, pointer: /a, good: {} }'),
      'needs either equals',
    ],
    [
      'a credential in the URL',
      mapWith('database: { url: "http://u:p@127.0.0.1/", pointer: /a, good: { atMost: 1 } }'),
      'must not hold credentials',
    ],
    [
      'two sources',
      mapWith(`login: { issuer: 'https://id.test', ${READ} }`),
      'needs either pointer or query, or issuer',
    ],
    [
      'an issuer and what is good',
      mapWith("login: { issuer: 'https://id.test', good: { atMost: 1 } }"),
      'needs url and good',
    ],
    [
      'neither pointer nor query',
      mapWith('database: { url: http://127.0.0.1/, good: { atMost: 1 } }'),
      'needs either pointer or query',
    ],
  ])('are refused with %s', (_, text, message) => {
    expect(() => load(text)).toThrow(message);
  });
});
