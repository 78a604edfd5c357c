// The registration probe: what registries say and how they refuse, and every way an answer can be a lie or a trap.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { projectFile } from '../../catalog/root.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { type NameResolver, ResolveError } from '../../exporters/probe.ts';
import { loadBootstrap, rdapBaseOf } from '../../exporters/registration/bootstrap.ts';
import { EPP_STATUSES, eppStatusOf } from '../../exporters/registration/epp-status.ts';
import { registration } from '../../exporters/registration/probe.ts';
import { readDomain } from '../../exporters/registration/rdap.ts';
import { manualClock } from '../manual-clock.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { httpServer } from './local-server.ts';
import { readOrRefused } from './mangled.ts';
import { type Served, serveDocument } from './serve-document.ts';

const DEADLINE_MS = 2_000;

const DOMAIN = {
  objectClassName: 'domain',
  handle: '2336799_DOMAIN_COM-VRSN',
  ldhName: 'EXAMPLE.COM',
  status: ['client transfer prohibited', 'clientHold', 'server hold', 'loved by all'],
  entities: [{ roles: ['registrar'], vcardArray: ['vcard', [['fn', {}, 'text', 'Some Registrar Inc.']]] }],
  events: [
    { eventAction: 'registration', eventDate: '1995-08-14T04:00:00Z' },
    { eventAction: 'expiration', eventDate: '2027-08-13T04:00:00Z' },
    { eventAction: 'registrar expiration', eventDate: '2026-08-13T04:00:00Z' },
    { eventAction: 'last update of RDAP database', eventDate: '2026-11-21T00:00:00Z' },
  ],
  nameservers: [{ ldhName: 'B.IANA-SERVERS.NET.' }, { ldhName: 'a.iana-servers.net' }, { ldhName: '<script>' }, 7],
  secureDNS: { delegationSigned: true, dsData: [{ keyTag: 370 }] },
};

async function measure(served: Served, domain = 'example.com'): Promise<ObservationOf<'registration'>> {
  const { base } = await serveDocument(served);
  return registration.prepare('t', { domain, server: base })(contextOf(AbortSignal.timeout(DEADLINE_MS)));
}

const sentTo = (location: string): Served => ({ status: 302, headers: { location } });

const saying = (value: unknown): Served => ({ body: JSON.stringify(value) });

describe('a registry', () => {
  it('that answers', async () => {
    const observed = await measure(saying(DOMAIN));
    expect(observed).toMatchObject({ ok: true, reason: 'ok', phase: null });
    expect(observed.facts).toEqual({
      address: '127.0.0.1',
      httpStatus: 200,
      expiry: Date.UTC(2027, 7, 13, 4),
      statuses: ['clientHold', 'clientTransferProhibited', 'serverHold'],
      unknownStatuses: 1,
      nameServers: ['a.iana-servers.net', 'b.iana-servers.net'],
      delegationSigned: true,
      retryAfterMs: null,
    });
    expect(registration.samples(observed)).toEqual([
      { metric: 'demarc_domain_expiry_published', value: 1 },
      { metric: 'demarc_domain_expiry_timestamp_seconds', value: Date.UTC(2027, 7, 13, 4) / 1000 },
      { metric: 'demarc_domain_transfer_locked', value: 1 },
      { metric: 'demarc_domain_status', value: 1, labels: { status: 'clientHold' } },
      { metric: 'demarc_domain_status', value: 1, labels: { status: 'clientTransferProhibited' } },
      { metric: 'demarc_domain_status', value: 1, labels: { status: 'serverHold' } },
    ]);
    expect(JSON.stringify(observed)).not.toContain('Registrar');
  });

  it('is asked for the domain in A-label form, once, below its base', async () => {
    const { base, asked } = await serveDocument(saying({ ...DOMAIN, ldhName: 'xn--bcher-kva.example' }));
    const settings = { domain: 'Bücher.Example.', server: `${base}rdap/v1` };
    const observed = await registration.prepare('t', settings)(contextOf(AbortSignal.timeout(DEADLINE_MS)));
    expect(observed.reason).toBe('ok');
    expect(asked).toEqual(['/rdap/v1/domain/xn--bcher-kva.example']);
  });

  it('is followed to where it moved, and asked for the same in RDAP', async () => {
    const { port } = await httpServer(({ url, headers }, response) => {
      const moved = url === '/domain/example.com';
      if (moved) response.writeHead(307, { Location: '/new/domain/example.com' }).end();
      else response.end(headers.accept === 'application/rdap+json' ? JSON.stringify(DOMAIN) : '');
    });
    const settings = { domain: 'example.com', server: `http://127.0.0.1:${port}/` };
    const observed = await registration.prepare('t', settings)(contextOf(AbortSignal.timeout(DEADLINE_MS)));
    expect(observed).toMatchObject({ reason: 'ok', facts: { expiry: Date.UTC(2027, 7, 13, 4) } });
  });

  it('may send us to another registry of the list, which is asked as one outside', async () => {
    const sought: string[] = [];
    const resolver: NameResolver = {
      async resolve(name) {
        if (net.isIP(name) !== 0) return [name];
        sought.push(name);
        throw new ResolveError(name, 'dns_timeout');
      },
    };
    const { base } = await serveDocument(sentTo('http://rdap.verisign.com/com/v1/domain/example.com'));
    const context = contextOf(AbortSignal.timeout(DEADLINE_MS), { resolver });
    const observed = await registration.prepare('t', { domain: 'example.com', server: base })(context);
    expect(observed).toMatchObject({ reason: 'dns_timeout', phase: 'resolve' });
    expect(sought).toEqual(['rdap.verisign.com']);
  });

  it.each<[string, unknown]>([
    ['no date', []],
    ['a date that means never', [{ eventAction: 'expiration', eventDate: '9999-12-31T00:00:00Z' }]],
    ['a date that means unknown', [{ eventAction: 'expiration', eventDate: '0001-01-01T00:00:00Z' }]],
    ['a date in words', [{ eventAction: 'expiration', eventDate: 'next summer' }]],
  ])('that publishes %s exports no date, and says so', async (_, events) => {
    const observed = await measure(saying({ ...DOMAIN, events, status: [] }));
    expect(observed.facts.expiry).toBeNull();
    expect(registration.samples(observed)).toEqual([{ metric: 'demarc_domain_expiry_published', value: 0 }]);
  });

  it.each<[string, string[], number | undefined]>([
    ['locks it at the registrar', ['client transfer prohibited'], 1],
    ['locks it by itself', ['serverTransferProhibited'], 1],
    ['has it without a lock', ['active'], 0],
    ['publishes no states', [], undefined],
  ])('that %s tells whether it can be transferred', async (_, status, locked) => {
    const samples = registration.samples(await measure(saying({ ...DOMAIN, status })));
    expect(samples.find(({ metric }) => metric === 'demarc_domain_transfer_locked')?.value).toBe(locked);
  });

  it('that gives two dates is believed the first to come', async () => {
    const events = ['2028-01-01', '2027-01-01'].map((eventDate) => ({ eventAction: 'expiration', eventDate }));
    expect((await measure(saying({ ...DOMAIN, events }))).facts.expiry).toBe(Date.UTC(2027, 0, 1));
  });

  it.each<[string, Served, Reason]>([
    ['that knows no such domain', { status: 404 }, 'rdap_not_found'],
    ['that had enough of us', { status: 429 }, 'rdap_rate_limited'],
    ['that asks for a rest', { status: 503, headers: { 'Retry-After': '120' } }, 'rdap_rate_limited'],
    ['that is broken', { status: 503 }, 'http_status'],
    ['that sends us to a stranger', sentTo('https://rdap.stranger.example/domain/example.com'), 'target_denied'],
    ['that sends us to a file', sentTo('file:///etc/passwd'), 'http_redirect'],
    ['that sends us in circles', sentTo('/domain/example.com'), 'http_redirect'],
    ['that moved, and says not where', { status: 302 }, 'http_redirect'],
    ['that answers with a page', { body: '<!DOCTYPE html><title>RDAP</title>' }, 'answer_malformed'],
    ['that answers with an error as 200', saying({ errorCode: 404, title: 'Not Found' }), 'answer_malformed'],
    ['that answers about another domain', saying({ ...DOMAIN, ldhName: 'example.org' }), 'answer_malformed'],
    ['that answers about no domain', saying({ ...DOMAIN, ldhName: undefined }), 'answer_malformed'],
    ['that answers about a host', saying({ ...DOMAIN, objectClassName: 'nameserver' }), 'answer_malformed'],
    ['that says too much', { body: `{"a":"${'x'.repeat(1_048_576)}"}` }, 'http_too_large'],
  ])('%s', async (_, served, reason) => {
    const observed = await measure(served);
    expect(observed).toMatchObject({ ok: false, reason, facts: { expiry: null, statuses: [] } });
    expect(registration.samples(observed)).toEqual([]);
  });

  it('of 1 MiB to the byte is read', async () => {
    const bare = JSON.stringify({ ...DOMAIN, remark: '' });
    const body = JSON.stringify({ ...DOMAIN, remark: 'x'.repeat(1_048_576 - bare.length) });
    expect(body.length).toBe(1_048_576);
    expect((await measure({ body })).reason).toBe('ok');
  });

  it.each<[string, number | null]>([
    ['120', 120_000],
    ['999999999', 86_400_000],
    ['Tue, 14 Nov 2023 22:14:20 GMT', 60_000],
    ['Tue, 14 Nov 2023 22:00:00 GMT', 0],
    ['Tue, 14 Nov 2033 22:00:00 GMT', 86_400_000],
    ['-5', null],
    ['soon', null],
  ])('that wants to rest for %j is not waited for', async (field, retryAfterMs) => {
    const { base, asked } = await serveDocument({ status: 429, headers: { 'Retry-After': field } });
    const context = contextOf(AbortSignal.timeout(DEADLINE_MS), { clock: manualClock(1_700_000_000_000) });
    const observed = await registration.prepare('t', { domain: 'example.com', server: base })(context);
    expect(observed).toMatchObject({ reason: 'rdap_rate_limited', facts: { retryAfterMs } });
    expect(asked).toHaveLength(1);
  });
});

describe('the list of registries', () => {
  const servers = loadBootstrap();

  it.each([
    ['example.com', 'https://rdap.verisign.com/com/v1/'],
    ['example.co.uk', 'https://rdap.nominet.uk/uk/'],
    ['example.dev', 'https://pubapi.registry.google/rdap/'],
    ['example.info', 'https://rdap.identitydigital.services/rdap/'],
    ['example.berlin', 'https://rdap.nic.berlin/v1/'],
    ['example.blog', 'https://rdap.blog.fury.ca/rdap/'],
    ['example.de', null],
    ['com', null],
  ])('%s', (domain, base) => {
    expect(rdapBaseOf(domain, servers)).toBe(base);
  });

  it('has a base over TLS for each of several hundred suffixes, and none twice', () => {
    expect(servers.size).toBeGreaterThan(500);
    for (const [suffix, base] of servers) {
      expect(base, suffix).not.toContain('{');
      expect(new URL(`domain/example.${suffix}`, base).href).toBe(`${base}domain/example.${suffix}`);
    }
    const { servers: written } = JSON.parse(readFileSync(projectFile('catalog/rdap-bootstrap.json'), 'utf8')) as {
      servers: { suffixes: string[] }[];
    };
    expect(written.flatMap(({ suffixes }) => suffixes)).toHaveLength(servers.size);
  });

  it('prefers the longest suffix', () => {
    const both = new Map([
      ['uk', 'https://a.test/'],
      ['co.uk', 'https://b.test/'],
    ]);
    expect(rdapBaseOf('example.co.uk', both)).toBe('https://b.test/');
  });

  it('that has nobody for a domain contacts nobody', async () => {
    const observed = await registration.prepare('t', { domain: 'example.de' })(contextOf(AbortSignal.timeout(500)));
    expect(observed).toMatchObject({ ok: false, reason: 'rdap_unsupported', phase: 'resolve', phases: {} });
  });
});

describe('settings', () => {
  it.each([
    [{ domain: 'localhost' }],
    [{ domain: 'exa mple.com' }],
    [{ domain: '' }],
    [{ domain: 'example.com', server: 'ftp://127.0.0.1/' }],
    [{ domain: 'example.com', server: 'http://user:secret@127.0.0.1/' }],
  ])('refuses %j', (settings) => {
    expect(() => registration.prepare('t', settings)).toThrow();
  });
});

describe('EPP statuses', () => {
  it.each(EPP_STATUSES)('%s is known in both spellings', (status) => {
    expect(eppStatusOf(status)).toBe(status);
    expect(eppStatusOf(status.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`))).toBe(status);
  });

  it.each([
    ['active', 'ok'],
    ['associated', null],
    ['__proto__', null],
    ['', null],
    ['x'.repeat(100_000), null],
  ])('%j', (word, status) => {
    expect(eppStatusOf(word)).toBe(status);
  });
});

describe('an RDAP object', () => {
  it('of any shape is read, or refused', () => {
    const nearly = fc.record(
      {
        objectClassName: fc.constantFrom('domain', 'entity'),
        ldhName: fc.constantFrom('example.com', 'EXAMPLE.COM.', 'other.com', 7),
        status: fc.oneof(fc.array(fc.oneof(fc.constantFrom(...EPP_STATUSES), fc.jsonValue())), fc.jsonValue()),
        events: fc.oneof(fc.array(fc.record({ eventAction: fc.constant('expiration'), eventDate: fc.jsonValue() }))),
        nameservers: fc.array(fc.record({ ldhName: fc.string() })),
        secureDNS: fc.jsonValue(),
      },
      { requiredKeys: ['objectClassName', 'ldhName'] },
    );
    fc.assert(
      fc.property(nearly, (value) => {
        const read = readOrRefused(() => readDomain(JSON.stringify(value), 'example.com'));
        if (read === undefined) return;
        expect(EPP_STATUSES).toEqual(expect.arrayContaining(read.statuses));
        expect(read.nameServers.length).toBeLessThanOrEqual(32);
        for (const name of read.nameServers) expect(name).toMatch(/^[a-z0-9_*.-]+$/);
      }),
    );
  });

  it('keeps 32 name servers', () => {
    const nameservers = Array.from({ length: 100 }, (_, index) => ({ ldhName: `ns${index}.example.com` }));
    expect(readDomain(JSON.stringify({ ...DOMAIN, nameservers }), 'example.com').nameServers).toHaveLength(32);
  });
});

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n';

probeContract('registration', {
  ...overHttp(),
  probe: registration,
  settingsFor: (port, host) => ({ domain: 'example.com', server: `http://${host}:${port}/` }),
  opening: HEAD,
});
