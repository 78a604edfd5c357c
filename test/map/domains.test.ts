// From names to registered domains, and whom the plan asks about them, how often, and whom never.
import { describe, expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf, type Surroundings } from '../../map/plan.ts';
import { registrableOf, zoneAbove } from '../../map/registrable.ts';
import { zonesToFind } from '../../map/surroundings.ts';

describe('the registered part of a name', () => {
  it.each([
    ['www.demarc.dev', 'demarc.dev'],
    ['demarc.dev.', 'demarc.dev'],
    ['a.b.Shop.CO.UK', 'shop.co.uk'],
    ['shop.com.au', 'shop.com.au'],
    ['co.uk', null],
    ['dev', null],
    ['blog.example.org', null],
    ['nas.home.arpa', null],
    ['nas.lan', null],
    ['x.test', null],
    ['192.0.2.1', null],
    ['2001:db8::1', null],
  ])('of %s is %s', (host, domain) => {
    expect(registrableOf(host)).toBe(domain);
  });

  it('lies in the zone above it', () => {
    expect(zoneAbove('shop.co.uk')).toBe('co.uk');
  });
});

const MAP = `
version: 1
interval: 5s
timeout: 1s
timeServers:
  - { host: 127.0.0.1, port: 10123, operator: one }
domains:
  shop.test: { rdap: 'http://127.0.0.1:1/', parents: ['127.0.0.1:2', '127.0.0.1:3', '127.0.0.1:4'], nameServers: [ns1.x.test], delegation: true }
  quiet.dev: none
  forgotten.com: { rdap: none }
services:
  shop: { url: https://www.shop.test/, edge: { vendor: cloudflare } }
  also: { url: https://api.shop.test/ }
  blog: { url: https://blog.demarc.dev/ }
  quiet: { url: https://www.quiet.dev/ }
  nas: { url: http://nas.lan/ }
`;

const around: Surroundings = {
  ...NOTHING_KNOWN,
  nameservers: new Map([['dev', ['ns-tld1.invalid', 'ns-tld2.invalid']]]),
};
const plan = planOf(parseMap(MAP, 'map', '/'), around);
const target = (id: string) => plan.targets.find((one) => one.id === id);
const domainOf = (service: string) => plan.services.find(({ name }) => name === service)?.domain;

describe('the plan', () => {
  it('looks at every domain once, those of the services and those written', () => {
    expect(plan.domains.map(({ name }) => name)).toEqual(['shop.test', 'forgotten.com', 'demarc.dev']);
    expect(['shop', 'also', 'blog', 'quiet', 'nas'].map(domainOf)).toEqual([
      'shop.test',
      'shop.test',
      'demarc.dev',
      null,
      null,
    ]);
  });

  it('looks at the name servers of a delegation where it is told to, gently, and asks one parent', () => {
    const watching = plan.targets.filter(({ labels }) => labels.role === 'delegated_servers');
    expect(watching.map(({ id }) => id)).toEqual(['delegated_servers/shop.test']);
    expect(watching[0]).toMatchObject({ kind: 'dns', intervalMs: 300_000, gapMs: 10_000 });
    expect(watching[0]?.settings).toMatchObject({
      server: '127.0.0.1:2',
      name: 'shop.test',
      type: 'NS',
      delegation: true,
    });
  });

  it('asks the registry by the list that comes with demarc, or where the map says, or nobody', () => {
    expect(plan.domains.map(({ registration }) => registration)).toEqual([
      'registration/shop.test',
      null,
      'registration/demarc.dev',
    ]);
    expect(target('registration/shop.test')?.settings.server).toBe('http://127.0.0.1:1/');
    expect(target('registration/demarc.dev')?.settings.server).toMatch(/^https:\/\/.+\/$/);
  });

  it('asks two servers of the zone above, for the name servers the map declares', () => {
    expect(plan.domains[0]?.parents).toEqual(['delegation/shop.test@127.0.0.1:2', 'delegation/shop.test@127.0.0.1:3']);
    expect(target('delegation/shop.test@127.0.0.1:2')?.settings).toEqual({
      server: '127.0.0.1:2',
      name: 'shop.test',
      type: 'NS',
      recursion: false,
      expect: { shapes: ['answer', 'referral'], nameServers: ['ns1.x.test'] },
    });
    expect(target('delegation/demarc.dev@ns-tld1.invalid')?.settings.expect).toEqual({
      shapes: ['answer', 'referral'],
    });
  });

  it('has the zone above found when the map does not say who serves it', () => {
    expect(zonesToFind(parseMap(MAP, 'map', '/'))).toEqual(['com', 'dev']);
  });

  it("asks the registry's servers for their own zone, as witnesses", () => {
    const controls = plan.controls.filter(({ vendor }) => vendor === 'registry-dev');
    expect(controls.map(({ target: id }) => target(id)?.settings)).toEqual([
      { server: 'ns-tld1.invalid', name: 'dev', type: 'SOA', recursion: false },
      { server: 'ns-tld2.invalid', name: 'dev', type: 'SOA', recursion: false },
    ]);
  });

  it('says whose the registration is, before all else a service leans on', () => {
    const shop = plan.services.find(({ name }) => name === 'shop');
    expect(shop?.dependencies.map(({ layer, vendor, component }) => `${layer} ${vendor}/${component}`)).toEqual([
      'registry registry-test/zone',
      'registration registrar/shop.test',
      'edge cloudflare/edge',
    ]);
    expect(plan.vendors.get('registry-test')?.title).toBe('the .test registry');
    expect(plan.vendors.get('registrar')?.components['shop.test']?.title).toBe('hold on shop.test');
  });

  it('reads the status page of vendors that services lean on, and of no other', () => {
    expect(plan.feeds).toEqual([{ target: 'status/cloudflare', vendor: 'cloudflare' }]);
    const { settings } = plan.targets.find(({ id }) => id === 'status/cloudflare') ?? {};
    expect(settings?.known).toMatchObject({ edge: ['CDN/Cache'], dns: ['Authoritative DNS'] });
  });

  it('asks all of these at a pace of their own, not at that of the map', () => {
    const paced = plan.targets.filter(({ gapMs }) => gapMs !== undefined);
    expect(new Set(paced.map(({ labels }) => labels.role))).toEqual(
      new Set([
        'registration',
        'delegation',
        'delegated_servers',
        'signatures',
        'control',
        'time',
        'portal',
        'burst',
        'path_mtu',
        'egress',
        'interception',
        'status',
      ]),
    );
    for (const { intervalMs, gapMs = 0 } of paced) {
      expect(intervalMs).toBeGreaterThanOrEqual(60_000);
      expect(gapMs).toBeGreaterThanOrEqual(10_000);
    }
    const registries = paced.filter(({ kind }) => kind === 'registration');
    expect(registries.every(({ intervalMs }) => intervalMs === 6 * 3_600_000)).toBe(true);
  });
});

describe('time servers', () => {
  const servers = (text: string) => parseMap(`version: 1\n${text}`, 'map', '/').timeServers.length;

  it('are those of the catalogue, unless the map says whom to ask outside', () => {
    expect(servers('')).toBeGreaterThanOrEqual(3);
    expect(servers('anchors: [{ address: 127.0.0.1, operator: me }]\n')).toBe(0);
    expect(servers('timeServers: [{ host: 127.0.0.1, operator: me }]\n')).toBe(1);
  });
});
