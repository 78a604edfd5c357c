// Certificates and handshakes with bytes turned over: judged or refused, and never a throw.
import { X509Certificate } from 'node:crypto';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { anchorsFor, judge } from '../../exporters/certificate/verify.ts';
import { type LocalServer, rawServer, tlsServer } from './local-server.ts';
import { good, measureCertificate, middle, root, withChain } from './measure-certificate.ts';
import { LEAF_NAME } from './test-ca.ts';

describe('hostile servers', () => {
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
