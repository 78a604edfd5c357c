// The http probe against servers that lie, stall or flood: it comes back in time, with a reason, and holds little.
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { http } from '../../exporters/http/probe.ts';
import type { NameResolver } from '../../exporters/probe.ts';
import { contextOf } from './contract.ts';
import { httpServer, type RawAnswer, rawServer } from './local-server.ts';
import { endless, measureHttp, measureRaw, resolvesTo, thenEnds } from './measure-http.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
const OK = `${HEAD}Content-Length: 2\r\n\r\nok`;

const protoPollution = `${HEAD}__proto__: polluted\r\nconstructor: x\r\nContent-Length: 2\r\n\r\nok`;

describe('hostile answers', () => {
  it.each<[string, RawAnswer, Reason, Phase | null]>([
    ['18: accepts and never answers', () => undefined, 'timeout', 'processing'],
    ['19: drips its headers', endless(HEAD, 'a', 50), 'timeout', 'processing'],
    ['19: drips its body', endless(`${HEAD}Content-Length: 5000\r\n\r\n`, 'a', 50), 'timeout', 'transfer'],
    ['20: sends headers for ever', endless(HEAD, 'a: b\r\n'.repeat(1000)), 'http_too_large', 'processing'],
    ['20: a header of 1 MiB', `${HEAD}a: ${'x'.repeat(1_048_576)}\r\n\r\n`, 'http_too_large', 'processing'],
    ['20: 3,000 headers', `${HEAD}${'a: b\r\n'.repeat(3000)}\r\n`, 'http_too_large', 'processing'],
    ['20: 101 short headers', `${HEAD}${'a: b\r\n'.repeat(101)}\r\n`, 'http_too_large', 'processing'],
    ['21: a body for ever', endless(`${HEAD}\r\n`, 'x'.repeat(65_536)), 'ok', null],
    [
      '21: chunks for ever',
      endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, `1000\r\n${'x'.repeat(4096)}\r\n`),
      'ok',
      null,
    ],
    ['21: chunks that stop coming', `${HEAD}Transfer-Encoding: chunked\r\n\r\n5\r\nhel`, 'timeout', 'transfer'],
    [
      '21: a chunk extension for ever',
      endless(`${HEAD}Transfer-Encoding: chunked\r\n\r\n5;`, 'x'.repeat(4096)),
      'http_protocol',
      'transfer',
    ],
    ['21: Content-Length 9e15', `${HEAD}Content-Length: 9e15\r\n\r\n`, 'http_protocol', 'processing'],
    ['21: Content-Length negative', `${HEAD}Content-Length: -1\r\n\r\n`, 'http_protocol', 'processing'],
    ['21: two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 'http_protocol', 'processing'],
    [
      '21: length and chunks',
      `${HEAD}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      'http_protocol',
      'processing',
    ],
    [
      '21: fewer bytes than announced',
      thenEnds(`${HEAD}Content-Length: 9\r\n\r\nab`, 'end'),
      'http_protocol',
      'transfer',
    ],
    ['21: more bytes than announced', `${HEAD}Content-Length: 1\r\n\r\nabcdef`, 'http_protocol', 'transfer'],
    [
      '22: gzip nobody asked for',
      Buffer.concat([Buffer.from(`${HEAD}Content-Encoding: gzip\r\n\r\n`), gzipSync('ok')]),
      'http_protocol',
      'processing',
    ],
    [
      '22: gzip in gzip',
      `${HEAD}Content-Encoding: gzip, gzip, gzip, gzip, gzip\r\n\r\n`,
      'http_protocol',
      'processing',
    ],
    [
      '22: br',
      Buffer.concat([Buffer.from(`${HEAD}Content-Encoding: br\r\n\r\n`), brotliCompressSync('ok')]),
      'http_protocol',
      'processing',
    ],
    [
      '22: zstd as transfer encoding',
      `${HEAD}Transfer-Encoding: zstd, chunked\r\n\r\n0\r\n\r\n`,
      'http_protocol',
      'processing',
    ],
    [
      '23: 2,000 early hints',
      'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'.repeat(2000) + OK,
      'http_protocol',
      'processing',
    ],
    ['23: 100 Continue for ever', endless('', 'HTTP/1.1 100 Continue\r\n\r\n'), 'http_protocol', 'processing'],
    ['23: 8 early hints', 'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(8) + OK, 'ok', null],
    [
      '23: 101 nobody asked for',
      'HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
      'http_protocol',
      'processing',
    ],
    ['26: NUL in a header', `${HEAD}a: b\0c\r\nContent-Length: 0\r\n\r\n`, 'http_protocol', 'processing'],
    ['26: a bare CR', `${HEAD}a: b\rc: d\r\nContent-Length: 0\r\n\r\n`, 'http_protocol', 'processing'],
    ['26: prototype names', protoPollution, 'ok', null],
    [
      '26: 8-bit bytes and doubles',
      Buffer.from(`${HEAD}a: \xff\r\na: \xfe\r\nContent-Length: 0\r\n\r\n`, 'latin1'),
      'ok',
      null,
    ],
    ['27: HTTP/0.9', thenEnds('<html>hello</html>', 'end'), 'http_protocol', 'processing'],
    ['27: status 2000', 'HTTP/1.1 2000 OK\r\n\r\n', 'http_protocol', 'processing'],
    ['27: status 000', 'HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n', 'http_protocol', 'processing'],
    ['27: status 999', 'HTTP/1.1 999 X\r\nContent-Length: 0\r\n\r\n', 'http_protocol', 'processing'],
    ['27: garbage before the status', `\x16\x03\x01${OK}`, 'http_protocol', 'processing'],
    [
      '28: retry after 30 years',
      'HTTP/1.1 503 X\r\nRetry-After: 999999999\r\nContent-Length: 0\r\n\r\n',
      'http_status',
      'check',
    ],
    [
      '28: retry in the year 9999',
      'HTTP/1.1 503 X\r\nRetry-After: Fri, 31 Dec 9999 23:59:59 GMT\r\n\r\n',
      'http_status',
      'check',
    ],
    ['29: answers, then resets', thenEnds(OK, 'resetAndDestroy'), 'ok', null],
    [
      '29: resets in its body',
      thenEnds(`${HEAD}Content-Length: 9\r\n\r\nab`, 'resetAndDestroy'),
      'connect_reset',
      'transfer',
    ],
    ['29: resets in its headers', thenEnds(HEAD, 'resetAndDestroy'), 'connect_reset', 'processing'],
    ['29: closes without a word', (socket) => socket.end(), 'connect_reset', 'processing'],
    ['29: answers, then closes', thenEnds(OK, 'end'), 'ok', null],
    [
      '31: wrong charset and half characters',
      Buffer.concat([
        Buffer.from(`${HEAD}Content-Type: text/html; charset=utf-16\r\nContent-Length: 4\r\n\r\n`),
        Buffer.from([0xed, 0xa0, 0x80, 0xff]),
      ]),
      'ok',
      null,
    ],
    ['31: one line of 10 MB', `${HEAD}Content-Length: 10000000\r\n\r\n${'a'.repeat(10_000_000)}`, 'ok', null],
  ])('%s', async (_, answer, reason, phase) => {
    expect(await measureRaw(answer)).toMatchObject({ ok: reason === 'ok', reason, phase });
  });

  it('32: never reads', async () => {
    const server = await rawServer((socket) => socket.pause());
    const observed = await measureHttp({ url: `http://127.0.0.1:${server.port}/${'x'.repeat(1_000_000)}` });
    expect(observed).toMatchObject({ reason: 'timeout' });
  });

  it('21: stops reading at its limit', async () => {
    const observed = await measureRaw(endless(`${HEAD}\r\n`, 'x'.repeat(65_536)), { maxBodyBytes: 1000 });
    expect(observed.facts.bodyBytes).toBe(1000);
  });

  it('22: never unpacks a bomb', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1_048_576));
    const head = `${HEAD}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`;
    const before = process.memoryUsage().rss;
    expect(await measureRaw(Buffer.concat([Buffer.from(head), bomb]))).toMatchObject({ reason: 'http_protocol' });
    expect(process.memoryUsage().rss - before).toBeLessThan(16 * 1_048_576);
  });

  it.each(['http://127.0.0.1:TRAP/', 'file:///etc/passwd', '//127.0.0.1:TRAP/', 'data:,x', '/'])(
    '24: follows no redirect to %s',
    async (location) => {
      const trap = await httpServer((_, response) => response.end());
      const to = location.replace('TRAP', String(trap.port));
      const answer = `HTTP/1.1 302 Found\r\nLocation: ${to}\r\nContent-Length: 0\r\n\r\n`;
      const observed = await measureRaw(answer);
      expect(observed).toMatchObject({
        reason: 'http_status',
        phase: 'check',
        facts: { status: 302, generator: null },
      });
      expect(trap.accepted()).toBe(0);
    },
  );

  it('25: asks for the address once, and connects to what it was told then', async () => {
    const server = await httpServer((_, response) => response.end());
    const asked: string[] = [];
    const resolver: NameResolver = {
      resolve: async (name, mode) => {
        asked.push(`${name} ${mode}`);
        return asked.length === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
      },
    };
    const observed = await measureHttp({ url: `http://rebind.test.:${server.port}/` }, { resolver });
    expect(observed).toMatchObject({ reason: 'ok', facts: { address: '127.0.0.1' } });
    expect(asked).toEqual(['rebind.test fresh']);
  });

  it('26: prototypes stay as they were', async () => {
    const observed = await measureRaw(protoPollution, { stamp: 'valueof' });
    expect(observed.facts.stamped).toBe(false);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  it('28: 200 with an error page of the vendor', async () => {
    const page = '<title>Error code 500</title>';
    const answer = `${HEAD}Content-Length: ${page.length}\r\n\r\n${page}`;
    const observed = await measureRaw(answer, { expect: { body: 'my blog' } });
    expect(observed).toMatchObject({ reason: 'http_body', phase: 'check', facts: { status: 200, generator: null } });
  });

  it('30: keeps nothing between two probes', async () => {
    const cookies: (string | undefined)[] = [];
    const server = await httpServer((request, response) => {
      cookies.push(request.headers.cookie);
      response.setHeader(
        'Set-Cookie',
        Array.from({ length: 50 }, (_, n) => `c${n}=1`),
      );
      response.setHeader('Strict-Transport-Security', 'max-age=999999').setHeader('Alt-Svc', 'h3=":1"');
      response.end();
    });
    const measureAgain = http.prepare('t', { url: `http://localhost:${server.port}/` });
    for (const _ of [1, 2]) {
      const context = contextOf(AbortSignal.timeout(400), { resolver: resolvesTo('127.0.0.1') });
      expect(await measureAgain(context)).toMatchObject({ reason: 'ok' });
    }
    expect(cookies).toEqual([undefined, undefined]);
    expect(server.accepted()).toBe(2);
  });
});
