import type { Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../catalog/metrics.ts';
import type { Reason } from '../../catalog/reasons.ts';
import { dns } from '../../exporters/dns/probe.ts';
import { askDns, measureDns } from './ask-dns.ts';
import { contextOf, overUdp, probeContract } from './contract.ts';
import { a, cname, nameServer, type Reply, rawReply, reply, type Serve } from './fake-name-server.ts';

const SOA: Answer = {
  type: 'SOA',
  name: 'example.org',
  ttl: 300,
  class: 'IN',
  data: { mname: 'ns1.example.org', rname: 'host.example.org', serial: 7, refresh: 1, retry: 2, expire: 3, minimum: 4 },
};
const NS: Answer = { type: 'NS', name: 'example.org', ttl: 300, class: 'IN', data: 'ns1.example.org' };

probeContract('dns over UDP', {
  probe: dns,
  ...overUdp('dns_timeout'),
  settingsFor: (port, host) => ({ server: `${host}:${port}`, name: 'example.org', type: 'A' }),
});

probeContract('dns over TCP', {
  probe: dns,
  transport: 'tcp',
  settingsFor: (port, host) => ({ server: `${host}:${port}`, name: 'example.org', type: 'A', transport: 'tcp' }),
  expected: {
    mute: ['dns_timeout'],
    refused: ['connect_refused'],
    reset: ['connect_reset'],
    'hang-up': ['connect_reset'],
    garbage: ['dns_malformed', 'connect_reset'],
    drip: ['dns_timeout'],
    huge: ['dns_malformed'],
  },
});

describe('dns: what the answer means', () => {
  const answered: Reply = { answers: [a('example.org')] };
  it.each<[string, Reply, string, string | null]>([
    ['an address', answered, 'ok', 'answer'],
    ['the end of a CNAME chain', { answers: [cname('example.org', 'b.test'), a('b.test')] }, 'ok', 'answer'],
    ['a chain in the wrong order', { answers: [a('b.test'), cname('example.org', 'b.test')] }, 'ok', 'answer'],
    ['a name in other letters', { answers: [a('EXAMPLE.org')] }, 'ok', 'answer'],
    ['NODATA with SOA', { authorities: [SOA] }, 'dns_nodata', 'nodata'],
    ['NODATA with nothing at all', {}, 'dns_nodata', 'nodata'],
    ['a CNAME without its target', { answers: [cname('example.org', 'b.test')] }, 'dns_nodata', 'nodata'],
    ['an address of somebody else', { answers: [a('other.test')] }, 'dns_nodata', 'nodata'],
    ['another type', { answers: [{ ...NS }] }, 'dns_nodata', 'nodata'],
    ['name servers of ours, authoritative', { authorities: [NS], authoritative: true }, 'dns_nodata', 'nodata'],
    ['SOA and NS', { authorities: [NS, SOA] }, 'dns_nodata', 'nodata'],
    ['a referral', { authorities: [NS] }, 'dns_error', 'referral'],
    ['NXDOMAIN', { rcode: 3, authorities: [SOA] }, 'dns_nxdomain', 'nxdomain'],
    ['NXDOMAIN with an address', { rcode: 3, ...answered }, 'dns_nxdomain', 'nxdomain'],
    ['SERVFAIL', { rcode: 2 }, 'dns_servfail', 'error'],
    ['SERVFAIL with an address', { rcode: 2, ...answered }, 'dns_servfail', 'error'],
    ['REFUSED', { rcode: 5 }, 'dns_refused', 'error'],
    ['NOTIMP', { rcode: 4 }, 'dns_error', 'error'],
    ['NOTAUTH', { rcode: 9 }, 'dns_error', 'error'],
  ])('%s', async (_, content, reason, shape) => {
    const observed = await askDns((asked) => reply(asked, content));
    expect({ reason: observed.reason, shape: observed.facts.shape }).toEqual({ reason, shape });
    expect(observed.phase).toBe(reason === 'ok' ? null : 'check');
  });

  it.each([
    [{ shapes: ['nxdomain'] }, { rcode: 3 }, 'ok'],
    [{ shapes: ['nxdomain', 'nodata'] }, {}, 'ok'],
    [{ shapes: ['nxdomain'] }, answered, 'dns_mismatch'],
    [{ shapes: ['nxdomain'] }, {}, 'dns_nodata'],
    [{ shapes: ['nodata'] }, { rcode: 2 }, 'dns_servfail'],
    [{ ttl: { atLeast: 60, atMost: 60 } }, answered, 'ok'],
    [{ ttl: { atLeast: 61 } }, answered, 'dns_mismatch'],
    [{ ttl: { atMost: 59 } }, answered, 'dns_mismatch'],
    [{ ttl: { atLeast: 60 } }, { answers: [a('example.org'), a('example.org', '192.0.2.2', 59)] }, 'dns_mismatch'],
    [{ ttl: { atLeast: 61 } }, { authorities: [SOA] }, 'dns_nodata'],
    [{ authoritative: true }, answered, 'dns_mismatch'],
    [{ authoritative: true }, { ...answered, authoritative: true }, 'ok'],
    [{ authoritative: false }, { ...answered, authoritative: true }, 'dns_mismatch'],
    [{ authoritative: true }, { authorities: [NS] }, 'dns_error'],
  ])('with %j expected, %j is %s', async (expected, content, reason) => {
    const observed = await askDns((asked) => reply(asked, content), { expect: expected });
    expect(observed.reason).toBe(reason);
  });
});

describe('dns: the question', () => {
  it.each([true, false])('recursion %s sets the RD bit', async (recursion) => {
    const server = await nameServer((asked) => reply(asked, { answers: [a('example.org')] }));
    await measureDns({ server: server.at, name: 'example.org', type: 'A', recursion });
    expect(server.asked.map(({ packet }) => packet.flag_rd)).toEqual([recursion]);
  });

  it('has EDNS with 1232 bytes, one name, one type, and an id that changes', async () => {
    const server = await nameServer((asked) => reply(asked, { answers: [a('example.org')] }));
    for (let round = 0; round < 8; round += 1)
      await measureDns({ server: server.at, name: 'example.org', type: 'AAAA' });
    const [first] = server.asked;
    expect(first).toMatchObject({ name: 'example.org', type: 'AAAA', edns: true, via: 'udp' });
    expect(first?.packet.additionals).toMatchObject([{ udpPayloadSize: 1232 }]);
    expect(new Set(server.asked.map(({ packet }) => packet.id)).size).toBeGreaterThan(1);
  });

  it.each(['.', 'org', 'example.org.', '_dmarc.example.org'])('can be about %s', async (name) => {
    const server = await nameServer((asked) => reply(asked, { rcode: 3 }));
    await measureDns({ server: server.at, name, type: 'NS' });
    expect(server.asked[0]?.name).toBe(name === '.' ? '.' : name.replace(/\.$/, ''));
  });

  it.each([
    { server: '' },
    { server: '::1:53:x' },
    { server: '[192.0.2.1]:53' },
    { server: 'a:0' },
    { server: 'a:65536' },
    { name: '' },
    { name: 'a..b' },
    { name: 'ä.test' },
    { name: 'a b' },
    { name: 'x'.repeat(64) },
    { name: Array(64).fill('abc').join('.') + '.defg' },
    { type: 'ANY' },
    { transport: 'tls' },
    { expect: { shapes: [] } },
    { expect: { shapes: ['lame'] } },
    { expect: { nameServers: [] } },
    { expect: { nameServers: ['a b'] } },
    { expect: { answers: 1 } },
  ])('refuses the settings %j', (wrong) => {
    expect(() => dns.prepare('t', { server: '127.0.0.1', name: 'a.test', type: 'A', ...wrong })).toThrow();
  });

  it.each(['192.0.2.1', '192.0.2.1:5353', '::1', '[::1]', '[::1]:5353', 'ns1.example.org', 'ns1.example.org:5353'])(
    'goes to %s',
    (server) => {
      expect(() => dns.prepare('t', { server, name: 'a.test', type: 'A' })).not.toThrow();
    },
  );

  it('goes to the first address of a server given by name', async () => {
    const server = await nameServer((asked) => reply(asked, { answers: [a('example.org')] }));
    const resolver = { resolve: async () => ['127.0.0.1', '127.0.0.2'] };
    const context = contextOf(AbortSignal.timeout(2000), { resolver });
    const settings = { server: `ns1.test:${server.port}`, name: 'example.org', type: 'A' };
    expect(await dns.prepare('t', settings)(context)).toMatchObject({ ok: true, facts: { server: server.at } });
  });
});

describe('dns: extended errors', () => {
  const ede = (code: number, text = '') => option(15, Buffer.concat([uint16(code), Buffer.from(text)]));
  // Whether it is the chain of signatures that failed, or only a server, is told by the codes.
  it.each<[string, Buffer, number[], Reason?]>([
    ['one', ede(22), [22]],
    ['an unknown one, with text', ede(4242, 'why'), [4242]],
    ['behind other options', Buffer.concat([option(3, Buffer.from('nsid')), ede(6)]), [6], 'dns_bogus'],
    [
      'at most eight',
      Buffer.concat(Array.from({ length: 20 }, (_, code) => ede(code))),
      [0, 1, 2, 3, 4, 5, 6, 7],
      'dns_bogus',
    ],
    ['text of 30,000 bytes', ede(9, 'x'.repeat(30_000)), [9], 'dns_bogus'],
    ['an option longer than its record', Buffer.concat([ede(7), uint16(15), uint16(500), uint16(1)]), [7], 'dns_bogus'],
    ['an option without a code', Buffer.concat([option(15, Buffer.alloc(1)), ede(10)]), [10], 'dns_bogus'],
    ['a lonely byte', Buffer.from([0]), []],
  ])('%s', async (_, options, codes, reason = 'dns_servfail') => {
    const bytes = Buffer.concat([Buffer.from([0, 0, 41, 4, 208, 0, 0, 0, 0]), uint16(options.length), options]);
    const observed = await askDns((asked) => rawReply(asked, bytes, [0, 0, 1], 0x8182));
    expect(observed).toMatchObject({ reason, facts: { extendedErrors: codes, additionalCount: 1 } });
  });
});

describe('dns: metrics', () => {
  it('of a SOA', async () => {
    const sections = { answers: [SOA], authorities: [NS], additionals: [a('ns1.test')] };
    const serve: Serve = (asked) => reply(asked, { ...sections, authoritative: true });
    const observed = await askDns(serve, { type: 'SOA' });
    expect(observed.facts.answers[0]?.data).toBe('ns1.example.org host.example.org 7 1 2 3 4');
    const samples = dns.samples(observed);
    expect(values(samples)).toEqual({
      probe_dns_query_succeeded: 1,
      'probe_dns_duration_seconds resolve': expect.any(Number),
      'probe_dns_duration_seconds request': expect.any(Number),
      probe_dns_answer_rrs: 1,
      probe_dns_authority_rrs: 1,
      probe_dns_additional_rrs: 1,
      probe_dns_serial: 7,
      demarc_dns_answer_ttl_seconds: 300,
      'demarc_dns_rcode_info NOERROR': 1,
      'demarc_dns_flag_info aa': 1,
      'demarc_dns_flag_info ra': 1,
      demarc_dns_edns_supported: 0,
      demarc_dns_resent: 0,
      'demarc_dns_shape_info answer': 1,
    });
    const seconds = samples.flatMap(({ labels, value }) => (labels?.phase === 'request' ? [value] : []));
    expect(seconds[0]).toBeCloseTo((observed.phases.request ?? 0) / 1000, 9);
  });

  it('of silence: nothing is made up', async () => {
    const server = await nameServer(() => null);
    const observed = await measureDns({ server: server.at, name: 'example.org', type: 'SOA' }, 200);
    expect(values(dns.samples(observed))).toEqual({
      probe_dns_query_succeeded: 0,
      'probe_dns_duration_seconds resolve': expect.any(Number),
      'probe_dns_duration_seconds request': expect.any(Number),
      demarc_dns_resent: 0,
    });
  });
});

function values(samples: readonly Sample[]): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ metric, value, labels = {} }) => [[metric, ...Object.values(labels)].join(' '), value]),
  );
}

function option(code: number, data: Buffer): Buffer {
  return Buffer.concat([uint16(code), uint16(data.length), data]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
