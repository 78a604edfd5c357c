import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ResolveError } from '../../exporters/probe.ts';
import { tcp } from '../../exporters/tcp/probe.ts';
import { contextOf, probeContract } from './contract.ts';

probeContract('tcp', {
  probe: tcp,
  transport: 'tcp',
  settingsFor: (port, host) => ({ host, port }),
  expected: {
    mute: ['ok'],
    refused: ['connect_refused'],
    reset: ['ok'],
    'hang-up': ['ok'],
    garbage: ['ok'],
    drip: ['ok'],
    huge: ['ok'],
  },
});

describe('tcp', () => {
  it('says whom it dialled and how long each phase took', async () => {
    const port = await listen();
    const observed = await measure({ host: '127.0.0.1', port });
    expect(observed).toMatchObject({
      kind: 'tcp',
      target: 't',
      ok: true,
      reason: 'ok',
      phase: null,
      facts: { address: '127.0.0.1', answer: 'accepted' },
    });
    expect(Object.keys(observed.phases)).toEqual(['resolve', 'connect']);
  });

  it('dials the first address of a name', async () => {
    const port = await listen();
    const asked: unknown[] = [];
    const resolver = {
      resolve: async (...args: unknown[]) => {
        asked.push(args.slice(0, 2));
        return ['127.0.0.1', '192.0.2.1'];
      },
    };
    const signal = AbortSignal.timeout(2000);
    const observed = await tcp.prepare('t', { host: 'box.test', port })(contextOf(signal, { resolver }));
    expect(observed).toMatchObject({ ok: true, facts: { address: '127.0.0.1' } });
    expect(asked).toEqual([['box.test', 'last_good']]);
  });

  it.each([
    [true, { ok: true, reason: 'ok', phase: null }],
    [false, { ok: false, reason: 'connect_refused', phase: 'connect' }],
  ])('with aliveWhenRefused %s a refusal is %j', async (aliveWhenRefused, outcome) => {
    const port = await listen();
    const closed = await measure({ host: '127.0.0.1', port, aliveWhenRefused });
    expect(closed.facts.answer).toBe('accepted');
    const refused = await measure({ host: '127.0.0.2', port, aliveWhenRefused });
    expect(refused).toMatchObject({ ...outcome, facts: { address: '127.0.0.2', answer: 'refused' } });
  });

  it('silence is not life, even for a host check', async () => {
    const port = await listen();
    const settings = { host: '127.0.0.1', port, aliveWhenRefused: true };
    const observed = await tcp.prepare('t', settings)(contextOf(AbortSignal.abort()));
    expect(observed).toMatchObject({ ok: false, reason: 'timeout', phase: 'connect', facts: { answer: null } });
  });

  it('a name that cannot be resolved is never alive', async () => {
    const observed = await measure({ host: 'gone.test', port: 80, aliveWhenRefused: true });
    expect(observed).toMatchObject({ ok: false, reason: 'dns_timeout', phase: 'resolve', facts: { address: null } });
    const resolver = { resolve: () => Promise.reject(new ResolveError('gone.test', 'connect_refused')) };
    const settings = { host: 'gone.test', port: 80, aliveWhenRefused: true };
    const refused = await tcp.prepare('t', settings)(contextOf(AbortSignal.timeout(2000), { resolver }));
    expect(refused).toMatchObject({ ok: false, phase: 'resolve', facts: { answer: null } });
  });

  it.each([{ host: '', port: 80 }, { host: 'a', port: 0 }, { host: 'a', port: 65_536 }, { host: 'a' }, { port: 80 }])(
    'refuses the settings %j',
    (settings) => {
      expect(() => tcp.prepare('t', settings)).toThrow();
    },
  );
});

async function listen(): Promise<number> {
  const server = net.createServer((socket) => socket.on('error', () => socket.destroy()).resume());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

function measure(settings: Record<string, unknown>) {
  return tcp.prepare('t', settings)(contextOf(AbortSignal.timeout(2000)));
}
