import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { defaultMap, loadMap, parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { UserError } from '../../map/user-error.ts';
import { loadCatalogue } from '../../map/vendors.ts';

function problemsOf(text: string): string[] {
  try {
    parseMap(text, 'demarc.yaml', tmpdir());
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n');
    throw error;
  }
  return [];
}

const withService = (service: string): string =>
  `version: 1\nservices:\n  blog:\n    ${service.replaceAll('\n', '\n    ')}\n`;

describe('a map with a mistake', () => {
  it.each([
    ['nothing in it', '', ['demarc.yaml: is empty, start with `version: 1`; demarc.example.yaml shows the rest']],
    [
      'only a comment',
      '# nothing\n',
      ['demarc.yaml: is empty, start with `version: 1`; demarc.example.yaml shows the rest'],
    ],
    ['no version', 'site: home\n', ['demarc.yaml:1:1 version: is not valid, must be 1']],
    [
      'a mistyped key',
      'version: 1\nintervall: 15s\n',
      ['demarc.yaml:2:12 intervall: unknown key intervall, did you mean interval?'],
    ],
    [
      'a day that is none',
      'version: 1\ndomains:\n  example.org: { expiresOn: 2027-02-30 }\n',
      ['demarc.yaml:3:29 domains.example.org.expiresOn: is not valid, must be a day such as 2027-03-01'],
    ],
    [
      'a key of another place',
      'version: 1\ndomains:\n  example.org: { interval: 15s }\n',
      [
        'demarc.yaml:3:28 domains.example.org.interval: unknown key interval, it belongs elsewhere; known here are rdap, expiresOn, parents, nameServers, delegation',
      ],
    ],
    [
      'a number for a duration',
      'version: 1\ninterval: 15\n',
      ['demarc.yaml:2:11 interval: has the wrong type, must be a duration such as 15s, 1m or 500ms'],
    ],
    [
      'a duration out of range',
      'version: 1\ninterval: 1ms\n',
      ['demarc.yaml:2:11 interval: is not valid, must be between 1s and 5m'],
    ],
    [
      'a timeout as long as the interval',
      'version: 1\ninterval: 2s\ntimeout: 2s\n',
      ['demarc.yaml:3:10 timeout: is not shorter than interval, a probe must end before the next one starts'],
    ],
    [
      'a key twice',
      'version: 1\nsite: a\nsite: b\n',
      ['demarc.yaml:3:1: Map keys must be unique, fix the YAML syntax there'],
    ],
    [
      'an alias',
      'version: 1\nsite: &a home\n',
      ['demarc.yaml:2:10: anchors and aliases are not allowed, write the value out'],
    ],
    [
      'an unknown vendor',
      withService('url: https://blog.example.com/\nedge: { vendor: cloudflair }'),
      ['demarc.yaml:5:21 services.blog.edge.vendor: unknown vendor cloudflair, did you mean cloudflare?'],
    ],
    [
      'a vendor that runs on what nobody knows',
      'version: 1\nvendors:\n  aws: { components: { dns: { runsOn: { vendor: azure, component: floor, source: me, checked: never } } } }\n',
      [
        expect.stringMatching(
          /^demarc.yaml:3:\d+ vendors.aws.components.dns.runsOn.component: azure has no component floor, use /,
        ),
      ],
    ],
    [
      'a component that does not exist',
      withService('url: https://blog.example.com/\nedge: { vendor: cloudflare, component: egde }'),
      ['demarc.yaml:5:44 services.blog.edge.component: cloudflare has no component egde, use edge'],
    ],
    [
      'a component of another layer',
      withService('url: https://blog.example.com/\nedge: { vendor: cloudflare, component: dns }'),
      ['demarc.yaml:5:44 services.blog.edge.component: dns is not a component for edge, use edge'],
    ],
    [
      'a zone the host is not in',
      withService('url: https://blog.example.com/\ndns: { zone: example.org }'),
      [
        'demarc.yaml:5:18 services.blog.dns.zone: blog.example.com is not in the zone example.org, name the zone the host of url lives in',
      ],
    ],
    [
      'credentials in a URL',
      withService('url: https://me:secret@blog.example.com/'),
      ['demarc.yaml:4:10 services.blog.url: is not valid, must not hold credentials'],
    ],
    [
      'a scheme nobody probes',
      withService('url: file:///etc/passwd'),
      ['demarc.yaml:4:10 services.blog.url: is not valid, must be an http:// or https:// URL'],
    ],
    [
      'a reserved name',
      'version: 1\nservices:\n  uplink: { url: https://a.example/ }\n',
      ['demarc.yaml:3:11 services.uplink: the name uplink is taken, choose another'],
    ],
    [
      'a trusted file that is not there',
      'version: 1\ntrust: [nowhere.pem]\n',
      ['demarc.yaml:2:9 trust.0: cannot be read (ENOENT), give the path of a PEM file, relative to the map'],
    ],
    ['a NUL byte', 'version: 1\0', ['demarc.yaml: holds a NUL byte, save it as UTF-8 text']],
    [
      'brackets without end',
      'version: 1\nsite: '.concat('['.repeat(10_000)),
      expect.arrayContaining([expect.stringMatching(/^demarc\.yaml/)]),
    ],
  ])('%s', (_, text, expected) => {
    expect(problemsOf(text)).toEqual(expected);
  });

  it('tells every problem at once', () => {
    const problems = problemsOf('version: 2\ninterval: soon\nservices:\n  Blog:\n    url: nowhere\n');
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(problems.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['demarc.yaml:1:10', 'demarc.yaml:2:11']),
    );
  });

  it('does not show the secret of a URL it refuses', () => {
    expect(problemsOf(withService('url: https://me:hunter2@blog.example.com/')).join()).not.toContain('hunter2');
  });

  it('names the file that cannot be read', () => {
    expect(() => loadMap('/nowhere/demarc.yaml')).toThrow(
      '/nowhere/demarc.yaml: does not exist, give the path of a readable file',
    );
  });

  it('never fails other than by telling, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => void problemsOf(text)));
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => void problemsOf(text)));
  });
});

describe('a good map', () => {
  it('is the example', () => {
    const map = loadMap(projectFile('demarc.example.yaml'));
    expect(Object.keys(map.file.services)).toEqual(['blog', 'shop', 'orders']);
    expect(map.file.interval).toBe(15_000);
  });

  it('may come with a byte order mark and Windows line ends', () => {
    expect(parseMap('\uFEFFversion: 1\r\nsite: office\r\n', 'demarc.yaml', tmpdir()).file.site).toBe('office');
  });

  it('keeps what it does not override of a vendor', () => {
    const text = 'version: 1\nvendors:\n  cloudflare:\n    components:\n      edge: { controls: [] }\n';
    const vendor = parseMap(text, 'demarc.yaml', tmpdir()).vendors.get('cloudflare');
    expect(vendor?.components.edge?.controls).toEqual([]);
    expect(vendor?.components.edge?.edgePath).toBe('/cdn-cgi/trace');
    expect(vendor?.errors.length).toBeGreaterThan(5);
  });

  it('overrides one key of a component and leaves the rest to the catalogue', () => {
    const text = 'version: 1\nvendors:\n  cloudflare:\n    components:\n      edge: { title: proxy }\n';
    const vendor = parseMap(text, 'demarc.yaml', tmpdir()).vendors.get('cloudflare');
    expect(vendor?.components.edge).toMatchObject({ title: 'proxy', layer: 'edge', edgePath: '/cdn-cgi/trace' });
    expect(vendor?.components.edge?.controls.length).toBeGreaterThanOrEqual(2);
    expect(vendor?.fingerprint.headers.length).toBeGreaterThan(0);
    expect(vendor?.components.tunnel?.ports).toHaveLength(2);
  });

  it('warns when no other vendor is watched, since then none can be named', () => {
    const { warnings } = parseMap('version: 1\nwatch: [cloudflare]\n', 'demarc.yaml', tmpdir());
    expect(warnings.map(({ what }) => what)).toEqual(['fewer than two vendors are watched']);
  });

  it('warns of a vendor that could never be named', () => {
    const text = `${withService('url: https://blog.example.com/\nedge: { vendor: cloudflare }')}vendors:\n  cloudflare:\n    components:\n      edge: { controls: [] }\n`;
    const { warnings } = parseMap(text, 'demarc.yaml', tmpdir());
    expect(warnings.map(({ what }) => what)).toEqual(['cloudflare/edge has no control']);
  });

  it('trusts a PEM file named relative to itself', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-map-'));
    writeFileSync(path.join(folder, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n');
    writeFileSync(path.join(folder, 'demarc.yaml'), 'version: 1\ntrust: [ca.pem]\n');
    expect(loadMap(path.join(folder, 'demarc.yaml')).trust).toEqual([
      readFileSync(path.join(folder, 'ca.pem'), 'utf8'),
    ]);
  });
});

describe('the plan', () => {
  const plan = planOf(loadMap(projectFile('demarc.example.yaml')), {
    ...NOTHING_KNOWN,
    gateway: '192.168.1.1',
    resolvers: ['192.168.1.2:53'],
    nameservers: new Map([['example.com', ['ns1.example.net', 'ns2.example.net']]]),
  });

  it('asks nobody twice', () => {
    const ids = plan.targets.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[a-z0-9_.:/@-]+$/.test(id))).toBe(true);
  });

  it('binds every link of a service', () => {
    const blog = plan.services.find(({ name }) => name === 'blog');
    expect(blog).toMatchObject({
      user: 'service/blog',
      nameservers: ['nameserver/blog@ns1.example.net', 'nameserver/blog@ns2.example.net'],
      edge: 'edge/blog',
      tunnel: 'tunnel/blog',
      host: 'host/blog/192.168.1.20:22',
      origin: 'origin/blog',
      originCertificate: null,
      edgeCertificateOwn: false,
    });
    expect(blog?.dependencies.map(({ layer, vendor }) => `${layer}:${vendor}`)).toEqual([
      'dns:cloudflare',
      'edge:cloudflare',
      'tunnel:cloudflare',
    ]);
  });

  it('asks the edge on its own path, at an address that survives a dead resolver', () => {
    const edge = plan.targets.find(({ id }) => id === 'edge/blog');
    expect(edge?.settings).toMatchObject({ url: 'https://blog.example.com/cdn-cgi/trace', resolve: 'last_good' });
  });

  it('without any services still watches the uplink and the vendors that much of the web leans on', () => {
    const bare = planOf(defaultMap(), NOTHING_KNOWN);
    expect(bare.services.map(({ name }) => name)).toEqual(['uplink']);
    const known = [...loadCatalogue()].filter(([, { watch }]) => watch === undefined).map(([id]) => id);
    expect(known).toContain('cloudflare');
    expect(known).not.toContain('hetzner');
    expect(new Set(bare.controls.map(({ vendor }) => vendor))).toEqual(new Set(known));
    expect(new Set(bare.anchors.map(({ operator }) => operator)).size).toBeGreaterThanOrEqual(5);
  });

  it.each([
    ['under `watch`', 'watch: [hetzner, aws]\n'],
    ['under `vendors`', 'vendors: { hetzner: { title: Hetzner Online } }\n'],
  ])('watches any other of the catalogue that the map names %s', (_, text) => {
    const { controls } = planOf(parseMap(`version: 1\n${text}`, 'demarc.yaml', tmpdir()), NOTHING_KNOWN);
    expect(controls.map(({ vendor }) => vendor)).toContain('hetzner');
  });
});
