// `demarc init` against the lab's world: every vendor there is recognised by its marks, and nobody is invented.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Finding } from '../../cli/init-findings.ts';
import { askOrigins } from '../../cli/init-questions.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { WORLDS } from '../../lab/worlds.ts';
import { draftServices } from '../../map/draft.ts';
import { type DemarcMap, loadMap, parseMap } from '../../map/load.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { httpServer } from '../exporters/local-server.ts';
import { type Run, runDemarc } from './run-demarc.ts';

/** What the labs' name servers are called; the catalogue knows the real ones. A fingerprint replaces the whole of it. */
const LAB_VENDORS = `version: 1
vendors:
${['akamai', 'aws', 'azure', 'cloudflare', 'google-cloud']
  .map((id) => {
    const { fingerprint } = loadCatalogue().get(id) ?? {};
    return `  ${id}: { fingerprint: ${JSON.stringify({ ...fingerprint, nameServers: [`.${id}-servers.test`] })} }\n`;
  })
  .join('')}`;

let lab: Lab;
let world: DemarcMap;
let folder: string;

beforeAll(async () => {
  lab = await startLab();
  world = parseMap(lab.map, 'lab map', '/');
});

afterAll(async () => lab.stop());

function urlOf(service: string): string {
  return world.file.services[service]?.url ?? '';
}

/** `demarc init` in a fresh folder, asking the lab and nobody else. */
function initInLab(...argv: string[]): Promise<Run> {
  folder = mkdtempSync(path.join(tmpdir(), 'demarc-init-'));
  writeFileSync(path.join(folder, 'vendors.yaml'), LAB_VENDORS);
  const { resolver } = world.file;
  const address = resolver === 'auto' ? '' : resolver.address;
  const daemon = world.file.services.blog?.tunnel?.metrics ?? '';
  const asked = ['--resolver', address, '--trust', world.file.trust[0] ?? '', '--daemon', daemon];
  return runDemarc(['init', '--yes', ...asked, ...argv], folder);
}

const drafted = (): DemarcMap => loadMap(path.join(folder, 'demarc.yaml'));

describe('demarc init', () => {
  it('recognises every vendor of the world, and invents none', async () => {
    const { code, stderr, stdout } = await initInLab(
      '--vendors',
      'vendors.yaml',
      urlOf('blog'),
      urlOf('shop'),
      urlOf('orders'),
    );
    expect(code).toBe(0);
    expect(stdout).toBe('wrote demarc.yaml; read its comments, then: demarc check demarc.yaml\n');
    const { blog, shop, orders } = drafted().file.services;
    expect(blog).toMatchObject({
      dns: { zone: 'home.test', vendor: 'cloudflare' },
      edge: { vendor: 'cloudflare' },
      tunnel: { metrics: world.file.services.blog?.tunnel?.metrics },
    });
    expect(shop).toMatchObject({ dns: { zone: 'market.test', vendor: 'aws' }, edge: { vendor: 'fastly' } });
    expect(orders).toMatchObject({ dns: { zone: 'market.test', vendor: 'aws' }, url: urlOf('orders') });
    expect([orders?.edge, orders?.tunnel, orders?.needs, orders?.origin]).toEqual(Array(4).fill(undefined));
    expect(stderr).toMatch(/certain {2}edge {6}fastly: header x-served-by: cache-, header x-timer/);
    expect(stderr).toMatch(/likely {3}tunnel {4}a daemon answers at/);
    expect((await runDemarc(['check'], folder)).code).toBe(0);
  });

  it('says so where the catalogue knows nobody', async () => {
    const { code, stderr } = await initInLab(urlOf('orders'));
    expect(code).toBe(0);
    expect(stderr).toMatch(/- {8}DNS {7}nobody of the catalogue\n {2}- {8}edge {6}none seen/);
    const text = readFileSync(path.join(folder, 'demarc.yaml'), 'utf8');
    expect(text).toContain(
      '# The zone is served by ns1.aws-servers.test, ns2.aws-servers.test: nobody of the catalogue.',
    );
    expect(text).toMatch(/# origin: \{ url: "https:\/\/127\.\d+\.\d+\.\d+:\d+\/health", host: orders\.market\.test/);
    expect(drafted().file.services.orders?.dns).toMatchObject({ zone: 'market.test' });
  });

  it('takes plain names with a port for all', async () => {
    const { port } = new URL(urlOf('shop'));
    const { code } = await initInLab('--port', port, 'shop.market.test');
    expect(code).toBe(0);
    expect(drafted().file.services.shop?.url).toBe(urlOf('shop'));
  });

  it('prints instead of writing when asked to', async () => {
    const { stdout } = await initInLab('-o', '-', urlOf('shop'));
    expect(parseMap(stdout, 'printed', folder).file.services.shop?.edge?.vendor).toBe('fastly');
  });

  it('never overwrites', async () => {
    await initInLab(urlOf('shop'));
    const before = readFileSync(path.join(folder, 'demarc.yaml'), 'utf8');
    const again = await runDemarc(['init', '--yes', 'blog.home.test'], folder);
    expect([again.code, again.stderr]).toEqual([
      2,
      'demarc.yaml: exists already, and a draft never overwrites, choose another with --output, or - to print it\n',
    ]);
    expect(readFileSync(path.join(folder, 'demarc.yaml'), 'utf8')).toBe(before);
  });

  it.each([
    ['a name that does not exist', ['nobody.home.test'], /^nobody\.home\.test: does not exist, is it spelt right\?$/m],
    ['no name', ['two words'], /^two words: is no name, write example\.com, or its URL$/m],
    ['a port that is none', ['--port', '0', 'shop.market.test'], /^--port: 0 is no port/m],
    ['a resolver that is no address', ['--resolver', 'dns.test', 'shop.market.test'], /^--resolver: dns\.test is no/m],
    ['no certificate', ['--trust', 'vendors.yaml', 'shop.market.test'], /^--trust vendors\.yaml: holds no PEM/m],
    ['no URL of a daemon', ['--daemon', 'here', 'shop.market.test'], /^--daemon: here is no URL/m],
    ['no URL of a registry', ['--rdap', 'here', 'shop.market.test'], /^--rdap: here is no URL/m],
    [
      'a socket that is none',
      ['--docker-socket', '/no/where.sock', 'shop.market.test'],
      /^--docker-socket \/no\/where\.sock: no Docker/m,
    ],
    [
      'two things on stdout',
      ['--json', '-o', '-', 'shop.market.test'],
      /^--json: takes stdout, and so does --output -/m,
    ],
    ['no map', ['--vendors', 'nowhere.yaml', 'shop.market.test'], /^nowhere\.yaml: does not exist/m],
    [
      'a folder that is not there',
      ['-o', 'no/where.yaml', 'orders.market.test:1'],
      /^no\/where\.yaml: cannot be written/m,
    ],
  ])('ends with 2 for %s', async (_, argv, said) => {
    const { code, stderr } = await initInLab(...argv);
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });

  it('has help with examples', async () => {
    expect((await runDemarc(['init', '--help'])).stdout).toMatch(/Examples:\n[\s\S]* {2}demarc init example\.com/);
  });
});

describe('at home', () => {
  it('asks the registry and Docker, and puts what they say into the comments', async () => {
    const registry = await httpServer((_, response) => {
      const registrar = { roles: ['registrar'], vcardArray: ['vcard', [['fn', {}, 'text', 'Some Registrar']]] };
      const events = [{ eventAction: 'expiration', eventDate: '2031-02-03T00:00:00Z' }];
      response.end(
        JSON.stringify({ objectClassName: 'domain', ldhName: 'market.test', entities: [registrar], events }),
      );
    });
    const socket = path.join(mkdtempSync(path.join(tmpdir(), 'demarc-docker-')), 'docker.sock');
    const docker = http.createServer((_, response) => {
      const labels = { 'traefik.http.routers.shop.rule': 'Host(`shop.market.test`)' };
      response.end(
        JSON.stringify([
          { Names: ['/store'], Image: 'store:2', Labels: labels, Ports: [{ PublicPort: 8081, Type: 'tcp' }] },
        ]),
      );
    });
    await new Promise<void>((resolve) => docker.listen(socket, resolve));
    const { code, stderr } = await initInLab(
      '--rdap',
      `http://127.0.0.1:${registry.port}`,
      '--docker-socket',
      socket,
      urlOf('shop'),
    );
    docker.close();
    expect(code).toBe(0);
    expect(stderr).toContain('  certain  container store (store:2), port 8081\n');
    expect(stderr).toMatch(/certain {2}domain {4}market\.test is registered at Some Registrar until\n +2031-02-03,/);
    expect(stderr).toMatch(/certain {2}CA {8}.+, \d+ of \d+ days left/);
    expect(stderr).toMatch(/(certain|-) +gateway /);
    expect(stderr.split('\n').filter((line) => line.length > 80 && !line.includes('http'))).toEqual([]);
    const text = readFileSync(path.join(folder, 'demarc.yaml'), 'utf8');
    expect(text).toContain(
      '# certain: market.test is registered at Some Registrar until 2031-02-03, says its registry\n',
    );
    expect(text).toContain('#   store (store:2): port 8081\n');
    expect(drafted().file.services.shop?.origin).toMatchObject({
      url: 'http://127.0.0.1:8081/',
      host: 'shop.market.test',
    });
  });
});

describe('in every world', () => {
  it.each([...WORLDS.values()])(
    '$name: every vendor is recognised by its marks, and nobody is invented',
    async (world) => {
      const other = await startLab({ world: world.name });
      onTestFinished(() => other.stop());
      const { file } = parseMap(other.map, world.name, '/');
      const resolver = file.resolver === 'auto' ? '' : file.resolver.address;
      const daemons = Object.values(file.services).flatMap(({ tunnel }) =>
        tunnel === undefined ? [] : [tunnel.metrics],
      );
      const flags = [
        '--resolver',
        resolver,
        '--trust',
        file.trust[0] ?? '',
        '--daemon',
        daemons[0] ?? 'http://127.0.0.1:1',
      ];
      folder = mkdtempSync(path.join(tmpdir(), 'demarc-init-'));
      writeFileSync(path.join(folder, 'vendors.yaml'), LAB_VENDORS);
      const urls = Object.values(file.services).map(({ url }) => url);
      const { code, stdout, stderr } = await runDemarc(
        ['init', '--json', ...flags, '--vendors', 'vendors.yaml', ...urls],
        folder,
      );
      expect(code, stderr).toBe(0);
      const { services } = JSON.parse(stdout);
      const told = services.map(({ url, findings }: { url: string; findings: Finding[] }) => {
        const of = (what: string) => findings.find((finding) => finding.what === what);
        return [url, of('DNS')?.vendor, of('edge')?.vendor, of('tunnel') !== undefined];
      });
      // Marks are known of those who have a file of their own.
      const vendorOf = (named: string | null | undefined) =>
        loadCatalogue().has(named ?? '') && world.statusPages.some(({ vendor }) => vendor === named) ? named : null;
      const wanted = world.services.map(({ name, zone, edge, tunneled }) => [
        file.services[name]?.url,
        vendorOf(world.zones.find((known) => known.zone === zone)?.set),
        vendorOf(edge),
        tunneled,
      ]);
      expect(told).toEqual(wanted);
      // Every finding says how sure it is, and a vendor that is named is never a guess here.
      const all: Finding[] = services.flatMap(({ findings }: { findings: Finding[] }) => findings);
      for (const { vendor, certainty } of all) if (vendor !== null) expect(['certain', 'likely']).toContain(certainty);
      const map = loadMap(path.join(folder, 'demarc.yaml'));
      expect(Object.values(map.file.services).map(({ edge }) => edge?.vendor ?? null)).toEqual(
        world.services.map(({ edge }) => vendorOf(edge)),
      );
    },
  );
});

describe('the questions', () => {
  it('are one per unknown origin, asked again until understood, and may stay unanswered', async () => {
    const sighting = (host: string) => ({
      subject: { text: host, host, url: `https://${host}/`, schemeGuessed: true },
      url: `https://${host}/`,
      zone: null,
      addresses: [],
      addressReason: 'dns_timeout' as const,
      cnames: [],
      answer: null,
      answerReason: 'dns_timeout' as const,
      certificate: null,
    });
    const services = draftServices([sighting('blog.home.test'), sighting('shop.market.test')], [], loadCatalogue());
    const answers = ['192.168.1.20', 'http://192.168.1.20:8080', ''];
    const asked: string[] = [];
    const [blog, shop] = await askOrigins(services, async (question) => {
      asked.push(question);
      return answers[asked.length - 1] ?? '';
    });
    expect(asked.map((question) => question.split(' ')[2])).toEqual(['blog', 'blog', 'shop']);
    expect(blog?.origin).toEqual({ value: 'http://192.168.1.20:8080/', certainty: 'certain', evidence: 'you said so' });
    expect(shop?.origin).toBeNull();
  });
});
