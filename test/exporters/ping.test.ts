// The ping probe: both ping programs understood, nothing but numbers on their command line, and no program no verdict.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { Malformed } from '../../exporters/malformed.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { readBurst } from '../../exporters/ping/output.ts';
import { ping } from '../../exporters/ping/probe.ts';
import { contextOf } from './contract.ts';
import { BUSYBOX, IPUTILS, NONE, pingIs, says } from './ping-program.ts';

const measure = (settings: Record<string, unknown> = {}, deadlineMs = 3_000): Promise<ObservationOf<'ping'>> =>
  ping.prepare('t', { host: '127.0.0.1', ...settings })(contextOf(AbortSignal.timeout(deadlineMs)));

describe('a burst', () => {
  it('is read from iputils, loss and jitter included', async () => {
    await pingIs(says(IPUTILS));
    const observed = await measure();
    expect(observed.facts).toMatchObject({ sent: 3, received: 2, jitterMs: 4, rttMs: { min: 10, mean: 12, max: 14 } });
    expect(ping.samples(observed)).toEqual([
      { metric: 'demarc_burst_loss_ratio', value: 1 - 2 / 3 },
      { metric: 'demarc_burst_rtt_seconds', value: 0.01, labels: { stat: 'min' } },
      { metric: 'demarc_burst_rtt_seconds', value: 0.012, labels: { stat: 'mean' } },
      { metric: 'demarc_burst_rtt_seconds', value: 0.014, labels: { stat: 'max' } },
      { metric: 'demarc_burst_jitter_seconds', value: 0.004 },
    ]);
  });

  it.each<[string, { script: string }, Reason]>([
    ['nobody answers', says(NONE, 1), 'timeout'],
    ['there is no way', says(`From 127.0.0.9 icmp_seq=1 Destination Host Unreachable${NONE}`, 1), 'unreachable'],
    ['it is too big', says(`ping: local error: message too long, mtu=1400${NONE}`, 1), 'ping_too_big'],
    [
      'it is too big for somebody',
      says(`From 127.0.0.9: Frag needed and DF set (mtu = 1400)${NONE}`, 1),
      'ping_too_big',
    ],
    ['nobody may ping', says('ping: socktype: SOCK_RAW Operation not permitted', 2), 'local'],
    ['the program does not know the option', says("ping: invalid option -- 'M'", 1), 'local'],
    ['the program talks nonsense', { script: 'head -c 40000 /dev/zero' }, 'local'],
    ['the program hangs', { script: 'exec sleep 30' }, 'timeout'],
  ])('when %s', async (_, program, reason) => {
    await pingIs(program);
    expect(await measure({}, 400)).toMatchObject({ ok: false, reason, phase: 'request' });
  });

  it('says how large a packet may be', async () => {
    await pingIs(says(`ping: local error: message too long, mtu=1400${NONE}`, 1));
    expect((await measure({ whole: true, bytes: 1_472 })).facts.mtu).toBe(1_400);
  });

  it('of packets that stayed whole says how large they were', async () => {
    await pingIs(says(IPUTILS));
    const observed = await measure({ whole: true, bytes: 1_472 });
    expect(observed.facts.mtu).toBe(1_500);
    expect(ping.samples(observed)).toContainEqual({ metric: 'demarc_path_mtu_bytes', value: 1_500 });
    expect((await measure({ bytes: 1_472 })).facts.mtu).toBe(null);
  });

  it('cannot be had without a program', async () => {
    await pingIs({ link: '/nonexistent' });
    expect(await measure()).toMatchObject({ ok: false, reason: 'local' });
  });

  it('is asked for by numbers and an address alone', async () => {
    await pingIs({ script: `printf '%s ' "$@" >&2; cat <<'END'\n${IPUTILS}END` });
    const resolver = { resolve: async () => ['127.0.0.1'] };
    const observe = ping.prepare('t', { host: '-f example', count: 2 });
    expect((await observe(contextOf(AbortSignal.timeout(3_000), { resolver }))).facts.address).toBe('127.0.0.1');
  });
});

describe('any text', () => {
  it('is a burst of finite numbers, or no answer', () => {
    const part = fc.constantFrom(...IPUTILS.split('\n'), ...BUSYBOX.split('\n'), ...NONE.split('\n'));
    const text = fc.array(fc.oneof(part, fc.string())).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, (said) => {
        try {
          const { sent, received, rttMs, jitterMs } = readBurst(said);
          expect(received <= sent).toBe(true);
          for (const value of [rttMs?.min ?? 0, rttMs?.mean ?? 0, jitterMs ?? 0]) expect(value >= 0).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed);
        }
      }),
    );
  });

  it('of more replies than requests is no answer', () => {
    expect(() => readBurst('1 packets transmitted, 2 received')).toThrow(Malformed);
  });
});

describe('settings', () => {
  it.each([[{ count: 0 }], [{ count: 21 }], [{ bytes: 9_000 }], [{ flood: true }]])('refuses %j', (settings) => {
    expect(() => ping.prepare('t', { host: '127.0.0.1', ...settings })).toThrow();
  });
});
