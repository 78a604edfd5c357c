// What the http probe sends besides a plain GET: HTTP/2, further headers, credentials that are only referred to.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import nodeHttp2 from 'node:http2';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { exchange } from '../../exporters/http/exchange.ts';
import { http } from '../../exporters/http/probe.ts';
import { contextOf } from './contract.ts';
import { httpServer, type LocalServer, started, tlsServer } from './local-server.ts';
import { good, middle, root, withChain } from './measure-certificate.ts';
import { measureHttp } from './measure-http.ts';

const CREDENTIALS = withChain(good, middle.cert);
const trust = [root.cert];

type OnStream = (stream: nodeHttp2.ServerHttp2Stream, headers: nodeHttp2.IncomingHttpHeaders) => void;

function http2Server(onStream: OnStream): Promise<LocalServer> {
  const server = nodeHttp2.createSecureServer({ ...CREDENTIALS, allowHTTP1: true });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    onStream(stream, headers);
  });
  server.on('sessionError', () => undefined);
  server.on('request', (request, response) => {
    if (request.httpVersionMajor === 1) response.end('one');
  });
  return started(server);
}

const asked = (port: number, settings: Record<string, unknown>) =>
  measureHttp({ url: `https://127.0.0.1:${port}/a?b`, host: 'origin.test', ...settings }, { trust });

describe('HTTP/2', () => {
  it.each([
    ['h2', '2', 'two origin.test'],
    ['auto', '2', 'two origin.test'],
    ['http/1.1', '1.1', 'one'],
  ])('%s is offered', async (protocol, httpVersion, body) => {
    const server = await http2Server((stream, headers) => {
      stream.respond({ ':status': 200, age: '3', 'x-twice': ['a', 'b'] });
      stream.end(`two ${String(headers[':authority']).split(':')[0]}`);
    });
    const observed = await asked(server.port, { protocol, expect: { body } });
    expect(observed).toMatchObject({ reason: 'ok', facts: { httpVersion, status: 200, bodyBytes: body.length } });
    expect(Object.keys(observed.phases)).toEqual(['connect', 'tls', 'request', 'processing', 'transfer']);
    expect(http.samples(observed)).toContainEqual({ metric: 'probe_http_version', value: Number(httpVersion) });
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });

  it.each<[string, OnStream, Reason]>([
    ['is mute', () => undefined, 'timeout'],
    ['resets the stream', (stream) => stream.close(nodeHttp2.constants.NGHTTP2_INTERNAL_ERROR), 'http_protocol'],
    ['ends the stream without an answer', (stream) => stream.close(), 'connect_reset'],
    ['hangs up', (stream) => stream.session?.destroy(), 'connect_reset'],
    ['says goodbye', (stream) => stream.session?.destroy(undefined, 11), 'connect_reset'],
    [
      'sends 1xx for ever',
      (stream) => {
        for (let sent = 0; sent < 50; sent += 1) stream.additionalHeaders({ ':status': 103 });
      },
      'http_protocol',
    ],
    [
      'sends more headers than anybody needs',
      (stream) => stream.respond(Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`x-${at}`, 'y']))),
      'http_too_large',
    ],
    [
      'sends 40 KiB of headers, which nobody takes in',
      (stream) =>
        stream.respond(Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`x-${at}`, 'y'.repeat(1000)]))),
      'timeout',
    ],
    [
      'drips its body',
      (stream) => {
        stream.respond({ ':status': 200 });
        const timer = setInterval(() => stream.write('x'), 20);
        stream.on('close', () => clearInterval(timer));
      },
      'timeout',
    ],
    [
      'packs its body',
      (stream) => {
        stream.respond({ ':status': 200, 'content-encoding': 'gzip' });
        stream.end('x');
      },
      'http_protocol',
    ],
    [
      'lies about the length',
      (stream) => {
        stream.respond({ ':status': 200, 'content-length': '5000' });
        stream.end('x');
      },
      'http_protocol',
    ],
  ])('a server that %s', async (_, onStream, reason) => {
    const server = await http2Server(onStream);
    const observed = await asked(server.port, { protocol: 'h2' });
    expect(observed.reason).toBe(reason);
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });

  it('stops at the limit of a body without end', async () => {
    const server = await http2Server((stream) => {
      stream.respond({ ':status': 200 });
      const pour = () => {
        while (stream.writable && stream.write(Buffer.alloc(65_536)));
      };
      stream.on('drain', pour);
      pour();
    });
    const observed = await asked(server.port, { protocol: 'h2' });
    expect(observed).toMatchObject({ reason: 'ok', facts: { bodyBytes: 65_536 } });
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });

  it('a server that does not speak it', async () => {
    const server = await tlsServer(CREDENTIALS);
    expect(await asked(server.port, { protocol: 'h2' })).toMatchObject({ reason: 'http_protocol', phase: 'request' });
    expect(await asked(server.port, { protocol: 'auto' })).toMatchObject({ reason: 'ok' });
  });
});

it.each(['h2', 'http/1.1'] as const)('a form goes by POST over %s', async (protocol) => {
  const echo = (method: unknown, body: AsyncIterable<Buffer>, reply: (text: string) => void) =>
    text(body).then((sent) => reply(`${method} ${sent}`));
  const server = await http2Server((stream, headers) => {
    stream.respond({ ':status': 200 });
    void echo(headers[':method'], stream, (said) => stream.end(said));
  });
  const plain = await httpServer((request, response) => {
    void echo(request.method, request, (said) => response.end(said));
  });
  const url = new URL(protocol === 'h2' ? `https://127.0.0.1:${server.port}/` : `http://127.0.0.1:${plain.port}/`);
  const bounds = { resolve: 'fresh', tlsVerify: false, maxBodyBytes: 100, protocol } as const;
  const done = await exchange(
    { url, method: 'POST', form: { a: 'b c', d: '&' }, ...bounds },
    contextOf(AbortSignal.timeout(2_000)),
  );
  expect(done).toMatchObject({ reason: 'ok', answer: { status: 200 } });
  expect(String(done.answer?.body)).toBe('POST a=b+c&d=%26');
});

describe('request headers', () => {
  const echo = () => httpServer((request, response) => response.end(JSON.stringify(request.headers)));

  it('are sent as given, and secrets are read where they are', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-secret-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'token');
    writeFileSync(file, 'canary-1\n');
    vi.stubEnv('DEMARC_TEST_SECRET', 'canary-2');
    onTestFinished(() => void vi.unstubAllEnvs());
    const server = await echo();
    const url = `http://127.0.0.1:${server.port}/`;
    const headers = { 'X-Plain': 'y', 'X-Api-Key': { env: 'DEMARC_TEST_SECRET' }, 'User-Agent': 'somebody' };
    for (const body of ['"x-plain":"y"', '"x-api-key":"canary-2"', '"authorization":"Bearer canary-1"', 'somebody']) {
      const settings = { url, headers, auth: { kind: 'bearer', token: { file } }, expect: { body } };
      const observed = await measureHttp(settings);
      expect(observed.reason, body).toBe('ok');
      expect(JSON.stringify([observed, http.samples(observed)])).not.toContain('canary');
    }
    const basic = Buffer.from('me:canary-1').toString('base64');
    const auth = { kind: 'basic', user: 'me', password: { file } };
    expect(await measureHttp({ url, auth, expect: { body: `"authorization":"Basic ${basic}"` } })).toMatchObject({
      ok: true,
    });
  });

  it('a secret that cannot be had is our failure, and nothing is sent', async () => {
    const server = await httpServer((_, response) => response.end('seen'));
    const url = `http://127.0.0.1:${server.port}/`;
    for (const token of [
      { file: '/nowhere/at/all' },
      { file: '/tmp' },
      { file: '/dev/zero' },
      { env: 'DEMARC_NOT_SET' },
    ]) {
      expect(await measureHttp({ url, auth: { kind: 'bearer', token } })).toMatchObject({
        reason: 'local',
        phase: 'request',
        facts: { status: null },
      });
    }
  });

  it.each([
    [{ Host: 'elsewhere' }, 'set by the probe'],
    [{ 'Transfer-Encoding': 'chunked' }, 'set by the probe'],
    [{ 'Proxy-Authorization': 'x' }, 'set by the probe'],
    [{ Authorization: 'Bearer hunter2' }, 'holds a secret'],
    [{ Cookie: 'a=b' }, 'holds a secret'],
    [{ 'X-Api-Key': 'hunter2' }, 'holds a secret'],
    [{ 'X-A': 'b\r\nX-C: d' }, 'one line'],
    [{ 'X A': 'b' }, 'not a header name'],
    [{ 'X-A': { file: 'relative' } }, 'invalid_format'],
    [{ 'X-A': { file: '/a', env: 'B' } }, 'must be {file'],
  ])('refuses %j', (headers, why) => {
    expect(() => http.prepare('t', { url: 'http://127.0.0.1/', headers })).toThrow(why);
  });
});

it('knows a TLS server by its TLS, not by the port', async () => {
  const plain = await started(net.createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
  expect(await asked(plain.port, { protocol: 'auto' })).toMatchObject({ reason: 'tls_handshake', phase: 'tls' });
});
