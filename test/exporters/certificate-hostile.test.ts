// The certificate probe against hostile chains, names and handshakes: finite, in time, and never a throw.
import { X509Certificate } from 'node:crypto';
import net from 'node:net';
import type tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { anchorsFor, judge } from '../../exporters/certificate/verify.ts';
import { type LocalServer, type RawAnswer, rawServer, tlsServer } from './local-server.ts';
import { good, measureCertificate, middle, root, withChain } from './measure-certificate.ts';
import { LEAF_NAME, rootAuthority } from './test-ca.ts';

describe('hostile servers', () => {
  it.each<[string, RawAnswer, Reason]>([
    ['18: says nothing', () => undefined, 'timeout'],
    [
      '19: drips',
      (socket) => {
        const timer = setInterval(() => socket.write('\x16'), 50);
        socket.on('close', () => clearInterval(timer));
      },
      'tls_handshake',
    ],
    ['27: speaks without TLS', '220 mail.test ESMTP\r\n', 'tls_handshake'],
    ['29: resets', (socket) => socket.once('data', () => socket.resetAndDestroy()), 'connect_reset'],
    ['37: sends a fatal alert', Buffer.from('15030300020228', 'hex'), 'tls_handshake'],
    [
      '39: sends a record of garbage',
      Buffer.concat([Buffer.from('1603030100', 'hex'), Buffer.alloc(256, 0xa5)]),
      'tls_handshake',
    ],
  ])('a server that %s', async (_, answer, reason) => {
    const server = await rawServer(answer);
    const observed = await measureCertificate(server.port);
    expect(observed).toMatchObject({ reason, phase: 'tls', facts: { notAfter: null, chainLength: null } });
    await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  });

  it.each<[string, tls.TlsOptions]>([
    ['an older TLS only', { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }],
    ['no name it knows', { SNICallback: (_, done) => done(new Error('unknown')) }],
  ])('37: a server with %s', async (_, options) => {
    const server = await tlsServer({ ...good, ...options });
    const observed = await measureCertificate(server.port);
    expect(['tls_handshake', 'connect_reset']).toContain(observed.reason);
    expect(observed.phase).toBe('tls');
  });

  it('33: a chain of 120', async () => {
    const many = await Promise.all(Array.from({ length: 119 }, (_, n) => root.below(`Below ${n}`)));
    const server = await tlsServer(withChain(good, ...many.map((one) => one.cert)));
    const observed = await measureCertificate(server.port);
    expect(observed).toMatchObject({ reason: 'tls_incomplete_chain', facts: { chainLength: 10 } });
  });

  it.each([
    [10_000, 'tls_handshake', 'tls'],
    [2_000, 'ok', null],
  ] as const)('33: a certificate of %i names', async (count, reason, phase) => {
    const names = Array.from({ length: count }, (_, n) => ({ type: 'dns' as const, value: `host-${n}.test` }));
    const server = await tlsServer(await root.issue({ names: [...names, { type: 'dns', value: LEAF_NAME }] }));
    expect(await measureCertificate(server.port)).toMatchObject({ reason, phase });
  });

  it('34: ten authorities of one name, each signed by the next', async () => {
    const ring = [await rootAuthority('Ring')];
    for (let step = 1; step < 9; step += 1) ring.push(await (ring.at(-1) ?? root).below('Ring'));
    const leaf = await (ring.at(-1) ?? root).issue();
    const server = await tlsServer(withChain(leaf, ...ring.map((one) => one.cert)));
    expect(await measureCertificate(server.port)).toMatchObject({
      reason: 'tls_untrusted',
      facts: { chainLength: 10 },
    });
  });

  it.each<[string, Date, Date, number]>([
    ['year 9999', new Date('2020-01-01'), new Date('9999-12-31T23:59:59Z'), 253_402_300_799_000],
    ['year 1950', new Date('1950-01-01'), new Date('1950-06-01'), -618_105_600_000],
  ])('35: ends in %s', async (_, notBefore, notAfter, expected) => {
    const server = await tlsServer(await root.issue({ notBefore, notAfter }));
    const observed = await measureCertificate(server.port);
    expect(observed.facts.notAfter).toBe(expected);
    expect(observed.reason).toBe(expected > 0 ? 'ok' : 'tls_expired');
  });

  it('35: a time that is none is unknown, and never fine', () => {
    const der = new X509Certificate(good.cert).raw;
    const at = der.indexOf(Buffer.from([0x17, 0x0d]));
    der.write('99ZZ99ZZ99ZZ9', at + 2, 'latin1');
    const broken = new X509Certificate(der);
    const judged = judge([broken], LEAF_NAME, Date.now(), anchorsFor([broken.toString()]));
    expect(judged).toMatchObject({ reason: 'tls_untrusted', checks: { time: null } });
  });

  it('39: bytes turned over at random never throw', () => {
    const anchors = anchorsFor([root.cert]);
    const der = new X509Certificate(good.cert).raw;
    const above = new X509Certificate(middle.cert);
    let judged = 0;
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    for (let round = 0; round < 1_000; round += 1) {
      const mutated = Buffer.from(der);
      for (let turn = 0; turn <= random(3); turn += 1) mutated[random(der.length)] = random(256);
      const leaf = parsed(mutated);
      if (leaf === null) continue;
      judged += 1;
      expect(judge([leaf, above], LEAF_NAME, Date.now(), anchors).checks.trusted === true && !mutated.equals(der)).toBe(
        false,
      );
    }
    expect(judged).toBeGreaterThan(50);
  });

  it('39: a handshake with bytes turned over in it always ends in a reason', async () => {
    const server = await tlsServer({ ...withChain(good, middle.cert), maxVersion: 'TLSv1.2' });
    const reasons = new Set<Reason>();
    for (let round = 0; round < 60; round += 1) {
      const proxy = await turningProxy(server.port, round * 37);
      reasons.add((await measureCertificate(proxy.port)).reason);
    }
    expect([...reasons]).toEqual(expect.arrayContaining(['ok', 'tls_handshake']));
  });
});

/** Passes everything on, but turns over one byte of what the server says. */
function turningProxy(to: number, at: number): Promise<LocalServer> {
  return rawServer((socket) => {
    const upstream = net.connect(to, '127.0.0.1');
    let passed = 0;
    upstream.on('data', (chunk) => {
      const index = at - passed;
      const byte = chunk[index];
      if (byte !== undefined) chunk[index] = byte ^ 0xff;
      passed += chunk.length;
      socket.write(chunk);
    });
    upstream.on('error', () => socket.destroy());
    upstream.on('end', () => socket.end());
    socket.on('data', (chunk) => upstream.write(chunk));
    socket.on('close', () => upstream.destroy());
  });
}

function parsed(der: Buffer): X509Certificate | null {
  try {
    return new X509Certificate(der);
  } catch {
    return null;
  }
}
