// The http probe through a real SOCKS5 proxy: names go there as names, secrets to nobody else, and its failures are its own.
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { http } from '../../exporters/http/probe.ts';
import { settledSockets } from './contract.ts';
import { httpServer, rawServer, tlsServer } from './local-server.ts';
import { good, middle, root, withChain } from './measure-certificate.ts';
import { measureHttp, thenEnds } from './measure-http.ts';
import { socksProxy } from './socks-proxy.ts';
import { LEAF_NAME } from './test-ca.ts';

const hosts = { [LEAF_NAME]: '127.0.0.1' };
const at = (port: number) => ({ url: `socks5h://127.0.0.1:${port}` });
const AUTH = { kind: 'basic', user: 'me', password: { env: 'DEMARC_TEST_SOCKS' } };
process.env.DEMARC_TEST_SOCKS = 'canary-socks-77c1';

describe('a SOCKS5 proxy', () => {
  it('is given the name, and sees nothing of what is said behind', async () => {
    const server = await tlsServer(withChain(good, middle.cert));
    const proxy = await socksProxy({ hosts, wants: 'me:canary-socks-77c1' });
    const before = await settledSockets();
    const settings = { url: `https://${LEAF_NAME}:${server.port}/`, proxy: { ...at(proxy.port), auth: AUTH } };
    const observed = await measureHttp(settings, { trust: [root.cert] });
    expect(observed).toMatchObject({ reason: 'ok', facts: { status: 200, tls: true, address: '127.0.0.1' } });
    expect(Object.keys(observed.phases)).toEqual(['connect', 'proxy', 'tls', 'request', 'processing', 'transfer']);
    expect(proxy.asked).toEqual([`${LEAF_NAME}:${server.port}`]);
    expect(JSON.stringify([observed, http.samples(observed)])).not.toContain('canary');
    await expect.poll(settledSockets, { timeout: 2_000, interval: 10 }).toEqual(before);
  });

  it('connects for plain HTTP too, which is said to the server alone', async () => {
    const server = await httpServer((request, response) => void response.end(`for ${request.url}`));
    const proxy = await socksProxy({ hosts });
    const settings = { url: `http://${LEAF_NAME}:${server.port}/a`, proxy: at(proxy.port), expect: { body: 'for /a' } };
    expect(await measureHttp(settings)).toMatchObject({ reason: 'ok', facts: { status: 200 } });
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::1]', '00000000000000000000000000000001'],
    ['[2001:db8::7:0:9]', '20010db8000000000000000700000009'],
    ['[64:ff9b:1:2:3:4:5:6]', '0064ff9b000100020003000400050006'],
  ])('is given the address %s as it is', async (host, seen) => {
    const proxy = await socksProxy({ reply: 4 });
    expect(await measureHttp({ url: `http://${host}:81/`, proxy: at(proxy.port) })).toMatchObject({ phase: 'proxy' });
    expect(proxy.asked).toEqual([`${seen}:81`]);
  });

  it.each<[number, Reason]>([
    [1, 'proxy_gateway'],
    [2, 'proxy_denied'],
    [3, 'proxy_gateway'],
    [4, 'proxy_gateway'],
    [5, 'proxy_gateway'],
    [6, 'proxy_gateway'],
    [7, 'proxy_protocol'],
    [8, 'proxy_protocol'],
    [200, 'proxy_protocol'],
  ])('that replies %d has said %s', async (reply, reason) => {
    const proxy = await socksProxy({ reply });
    const observed = await measureHttp({ url: 'https://blog.test/', proxy: at(proxy.port) });
    expect(observed).toMatchObject({ reason, phase: 'proxy', facts: { status: null } });
  });

  it.each<[string, string | undefined, object, Reason]>([
    ['without a password', 'me:other', {}, 'proxy_denied'],
    ['with a wrong one', 'me:other', { auth: AUTH }, 'proxy_denied'],
    ['with one that cannot be read', undefined, { auth: { ...AUTH, password: { env: 'NOBODY_SET_THIS' } } }, 'ok'],
    [
      'with one that cannot be read and is wanted',
      'a:b',
      { auth: { ...AUTH, password: { env: 'NOBODY_SET_THIS' } } },
      'local',
    ],
  ])('that is met %s', async (_, wants, auth, reason) => {
    const server = await httpServer((__, response) => void response.end('here'));
    const proxy = await socksProxy(wants === undefined ? {} : { wants });
    const settings = { url: `http://127.0.0.1:${server.port}/`, proxy: { ...at(proxy.port), ...auth } };
    expect(await measureHttp(settings)).toMatchObject({ reason });
  });

  it.each<[string, Parameters<typeof rawServer>[0], Reason]>([
    ['speaks HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'proxy_protocol'],
    ['hangs up at once', thenEnds('', 'end'), 'proxy_unreachable'],
    ['hangs up half way', thenEnds('\u0005', 'end'), 'proxy_unreachable'],
    ['resets', thenEnds('', 'resetAndDestroy'), 'proxy_unreachable'],
    ['wants what nobody offered', '\u0005\u0003', 'proxy_denied'],
    ['knows addresses of a kind of its own', '\u0005\u0000\u0005\u0000\u0000\u0009more', 'proxy_protocol'],
  ])('that %s', async (_, answer, reason) => {
    const proxy = await rawServer(answer);
    const observed = await measureHttp({ url: 'https://blog.test/', proxy: at(proxy.port) });
    expect(observed).toMatchObject({ reason, phase: 'proxy' });
    await expect.poll(proxy.open, { timeout: 2_000, interval: 10 }).toBe(0);
  });
});

it.each([
  [{ url: 'socks5h://me:secret@127.0.0.1:1' }, 'credentials'],
  [{ url: 'socks4://127.0.0.1:1' }, 'URL'],
  [{ url: 'socks5h://127.0.0.1:1/way' }, 'host and port'],
  [{ url: 'socks5h://127.0.0.1:1', auth: { kind: 'bearer', token: { env: 'T' } } }, 'tokens'],
])('the proxy %j is refused', (proxy, message) => {
  expect(() => http.prepare('t', { url: 'https://blog.test/', proxy })).toThrow(message);
});
