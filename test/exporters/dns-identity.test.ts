// Who answered: a resolver that says who it is, and a box on the way that answers in its place.
import type { Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { dns } from '../../exporters/dns/probe.ts';
import { describe as sentenceOf } from '../../signals/describe.ts';
import { measureDns } from './ask-dns.ts';
import { type Asked, a, nameServer, reply, type Serve } from './fake-name-server.ts';

const WHO = {
  name: 'id.server',
  type: 'TXT',
  class: 'CH',
  expect: { identity: '^res[0-9]+\\.[a-z]{3}\\.resolver\\.test$' },
};

const saying =
  (text: string, ofClass: 'IN' | 'CH' = 'CH'): Serve =>
  (asked) => {
    const record = { type: 'TXT', name: 'id.server', class: ofClass, ttl: 0, data: [text] } as const satisfies Answer;
    return reply(asked, { answers: [record] });
  };

const failing =
  (rcode: number): Serve =>
  (asked) =>
    reply(asked, { rcode });

const identityIn = (observed: Awaited<ReturnType<typeof measureDns>>) =>
  dns.samples(observed).find(({ metric }) => metric === 'demarc_dns_identity_info')?.labels?.identity;

describe('a resolver asked who it is', () => {
  it('is asked in the class CH, and is known by its word', async () => {
    const server = await nameServer(saying('res100.fra.resolver.test'));
    const observed = await measureDns({ server: server.at, ...WHO });
    expect(server.asked.map(({ packet }: Asked) => packet.questions)).toEqual([
      [{ name: 'id.server', type: 'TXT', class: 'CH' }],
    ]);
    expect(observed).toMatchObject({ ok: true, facts: { identity: 'expected' } });
    expect(identityIn(observed)).toBe('expected');
  });

  it.each<[string, Serve]>([
    ['another name', saying('dnsmasq-2.90')],
    ['its name in the middle of another', saying('not res100.fra.resolver.test')],
    ['its name in the class of hosts', saying('res100.fra.resolver.test', 'IN')],
    ['an address, as it gives to everything', (asked) => reply(asked, { answers: [a('id.server', '192.168.1.1')] })],
    ['a refusal', failing(5)],
    ['that there is no such name', failing(3)],
    ['that it cannot do that', failing(4)],
    ['nothing', failing(0)],
  ])('is somebody else if it says %s', async (_, serve) => {
    const { at } = await nameServer(serve);
    const observed = await measureDns({ server: at, ...WHO });
    expect(observed).toMatchObject({
      ok: false,
      reason: 'dns_intercepted',
      phase: 'check',
      facts: { identity: 'other' },
    });
    expect(identityIn(observed)).toBe('other');
    expect(sentenceOf(observed)).toContain('somebody else answered in its place');
  });

  it('that fails has not said who it is', async () => {
    const { at } = await nameServer(failing(2));
    const observed = await measureDns({ server: at, ...WHO });
    expect(observed).toMatchObject({ ok: false, reason: 'dns_servfail', facts: { identity: 'unproven' } });
  });

  it('that is silent is known by nothing', async () => {
    const { at } = await nameServer(() => null);
    const observed = await measureDns({ server: at, ...WHO }, 300);
    expect(observed).toMatchObject({ reason: 'dns_timeout', facts: { identity: null } });
    expect(identityIn(observed)).toBe(undefined);
  });
});
