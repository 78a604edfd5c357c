// Drafting: who is recognised by what, how sure that is, and a text that is always a map whatever was seen.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realClock } from '../../exporters/clock.ts';
import { createResolver } from '../../exporters/resolver.ts';
import { type Draft, type DraftService, draftServices, subjectOf } from '../../map/draft.ts';
import { type Daemon, findDaemons } from '../../map/draft-daemon.ts';
import type { Sighting } from '../../map/draft-look.ts';
import { nameMatches, recogniseDns, recogniseEdge } from '../../map/draft-recognise.ts';
import { draftText } from '../../map/draft-text.ts';
import { parseMap } from '../../map/load.ts';
import { loadCatalogue } from '../../map/vendors.ts';

const CATALOGUE = loadCatalogue();
const NOW = Date.parse('2026-03-05T00:00:00Z');

function sightingOf(host: string, more: Partial<Sighting> = {}): Sighting {
  const url = `https://${host}/`;
  return {
    subject: { text: host, host, url, schemeGuessed: true },
    url,
    zone: { name: host, nameServers: ['ns1.example.net', 'ns2.example.net'] },
    addresses: ['192.0.2.10'],
    addressReason: 'ok',
    cnames: [],
    answer: { status: 200, headers: new Map([['server', 'nginx']]) },
    answerReason: 'ok',
    certificate: null,
    ...more,
  };
}

const zone = (...nameServers: string[]): Partial<Sighting> => ({ zone: { name: 'example.org', nameServers } });

const headers = (given: Record<string, string>): Partial<Sighting> => ({
  answer: { status: 200, headers: new Map(Object.entries(given)) },
});

describe('DNS', () => {
  it.each([
    ['cloudflare', ['ada.ns.cloudflare.com', 'rob.ns.cloudflare.com']],
    ['aws', ['ns-81.awsdns-10.com', 'ns-659.awsdns-18.net', 'ns-1372.awsdns-43.org', 'ns-1984.awsdns-56.co.uk']],
    ['google-cloud', ['ns-cloud-d1.googledomains.com', 'ns-cloud-d2.googledomains.com']],
    ['azure', ['ns1-39.azure-dns.com', 'ns2-39.azure-dns.net']],
    ['hetzner', ['hydrogen.ns.hetzner.com', 'oxygen.ns.hetzner.com', 'helium.ns.hetzner.de']],
    ['digitalocean', ['ns1.digitalocean.com', 'ns2.digitalocean.com', 'ns3.digitalocean.com']],
    ['ovhcloud', ['dns101.ovh.net', 'ns101.ovh.net']],
    ['ns1', ['dns1.p01.nsone.net', 'dns2.p01.nsone.net']],
    ['desec', ['ns1.desec.io', 'ns2.desec.org']],
    ['gandi', ['ns-12-a.gandi.net', 'ns-70-b.gandi.net']],
    ['dnsimple', ['ns1.dnsimple.com', 'ns2.dnsimple-edge.net', 'ns4.dnsimple-edge.org']],
  ])('at %s is certain by its name servers', (vendor, servers) => {
    const found = recogniseDns(sightingOf('example.org', zone(...servers)), CATALOGUE);
    expect(found).toMatchObject({ vendor, component: 'dns', certainty: 'certain', also: [] });
  });

  it('with two vendors is likely that of the most', () => {
    const servers = ['ada.ns.cloudflare.com', 'rob.ns.cloudflare.com', 'ns-81.awsdns-10.com'];
    expect(recogniseDns(sightingOf('example.org', zone(...servers)), CATALOGUE)).toMatchObject({
      vendor: 'cloudflare',
      certainty: 'likely',
      also: ['aws'],
      evidence: ['2 of 3 name servers: ada.ns.cloudflare.com, rob.ns.cloudflare.com'],
    });
  });

  it.each([
    ['evilns.cloudflare.com', '.ns.cloudflare.com', false],
    ['ada.ns.cloudflare.com.example.org', '.ns.cloudflare.com', false],
    ['ADA.NS.CLOUDFLARE.COM', '.ns.cloudflare.com', true],
    ['ns-cloud-a1.googledomains.com', 'ns-cloud-', true],
  ])('%s by %s: %s', (name, pattern, expected) => {
    expect(nameMatches(name, pattern)).toBe(expected);
  });

  it('of nobody known is nobody', () => {
    expect(recogniseDns(sightingOf('example.org'), CATALOGUE)).toBeNull();
    expect(recogniseDns(sightingOf('example.org', { zone: null }), CATALOGUE)).toBeNull();
  });
});

describe('the edge', () => {
  const cloudflare = { server: 'cloudflare', 'cf-ray': '8f0c-FRA' };
  const fastly = { 'x-served-by': 'cache-fra-eddf8230064-FRA', 'x-timer': 'S17', 'x-fastly-request-id': '2ad1' };
  const pages = headers({ server: 'GitHub.com', 'x-github-request-id': 'AE88:3308D5', ...fastly });
  const toFastly = { cnames: ['dualstack.t.sni.global.fastly.net'] };

  const app = { 'x-do-app-origin': 'b926a52d', 'x-do-orig-status': '200' };

  it.each<[string, Partial<Sighting>, string, string]>([
    ['two headers', headers(cloudflare), 'cloudflare', 'certain'],
    ['one header', headers({ 'x-azure-ref': '2026' }), 'azure', 'likely'],
    ['a header and a CNAME', { ...headers({ 'x-azure-ref': '2026' }), cnames: ['a.azurefd.net'] }, 'azure', 'certain'],
    ['a CNAME and no answer', { answer: null, cnames: ['d1.cloudfront.net'] }, 'aws', 'likely'],
    ['a CNAME and an answer without marks', { cnames: ['web.elb.amazonaws.com'] }, 'aws', 'guess'],
    [
      'marks of a vendor over those of the one it runs on',
      headers({ ...cloudflare, ...app }),
      'digitalocean',
      'certain',
    ],
    ['a header of a load balancer', headers({ 'x-iplb-request-id': '7F00' }), 'ovhcloud', 'likely'],
    ['a CNAME to Vercel', { answer: null, cnames: ['4c3d63967a165a11.vercel-dns-017.com'] }, 'vercel', 'likely'],
    ['a CNAME to Netlify', { answer: null, cnames: ['hopeful-1a2b3c.netlify.app'] }, 'netlify', 'likely'],
    ['a CNAME to Bunny', { answer: null, cnames: ['harbour.b-cdn.net'] }, 'bunny', 'likely'],
    ['a CNAME to GitHub Pages', { answer: null, cnames: ['harbour.github.io'] }, 'github-pages', 'likely'],
    ['two of its headers among more of what it runs on', pages, 'github-pages', 'certain'],
    ['the same and its address', { ...pages, addresses: ['185.199.108.153'] }, 'github-pages', 'certain'],
    ['the same and a name that leads to what it runs on', { ...pages, ...toFastly }, 'fastly', 'likely'],
    ['headers of what others run on', headers(fastly), 'fastly', 'certain'],
    ['two vendors in a row', headers({ ...cloudflare, 'cf-cache-status': 'HIT', ...fastly }), 'cloudflare', 'likely'],
  ])('by %s', (_, more, vendor, certainty) => {
    expect(recogniseEdge(sightingOf('example.org', more), CATALOGUE)).toMatchObject({ vendor, certainty });
  });

  it.each<[string, Partial<Sighting>]>([
    ['nothing', {}],
    [
      'an issuer alone, whom many use',
      { certificate: { issuer: "Let's Encrypt", notBefore: 0, notAfter: 1, reason: 'ok' } },
    ],
    ['name servers alone', zone('ada.ns.cloudflare.com')],
    ['a header of the right name and another content', headers({ server: 'nginx', via: '1.1 proxy' })],
  ])('is not invented from %s', (_, more) => {
    expect(recogniseEdge(sightingOf('example.org', more), CATALOGUE)).toBeNull();
  });
});

describe('the tunnel', () => {
  const behind = (host: string): Sighting => sightingOf(host, headers({ server: 'cloudflare', 'cf-ray': '8f-FRA' }));
  const silent: Daemon = { url: 'http://127.0.0.1:20241', connections: 4, routes: [] };
  const telling: Daemon = { ...silent, routes: [{ host: 'blog.example.org', origin: 'http://localhost:8080/' }] };
  const tunnels = (sightings: Sighting[], daemon: Daemon) =>
    draftServices(sightings, [daemon], CATALOGUE).map(({ tunnel }) => tunnel?.certainty ?? null);

  it('is certain when the daemon names the host, and then the origin is too', () => {
    const [blog, shop] = draftServices([behind('blog.example.org'), behind('shop.example.org')], [telling], CATALOGUE);
    expect(blog?.tunnel).toMatchObject({ value: 'http://127.0.0.1:20241', certainty: 'certain' });
    expect(blog?.origin).toMatchObject({ value: 'http://localhost:8080/', certainty: 'certain' });
    expect(shop).toMatchObject({ tunnel: null, origin: null });
  });

  it('is likely for the only service it could carry, and a guess for several', () => {
    expect(tunnels([behind('blog.example.org'), sightingOf('shop.example.org')], silent)).toEqual(['likely', null]);
    expect(tunnels([behind('blog.example.org'), behind('shop.example.org')], silent)).toEqual(['guess', 'guess']);
    expect(tunnels([sightingOf('blog.example.org')], silent)).toEqual([null]);
  });

  it('is found on this machine with what it says it carries', async () => {
    const server = http.createServer((request, response) => {
      const ready = { status: 200, readyConnections: 4, connectorId: 'c' };
      const ingress = [
        { hostname: 'blog.example.org', service: 'http://localhost:8080' },
        { hostname: '*.example.org', service: 'http://localhost:1' },
        { hostname: 'ssh.example.org', service: 'ssh://localhost:22' },
        { service: 'http_status:404' },
      ];
      const answers: Record<string, unknown> = { '/ready': ready, '/config': { version: 1, config: { ingress } } };
      const found = answers[request.url ?? ''];
      response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const resolver = createResolver({ servers: [], clock: realClock, deadlineMs: 400 });
    const options = { servers: [], resolver, clock: realClock, trust: [] };
    const found = await findDaemons([url, 'http://127.0.0.1:1'], options);
    server.close();
    expect(found).toEqual([
      { url, connections: 4, routes: [{ host: 'blog.example.org', origin: 'http://localhost:8080/' }] },
    ]);
  });
});

describe('names', () => {
  it('become names of services', () => {
    const hosts = [
      'example.org',
      'www.example.org',
      'blog.example.org',
      'blog.example.net',
      'uplink.example.org',
      '10.0.0.1',
    ];
    const services = draftServices(
      hosts.map((host) => sightingOf(host)),
      [],
      CATALOGUE,
    );
    expect(services.map(({ name }) => name)).toEqual(['example', 'example-2', 'blog', 'blog-2', 'example-3', '10']);
  });

  it.each([
    ['Example.org', 'https://example.org/', 'example.org', true],
    ['example.org:8443', 'https://example.org:8443/', 'example.org', true],
    ['http://example.org/up?x=1#y', 'http://example.org/up?x=1', 'example.org', false],
  ])('%s is %s', (text, url, host, schemeGuessed) => {
    expect(subjectOf(text, null)).toEqual({ text, url, host, schemeGuessed });
  });

  it('take the port that was given for all', () => {
    expect(subjectOf('example.org', 8443)).toMatchObject({ url: 'https://example.org:8443/' });
    expect(subjectOf('example.org:1', 8443)).toMatchObject({ url: 'https://example.org:1/' });
  });

  it.each([
    ['two words', 'is no name'],
    ['ftp://example.org', 'is no name'],
    ['https://me:secret@example.org/', 'holds credentials'],
    ['https://[::1]/', 'is no host name'],
    ['', 'is no name'],
  ])('%j is not one', (text, what) => {
    expect(subjectOf(text, null)).toMatchObject({ place: text, what });
  });
});

function draftOf(services: DraftService[], more: Partial<Draft> = {}): Draft {
  const nothing = {
    gateway: null,
    resolver: null,
    systemResolvers: [],
    trust: [],
    domains: [],
    containers: null,
    ownVendors: {},
  };
  return { services, ...nothing, ...more };
}

describe('the text', () => {
  it('says what is certain, what is likely, and leaves guesses out', () => {
    const sightings = [
      sightingOf('blog.example.org', {
        ...zone('ada.ns.cloudflare.com', 'rob.ns.cloudflare.com'),
        ...headers({ server: 'cloudflare', 'cf-ray': '8f-FRA' }),
        certificate: { issuer: 'WE1', notBefore: NOW - 30 * 86_400_000, notAfter: NOW + 60 * 86_400_000, reason: 'ok' },
      }),
      sightingOf('shop.example.org', { ...zone('ns1.example.net'), cnames: ['web.elb.amazonaws.com'] }),
    ];
    const text = draftText(draftOf(draftServices(sightings, [], CATALOGUE), { gateway: '192.168.1.1' }), NOW);
    expect(text).toContain('# certain: the default route goes to 192.168.1.1.\ngateway: auto\n');
    expect(text).toContain('    # Certificate from WE1, ends 2026-05-04, 60 of 90 days left.\n');
    expect(text).toContain('    dns: { zone: example.org, vendor: cloudflare }\n');
    expect(text).toContain(
      '    # certain: header server: cloudflare, header cf-ray\n    edge: { vendor: cloudflare }\n',
    );
    expect(text).toContain('    # guess: CNAME web.elb.amazonaws.com\n    # edge: { vendor: aws }\n');
    const { file } = parseMap(text, 'draft', '/');
    expect(file.services.blog?.edge?.vendor).toBe('cloudflare');
    expect(file.services.shop?.edge).toBeUndefined();
  });

  it('names the host of an origin that is asked by another name', () => {
    const [service] = draftServices([sightingOf('blog.example.org')], [], CATALOGUE);
    const origin = { value: 'http://192.168.1.20:8080/', certainty: 'certain', evidence: 'you said so' } as const;
    const text = draftText(draftOf([{ ...(service as DraftService), origin }]), NOW);
    expect(text).toContain('    origin: { url: "http://192.168.1.20:8080/", host: blog.example.org }\n');
    expect(parseMap(text, 'draft', '/').file.services.blog?.origin?.host).toBe('blog.example.org');
  });

  it.each([
    ['a redirect', { status: 301, headers: new Map() }, 'expect: { status: [301] }'],
    ['an error', { status: 503, headers: new Map() }, '# It answered 503 while looking.'],
    ['no answer', null, '# There was no answer while looking (connect_refused).'],
  ])('tells what to expect after %s', (_, answer, expected) => {
    const sighting = sightingOf('blog.example.org', {
      answer,
      answerReason: answer === null ? 'connect_refused' : 'ok',
    });
    expect(draftText(draftOf(draftServices([sighting], [], CATALOGUE)), NOW)).toContain(expected);
  });

  describe('of names that lead into the house from here', () => {
    const certificate = { issuer: 'E7', notBefore: NOW, notAfter: NOW + 1, reason: 'ok' } as const;
    const inside = (more: Partial<Sighting> = {}): string => {
      const seen = { addresses: ['192.168.1.9'], certificate, ...headers({ server: 'cloudflare', 'cf-ray': '1-FRA' }) };
      const sightings = [sightingOf('blog.example.org', { ...seen, ...more }), sightingOf('shop.example.org')];
      return draftText(draftOf(draftServices(sightings, [], CATALOGUE)), NOW);
    };
    const asked = (text: string): string[] => parseMap(text, 'draft', '/').file.splitHorizon;

    it('lets them, where a vendor stands before them and who answers shows a valid certificate', () => {
      const text = inside();
      expect(text).toContain(
        '# certain: blog.example.org is 192.168.1.9 here: addresses of the house, with certificates',
      );
      expect(asked(text)).toEqual(['blog.example.org']);
    });

    it.each<[string, Partial<Sighting>]>([
      ['whose certificate is not valid', { certificate: { ...certificate, reason: 'tls_hostname' } }],
      ['that show none', { certificate: null }],
      ['before which no vendor was seen', headers({ server: 'nginx' })],
    ])('leaves those to be decided on %s', (_, more) => {
      const text = inside(more);
      expect(text).toContain('# guess: blog.example.org is 192.168.1.9 here');
      expect(text).toContain('\n# splitHorizon: [blog.example.org]\n');
      expect(asked(text)).toEqual([]);
    });

    it.each<[string, Partial<Sighting>]>([
      ['lead outside too', { addresses: ['192.168.1.9', '192.0.2.10'] }],
      ['have no address', { addresses: [], addressReason: 'dns_timeout', answer: null }],
    ])('says nothing of those that %s', (_, more) => expect(inside(more)).not.toContain('splitHorizon'));
  });

  it('is a map whatever names and peers say', () => {
    const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,12}[a-z0-9])?$/);
    const host = fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => `${labels.join('.')}.test`);
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a\n  evil: true', '# x', "'", '"', '\u0085x: 1'),
    );
    const sighting = fc
      .record({
        host: host.filter((name) => URL.canParse(`https://${name}/`)),
        header: text,
        issuer: text,
        server: text,
        cname: text,
      })
      .map((one) =>
        sightingOf(one.host, {
          zone: { name: one.host.split('.').slice(-2).join('.'), nameServers: [one.server, 'ada.ns.cloudflare.com'] },
          cnames: [one.cname, `${one.cname}.cloudfront.net`],
          answer: { status: 403, headers: new Map([['server', `cloudflare ${one.header}`]]) },
          certificate: { issuer: one.issuer, notBefore: 0, notAfter: NOW, reason: 'tls_untrusted' },
        }),
      );
    fc.assert(
      fc.property(fc.array(sighting, { minLength: 4, maxLength: 12 }), (sightings) => {
        const services = draftServices(sightings, [], CATALOGUE);
        const map = parseMap(draftText(draftOf(services), NOW), 'draft', '/');
        expect(Object.keys(map.file.services)).toHaveLength(sightings.length);
      }),
      { numRuns: 25 },
    );
  });
});
