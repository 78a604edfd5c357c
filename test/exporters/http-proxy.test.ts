// The http probe through a real forward proxy: what goes where, who sees which secret, and whose failure is whose.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import type { State } from '../../catalog/signals.ts';
import { http } from '../../exporters/http/probe.ts';
import { freePort } from '../../replay/process.ts';
import { classify } from '../../signals/classify.ts';
import { describe as tell } from '../../signals/describe.ts';
import { settledSockets } from './contract.ts';
import { forwardProxy } from './forward-proxy.ts';
import { httpServer, type RawAnswer, rawServer, tlsServer } from './local-server.ts';
import { good, middle, root, withChain } from './measure-certificate.ts';
import { measureHttp, thenEnds } from './measure-http.ts';
import { LEAF_NAME } from './test-ca.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-proxy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const CANARY = 'canary-proxy-5d21';
const password = path.join(folder, 'password');
writeFileSync(password, `${CANARY}\n`);
const BASIC = `Basic ${Buffer.from(`me:${CANARY}`).toString('base64')}`;
const AUTH = { kind: 'basic', user: 'me', password: { file: password } };

const trust = [root.cert];
const chain = withChain(good, middle.cert);
const NOBODY = await freePort();
const hosts = { [LEAF_NAME]: '127.0.0.1' };
const at = (port: number, scheme = 'http') => ({ url: `${scheme}://127.0.0.1:${port}` });

describe('a forward proxy', () => {
  it('is asked for a tunnel by name, and sees nothing of what is said in it', async () => {
    const [server, proxy] = [await tlsServer(chain), await forwardProxy({ hosts, credentials: BASIC })];
    const settings = {
      url: `https://${LEAF_NAME}:${server.port}/`,
      proxy: { ...at(proxy.port), auth: AUTH },
      auth: { kind: 'bearer', token: { file: password } },
    };
    const before = await settledSockets();
    const observed = await measureHttp(settings, { trust });
    expect(observed).toMatchObject({
      reason: 'ok',
      facts: { address: '127.0.0.1', proxyStatus: 200, status: 200, tls: true },
    });
    expect(Object.keys(observed.phases)).toEqual(['connect', 'proxy', 'tls', 'request', 'processing', 'transfer']);
    expect(proxy.asked).toEqual([`CONNECT ${LEAF_NAME}:${server.port}`]);
    expect(proxy.headers[0]).toMatchObject({ 'proxy-authorization': BASIC });
    expect(proxy.headers[0]).not.toHaveProperty('authorization');
    expect(JSON.stringify([observed, http.samples(observed), tell(observed)])).not.toContain(CANARY);
    await expect.poll(settledSockets, { timeout: 2_000, interval: 10 }).toEqual(before);
    await expect.poll(proxy.open, { timeout: 2_000, interval: 10 }).toBe(0);
  });

  it('is asked for the whole URL in plain HTTP, and keeps its credentials to itself', async () => {
    const server = await httpServer((request, response) => response.end(JSON.stringify(request.headers)));
    const proxy = await forwardProxy({ hosts, credentials: BASIC });
    const url = `http://${LEAF_NAME}:${server.port}/a`;
    const settings = { url, proxy: { ...at(proxy.port), auth: AUTH }, expect: { body: `${LEAF_NAME}:${server.port}` } };
    const observed = await measureHttp(settings);
    expect(observed).toMatchObject({ reason: 'ok', facts: { proxyStatus: null, status: 200 } });
    expect(proxy.asked).toEqual([`GET ${url}`]);
    expect(JSON.stringify([observed, http.samples(observed), tell(observed)])).not.toContain(CANARY);
  });

  it('may itself speak TLS, with a certificate that must hold', async () => {
    const [server, proxy] = [await tlsServer(chain), await forwardProxy({ hosts, certificate: chain })];
    const resolver = { resolve: async () => ['127.0.0.1'] };
    const settings = {
      url: `https://${LEAF_NAME}:${server.port}/`,
      proxy: { url: `https://${LEAF_NAME}:${proxy.port}` },
    };
    expect(await measureHttp(settings, { trust, resolver })).toMatchObject({ reason: 'ok', facts: { status: 200 } });
    expect(await measureHttp(settings, { resolver })).toMatchObject({ reason: 'proxy_tls', phase: 'proxy' });
    await expect.poll(proxy.open, { timeout: 2_000, interval: 10 }).toBe(0);
  });

  it('is told an address where one is chosen here', async () => {
    const [server, proxy] = [await httpServer((_, response) => response.end('ok')), await forwardProxy()];
    const resolver = { resolve: async () => ['127.0.0.1', '::1'] };
    const url = `http://blog.test:${server.port}/`;
    const settings = { url, proxy: at(proxy.port) };
    expect(await measureHttp({ ...settings, address: '127.0.0.1' })).toMatchObject({ reason: 'ok' });
    expect(await measureHttp({ ...settings, family: 'ip4' }, { resolver })).toMatchObject({ reason: 'ok' });
    expect(await measureHttp({ ...settings, url: `http://[::1]:9/`, address: '::1' })).toMatchObject({
      reason: 'proxy_gateway',
    });
    expect(proxy.asked).toEqual([...Array(2).fill(`CONNECT 127.0.0.1:${server.port}`), 'CONNECT [::1]:9']);
  });

  it('leads no redirect to an address inside', async () => {
    const server = await httpServer((_, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end(),
    );
    const proxy = await forwardProxy({ hosts: { 'blog.test': '127.0.0.1' } });
    const settings = {
      url: `http://blog.test:${server.port}/`,
      proxy: at(proxy.port),
      follow: { hosts: ['127.0.0.1'] },
    };
    expect(await measureHttp(settings)).toMatchObject({ reason: 'target_denied' });
    expect(proxy.asked).toHaveLength(1);
  });
});

describe('a failure of the proxy', () => {
  /** What each meets that asks for a tunnel, and for a page in plain HTTP. */
  const AILING: readonly [string, RawAnswer, Reason, Phase, ('tunnel' | 'plain')?][] = [
    ['wants credentials', 'HTTP/1.1 407 Who?\r\nContent-Length: 0\r\n\r\n', 'proxy_denied', 'proxy'],
    ['forbids it', 'HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n', 'proxy_denied', 'proxy', 'tunnel'],
    ['cannot get through', 'HTTP/1.1 504 X\r\nContent-Length: 0\r\n\r\n', 'proxy_gateway', 'proxy'],
    [
      'cannot get through, says Squid',
      'HTTP/1.1 503 X\r\nX-Squid-Error: ERR_DNS_FAIL 0\r\n\r\n',
      'proxy_gateway',
      'proxy',
    ],
    ['redirects', 'HTTP/1.1 302 X\r\nLocation: http://127.0.0.1/\r\n\r\n', 'proxy_protocol', 'proxy', 'tunnel'],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'proxy_protocol', 'proxy', 'tunnel'],
    ['speaks no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n', 'proxy_protocol', 'processing', 'plain'],
    [
      'tells more than anybody needs',
      `HTTP/1.1 200 X\r\n${'a: b\r\n'.repeat(40_000)}`,
      'proxy_protocol',
      'proxy',
      'tunnel',
    ],
    ['says wait, wait', 'HTTP/1.1 103 X\r\n\r\n'.repeat(50), 'proxy_protocol', 'proxy', 'tunnel'],
    ['hangs up', thenEnds('', 'end'), 'proxy_unreachable', 'proxy', 'tunnel'],
    ['resets', thenEnds('', 'resetAndDestroy'), 'proxy_unreachable', 'processing', 'plain'],
  ];

  const NOBODYS = { role: 'service', layer: null, named: false, troubled: false, declared: false } as const;

  /** That it does not get through, or not in time, may be the server's doing as well. */
  const passing = (reason: Reason): State => (reason === 'proxy_gateway' || reason === 'proxy_timeout' ? -1 : 0);

  it.each(AILING)('that %s', async (_, answer, reason, phase, only) => {
    for (const scheme of only === undefined ? ['https', 'http'] : [only === 'tunnel' ? 'https' : 'http']) {
      const proxy = await rawServer(answer);
      const observed = await measureHttp({ url: `${scheme}://blog.test/`, proxy: at(proxy.port) });
      expect(observed, scheme).toMatchObject({ reason, phase, facts: { status: null, generator: null } });
      expect(classify(observed, NOBODYS, false)).toEqual({ works: -1, passes: passing(reason), carries: 0 });
      await expect.poll(proxy.open, { timeout: 2_000, interval: 10 }).toBe(0);
    }
  });

  it.each<[string, object, Reason, Phase]>([
    ['a name nobody knows', { url: 'http://proxy.test' }, 'proxy_unreachable', 'resolve'],
    ['nobody there', at(NOBODY), 'proxy_unreachable', 'connect'],
    ['a password that cannot be read', { auth: { ...AUTH, password: { file: '/nowhere/at/all' } } }, 'local', 'proxy'],
  ])('by %s', async (_, proxy, reason, phase) => {
    const listening = await forwardProxy();
    const settings = { url: 'https://blog.test/', proxy: { ...at(listening.port), ...proxy } };
    expect(await measureHttp(settings)).toMatchObject({ reason, phase });
    expect(listening.asked).toEqual([]);
  });

  it('is told with what the proxy said', async () => {
    const proxy = await forwardProxy({ credentials: BASIC });
    const observed = await measureHttp({ url: 'https://blog.test/', proxy: at(proxy.port) });
    expect(tell(observed)).toMatch(
      /^no HTTP answer from 127\.0\.0\.1: proxy denied during proxy after \d+ ms, HTTP 407 of the proxy$/,
    );
  });

  it('is no failure of the server behind it, whose own answers count', async () => {
    const [server, proxy] = [
      await tlsServer(chain, 'HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n'),
      await forwardProxy({ hosts }),
    ];
    const settings = { url: `https://${LEAF_NAME}:${server.port}/`, proxy: at(proxy.port) };
    const observed = await measureHttp(settings, { trust });
    expect(observed).toMatchObject({ reason: 'http_status', facts: { status: 502, proxyStatus: 200 } });
    expect(classify(observed, NOBODYS, false)).toMatchObject({ works: 0, passes: 1, carries: 1 });
  });
});

it.each([
  [{ url: 'http://me:secret@127.0.0.1:1' }, 'credentials'],
  [{ url: 'socks5://127.0.0.1:1' }, 'URL'],
  [{ url: 'http://127.0.0.1:1/way' }, 'host and port'],
  [{ url: 'http://127.0.0.1:1', auth: { kind: 'basic', user: 'me', password: 'plain' } }, 'secret'],
])('the proxy %j is refused', (proxy, message) => {
  expect(() => http.prepare('t', { url: 'https://blog.test/', proxy })).toThrow(message);
});
