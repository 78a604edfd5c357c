// What goes out through a forward proxy, and what does not: said once for the map, and otherwise for one service.
import { describe, expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import type { Plan } from '../../map/plan-types.ts';
import { UserError } from '../../map/user-error.ts';

const SITE = 'http://proxy.lan:3128';
const OWN = 'http://other.lan:8080';

function plan(proxy: string, request = '', origin = 'http://10.0.0.5:8080/'): Plan {
  const text = `
version: 1
anchors: []
watch: [acme]
proxy: ${proxy}
domains: { example.org: none }
vendors:
  acme:
    title: Acme
    operators: [acme]
    components:
      edge:
        title: edge
        layer: edge
        controls: [{ kind: http, url: 'https://control.example.net/', source: us, checked: never }]
services:
  shop:
    url: https://shop.example.org:8443/
    ${request}
    origin: { url: '${origin}' }
    signals: { calls: { call: { url: 'https://api.example.com/' } } }
`;
  return planOf(parseMap(text, 'demarc.yaml', '.'), NOTHING_KNOWN);
}

/** By target: the URL of the proxy it is asked through. */
function waysOf({ targets }: Plan): Record<string, unknown> {
  const proxyOf = (settings: { proxy?: { url?: string } }): string | undefined => settings.proxy?.url;
  return Object.fromEntries(targets.map(({ id, settings }) => [id, proxyOf(settings)]));
}

const asked = (proxy: string, request?: string): unknown => waysOf(plan(proxy, request))['service/shop'];

/** Of a service that is asked with a token of this endpoint. */
function wayToToken(tokenUrl: string, more = ''): unknown {
  const auth = `{ kind: oauth2, tokenUrl: '${tokenUrl}', clientId: me, clientSecret: { env: T }${more} }`;
  const { targets } = plan(`{ url: '${SITE}' }`, `request: { proxy: none, auth: ${auth} }`);
  const { settings } = targets.find(({ id }) => id === 'service/shop') ?? {};
  return settings?.auth;
}

describe('the proxy of a map', () => {
  it('is asked for a token by where its endpoint is, and not by where it is taken', () => {
    expect(wayToToken('https://login.example.net/')).toMatchObject({ proxy: { url: SITE } });
    expect(wayToToken('https://login.lan/')).not.toHaveProperty('proxy');
    expect(wayToToken('https://login.lan/', `, proxy: { url: '${OWN}' }`)).toMatchObject({ proxy: { url: OWN } });
  });

  it('is asked for all that leaves the house by HTTP, and takes nobody along but its credentials', () => {
    const made = plan(
      `{ url: '${SITE}', owner: other, except: [nas.example], auth: { kind: bearer, token: { env: T } } }`,
    );
    expect(waysOf(made)).toEqual({
      'service/shop': SITE,
      'control/acme/edge/control.example.net:443/': SITE,
      'custom/shop/calls': SITE,
      'origin/shop': undefined,
      'host/shop/10.0.0.5:8080': undefined,
      'edge_certificate/shop': undefined,
    });
    const { settings } = made.targets.find(({ id }) => id === 'service/shop') ?? {};
    expect(settings?.proxy).toEqual({ url: SITE, auth: { kind: 'bearer', token: { env: 'T' } } });
  });

  it('is asked for documents of strangers too, and not for those of the house', () => {
    const text = `
version: 1
anchors: []
watch: []
proxy: { url: '${SITE}' }
domains: { example.org: { rdap: 'https://rdap.example.net/', parents: ['192.0.2.1'] } }
routing: { prefixes: [{ prefix: 193.0.0.0/21, owner: self }] }
vendors:
  acme:
    title: Acme
    operators: [acme]
    components: { edge: { title: edge, layer: edge, controls: [] } }
    status: { kind: statuspage, url: 'https://status.example.net/', page: 'https://status.example.net/', source: us, checked: never }
services:
  shop:
    url: https://shop.example.org/
    edge: { vendor: acme }
    outside: { robot: { service: uptimerobot, monitor: 1, key: { env: K } } }
    signals:
      login: { issuer: 'https://id.example.net/' }
      issuing: { directory: 'https://acme.example.net/directory' }
      queue: { url: 'https://queue.example.net/', pointer: /a, good: { equals: [x] } }
      breaker: { url: 'http://prometheus.lan:9090/', query: up, good: { equals: [1] } }
`;
    const ways = waysOf(planOf(parseMap(text, 'demarc.yaml', '.'), NOTHING_KNOWN));
    expect(ways).toMatchObject({
      'registration/example.org': SITE,
      'route/193.0.0.0/21': SITE,
      'status/acme': SITE,
      'outside/shop/robot': SITE,
      'custom/shop/login': SITE,
      'custom/shop/issuing': SITE,
      'custom/shop/queue': SITE,
      'custom/shop/breaker': undefined,
    });
  });

  it('is bound to the services behind it, with whose it is, and with all that is asked by it', () => {
    const shop = (made: Plan) => made.services.find(({ name }) => name === 'shop')?.proxy;
    const made = plan(`{ url: '${SITE}', owner: other }`);
    expect(shop(made)).toEqual({ url: SITE, own: false, near: true });
    expect(
      made.proxied
        .get(SITE)
        ?.map(({ host }) => host)
        .sort(),
    ).toEqual(['control.example.net', 'shop.example.org']);
    const outside = plan(`{ url: '${SITE}' }`, '', 'https://203.0.113.7/');
    expect(outside.proxied.get(SITE)?.find(({ target }) => target === 'origin/shop')?.host).toBe('shop.example.org');
    expect(shop(plan("{ url: 'http://proxy.example.com:80' }"))).toMatchObject({ own: true, near: false });
    expect(shop(plan(`{ url: '${SITE}' }`, 'request: { proxy: none }'))).toBeNull();
  });

  it.each<[string, string | undefined]>([
    ['shop.example.org', undefined],
    ['example.org', undefined],
    ['.example.org', undefined],
    ["'*.example.org'", undefined],
    ['shop.example.org:8443', undefined],
    ['shop.example.org:443', SITE],
    ['hop.example.org', SITE],
    ['10.0.0.0/8', SITE],
  ])('leaves out %s, as NO_PROXY would', (except, way) => {
    expect(asked(`{ url: '${SITE}', except: [${except}] }`)).toBe(way);
  });

  it.each<[string, string, string | undefined]>([
    ['192.0.2.0/24', 'https://192.0.2.7/', undefined],
    ['192.0.2.0/24', 'https://192.0.3.7/', SITE],
    ['192.0.2.7', 'https://192.0.2.7/', undefined],
    ["'2001:db8::/32'", 'https://[2001:db8::1]/', undefined],
    ["'2001:db8::1'", 'https://[2001:db8::1]/', undefined],
    ["'[2001:db8::1]:443'", 'https://[2001:db8::1]/', undefined],
    ["'[2001:db8::1]:80'", 'https://[2001:db8::1]/', SITE],
  ])('with %s asks for %s', (except, url, way) => {
    const text = `version: 1\nproxy: { url: '${SITE}', except: [${except}] }\nservices: { shop: { url: '${url}' } }\n`;
    expect(waysOf(planOf(parseMap(text, 'demarc.yaml', '.'), NOTHING_KNOWN))['service/shop']).toBe(way);
  });

  it('gives way to what one service says', () => {
    expect(asked(`{ url: '${SITE}' }`, `request: { proxy: { url: '${OWN}', owner: other } }`)).toBe(OWN);
    expect(asked(`{ url: '${SITE}' }`, 'request: { proxy: none }')).toBeUndefined();
  });

  it.each([
    ["{ url: '/somewhere' }", 'proxy.url'],
    [`{ url: '${SITE}', except: ['a b'] }`, 'proxy.except.0'],
    [`{ url: '${SITE}', except: ['host:70000'] }`, 'proxy.except.0'],
    [`{ url: '${SITE}', owner: me }`, 'proxy.owner'],
  ])('is refused as %s, with the place', (proxy, place) => {
    const read = (): unknown => plan(proxy);
    expect(read).toThrow(UserError);
    expect(read).toThrow(place);
  });
});
