// How the question travels: again without EDNS, again after a loss, again over TCP, and never to somebody else.
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import type { Answer } from 'dns-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { dns } from '../../exporters/dns/probe.ts';
import { measureDns } from './ask-dns.ts';
import { contextOf } from './contract.ts';
import { type Asked, a, nameServer, rawReply, reply, type Serve } from './fake-name-server.ts';

describe('dns: the exchange', () => {
  it.each([
    ['FORMERR', (asked: Asked) => reply(asked, { rcode: 1 })],
    ['FORMERR without the question', (asked: Asked) => headerOnly(asked, 0x8101)],
    ['BADVERS', (asked: Asked) => reply(asked, { additionals: [opt({ extendedRcode: 1 })] })],
  ])('%s is asked again without EDNS, once', async (_, complain) => {
    const server = await nameServer((asked) => (asked.edns ? complain(asked) : reply(asked, { rcode: 1 })));
    const observed = await measureDns({ server: server.at });
    expect(server.asked.map(({ edns }) => edns)).toEqual([true, false]);
    expect(observed).toMatchObject({ reason: 'dns_error', facts: { rcode: 'FORMERR' } });
  });

  it('TC=1 is asked again over TCP, where TC means nothing', async () => {
    const server = await nameServer((asked) => reply(asked, { truncated: true, answers: [a('example.org')] }));
    const observed = await measureDns({ server: server.at });
    expect(server.asked.map(({ via }) => via)).toEqual(['udp', 'tcp']);
    expect(observed).toMatchObject({ ok: true, facts: { transport: 'tcp' } });
    expect(Object.keys(observed.phases)).toEqual(['resolve', 'request', 'connect']);
  });

  it('a truncated answer need not be whole', async () => {
    const cut = (asked: Asked) => rawReply(asked, Buffer.from([0xc0]), [3, 0, 0], 0x8380);
    const server = await nameServer((asked) => (asked.via === 'udp' ? cut(asked) : reply(asked, { rcode: 3 })));
    expect((await measureDns({ server: server.at })).reason).toBe('dns_nxdomain');
  });

  it('one lost datagram is sent again after a second, and only once', async () => {
    let lost = 0;
    const server = await nameServer((asked) => (lost++ === 0 ? null : reply(asked, { answers: [a('example.org')] })));
    const observed = await measureDns({ server: server.at });
    expect(observed.ok).toBe(true);
    expect(observed.durationMs).toBeGreaterThan(900);
    expect(observed.facts.resent).toBe(1);
    const silent = await nameServer(() => null);
    await measureDns({ server: silent.at }, 2500);
    expect(silent.asked.map(({ packet }) => packet.id)).toHaveLength(2);
    expect(new Set(silent.asked.map(({ packet }) => packet.id)).size).toBe(1);
  });

  it('never asks a second server', async () => {
    const silent = await nameServer(() => null);
    const second = dgram.createSocket('udp4').bind(silent.port, '127.0.0.2');
    onTestFinished(() => void second.close());
    let asked = 0;
    second.on('message', () => {
      asked += 1;
    });
    await once(second, 'listening');
    const resolver = { resolve: async () => ['127.0.0.1', '127.0.0.2'] };
    const context = contextOf(AbortSignal.timeout(1300), { resolver });
    const settings = { server: `x.test:${silent.port}`, name: 'a.test', type: 'A' };
    expect(await dns.prepare('t', settings)(context)).toMatchObject({ reason: 'dns_timeout' });
    expect(asked).toBe(0);
    expect(silent.asked).toHaveLength(2);
  });
});

describe('dns: TCP that misbehaves', () => {
  const truncated: Serve = (asked) => reply(asked, { truncated: true });
  it('TC=1, then TCP refused', async () => {
    const server = await nameServer(truncated, { tcp: false });
    const observed = await measureDns({ server: server.at });
    expect(observed).toMatchObject({ reason: 'connect_refused', phase: 'connect', facts: { transport: 'tcp' } });
  });

  it.each<[string, Buffer, string]>([
    ['a length of nothing', Buffer.from([0, 0]), 'dns_malformed'],
    ['a length that is never reached', Buffer.from([0xff, 0xff, 1, 2, 3]), 'dns_timeout'],
    ['65,535 bytes of garbage', Buffer.alloc(65_537, 0xff), 'dns_malformed'],
    ['half a length', Buffer.from([0]), 'dns_timeout'],
  ])('%s', async (_, bytes, reason) => {
    const server = net.createServer((socket) =>
      socket
        .on('error', () => socket.destroy())
        .resume()
        .write(bytes),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as net.AddressInfo;
    const settings = { server: `127.0.0.1:${port}`, name: 'example.org', type: 'A', transport: 'tcp' };
    expect(await measureDns(settings, 400)).toMatchObject({ reason, phase: 'request' });
  });
});

function headerOnly({ bytes }: Asked, flags: number): Buffer {
  const header = Buffer.alloc(12);
  bytes.copy(header, 0, 0, 2);
  header.writeUInt16BE(flags, 2);
  return header;
}

function opt({ extendedRcode }: { extendedRcode: number }): Answer {
  const fixed = { type: 'OPT', name: '.', udpPayloadSize: 1232, ednsVersion: 0, flags: 0, flag_do: false } as const;
  return { ...fixed, extendedRcode, options: [] };
}
