// The clock probe: right answers to the millisecond, and no belief in packets that are forged, empty or absurd.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { isAnswerTo, readReply, writeRequest } from '../../exporters/clock/ntp.ts';
import { clock } from '../../exporters/clock/probe.ts';
import { type Clock, realClock } from '../../exporters/clock.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { contextOf, overUdp, probeContract } from './contract.ts';
import { packetOf, type Reply, timeServer } from './time-server.ts';

const DEADLINE_MS = 400;

const now = (offsetMs = 0): Reply => ({ received: Date.now() + offsetMs, sent: Date.now() + offsetMs });

async function measure(
  replies: (request: Buffer) => Reply[],
  { host = '127.0.0.1', ours = realClock }: { host?: string; ours?: Clock } = {},
): Promise<ObservationOf<'clock'>> {
  const { port } = await timeServer(replies, host);
  return clock.prepare('t', { host, port })(contextOf(AbortSignal.timeout(DEADLINE_MS), { clock: ours }));
}

describe('a time server', () => {
  it.each([0, 90_000, -3_600_000, 86_400_000 * 365])('that is ahead by %d ms', async (offset) => {
    const observed = await measure(() => [now(offset)]);
    expect(observed).toMatchObject({ ok: true, reason: 'ok', phase: null, facts: { stratum: 2, refusal: null } });
    const { offsetMs, delayMs } = observed.facts;
    expect(Math.abs((offsetMs ?? Number.NaN) - offset)).toBeLessThan(50 + (delayMs ?? 0));
    expect(delayMs).toBeGreaterThanOrEqual(0);
    expect(clock.samples(observed)).toEqual([
      { metric: 'demarc_clock_offset_seconds', value: (offsetMs ?? 0) / 1000 },
      { metric: 'demarc_clock_delay_seconds', value: (delayMs ?? 0) / 1000 },
    ]);
  });

  it('over IPv6', async () => {
    expect(await measure(() => [now()], { host: '::1' })).toMatchObject({ ok: true, facts: { address: '::1' } });
  });

  it('is not told our time, and is asked once', async () => {
    const server = await timeServer(() => []);
    const settings = { host: '127.0.0.1', port: server.port };
    await clock.prepare('t', settings)(contextOf(AbortSignal.timeout(DEADLINE_MS)));
    expect(server.requests).toHaveLength(1);
    const [request] = server.requests;
    expect(request?.length).toBe(48);
    expect(request?.[0]).toBe(0x23);
    expect(request?.subarray(1, 40).every((byte) => byte === 0)).toBe(true);
    expect(writeRequest().subarray(40)).not.toEqual(writeRequest().subarray(40));
  });

  it('is right although our clock jumps meanwhile', async () => {
    let jumped = 0;
    const ours: Clock = { ...realClock, now: () => Date.now() + jumped };
    const observed = await measure(
      () => {
        jumped = 3_600_000;
        return [now()];
      },
      { ours },
    );
    expect(Math.abs(observed.facts.offsetMs ?? Number.NaN)).toBeLessThan(100);
  });

  it.each<[string, () => Reply[], Reason, Phase]>([
    ['that refuses', () => [{ ...now(), stratum: 0, reference: 'DENY' }], 'ntp_refused', 'check'],
    ['that has had enough', () => [{ ...now(), stratum: 0, reference: 'RATE' }], 'ntp_refused', 'check'],
    [
      'that refuses in a word of its own',
      () => [{ ...now(), stratum: 0, reference: '\x1b[2J' }],
      'ntp_refused',
      'check',
    ],
    ['that has no time itself', () => [{ ...now(), leap: 3 }], 'ntp_unsynchronized', 'check'],
    ['that is too far from any clock', () => [{ ...now(), stratum: 16 }], 'ntp_unsynchronized', 'check'],
    ['that sends no time', () => [{ received: null, sent: null }], 'answer_malformed', 'check'],
    ['that sends half a time', () => [{ ...now(), sent: null }], 'answer_malformed', 'check'],
    ['that sent before it received', () => [{ received: 5_000, sent: 1_000 }], 'answer_malformed', 'check'],
    ['that held us longer than we waited', () => [{ received: 1_000, sent: 90_000 }], 'answer_malformed', 'check'],
    ['that answers another question', () => [{ ...now(), origin: Buffer.alloc(8, 7) }], 'timeout', 'request'],
    ['that answers no question', () => [{ ...now(), origin: Buffer.alloc(8) }], 'timeout', 'request'],
    ['that asks back', () => [{ ...now(), mode: 3 }], 'timeout', 'request'],
    ['that broadcasts', () => [{ ...now(), mode: 5 }], 'timeout', 'request'],
    ['that says half', () => [{ ...now(), shape: (packet) => packet.subarray(0, 47) }], 'timeout', 'request'],
    ['that says nothing', () => [], 'timeout', 'request'],
  ])('%s', async (_, replies, reason, phase) => {
    const observed = await measure(replies);
    expect(observed).toMatchObject({
      ok: false,
      reason,
      phase,
      facts: { offsetMs: null, delayMs: null, stratum: null },
    });
    expect(clock.samples(observed)).toEqual([]);
  });

  it.each([
    ['DENY', 'DENY'],
    ['RSTR', 'RSTR'],
    ['RATE', 'RATE'],
    ['\x1b[2J', 'other'],
    ['', 'other'],
  ])('that refuses with %j', async (reference, refusal) => {
    expect((await measure(() => [{ stratum: 0, reference }])).facts.refusal).toBe(refusal);
  });

  it('is believed although forgeries came first', async () => {
    const forged = { ...now(9_000_000), origin: Buffer.alloc(8, 7) };
    const observed = await measure(() => [...Array.from({ length: 100 }, () => forged), now()]);
    expect(observed.ok).toBe(true);
    expect(Math.abs(observed.facts.offsetMs ?? Number.NaN)).toBeLessThan(200);
  });

  it('with more to say than we need is believed', async () => {
    const long = { ...now(), shape: (packet: Buffer) => Buffer.concat([packet, Buffer.alloc(20)]) };
    expect((await measure(() => [long])).ok).toBe(true);
  });
});

describe('an answer', () => {
  const request = writeRequest();
  const trip = { leftAt: Date.UTC(2026, 0, 1), tookMs: 30 };

  it('gives offset and delay by the four times', () => {
    const packet = packetOf(request, { received: trip.leftAt + 1_010, sent: trip.leftAt + 1_020 });
    const read = readReply(packet, trip);
    if (read.kind !== 'time') throw new Error(read.kind);
    expect(read.offsetMs).toBeCloseTo(1_000, 3);
    expect(read.delayMs).toBeCloseTo(20, 3);
  });

  it.each([
    ['after the seconds ran over', Date.UTC(2036, 1, 8), 0],
    ['across the moment they run over', Date.UTC(2036, 1, 7, 6, 28, 10), 60_000],
    ['with our clock at 1970', 0, Date.UTC(2026, 0, 1)],
  ])('%s', (_, leftAt, offset) => {
    const packet = packetOf(request, { received: leftAt + offset, sent: leftAt + offset });
    const read = readReply(packet, { leftAt, tookMs: 0 });
    expect(read.kind === 'time' ? Math.round(read.offsetMs) : read.kind).toBe(offset);
  });

  it('of any bytes is judged, with finite numbers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 100 }), fc.nat(4_000), (bytes, tookMs) => {
        const read = readReply(Buffer.from(bytes), { leftAt: Date.UTC(2026, 0, 1), tookMs });
        if (read.kind !== 'time') return;
        expect(Number.isFinite(read.offsetMs) && read.delayMs >= 0 && read.delayMs <= tookMs + 1).toBe(true);
        expect(read.stratum).toBeGreaterThan(0);
        expect(read.stratum).toBeLessThan(16);
      }),
    );
  });

  it('of any bytes is not ours by chance', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(isAnswerTo(request, Buffer.from(bytes))).toBe(false);
      }),
    );
  });
});

describe('settings', () => {
  it.each([[{ host: '' }], [{ host: 'a', port: 0 }], [{ host: 'a', port: 65_536 }], [{ port: 123 }]])(
    'refuses %j',
    (settings) => {
      expect(() => clock.prepare('t', settings)).toThrow();
    },
  );
});

probeContract('clock', {
  probe: clock,
  ...overUdp(),
  settingsFor: (port, host) => ({ host, port }),
});
