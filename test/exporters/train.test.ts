// The train probe: what comes back is counted once each, whatever else arrives, and what was not waited for is not called lost.
import { describe, expect, it } from 'vitest';
import type { ObservationOf } from '../../exporters/observation.ts';
import { train } from '../../exporters/train/probe.ts';
import { contextOf, overUdp, probeContract } from './contract.ts';
import { type Asked, type NameServer, nameServer, reply } from './fake-name-server.ts';

const measure = (
  { at }: NameServer,
  settings: Record<string, unknown> = {},
  deadlineMs = 5_000,
): Promise<ObservationOf<'train'>> =>
  train.prepare('t', { server: at, gapMs: 20, ...settings })(contextOf(AbortSignal.timeout(deadlineMs)));

describe('a train', () => {
  it('that comes back whole ends at once, each question asked once under a number of its own', async () => {
    const server = await nameServer((asked) => reply(asked));
    const observed = await measure(server);
    expect(observed).toMatchObject({ ok: true, phase: null, facts: { address: '127.0.0.1', sent: 10, received: 10 } });
    expect(new Set(server.asked.map(({ packet }) => packet.id)).size).toBe(10);
    expect(server.asked).toHaveLength(10);
    const { rttMs, jitterMs } = observed.facts;
    expect(train.samples(observed)).toEqual([
      { metric: 'demarc_burst_loss_ratio', value: 0 },
      { metric: 'demarc_burst_rtt_seconds', value: (rttMs?.min ?? -1) / 1_000, labels: { stat: 'min' } },
      { metric: 'demarc_burst_rtt_seconds', value: (rttMs?.mean ?? -1) / 1_000, labels: { stat: 'mean' } },
      { metric: 'demarc_burst_rtt_seconds', value: (rttMs?.max ?? -1) / 1_000, labels: { stat: 'max' } },
      { metric: 'demarc_burst_jitter_seconds', value: (jitterMs ?? -1) / 1_000 },
    ]);
  });

  it('says how many were lost', async () => {
    let heard = 0;
    const server = await nameServer((asked) => {
      heard += 1;
      return heard % 2 === 0 ? null : reply(asked);
    });
    const observed = await measure(server, { count: 6 });
    expect(observed).toMatchObject({ ok: true, facts: { sent: 6, received: 3 } });
    expect(train.samples(observed)).toContainEqual({ metric: 'demarc_burst_loss_ratio', value: 0.5 });
  });

  it('counts an answer that comes twice once, and an error as an answer', async () => {
    const server = await nameServer((asked) => [reply(asked, { rcode: 5 }), reply(asked, { rcode: 5 })]);
    expect(await measure(server, { count: 4 })).toMatchObject({ ok: true, facts: { sent: 4, received: 4 } });
  });

  it('believes no answer to another question', async () => {
    const forged = (asked: Asked) => reply({ ...asked, packet: { ...asked.packet, id: (asked.packet.id ?? 0) ^ 1 } });
    const server = await nameServer((asked) => forged(asked));
    expect(await measure(server, { count: 2 })).toMatchObject({ ok: false, reason: 'timeout', facts: { received: 0 } });
  });

  it('cut short by the deadline calls nothing lost that was still on its way', async () => {
    const server = await nameServer(() => null);
    const observed = await measure(server, {}, 300);
    expect(observed).toMatchObject({ ok: false, reason: 'timeout', phase: 'request', facts: { sent: 0, received: 0 } });
    expect(train.samples(observed)).toEqual([]);
  });
});

describe('settings', () => {
  it.each([[{ server: 'tls://127.0.0.1' }], [{ count: 1 }], [{ count: 51 }], [{ gapMs: 5 }], [{ name: 'not a name' }]])(
    'refuses %j',
    (settings) => {
      expect(() => train.prepare('t', { server: '127.0.0.1', ...settings })).toThrow();
    },
  );
});

probeContract('train', {
  probe: train,
  settingsFor: (port, host) => ({ server: `${host}:${port}` }),
  ...overUdp(),
});
