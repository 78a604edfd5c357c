// DNS over TLS and over HTTPS: asked as the RFCs want, believed only from who proves its name, and read within bounds.
import { decode, encode } from 'dns-packet';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseServer } from '../../exporters/dns/endpoint.ts';
import { dns } from '../../exporters/dns/probe.ts';
import { probeContract } from './contract.ts';
import { a } from './fake-name-server.ts';
import { type HttpReply, httpsNameServer, measureSecured, tlsNameServer } from './secured-name-server.ts';
import { type Issued, rootAuthority, type TestAuthority } from './test-ca.ts';

const NAME = 'dns.test';
let authority: TestAuthority;
let leaf: Issued;

beforeAll(async () => {
  authority = await rootAuthority();
  leaf = await authority.issue({ names: [{ type: 'dns', value: NAME }] });
});

const ask = { name: 'example.org', type: 'A' };
const behind = async () => ({ ...leaf, trust: authority.cert });

probeContract('dns over TLS, before there is any', {
  probe: dns,
  transport: 'tcp',
  settingsFor: (port, host) => ({ server: `tls://${host}:${port}`, ...ask }),
  expected: {
    mute: ['dns_timeout'],
    refused: ['connect_refused'],
    reset: ['connect_reset'],
    'hang-up': ['connect_reset'],
    garbage: ['tls_handshake'],
    drip: ['tls_handshake'],
    huge: ['tls_handshake'],
  },
});

probeContract('dns over TLS', {
  probe: dns,
  transport: 'tcp',
  behind,
  settingsFor: (port, host) => ({ server: `tls://${host}:${port}#${NAME}`, ...ask }),
  expected: {
    mute: ['dns_timeout'],
    refused: ['connect_refused'],
    reset: ['connect_reset'],
    'hang-up': ['connect_reset'],
    garbage: ['dns_malformed'],
    drip: ['dns_timeout'],
    huge: ['dns_malformed'],
  },
});

probeContract('dns over HTTPS', {
  probe: dns,
  transport: 'tcp',
  behind,
  opening: 'HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\nContent-Length: 9000000\r\n\r\n',
  settingsFor: (port, host) => ({ server: `https://${host}:${port}/dns-query#${NAME}`, ...ask }),
  expected: {
    mute: ['dns_timeout'],
    refused: ['connect_refused'],
    reset: ['connect_reset'],
    'hang-up': ['connect_reset'],
    garbage: ['http_protocol'],
    drip: ['dns_timeout'],
    huge: ['http_too_large'],
  },
});

/** A sound answer to whatever was asked. */
const answer = (message: Buffer): Buffer => {
  const { id = 0, questions = [] } = decode(message);
  return encode({ type: 'response', id, flags: 0x180, questions, answers: [a(questions[0]?.name ?? '')] });
};

describe('dns over TLS', () => {
  it('asks with the name the certificate must carry, and times the handshake apart', async () => {
    const server = await tlsNameServer(leaf, answer);
    const observed = await measureSecured(`tls://${server.at}#${NAME}`, authority.cert);
    expect(observed).toMatchObject({ ok: true, facts: { transport: 'tls', rcode: 'NOERROR', answers: [{}] } });
    expect(Object.keys(observed.phases)).toEqual(['resolve', 'connect', 'tls', 'request']);
    expect(server.names).toEqual([NAME]);
  });

  it.each<[string, () => Promise<Issued>, string]>([
    ['another name', () => authority.issue(), 'tls_hostname'],
    [
      'a certificate that has ended',
      () => authority.issue({ names: [{ type: 'dns', value: NAME }], toDays: -1 }),
      'tls_expired',
    ],
    [
      'an authority nobody knows',
      async () => (await rootAuthority('Other')).issue({ names: [{ type: 'dns', value: NAME }] }),
      'tls_incomplete_chain',
    ],
  ])('is not asked a question when it shows %s', async (_, credentials, reason) => {
    const server = await tlsNameServer(await credentials(), answer);
    const observed = await measureSecured(`tls://${server.at}#${NAME}`, authority.cert);
    expect(observed).toMatchObject({ reason, phase: 'tls', facts: { rcode: null } });
    expect(server.asked).toEqual([]);
  });

  it('a forged answer ends it: on a connection nothing else may come', async () => {
    const server = await tlsNameServer(leaf, (message) =>
      answer(Buffer.concat([Buffer.from([0, 0]), message.subarray(2)])),
    );
    const observed = await measureSecured(`tls://${server.at}#${NAME}`, authority.cert);
    expect(observed).toMatchObject({ reason: 'dns_malformed', facts: { unexpected: 1 } });
  });
});

describe('dns over HTTPS', () => {
  it.each<['h2' | 'http/1.1', string, string]>([
    ['h2', 'POST', '2.0'],
    ['h2', 'GET', '2.0'],
    ['http/1.1', 'POST', '1.1'],
    ['http/1.1', 'GET', '1.1'],
  ])('speaks %s, %s', async (protocol, method, httpVersion) => {
    const server = await httpsNameServer(leaf, (message) => ({ body: answer(message) }), protocol);
    const url = `https://${server.at}/dns-query#${NAME}`;
    const observed = await measureSecured(url, authority.cert, { method });
    expect(observed).toMatchObject({ ok: true, facts: { transport: 'https', answers: [{ data: '192.0.2.1' }] } });
    const [asked] = server.asked;
    expect(asked).toMatchObject({ httpVersion, method, headers: { accept: 'application/dns-message' } });
    expect(asked?.path).toMatch(method === 'POST' ? /^\/dns-query$/ : /^\/dns-query\?dns=[\w-]+$/);
    expect(asked?.headers?.['content-type']).toBe(method === 'POST' ? 'application/dns-message' : undefined);
    // Caches know the same question by the same bytes.
    expect(decode(asked?.message ?? Buffer.alloc(0))).toMatchObject({ id: 0, questions: [{ name: 'example.org' }] });
  });

  const sound = (message: Buffer): HttpReply => ({ body: answer(message) });
  it.each<[string, (message: Buffer) => HttpReply, string]>([
    [
      'a page of somebody on the way',
      () => ({ type: 'text/html', body: Buffer.from('<html>log in</html>') }),
      'dns_malformed',
    ],
    ['no media type', (message) => ({ ...sound(message), type: null }), 'dns_malformed'],
    ['the JSON of some servers', () => ({ type: 'application/dns-json', body: Buffer.from('{}') }), 'dns_malformed'],
    ['a parameter behind the type', (message) => ({ ...sound(message), type: 'Application/DNS-Message; x=y' }), 'ok'],
    ['a status that is not good', (message) => ({ ...sound(message), status: 503 }), 'http_status'],
    ['a redirect', (message) => ({ ...sound(message), status: 302 }), 'http_status'],
    ['an empty body', () => ({ body: Buffer.alloc(0) }), 'dns_malformed'],
    ['65,535 bytes', () => ({ body: Buffer.alloc(65_535) }), 'dns_malformed'],
    ['one byte more', () => ({ body: Buffer.alloc(65_536) }), 'http_too_large'],
  ])('%s is told', async (_, serve, reason) => {
    const h2 = await httpsNameServer(leaf, serve);
    const h1 = await httpsNameServer(leaf, serve, 'http/1.1');
    for (const { at } of [h2, h1]) {
      expect((await measureSecured(`https://${at}#${NAME}`, authority.cert)).reason, at).toBe(reason);
    }
  });
});

describe('servers as people write them', () => {
  const over = (transport: string, name: string, path = '/dns-query') => ({ secured: { transport, name, path } });
  it.each([
    ['192.0.2.1', { host: '192.0.2.1', port: 53 }],
    ['tls://192.0.2.1', { host: '192.0.2.1', port: 853, ...over('tls', '192.0.2.1') }],
    ['tls://[2001:db8::1]:8853#dns.test', { host: '2001:db8::1', port: 8853, ...over('tls', 'dns.test') }],
    ['https://dns.test/ask', { host: 'dns.test', port: 443, ...over('https', 'dns.test', '/ask') }],
    ['HTTPS://192.0.2.1:8443#dns.test', { host: '192.0.2.1', port: 8443, ...over('https', 'dns.test') }],
    ['tls://dns.test/path', null],
    ['http://192.0.2.1', null],
    ['tls://', null],
    ['https://a b/', null],
    ['tls://192.0.2.1#', null],
    ['https://dns.test/a\r\nX: y', null],
    ['tls://user@192.0.2.1:x', null],
  ])('%s', (text, server) => {
    expect(parseServer(text)).toEqual(server);
  });
});
