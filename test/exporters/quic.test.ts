// The QUIC probe: the negotiation of a version is understood, and nothing else is taken for it.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservationOf } from '../../exporters/observation.ts';
import { versionsOffered, writeInquiry } from '../../exporters/quic/packet.ts';
import { quic } from '../../exporters/quic/probe.ts';
import { contextOf, overUdp, probeContract } from './contract.ts';
import { negotiation, quicServer } from './quic-server.ts';

const V1 = 1;
const V2 = 0x6b3343cf;

const measure = (port: number, settings: Record<string, unknown> = {}, deadlineMs = 3_000) =>
  quic.prepare('t', { host: '127.0.0.1', port, ...settings })(contextOf(AbortSignal.timeout(deadlineMs)));

describe('a server', () => {
  it.each([
    [[V2, V1], true],
    [[V2], false],
  ])('that has the versions %j', async (versions, offered) => {
    const { port } = await quicServer((datagram) => negotiation(datagram, versions));
    const observed: ObservationOf<'quic'> = await measure(port);
    expect(observed).toMatchObject({ ok: true, phase: null, facts: { address: '127.0.0.1', offersVersion1: offered } });
    expect(quic.samples(observed)).toEqual([{ metric: 'demarc_quic_v1_offered', value: offered ? 1 : 0 }]);
  });

  it.each([1_200, 1_472])('is sent a long header of a version nobody has, in %d bytes', async (bytes) => {
    const server = await quicServer((datagram) => negotiation(datagram, [V1]));
    await measure(server.port, { bytes });
    const [datagram = Buffer.alloc(0)] = server.heard;
    expect(datagram.length).toBe(bytes);
    expect((datagram[0] ?? 0) & 0xc0).toBe(0xc0);
    expect(datagram.readUInt32BE(1) & 0x0f0f0f0f).toBe(0x0a0a0a0a);
  });

  it('is asked once more after a second', async () => {
    const server = await quicServer((datagram) => (server.heard.length === 1 ? null : negotiation(datagram, [V1])));
    expect(await measure(server.port)).toMatchObject({ ok: true });
    expect(server.heard[1]).toEqual(server.heard[0]);
  });

  it('that answers somebody else has not answered', async () => {
    const { port } = await quicServer(() => negotiation(writeInquiry(1_200).bytes, [V1]));
    expect(await measure(port, {}, 200)).toMatchObject({ ok: false, reason: 'timeout', phase: 'request' });
  });
});

describe('any datagram', () => {
  const inquiry = writeInquiry(1_200);
  const sound = negotiation(inquiry.bytes, [V1, V2]);

  it('is an answer only if it is whole and mirrors the ids', () => {
    expect(versionsOffered(inquiry, sound)).toEqual([V1, V2]);
    for (let end = 0; end < sound.length; end += 1) {
      const cut = versionsOffered(inquiry, sound.subarray(0, end));
      expect(cut).toEqual(end === sound.length - 4 ? [V1] : null);
    }
    fc.assert(
      fc.property(fc.nat({ max: 22 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        // Of the first byte only the highest bit is told (RFC 8999 section 6).
        fc.pre(at > 0 || flip >= 0x80);
        const bent = Buffer.from(sound);
        bent.writeUInt8((bent[at] ?? 0) ^ flip, at);
        expect(versionsOffered(inquiry, bent)).toBe(null);
      }),
    );
  });

  it('of any bytes does no harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1_500 }), (bytes) => {
        expect(versionsOffered(inquiry, Buffer.from(bytes))).toBe(null);
      }),
    );
  });
});

describe('settings', () => {
  it.each([[{ bytes: 1_199 }], [{ bytes: 1_473 }], [{ port: 0 }]])('refuses %j', (settings) => {
    expect(() => quic.prepare('t', { host: '127.0.0.1', ...settings })).toThrow();
  });
});

probeContract('quic', {
  probe: quic,
  settingsFor: (port, host) => ({ host, port }),
  ...overUdp(),
});
