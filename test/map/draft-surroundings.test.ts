// What `demarc init` sees beside the names themselves: registries, mail, containers and networks of edges. Real sockets.

import { mkdtempSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { realClock } from '../../exporters/clock.ts';
import { createResolver } from '../../exporters/resolver.ts';
import { draftServices } from '../../map/draft.ts';
import { findContainers } from '../../map/draft-docker.ts';
import { lookAtDomain, mailOf } from '../../map/draft-domain.ts';
import type { Sighting } from '../../map/draft-look.ts';
import { recogniseEdge } from '../../map/draft-recognise.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { nameServer, reply } from '../exporters/fake-name-server.ts';
import { httpServer } from '../exporters/local-server.ts';

const CATALOGUE = loadCatalogue();

const registryObject = (domain: string, more: object = {}): object => ({
  objectClassName: 'domain',
  ldhName: domain,
  entities: [
    { roles: ['abuse'], vcardArray: ['vcard', [['fn', {}, 'text', 'Abuse Desk']]] },
    {
      roles: ['registrar'],
      vcardArray: [
        'vcard',
        [
          ['version', {}, 'text', '4.0'],
          ['fn', {}, 'text', 'Some Registrar Inc.'],
        ],
      ],
    },
  ],
  events: [{ eventAction: 'expiration', eventDate: '2027-08-13T04:00:00Z' }],
  ...more,
});

/** A registry that knows some domains, and a name server with their MX records. */
async function outside(domains: Readonly<Record<string, unknown>>, exchanges: readonly [number, string][] = []) {
  const asked: string[] = [];
  const registry = await httpServer((request, response) => {
    const name = request.url?.replace('/domain/', '') ?? '';
    asked.push(name);
    const found = domains[name];
    response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/rdap+json' });
    response.end(typeof found === 'string' ? found : JSON.stringify(found ?? {}));
  });
  const { port } = await nameServer((one) => {
    const answers = exchanges.map(([preference, exchange]) => ({
      type: 'MX' as const,
      name: one.name,
      ttl: 60,
      data: { preference, exchange },
    }));
    return reply(one, { answers: one.type === 'MX' ? answers : [] });
  });
  const server = { host: '127.0.0.1', port };
  const resolver = createResolver({ servers: [], clock: realClock, deadlineMs: 400 });
  const options = {
    servers: [server],
    resolver,
    clock: realClock,
    trust: [],
    rdap: `http://127.0.0.1:${registry.port}/`,
  };
  return { options, asked };
}

describe('a domain', () => {
  it('is told with its registrar, its end, and where its mail goes', async () => {
    const { options } = await outside({ 'example.org': registryObject('example.org') }, [
      [10, 'aspmx.l.google.com'],
      [20, 'alt1.aspmx.l.google.com'],
    ]);
    expect(await lookAtDomain('example.org', options)).toEqual({
      zone: 'example.org',
      registration: {
        domain: 'example.org',
        registrar: 'Some Registrar Inc.',
        expiry: Date.parse('2027-08-13T04:00:00Z'),
      },
      registrationReason: 'ok',
      mail: { title: 'Google', hosts: ['alt1.aspmx.l.google.com', 'aspmx.l.google.com'], certainty: 'certain' },
    });
  });

  it('is looked for above a zone that is a part of it', async () => {
    const { options, asked } = await outside({ 'example.org': registryObject('example.org') });
    const { registration } = await lookAtDomain('home.example.org', options);
    expect(asked).toEqual(['home.example.org', 'example.org']);
    expect(registration?.domain).toBe('example.org');
  });

  it.each([
    ['nobody knows', {}, 'rdap_not_found'],
    ['the answer is about another one', { 'example.org': registryObject('example.net') }, 'answer_malformed'],
    ['the answer is no JSON', { 'example.org': '<html>' }, 'answer_malformed'],
  ])('has no registration when %s', async (_, domains, reason) => {
    const { options } = await outside(domains);
    expect(await lookAtDomain('example.org', options)).toMatchObject({
      registration: null,
      registrationReason: reason,
    });
  });

  it('has no registrar when the card is odd', async () => {
    const odd = registryObject('example.org', {
      entities: [7, { roles: ['registrar'], vcardArray: ['vcard', [['fn']]] }],
    });
    const { options } = await outside({ 'example.org': odd });
    expect((await lookAtDomain('example.org', options)).registration).toMatchObject({ registrar: null });
  });

  it('is asked about nowhere when nobody knows its top-level domain, or nobody may be asked', async () => {
    const { options, asked } = await outside({});
    for (const rdap of [undefined, null])
      expect(await lookAtDomain('home.test', { ...options, rdap })).toMatchObject({
        registrationReason: 'rdap_unsupported',
      });
    expect(asked).toEqual([]);
  });
});

describe('mail', () => {
  it.each([
    ['of one vendor', ['a.mail.protection.outlook.com'], { title: 'Microsoft 365', certainty: 'certain' }],
    ['of a vendor and another', ['aspmx.l.google.com', 'mx.example.net'], { title: 'Google', certainty: 'likely' }],
    ['of your own', ['mx.example.org'], { title: 'your own zone', certainty: 'certain' }],
    ['of nobody known', ['mx.example.net'], { title: null, certainty: 'likely' }],
    ['of a name that only looks like one', ['google.com.example.net'], { title: null }],
  ])('%s', (_, hosts, expected) => {
    expect(mailOf(hosts, 'example.org')).toMatchObject(expected);
  });

  it('is not taken where there is no record, or a single dot', () => {
    expect([mailOf([], 'example.org'), mailOf(['.'], 'example.org')]).toEqual([null, null]);
  });
});

/** Docker's API on a socket of its own, as its reference describes it. */
async function docker(status: number, answer: string): Promise<string> {
  const socket = path.join(mkdtempSync(path.join(tmpdir(), 'demarc-docker-')), 'docker.sock');
  const server = http.createServer((request, response) => {
    response.writeHead(request.url === '/containers/json' ? status : 404).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
  return socket;
}

const CONTAINERS = [
  {
    Names: ['/web'],
    Image: 'nginx:1.29',
    Labels: { 'traefik.http.routers.web.rule': 'Host(`blog.example.org`) || Host(`www.example.org`)' },
    Ports: [
      { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
      { PrivatePort: 443, Type: 'tcp' },
      { PrivatePort: 53, PublicPort: 5353, Type: 'udp' },
    ],
  },
  { Names: ['/shop'], Image: 'shop', Labels: null, Ports: [{ PrivatePort: 80, PublicPort: 9090, Type: 'tcp' }] },
  { Names: ['/db'], Image: 'postgres', Labels: { caddy: 'http://db.example.org' }, Ports: [] },
];

describe('containers', () => {
  const sightingOf = (host: string): Sighting => ({
    subject: { text: host, host, url: `https://${host}/`, schemeGuessed: true },
    url: `https://${host}/`,
    zone: null,
    addresses: ['192.0.2.1'],
    addressReason: 'ok',
    cnames: [],
    answer: { status: 200, headers: new Map() },
    answerReason: 'ok',
    certificate: null,
  });

  it('are read from the socket', async () => {
    expect(await findContainers(await docker(200, JSON.stringify(CONTAINERS)))).toEqual([
      { name: 'web', image: 'nginx:1.29', ports: [8080], hosts: ['blog.example.org', 'www.example.org'] },
      { name: 'shop', image: 'shop', ports: [9090], hosts: [] },
      { name: 'db', image: 'postgres', ports: [], hosts: ['db.example.org'] },
    ]);
  });

  it('are likely origins by their labels, guesses by their names, and none without a port', async () => {
    const containers = await findContainers(await docker(200, JSON.stringify(CONTAINERS)));
    const hosts = ['blog.example.org', 'shop.example.org', 'db.example.org', 'other.example.org'];
    const services = draftServices(hosts.map(sightingOf), [], CATALOGUE, containers);
    expect(services.map(({ origin }) => origin && [origin.value, origin.certainty])).toEqual([
      ['http://127.0.0.1:8080/', 'likely'],
      ['http://127.0.0.1:9090/', 'guess'],
      null,
      null,
    ]);
  });

  it.each([
    ['there is no socket', '/no/where.sock', /ENOENT/],
    ['it is another program', () => docker(500, 'no'), /it answers 500/],
    ['it says something else', () => docker(200, '{"message":"page"}'), /no list of containers/],
    ['it says no JSON', () => docker(200, '<html>'), /no list of containers/],
  ])('are refused with a reason when %s', async (_, socket, said) => {
    const at = typeof socket === 'string' ? socket : await socket();
    await expect(findContainers(at)).rejects.toThrow(said);
  });
});

describe('an address', () => {
  const at = (addresses: string[], headers: Record<string, string> | null): Sighting => ({
    subject: { text: 'a', host: 'a.example.org', url: 'https://a.example.org/', schemeGuessed: true },
    url: 'https://a.example.org/',
    zone: null,
    addresses,
    addressReason: 'ok',
    cnames: [],
    answer: headers === null ? null : { status: 200, headers: new Map(Object.entries(headers)) },
    answerReason: headers === null ? 'timeout' : 'ok',
    certificate: null,
  });

  it.each([
    ['within the networks of an edge makes it likely', at(['104.16.1.1'], {}), 'cloudflare', 'likely'],
    ['of the sixth version does too', at(['2a04:4e42:400::1'], null), 'fastly', 'likely'],
    ['with a header makes it certain', at(['172.64.0.9'], { 'cf-ray': '8f-FRA' }), 'cloudflare', 'certain'],
  ])('%s', (_, sighting, vendor, certainty) => {
    expect(recogniseEdge(sighting, CATALOGUE)).toMatchObject({ vendor, certainty });
  });

  it('outside of them invents nobody', () => {
    expect(recogniseEdge(at(['104.32.0.1', '192.0.2.1', '2001:db8::1'], {}), CATALOGUE)).toBeNull();
  });
});
