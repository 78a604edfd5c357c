// What the http probe can be told to expect, to follow, to unpack, and at which addresses to ask.
import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { cacheStateOf } from '../../exporters/http/cache.ts';
import { linearPattern } from '../../exporters/http/linear-pattern.ts';
import { PatternError } from '../../exporters/http/pattern-syntax.ts';
import { http } from '../../exporters/http/probe.ts';
import { isPublic } from '../../exporters/http/reach.ts';
import { httpServer } from './local-server.ts';
import { measureHttp, resolvesTo } from './measure-http.ts';

const JSON_BODY = '{"status":"ok","checks":[{"name":"db","up":true}],"a/b":{"~":null}}';

const CHUNKED = { 'transfer-encoding': 'chunked' };
const YEAR_2020 = { date: 'Wed, 01 Jan 2020 00:00:10 GMT', 'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT' };

describe('a status', () => {
  it.each<[number, unknown[], Reason]>([
    [204, ['2xx'], 'ok'],
    [301, ['2xx'], 'http_status'],
    [301, ['2xx', 301], 'ok'],
    [401, ['200-299', '401-403'], 'ok'],
    [404, ['200-299', '401-403'], 'http_status'],
    [500, ['5xx'], 'ok'],
  ])('%d, where %j is wished, is %s', async (status, wished, reason) => {
    const { port } = await httpServer((_, response) => void response.writeHead(status).end());
    expect(await measureHttp({ url: `http://127.0.0.1:${port}/`, expect: { status: wished } })).toMatchObject({
      reason,
    });
  });

  it.each([['6xx'], ['2x'], ['299-200'], ['200-'], ['200-2000'], [99], [600]])('may not be wished as %j', (status) => {
    const settings = { url: 'http://127.0.0.1/', expect: { status: [status] } };
    expect(() => http.prepare('t', settings)).toThrow('expect');
  });
});

describe('expectations', () => {
  it.each<[string, object, Reason]>([
    ['a header that is there', { headers: [{ name: 'X-Kind', contains: 'good' }] }, 'ok'],
    ['a header with another value', { headers: [{ name: 'x-kind', contains: 'bad' }] }, 'http_header'],
    ['a header that is not there', { headers: [{ name: 'x-other' }] }, 'http_header'],
    ['a header that must not be there', { headers: [{ name: 'x-kind', absent: true }] }, 'http_header'],
    ['a header that is not to be there', { headers: [{ name: 'x-other', absent: true }] }, 'ok'],
    ['a pattern', { matches: '"name":"d[a-z]"' }, 'ok'],
    ['a pattern that is not there', { matches: '^ok$' }, 'http_body'],
    [
      'values',
      {
        json: [
          { pointer: '/status', is: 'ok' },
          { pointer: '/checks/0/up', is: true },
        ],
      },
      'ok',
    ],
    ['values under odd keys', { json: [{ pointer: '/a~1b/~0', is: null }] }, 'ok'],
    ['another value', { json: [{ pointer: '/status', is: 'down' }] }, 'http_json'],
    ['a value of another kind', { json: [{ pointer: '/checks/0/up', is: 'true' }] }, 'http_json'],
    ['a value that is not there', { json: [{ pointer: '/checks/1/up' }] }, 'http_json'],
    ['no property of its own', { json: [{ pointer: '/constructor' }] }, 'http_json'],
    ['the length of a list is no value', { json: [{ pointer: '/checks/length' }] }, 'http_json'],
  ])('%s', async (_, expected, reason) => {
    const server = await httpServer((_request, response) => response.setHeader('X-Kind', 'very good').end(JSON_BODY));
    const observed = await measureHttp({ url: `http://127.0.0.1:${server.port}/`, expect: expected });
    expect(observed).toMatchObject({ reason, phase: reason === 'ok' ? null : 'check' });
  });

  it.each(['<html>', '{"status":"ok"', '{"status":"ok","status":"ok"}'])('no JSON: %s', async (body) => {
    const server = await httpServer((_, response) => response.end(body));
    const settings = { url: `http://127.0.0.1:${server.port}/`, expect: { json: [{ pointer: '/status' }] } };
    expect(await measureHttp(settings)).toMatchObject({ reason: 'http_json' });
  });

  it.each([
    [{ matches: '(a)\\1' }, 'refused'],
    [{ matches: '(?=a)' }, 'refused'],
    [{ matches: '(a' }, '( without )'],
    [{ json: [{ pointer: 'status' }] }, 'JSON pointer'],
    [{ headers: [{ name: 'a b' }] }, 'not a header name'],
  ])('refuses %j', (expected, why) => {
    expect(() => http.prepare('t', { url: 'http://127.0.0.1/', expect: expected })).toThrow(why);
  });
});

describe('the pattern matcher', () => {
  const piece = fc.constantFrom(
    'a',
    'b',
    '.',
    '[ab]',
    '[^a]',
    '\\w',
    '\\d',
    '^',
    '$',
    'a*',
    'b+',
    'a?',
    'a{2}',
    'b{1,2}',
    'a{2,}',
    '|',
    '(a|b)',
    '(a|ab)',
    '(ab|a)?',
    '(b+?)',
    '(?:ab)*',
    'a*?',
  );

  it('says what JavaScript says', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 6 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '1', '\n'), maxLength: 8 }),
        (pieces, text) => {
          const pattern = pieces.join('');
          const theirs = new RegExp(pattern).exec(text);
          const matcher = linearPattern(pattern);
          const what = `${pattern} in ${JSON.stringify(text)}`;
          expect(matcher.isIn(text), what).toBe(theirs !== null);
          expect(matcher.firstIn(text), what).toBe(theirs?.[1] ?? theirs?.[0] ?? null);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('31: takes no longer for a pattern others never finish', () => {
    const start = performance.now();
    expect(linearPattern('^(a+)+$').isIn(`${'a'.repeat(65_000)}b`)).toBe(false);
    expect(linearPattern('(x+x+)+y').isIn('x'.repeat(65_000))).toBe(false);
    expect(linearPattern('^(a+)+$').firstIn(`${'a'.repeat(65_000)}b`)).toBe(null);
    expect(linearPattern('(?:a*)*(b)').firstIn(`${'a'.repeat(65_000)}b`)).toBe('b');
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('throws nothing but its own error, whatever the pattern', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'ab(|)[]{}*+?^$\\-,.1d:'), maxLength: 16 });
    fc.assert(
      fc.property(letters, (pattern) => {
        try {
          linearPattern(pattern).isIn('ab1');
        } catch (error) {
          expect(error).toBeInstanceOf(PatternError);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('packed bodies', () => {
  const served = async (body: Buffer, encoding: string, settings: object = { unpack: true }) => {
    const server = await httpServer((request, response) => {
      response.setHeader('Content-Encoding', encoding).setHeader('X-Asked', String(request.headers['accept-encoding']));
      response.end(body);
    });
    return measureHttp({ url: `http://127.0.0.1:${server.port}/`, ...settings });
  };

  it.each<[string, Buffer, string, Reason]>([
    ['gzip', zlib.gzipSync('hello world'), 'gzip', 'ok'],
    ['br', zlib.brotliCompressSync('hello world'), 'br', 'ok'],
    ['deflate', zlib.deflateSync('hello world'), 'deflate', 'ok'],
    ['as it is', Buffer.from('hello world'), 'identity', 'ok'],
    ['22: a bomb', zlib.gzipSync(Buffer.alloc(64 << 20)), 'gzip', 'http_too_large'],
    ['22: a bomb of br', zlib.brotliCompressSync(Buffer.alloc(16 << 20)), 'br', 'http_too_large'],
    ['22: cut short', zlib.gzipSync('hello world').subarray(0, -6), 'gzip', 'http_decode'],
    ['22: gzip that is none', Buffer.from('hello'), 'gzip', 'http_decode'],
    ['22: one in the other', zlib.gzipSync('hello'), 'gzip, gzip', 'http_decode'],
    ['22: what was not asked for', Buffer.from('hello'), 'zstd', 'http_decode'],
  ])('%s', async (_, body, encoding, reason) => {
    const before = process.memoryUsage().rss;
    const observed = await served(body, encoding, {
      unpack: true,
      expect: reason === 'ok' ? { body: 'hello world' } : {},
    });
    expect(observed.reason).toBe(reason);
    if (reason === 'ok') expect(observed.facts.bodyBytes).toBe(11);
    expect(process.memoryUsage().rss - before).toBeLessThan(32 << 20);
  });
});

describe('the head, and the way of an answer', () => {
  const HOUR_MS = 3_600_000;
  const measure = async (expect: object, headers: Record<string, string> = {}, body: string | Buffer = 'page') => {
    const server = await httpServer((_, response) => void response.writeHead(200, headers).end(body));
    return measureHttp({ url: `http://127.0.0.1:${server.port}/page?key=1`, expect });
  };
  const changed = (ago: number): Record<string, string> => ({
    'last-modified': new Date(Date.now() - ago).toUTCString(),
  });

  it.each<[string, object, Record<string, string>, Reason]>([
    ['a page that changed lately', { maxAgeSeconds: 7200 }, changed(HOUR_MS), 'ok'],
    ['a page that has not changed for long', { maxAgeSeconds: 1800 }, changed(HOUR_MS), 'http_header'],
    ['a page that does not say when it changed', { maxAgeSeconds: 1800 }, {}, 'http_header'],
    ['a page whose server has another year', { maxAgeSeconds: 60 }, { ...YEAR_2020 }, 'ok'],
    ['a length within bounds', { contentLength: { atLeast: 4, atMost: 4 } }, { 'content-length': '4' }, 'ok'],
    ['a length out of bounds', { contentLength: { atLeast: 5 } }, { 'content-length': '4' }, 'http_header'],
    ['a length that is not told', { contentLength: { atLeast: 0 } }, CHUNKED, 'http_header'],
    ['a version that is wished for', { versions: ['1.1', '2'] }, {}, 'ok'],
    ['a version that is not', { versions: ['2'] }, {}, 'http_header'],
    ['a text that must not be there', { notMatches: 'p[a-z]ge' }, {}, 'http_body'],
    ['a text that is not there', { notMatches: '^err' }, {}, 'ok'],
    ['a URL as wished', { finalUrl: '/page\\?key=' }, {}, 'ok'],
    ['a URL that is not', { finalUrl: '/login' }, {}, 'http_redirect'],
    ['a header that matches', { headers: [{ name: 'x-a', matches: '^v\\d$' }] }, { 'x-a': 'v1' }, 'ok'],
    ['a header that does not match', { headers: [{ name: 'x-a', matches: '^v\\d$' }] }, { 'x-a': 'w' }, 'http_header'],
    ['a header that may be missing', { headers: [{ name: 'x-a', contains: 'v', optional: true }] }, {}, 'ok'],
    [
      'a header that may be missing, and is wrong',
      { headers: [{ name: 'x-a', contains: 'v', optional: true }] },
      { 'x-a': 'w' },
      'http_header',
    ],
  ])('%s', async (_, wish, headers, reason) => {
    expect(await measure(wish, headers)).toMatchObject({ reason, phase: reason === 'ok' ? null : 'check' });
  });

  it.each<[string, string, Buffer]>([
    ['by its Content-Type', 'text/plain; charset=iso-8859-1', Buffer.from('grün', 'latin1')],
    ['by its Content-Type, in UTF-16', 'application/json;charset="UTF-16LE"', Buffer.from('grün', 'utf16le')],
    ['by its first bytes', 'text/plain', Buffer.from('\ufeffgrün', 'utf16le')],
    ['by its first bytes, the other way round', 'text/plain', Buffer.from('\ufeffgrün', 'utf16le').swap16()],
    ['in UTF-8, where it says nothing', 'text/plain', Buffer.from('\ufeffgrün')],
    ['in UTF-8, where nobody knows the word', 'text/plain; charset=klingon', Buffer.from('grün')],
  ])('a body is read %s', async (_, type, body) => {
    expect(await measure({ body: 'grün', matches: '^gr.n$' }, { 'content-type': type }, body)).toMatchObject({
      reason: 'ok',
    });
  });

  it.each<[object, Reason]>([
    [{ pointer: '/status', matches: '^(ok|fine)$' }, 'ok'],
    [{ pointer: '/status', matches: '^down' }, 'http_json'],
    [{ pointer: '/checks', matches: '.' }, 'http_json'],
  ])('the value %j: %s', async (wish, reason) => {
    expect(await measure({ json: [wish] }, {}, JSON_BODY)).toMatchObject({ reason });
  });

  it('tells length and change of the page as blackbox_exporter does, and nothing where nothing is said', async () => {
    const seen = async (headers: Record<string, string>) =>
      http.samples(await measure({}, headers)).flatMap(({ metric, value }) => {
        return /content_length|last_modified/.test(metric) ? [[metric, value]] : [];
      });
    expect(await seen({ 'content-length': '4', ...YEAR_2020 })).toEqual([
      ['probe_http_content_length', 4],
      ['probe_http_last_modified_timestamp_seconds', Date.UTC(2020, 0, 1) / 1000],
    ]);
    expect(await seen(CHUNKED)).toEqual([]);
  });

  it('asks what no cache has an answer to', async () => {
    const asked: string[] = [];
    const server = await httpServer((request, response) => {
      asked.push(request.url ?? '');
      response.end();
    });
    for (const path of ['/', '/?a=b%20c']) {
      await measureHttp({ url: `http://127.0.0.1:${server.port}${path}`, nonce: true });
    }
    expect(asked).toEqual([
      expect.stringMatching(/^\/\?demarc=[0-9a-f]{8}$/),
      expect.stringMatching(/^\/\?a=b%20c&demarc=[0-9a-f]{8}$/),
    ]);
    expect(new Set(asked.map((url) => url.slice(-8))).size).toBe(2);
  });
});

describe('redirects', () => {
  /** `ways`: path to where it leads; anything else answers. */
  const walk = async (ways: Record<string, string>, follow: object, host = '127.0.0.1') => {
    const server = await httpServer((request, response) => {
      const to = ways[request.url ?? '']?.replace('PORT', String(server.port));
      if (to !== undefined) response.writeHead(302, { location: to }).end();
      else response.end(`${request.url} ${request.headers.authorization ?? 'nobody'}`);
    });
    const resolver = resolvesTo('127.0.0.1');
    return measureHttp({ url: `http://${host}:${server.port}/`, follow, expect: { body: '/end' } }, { resolver });
  };

  it.each<[string, Record<string, string>, object, Reason, number]>([
    ['one', { '/': '/end' }, {}, 'ok', 1],
    ['three', { '/': '/b', '/b': 'c', '/c': '//127.0.0.1:PORT/end' }, {}, 'ok', 3],
    ['to a host that is named', { '/': 'http://other.test:PORT/end' }, { hosts: ['other.test'] }, 'ok', 1],
    ['24: more than allowed', { '/': '/b', '/b': '/end' }, { most: 1 }, 'http_redirect', 1],
    ['24: in a circle', { '/': '/b', '/b': '/' }, {}, 'http_redirect', 1],
    ['24: to a host nobody named', { '/': 'http://other.test:PORT/end' }, {}, 'target_denied', 0],
    ['24: to where the cloud keeps its secrets', { '/': 'http://169.254.169.254/' }, {}, 'target_denied', 0],
    ['24: to an address written oddly', { '/': 'http://0x7f.2:PORT/end' }, {}, 'target_denied', 0],
    ['24: to a file', { '/': 'file:///etc/passwd' }, {}, 'http_redirect', 0],
    ['24: with credentials', { '/': 'http://me:you@127.0.0.1:PORT/end' }, {}, 'target_denied', 0],
  ])('%s', async (_, ways, follow, reason, redirects) => {
    const observed = await walk(ways, follow);
    expect(observed).toMatchObject({ reason, facts: { redirects } });
  });

  it('adds up the phases of all exchanges, and tells how long each took', async () => {
    const observed = await walk({ '/': '/b', '/b': '/end' }, {});
    const sum = Object.values(observed.phases).reduce((total, ms) => total + ms, 0);
    const hops = observed.facts.hops ?? [];
    expect(hops).toHaveLength(3);
    expect(hops.reduce((total, ms) => total + ms, 0)).toBeCloseTo(sum, 6);
    expect(Math.min(...hops)).toBeGreaterThan(0);
    const told = http.samples(observed).filter(({ metric }) => metric === 'demarc_http_hop_duration_seconds');
    expect(told.map(({ labels }) => labels)).toEqual([{ hop: '0' }, { hop: '1' }, { hop: '2' }]);
  });

  it('may be wished to end somewhere', async () => {
    const server = await httpServer((request, response) => {
      if (request.url === '/') response.writeHead(302, { location: '/login?next=%2F' }).end();
      else response.end('please log in');
    });
    const settings = { url: `http://127.0.0.1:${server.port}/`, follow: {}, expect: { finalUrl: '/home$' } };
    expect(await measureHttp(settings)).toMatchObject({ reason: 'http_redirect', phase: 'check' });
  });
});

it.each<[string, Record<string, string>, string | null]>([
  ['Cloudflare', { 'cf-cache-status': 'HIT', age: '0' }, 'hit'],
  ['Cloudflare, serving what is old', { 'cf-cache-status': 'UPDATING' }, 'stale'],
  ['Cloudflare, not caching', { 'cf-cache-status': 'DYNAMIC', age: '5' }, 'bypass'],
  ['CloudFront', { 'x-cache': 'RefreshHit from cloudfront' }, 'hit'],
  ['CloudFront, an error', { 'x-cache': 'Error from cloudfront' }, null],
  ['Fastly, the nearest last', { 'x-cache': 'HIT, MISS' }, 'miss'],
  ['Azure', { 'x-cache': 'TCP_REMOTE_HIT' }, 'hit'],
  ['Azure, not caching', { 'x-cache': 'CONFIG_NOCACHE' }, 'bypass'],
  ['the standard', { 'cache-status': 'Origin; fwd=miss, "Edge, a"; hit; ttl=30' }, 'hit'],
  ['the standard, out of date', { 'cache-status': 'Edge; hit; ttl=-5' }, 'stale'],
  ['the standard, passed on', { 'cache-status': 'Edge; fwd=uri-miss; stored' }, 'miss'],
  ['an age alone', { age: '17' }, 'hit'],
  ['no age', { age: '0' }, null],
  ['nothing', {}, null],
])('the cache of %s', (_, headers, state) => {
  expect(cacheStateOf(new Map(Object.entries(headers)))).toBe(state);
});

it.each<[string, boolean]>([
  ['192.0.2.1', true],
  ['2001:db8::1', true],
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['::1', false],
  ['fd00:ec2::254', false],
  ['fe80::1%eth0', false],
  ['::ffff:127.0.0.1', false],
  ['no address', false],
  ['64:ff9b::a00:1', false],
  ['64:ff9b::808:808', true],
  ['2002:c0a8:101::1', false],
  ['2002:808:808::1', true],
  ['fec0::3', false],
  ['100::1', false],
  ['::ffff:7f00:1', false],
])('%s lies outside: %j', (address, outside) => expect(isPublic(address)).toBe(outside));

describe('addresses', () => {
  it('each is asked, and one that fails is a failure', async () => {
    const server = await httpServer((_, response) => response.end('ok'));
    const resolver = resolvesTo('127.0.0.1', '127.0.0.9');
    const url = `http://many.test:${server.port}/`;
    expect(await measureHttp({ url }, { resolver })).toMatchObject({ reason: 'ok' });
    const observed = await measureHttp({ url, addresses: 'each' }, { resolver });
    expect(observed).toMatchObject({
      reason: 'connect_refused',
      phase: 'connect',
      facts: {
        each: [
          { address: '127.0.0.1', reason: 'ok' },
          { address: '127.0.0.9', reason: 'connect_refused' },
        ],
      },
    });
    expect(http.samples(observed)).toContainEqual({
      metric: 'demarc_addresses',
      value: 1,
      labels: { outcome: 'failed' },
    });
  });

  it('of one family only, with no way out to the other', async () => {
    const server = await httpServer((_, response) => response.end('ok'));
    const url = `http://many.test:${server.port}/`;
    const resolver = resolvesTo('::1', '127.0.0.1');
    expect(await measureHttp({ url, family: 'ip4' }, { resolver })).toMatchObject({
      ok: true,
      facts: { address: '127.0.0.1' },
    });
    expect(await measureHttp({ url, family: 'ip6' }, { resolver: resolvesTo('127.0.0.1') })).toMatchObject({
      reason: 'no_address',
      phase: 'resolve',
    });
  });
});
