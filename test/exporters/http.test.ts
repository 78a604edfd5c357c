// The http probe: what it reads from an answer, and how it judges it.
import { describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { http } from '../../exporters/http/probe.ts';
import type { NameResolver } from '../../exporters/probe.ts';
import { overHttp, probeContract } from './contract.ts';
import { httpServer, type RawAnswer } from './local-server.ts';
import { measureHttp, measureRaw, resolvesTo, thenEnds } from './measure-http.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
const OK = `${HEAD}Content-Length: 2\r\n\r\nok`;

describe('answers', () => {
  it('reads what a good answer tells', async () => {
    const server = await httpServer((request, response) => {
      response.setHeader('Age', '17').setHeader('X-Pop', 'ray-FRA').setHeader('X-Origin', '1');
      response.end(`${request.method} ${request.url} ${request.headers.host}`);
    });
    const observed = await measureHttp({
      url: `http://127.0.0.1:${server.port}/a?b=c#d`,
      host: 'blog.test',
      expect: { body: `GET /a?b=c blog.test:${server.port}` },
      popHeader: { name: 'X-Pop', pattern: '-([A-Z]{3})$' },
      stamp: 'X-Origin',
    });
    expect(observed).toMatchObject({ ok: true, reason: 'ok', phase: null });
    expect(observed.facts).toEqual({
      address: '127.0.0.1',
      status: 200,
      generator: null,
      vendorCode: null,
      pop: 'FRA',
      httpVersion: '1.1',
      stamped: true,
      bodyBytes: `GET /a?b=c blog.test:${server.port}`.length,
      serverDate: expect.closeTo(Date.now(), -4),
      age: 17,
      contentLength: `GET /a?b=c blog.test:${server.port}`.length,
      cache: 'hit',
      tls: false,
      certificateNotAfter: null,
    });
    expect(Object.keys(observed.phases)).toEqual(['connect', 'request', 'processing', 'transfer']);
    expect(http.samples(observed)).toEqual(
      expect.arrayContaining([
        { metric: 'probe_http_status_code', value: 200 },
        { metric: 'probe_http_version', value: 1.1 },
        { metric: 'probe_http_ssl', value: 0 },
        { metric: 'probe_http_duration_seconds', value: expect.any(Number), labels: { phase: 'processing' } },
      ]),
    );
  });

  it.each<[string, RawAnswer, Record<string, unknown>, Reason, Phase | null]>([
    ['a status that was not expected', 'HTTP/1.1 503 X\r\nContent-Length: 0\r\n\r\n', {}, 'http_status', 'check'],
    ['one that was', 'HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n', { expect: { status: [200, 401] } }, 'ok', null],
    ['a body without the text', OK, { expect: { body: 'OK' } }, 'http_body', 'check'],
    [
      'the text behind the limit',
      `${HEAD}Content-Length: 9\r\n\r\n123456789`,
      { maxBodyBytes: 8, expect: { body: '9' } },
      'http_body',
      'check',
    ],
    [
      'the text before the limit',
      `${HEAD}Content-Length: 9\r\n\r\n123456789`,
      { maxBodyBytes: 8, expect: { body: '8' } },
      'ok',
      null,
    ],
    ['204 without a body', 'HTTP/1.1 204 X\r\n\r\n', { expect: { status: [204] } }, 'ok', null],
    ['HEAD, which has no body', `${HEAD}Content-Length: 5000\r\n\r\n`, { method: 'HEAD' }, 'ok', null],
    ['HTTP/1.0 that ends with its connection', thenEnds('HTTP/1.0 200 OK\r\n\r\nok', 'end'), {}, 'ok', null],
    ['a wrong status whose body never ends', 'HTTP/1.1 500 X\r\nContent-Length: 9\r\n\r\n', {}, 'http_status', 'check'],
  ])('%s', async (_, answer, settings, reason, phase) => {
    expect(await measureRaw(answer, settings)).toMatchObject({ ok: reason === 'ok', reason, phase });
  });

  it('names who wrote an error, and keeps no body', async () => {
    const body = '<b>error code: 1033</b>';
    const answer = `HTTP/1.1 530 X\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const errorClasses = [{ status: [530], body: 'ERROR CODE: 1033', code: '1033', generator: 'vendor_says_origin' }];
    const observed = await measureRaw(answer, { errorClasses });
    expect(observed.facts).toMatchObject({ status: 530, generator: 'vendor_says_origin', vendorCode: '1033' });
    expect(JSON.stringify(observed)).not.toContain('error code');
    const labels = { generator: 'vendor_says_origin' };
    expect(http.samples(observed)).toContainEqual({ metric: 'demarc_http_error_generator_info', value: 1, labels });
  });

  it('connects to the next address when one refuses at once', async () => {
    const server = await httpServer((_, response) => response.end());
    const url = `http://two.test:${server.port}/`;
    const observed = await measureHttp({ url }, { resolver: resolvesTo('127.0.0.2', '127.0.0.1') });
    expect(observed).toMatchObject({ reason: 'ok', facts: { address: '127.0.0.1' } });
  });

  it('does not resolve when it is told the address', async () => {
    const server = await httpServer((request, response) => response.end(request.headers.host));
    const resolver: NameResolver = { resolve: () => Promise.reject(new Error('asked')) };
    const settings = { url: `http://blog.test:${server.port}/`, address: '127.0.0.1', expect: { body: 'blog.test:' } };
    expect(await measureHttp(settings, { resolver })).toMatchObject({ reason: 'ok' });
  });

  it.each([
    [{ url: 'ftp://a.test/' }, 'url'],
    [{ url: 'http://user:pw@a.test/' }, 'credentials'],
    [{ url: 'http://a.test/', address: 'b.test' }, 'address'],
    [{ url: 'http://a.test/', host: 'a\r\nX: y' }, 'host'],
    [{ url: 'http://a.test/', method: 'HEAD', expect: { body: 'x' } }, 'GET'],
    [{ url: 'http://a.test/', popHeader: { name: 'x', pattern: '(' } }, 'regular expression'],
    [{ url: 'http://a.test/', maxBodyBytes: 0 }, 'maxBodyBytes'],
  ])('refuses the settings %j', (settings, message) => {
    expect(() => http.prepare('t', settings)).toThrow(message);
  });
});

probeContract('http', {
  ...overHttp('ok'),
  probe: http,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}/` }),
});
