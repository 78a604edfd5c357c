// The dependency report against maps whose weak points are known, and against a world in which each of them is broken.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../lab/lab.ts';
import { mapText } from '../../lab/map-text.ts';
import { parseScenario } from '../../lab/scenario.ts';
import type { World } from '../../lab/world.ts';
import { COMPANY } from '../../lab/worlds/company.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { dependencyReport } from '../../map/dependency-report.ts';
import { type DemarcMap, parseMap } from '../../map/load.ts';
import { replaySim } from '../../replay/sim/engine.ts';
import { placesOf } from '../../replay/sim/places.ts';

const reportOf = (services: string, more = '') =>
  dependencyReport(parseMap(`version: 1\n${more}services:\n${services}`, 'demarc.yaml', '/'));

/** The map that watches a lab's world; nothing of it is asked. */
const mapOf = (world: World): DemarcMap =>
  parseMap(mapText(world, placesOf(world), 'none').replace(/^trust:\n {2}- none\n/m, ''), world.name, '/');

const TWO_AT_ONE = `
  blog:
    url: https://blog.example.com/
    dns: { zone: example.com, vendor: cloudflare }
    edge: { vendor: cloudflare }
    origin: { url: http://192.168.1.20:8080/, host: blog.example.com }
  shop:
    url: https://shop.example.org/
    dns: { zone: example.org, vendor: cloudflare }
    edge: { vendor: fastly }
    origin: { url: http://192.168.1.20:8080/, host: shop.example.org }
  docs:
    url: https://docs.example.net/
    origin: { url: https://203.0.113.9/, host: docs.example.net }
`;

describe('single points of failure', () => {
  it('come with the services they take down, the one that takes down most first', () => {
    const { elements } = reportOf(TWO_AT_ONE);
    expect(elements.map(({ id, services }) => [id, services.join()])).toEqual([
      ['router', 'blog,shop'],
      ['line', 'blog,shop'],
      ['component cloudflare/dns', 'blog,shop'],
      ['machine 192.168.1.20', 'blog,shop'],
      ['component cloudflare/edge', 'blog'],
      ['component fastly/edge', 'shop'],
      ['zone example.com', 'blog'],
      ['zone example.org', 'shop'],
      ['machine 203.0.113.9', 'docs'],
    ]);
  });

  it('include a vendor as a whole where its parts together take down more', () => {
    const { elements } = reportOf(`
  blog: { url: https://blog.example.com/, dns: { zone: example.com, vendor: cloudflare } }
  shop: { url: https://shop.example.org/, edge: { vendor: cloudflare } }`);
    expect(elements[0]).toMatchObject({ id: 'vendor cloudflare', services: ['blog', 'shop'] });
    expect(elements[0]?.happens).toContain('DNS, edge');
  });

  it('tell one process that serves several from one machine that does', () => {
    const happens = (services: string) => reportOf(services).elements.find(({ kind }) => kind === 'machine')?.happens;
    expect(happens(TWO_AT_ONE)).toMatch(/^One process on port 8080 serves them all\./);
    expect(happens(TWO_AT_ONE.replace('8080/, host: shop', '8081/, host: shop'))).toMatch(/^Visitors get/);
  });

  it('tell which of their services have a second path past them, and where there is none', () => {
    const path = (vendor: string) => `failover: { url: https://192.168.1.20/, host: blog.example.com${vendor} }`;
    const past = (vendor: string) => {
      const { elements } = reportOf(TWO_AT_ONE.replace('  shop:', `    ${path(vendor)}\n  shop:`));
      return elements
        .filter(({ secondPaths }) => secondPaths.length > 0)
        .map(({ id, secondPaths }) => [id, ...secondPaths]);
    };
    expect(past('')).toEqual([['component cloudflare/edge', 'blog']]);
    expect(past(', vendor: cloudflare')).toEqual([]);
    expect(past(', vendor: fastly')).toEqual([['component cloudflare/edge', 'blog']]);
  });

  it('name nobody where nothing could be proven', () => {
    const off = 'vendors: { cloudflare: { components: { edge: { controls: [] } } } }\n';
    const edge = reportOf(TWO_AT_ONE, off).elements.find(({ id }) => id === 'component cloudflare/edge');
    expect(edge).toMatchObject({ blames: 'unknown' });
    const blind = reportOf(TWO_AT_ONE, 'gateway: none\n').elements.filter(({ kind }) => /router|line/.test(kind));
    expect(blind.map(({ id, blames }) => [id, blames])).toEqual([['line', 'unknown']]);
  });
});

describe('what the report says is what happens', () => {
  const faultFor = (id: string): Fault | null => {
    const [kind = '', what = ''] = id.split(' ');
    const [vendor = '', component = ''] = what.split('/');
    if (kind === 'router') return { kind: 'gateway_down' };
    if (kind === 'line') return { kind: 'uplink_cut' };
    if (kind === 'daemon') return { kind: 'tunnel_daemon_dead' };
    if (kind === 'machine') return { kind: 'origin_host_down' };
    if (kind !== 'component') return null;
    if (component === 'dns') return { kind: 'dns_vendor_down', target: vendor };
    if (component === 'edge') return { kind: 'edge_unreachable', target: vendor };
    if (component === 'tunnel') return { kind: 'tunnel_service_down' };
    return { kind: 'endpoint_empty', target: component };
  };

  it.each([HOMELAB, COMPANY])(
    'in $name',
    async (world) => {
      const { elements, services } = dependencyReport(mapOf(world));
      const broken = elements.flatMap((element) => {
        const fault = faultFor(element.id);
        // A machine carries one service in these worlds, and its fault is told by that service.
        const target = element.kind === 'machine' ? element.services[0] : fault?.target;
        return fault === null ? [] : [{ element, fault: { ...fault, ...(target === undefined ? {} : { target }) } }];
      });
      expect(broken.length).toBeGreaterThan(6);
      const scenarios = broken.map(({ fault }, index) =>
        parseScenario(
          JSON.stringify({
            id: `element-${index}`,
            title: 'one element goes',
            world: world.name,
            timeline: [{ at: '0s', break: fault, as: 'it' }],
            expect: [{ service: 'uplink', from: '89s', to: '90s' }],
          }),
          'element.yml',
        ),
      );
      const results = await replaySim(scenarios, { seed: 1, onEvent: () => undefined });
      for (const [index, { timeline }] of results.entries()) {
        const last = new Map(timeline.map(({ service, verdict }) => [service, verdict]));
        const down = services.filter((name) => last.get(name)?.party !== 'none' && last.has(name));
        const { element } = broken[index] ?? {};
        // Behind a cut line everything is dark from here; the report counts what the world outside loses.
        if (element?.kind === 'line' || element?.kind === 'router')
          expect(down).toEqual(expect.arrayContaining(element.services));
        else expect(down, element?.id).toEqual(element?.services);
        for (const name of element?.services ?? [])
          expect(last.get(name)?.party, `${element?.id} ${name}`).toBe(element?.blames);
      }
    },
    60_000,
  );
});

describe('shared fate', () => {
  const textsOf = (services: string, more = '') => reportOf(services, more).sharedFate.map(({ text }) => text);

  it.each([
    [
      'domains at one DNS provider',
      TWO_AT_ONE,
      '',
      "example.com and example.org: 2 domains, but one DNS provider, Cloudflare's DNS.",
    ],
    ['edges before one machine', TWO_AT_ONE, '', 'blog and shop have different edges, but one machine, 192.168.1.20.'],
    [
      'anchors of one operator',
      TWO_AT_ONE,
      'anchors: [{ address: 192.0.2.1, operator: a }, { address: 192.0.2.2, operator: a }, { address: 192.0.2.3, operator: b }]\n',
      '3 anchors, but 2 operators: those of a (2) count as one each.',
    ],
    [
      'name servers of one provider',
      '  blog: { url: https://blog.example.com/, dns: { zone: example.com, servers: [ada.ns.cloudflare.com, rob.ns.cloudflare.com] } }',
      '',
      "ada.ns.cloudflare.com and rob.ns.cloudflare.com: 2 name servers of example.com, but one provider, Cloudflare's DNS.",
    ],
    [
      'name servers of one network',
      '  blog: { url: https://blog.example.com/, dns: { zone: example.com, servers: [203.0.113.1, 203.0.113.2] } }',
      '',
      '203.0.113.1 and 203.0.113.2: 2 name servers of example.com, but one network, 203.0.113.0/24.',
    ],
    [
      'a single name server',
      '  blog: { url: https://blog.example.com/, dns: { zone: example.com, servers: [203.0.113.1] } }',
      '',
      'example.com has one name server only, 203.0.113.1.',
    ],
    [
      'controls on one host',
      '  blog: { url: https://blog.example.com/, edge: { vendor: fastly } }',
      "vendors: { fastly: { components: { edge: { controls: [{ kind: http, url: 'https://a.example.net/x', source: s, checked: never }, { kind: http, url: 'https://a.example.net/y', source: s, checked: never }] } } } }\n",
      "2 controls of Fastly's edge ask about one host, a.example.net: they are one witness.",
    ],
    [
      'vendors of one operator',
      '  blog: { url: https://blog.example.com/, edge: { vendor: fastly }, dns: { zone: example.com, vendor: aws } }',
      'vendors: { fastly: { operators: [fastly, amazon, aws] } }\n',
      'AWS and Fastly are one operator, aws: neither is a witness for the other.',
    ],
    [
      'receivers on one host',
      TWO_AT_ONE,
      'notify: { receivers: { phone: { kind: ntfy, url: http://nas.lan, topic: phone }, desk: { kind: ntfy, url: http://nas.lan, topic: desk } } }\n',
      'the receivers phone and desk hear of it through one host, nas.lan.',
    ],
  ])('%s', (_, services, more, text) => {
    expect(textsOf(services, more)).toContain(text);
  });

  it('is not seen where there is none', () => {
    const apart = `
  blog: { url: https://blog.example.com/, dns: { zone: example.com, servers: [ada.ns.cloudflare.com, ns-1.awsdns-01.com] } }
  shop: { url: https://shop.example.org/, dns: { zone: example.org, vendor: aws } }`;
    const anchors = 'anchors: [{ address: 192.0.2.1, operator: a }]\npublicResolvers: []\n';
    expect(textsOf(apart, anchors)).toEqual([]);
  });
});

describe('vendor verdicts', () => {
  const verdictsOf = (more = '') =>
    reportOf('  blog: { url: https://blog.example.com/, edge: { vendor: fastly } }', more).vendorVerdicts.map(
      ({ verdicts, count, because }) => [verdicts, count, because],
    );
  const controls = (...hosts: string[]) =>
    `vendors: { fastly: { components: { edge: { controls: [${hosts.map((host) => `{ kind: http, url: 'https://${host}/', source: s, checked: never }`).join(', ')}] } } } }\n`;

  it.each([
    ['two places', controls('a.example.net', 'b.example.net'), ['on', 2, '']],
    ['one place', controls('a.example.net'), ['thin', 1, 'one control only']],
    ['one place, twice', controls('a.example.net', 'a.example.net'), ['thin', 1, 'one control only']],
    ['nobody', controls(), ['off', 0, 'it has no control']],
    ['yourself', controls('blog.example.com'), ['off', 0, 'it has no control']],
    [
      'nobody to compare with',
      `watch: [fastly]\n${controls('a.example.net', 'b.example.net')}`,
      ['off', 2, 'no other vendor is watched that shares nothing with it'],
    ],
  ])('with %s as witness', (_, more, expected) => {
    expect(verdictsOf(more)).toEqual([expected]);
  });
});

describe('targets that cannot work', () => {
  const warned = (service: string, more = '') =>
    parseMap(`version: 1\n${more}services:\n  blog: ${service}`, 'demarc.yaml', '/').warnings.map(
      ({ place, what }) => `${place.split(' ')[1]} ${what}`,
    );

  it.each([
    [
      'an origin that is the edge',
      '{ url: https://blog.example.com/, edge: { vendor: fastly }, origin: { url: https://blog.example.com/up } }',
      '',
      'services.blog.origin goes through the vendor in front: it is the same host as url',
    ],
    [
      'a second port that is the first',
      '{ url: https://blog.example.com/, origin: { url: http://192.168.1.2:22/, host: blog.example.com, hostPort: 22 } }',
      '',
      'services.blog.origin hostPort is the port of url, 22',
    ],
    [
      'an address that must show a certificate',
      '{ url: https://blog.example.com/, origin: { url: https://192.168.1.2/ } }',
      '',
      'services.blog.origin an address alone cannot show the right certificate',
    ],
    [
      'an edge before the house',
      '{ url: http://192.168.1.2/, edge: { vendor: fastly } }',
      '',
      'services.blog.edge cannot stand in front of 192.168.1.2, an address of your house',
    ],
    [
      'an anchor in the house',
      '{ url: https://blog.example.com/ }',
      'anchors: [{ address: 192.168.1.1, operator: a }]\n',
      'anchors.0 192.168.1.1 is in your house',
    ],
    [
      'a public resolver in the house',
      '{ url: https://blog.example.com/ }',
      'publicResolvers: [{ address: 192.168.1.1, operator: a }]\n',
      'publicResolvers.0 192.168.1.1 is in your house',
    ],
    [
      'a public resolver that is the own one',
      '{ url: https://blog.example.com/ }',
      'resolver: { address: 9.9.9.9 }\npublicResolvers: [{ address: 9.9.9.9, operator: quad9 }]\n',
      'publicResolvers.0 9.9.9.9 is your resolver itself',
    ],
    [
      'a test name of the own zone',
      '{ url: https://blog.example.org/, dns: { zone: example.org } }',
      'resolverTest: www.example.org\n',
      "resolverTest www.example.org is in your own zone, whose failure would look like the resolver's",
    ],
    [
      'a control that is yourself',
      '{ url: https://blog.example.com/ }',
      "vendors: { fastly: { components: { edge: { controls: [{ kind: http, url: 'https://blog.example.com/', source: s, checked: never }] } } } }\n",
      'vendors.fastly.components.edge.controls.0 is your own service blog, no witness of fastly',
    ],
  ])('%s', (_, service, more, expected) => {
    expect(warned(service, more)).toContain(expected);
  });

  it('are not seen in a map that is right', () => {
    const right =
      '{ url: https://blog.example.com/, edge: { vendor: fastly }, origin: { url: https://192.168.1.2/, host: blog.example.com, hostPort: 22 } }';
    expect(warned(right)).toEqual([]);
    for (const world of [HOMELAB, COMPANY])
      expect(mapOf(world).warnings.filter(({ what }) => /house|yourself|own/.test(what))).toEqual([]);
  });
});
