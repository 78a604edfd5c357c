// The http probe over TLS: it judges the certificate itself and sends nothing to a server it may not trust.
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { http } from '../../exporters/http/probe.ts';
import { overHttp, probeContract } from './contract.ts';
import { type RawAnswer, rawServer, tlsServer } from './local-server.ts';
import { measureHttp, resolvesTo } from './measure-http.ts';
import { LEAF_NAME, rootAuthority, selfSignedLeaf } from './test-ca.ts';

describe('TLS', async () => {
  const root = await rootAuthority();
  const middle = await root.below('Middle');
  const good = await middle.issue();
  const full = good.cert + middle.cert;
  const resolver = resolvesTo('127.0.0.1');
  const url = (port: number) => `https://${LEAF_NAME}:${port}/`;

  it('reads a good answer, asking by name and without resuming a session', async () => {
    const names: string[] = [];
    const server = await tlsServer({
      key: good.key,
      cert: full,
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    for (const _ of [1, 2]) {
      const observed = await measureHttp({ url: url(server.port) }, { resolver, trust: [root.cert] });
      expect(observed).toMatchObject({ reason: 'ok', phase: null, facts: { status: 200, tls: true } });
      expect(observed.facts.certificateNotAfter).toBeGreaterThan(Date.now());
      expect(observed.phases.tls).toBeGreaterThan(0);
      expect(http.samples(observed)).toContainEqual({ metric: 'probe_http_ssl', value: 1 });
    }
    expect(names).toEqual([LEAF_NAME, LEAF_NAME]);
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });

  it.each<[string, () => Promise<{ key: string; cert: string }>, Reason]>([
    ['expired', () => root.issue({ toDays: -1 }), 'tls_expired'],
    ['not yet valid', () => root.issue({ fromDays: 1 }), 'tls_not_yet_valid'],
    ['for another name', () => root.issue({ names: [{ type: 'dns', value: 'other.test' }] }), 'tls_hostname'],
    ['self-signed', () => selfSignedLeaf(), 'tls_self_signed'],
    ['without its intermediate', async () => good, 'tls_incomplete_chain'],
    [
      'of an unknown authority',
      async () => {
        const strange = await rootAuthority('Strange');
        const issued = await strange.issue();
        return { ...issued, cert: issued.cert + strange.cert };
      },
      'tls_untrusted',
    ],
    [
      'expired, of an unknown authority and for another name',
      async () => selfSignedLeaf({ toDays: -1, names: [{ type: 'dns', value: 'other.test' }] }),
      'tls_expired',
    ],
  ])('refuses a certificate that is: %s', async (_, issue, reason) => {
    const server = await tlsServer(await issue());
    const observed = await measureHttp({ url: url(server.port) }, { resolver, trust: [root.cert] });
    expect(observed).toMatchObject({ ok: false, reason, phase: 'tls', facts: { status: null, tls: true } });
    expect(observed.facts.certificateNotAfter).not.toBeNull();
    expect(server.requests()).toBe(0);
    const unverified = await measureHttp({ url: url(server.port), tlsVerify: false }, { resolver });
    expect(unverified).toMatchObject({ reason: 'ok', facts: { status: 200 } });
  });

  it('takes an address as its own name, without SNI', async () => {
    const names: string[] = [];
    const forAddress = await root.issue({ names: [{ type: 'ip', value: '127.0.0.1' }] });
    const server = await tlsServer({
      ...forAddress,
      SNICallback: (name, done) => {
        names.push(name);
        done(null);
      },
    });
    const observed = await measureHttp({ url: `https://127.0.0.1:${server.port}/` }, { trust: [root.cert] });
    expect(observed).toMatchObject({ reason: 'ok' });
    expect(names).toEqual([]);
    const named = { url: `https://127.0.0.1:${server.port}/`, host: LEAF_NAME };
    expect(await measureHttp(named, { trust: [root.cert] })).toMatchObject({ reason: 'tls_hostname' });
    expect(names).toEqual([LEAF_NAME]);
  });

  it.each<[string, RawAnswer, Reason]>([
    ['18: says nothing', () => undefined, 'timeout'],
    ['27: speaks plain HTTP', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'tls_handshake'],
    ['29: resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'connect_reset'],
    ['29: hangs up', (socket) => socket.once('data', () => socket.end()), 'connect_reset'],
    ['37: sends a fatal alert', Buffer.from('15030300020228', 'hex'), 'tls_handshake'],
    [
      '39: a record of garbage',
      Buffer.concat([Buffer.from('1603030100', 'hex'), Buffer.alloc(256, 0xa5)]),
      'tls_handshake',
    ],
  ])('a server that, asked for a handshake, %s', async (_, answer, reason) => {
    const server = await rawServer(answer);
    const observed = await measureHttp({ url: url(server.port) }, { resolver });
    expect(observed).toMatchObject({ reason, phase: 'tls', facts: { status: null, certificateNotAfter: null } });
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });

  it('27: plain HTTP to a TLS port', async () => {
    const server = await tlsServer({ key: good.key, cert: full });
    const observed = await measureHttp({ url: `http://127.0.0.1:${server.port}/` });
    expect(['http_protocol', 'connect_reset']).toContain(observed.reason);
  });

  it.each([
    ['an older TLS only', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['HTTP/2 only', { ALPNProtocols: ['h2'] }],
    ['no name it knows', { SNICallback: (_: string, done: (error: Error) => void) => done(new Error('unknown')) }],
  ] as const)('37: a server with %s', async (_, options) => {
    const server = await tlsServer({ key: good.key, cert: full, ...options });
    const observed = await measureHttp({ url: url(server.port) }, { resolver, trust: [root.cert] });
    expect(['tls_handshake', 'connect_reset']).toContain(observed.reason);
    expect(observed.phase).toBe('tls');
  });
});

probeContract('http over TLS', {
  ...overHttp('ok'),
  probe: http,
  behind: async () => {
    const root = await rootAuthority();
    return {
      ...(await root.issue({
        names: [
          { type: 'ip', value: '127.0.0.1' },
          { type: 'dns', value: 'gone.test' },
        ],
      })),
      trust: root.cert,
    };
  },
  settingsFor: (port, host) => ({ url: `https://${host}:${port}/` }),
});
