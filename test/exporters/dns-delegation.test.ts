// A delegation looked at from above: every name server it names, at every address, on sockets of their own.
import type { Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { flawsOf } from '../../exporters/dns/delegation.ts';
import { dns } from '../../exporters/dns/probe.ts';
import { measureDns } from './ask-dns.ts';
import { contextOf } from './contract.ts';
import { a, type NameServer, nameServer, reply, type Serve } from './fake-name-server.ts';

const ZONE = 'example.org';
const ns = (data: string): Answer => ({ type: 'NS', name: ZONE, data, ttl: 60, class: 'IN' });
const SOA: Answer = {
  ...{ type: 'SOA', name: ZONE, ttl: 60, class: 'IN' },
  data: { mname: 'ns1.example.org', rname: 'host.example.org', serial: 7, refresh: 1, retry: 2, expire: 3, minimum: 4 },
};

/** Where the name servers are said to be. */
const AT = { 'ns1.example.org': '127.0.1.1', 'ns2.example.org': '127.0.2.1' } as const;

/** The zone above: a referral to these name servers, with this glue. */
const parent = (names: readonly string[], glue: Readonly<Record<string, string>>): Promise<NameServer> =>
  nameServer((asked) =>
    reply(asked, {
      authorities: names.map(ns),
      additionals: Object.entries(glue).map(([name, address]) => a(name, address)),
    }),
  );

/** A name server of the zone, which says these are its name servers, and where. */
const child =
  (names: readonly string[], addresses: Readonly<Record<string, string>>): Serve =>
  (asked) => {
    if (asked.name !== ZONE) {
      const address = asked.type === 'A' ? addresses[asked.name] : undefined;
      return reply(asked, { authoritative: true, answers: address === undefined ? [] : [a(asked.name, address)] });
    }
    return reply(asked, { authoritative: true, answers: asked.type === 'SOA' ? [SOA] : names.map(ns) });
  };

const NAMES = Object.keys(AT);

async function flawsWith(
  serve: Partial<Record<keyof typeof AT, Serve | 'no tcp' | null>>,
  glue: Record<string, string> = AT,
  deadlineMs = 5_000,
) {
  const above = await parent(NAMES, glue);
  for (const [name, host] of Object.entries(AT)) {
    const how = serve[name as keyof typeof AT];
    if (how === null) continue;
    const answer = typeof how === 'function' ? how : child(NAMES, AT);
    await nameServer(answer, { host, port: above.port, ...(how === 'no tcp' && { tcp: false as const }) });
  }
  return measureDns(asked(above.at), deadlineMs);
}

const asked = (server: string) => ({
  ...{ server, name: ZONE, type: 'NS', recursion: false, delegation: true },
  expect: { shapes: ['answer', 'referral'] },
});

describe('a delegation', () => {
  it('that is as it should be has no fault, and every flaw its series', async () => {
    const observed = await flawsWith({});
    expect(observed).toMatchObject({ reason: 'ok', facts: { delegation: [] } });
    const told = dns.samples(observed).filter(({ metric }) => metric === 'demarc_dns_delegation_faults');
    expect(told.map(({ labels, value }) => [labels?.flaw, value])).toEqual([
      ...[
        ['silent', 0],
        ['lame', 0],
        ['no_tcp', 0],
        ['no_address', 0],
        ['not_in_zone', 0],
        ['not_in_parent', 0],
      ],
      ...[
        ['glue_differs', 0],
        ['one_network', 0],
      ],
    ]);
  });

  const refusing: Serve = (one) => reply(one, { rcode: 5 });
  const unaware: Serve = (one) => reply(one, { answers: one.type === 'SOA' ? [SOA] : NAMES.map(ns) });
  const SECOND = { name: 'ns2.example.org', address: '127.0.2.1' };
  it.each<[string, Parameters<typeof flawsWith>, object[]]>([
    ['to a server that is not there', [{ 'ns2.example.org': null }], [{ flaw: 'silent', ...SECOND }]],
    ['to a server that says nothing', [{ 'ns2.example.org': () => null }, AT, 1_500], [{ flaw: 'silent', ...SECOND }]],
    ['to a server without the zone', [{ 'ns2.example.org': refusing }], [{ flaw: 'lame', ...SECOND }]],
    ['to a server that has it from elsewhere', [{ 'ns2.example.org': unaware }], [{ flaw: 'lame', ...SECOND }]],
    ['to a server without TCP', [{ 'ns2.example.org': 'no tcp' }], [{ flaw: 'no_tcp', ...SECOND }]],
    [
      'with glue that the zone does not know',
      [{ 'ns1.example.org': child(NAMES, { ...AT, 'ns2.example.org': '127.0.3.1' }) }],
      [{ flaw: 'glue_differs', ...SECOND }],
    ],
    [
      'to a server that nobody can find',
      [{}, { 'ns1.example.org': AT['ns1.example.org'] }],
      [
        { flaw: 'no_address', name: 'ns2.example.org', address: null },
        { flaw: 'one_network', name: ZONE, address: null },
      ],
    ],
  ])('%s', async (_, world, faults) => {
    const observed = await flawsWith(...world);
    expect(observed).toMatchObject({ reason: 'ok', phase: null });
    expect(observed.facts.delegation).toEqual(faults);
  });

  it('that names others than the zone does', async () => {
    const above = await parent(['ns1.example.org', 'old.example.net'], {
      ...AT,
      'old.example.net': AT['ns2.example.org'],
    });
    const own = child(['ns1.example.org', 'new.example.net'], AT);
    for (const host of Object.values(AT)) await nameServer(own, { host, port: above.port });
    const observed = await measureDns(asked(above.at), 5_000);
    expect(observed.facts.delegation).toEqual([
      { flaw: 'not_in_zone', name: 'old.example.net', address: null },
      { flaw: 'not_in_parent', name: 'new.example.net', address: null },
    ]);
  });

  it('whose name servers need no glue is looked up by name', async () => {
    const above = await parent(['ns.example.net'], {});
    await nameServer(child(['ns.example.net'], {}), { host: '127.0.1.1', port: above.port });
    const resolver = { resolve: async (name: string) => (name === 'ns.example.net' ? ['127.0.1.1'] : ['127.0.0.1']) };
    const measure = dns.prepare('t', asked(above.at));
    const observed = await measure(contextOf(AbortSignal.timeout(5_000), { resolver }));
    expect(observed.facts.delegation).toEqual([{ flaw: 'one_network', name: ZONE, address: null }]);
  });

  it('leads nobody who asks outside to an address inside', async () => {
    const above = {
      nameServers: ['ns.example.org'],
      glue: [{ name: 'ns.example.org', type: 'A', ttl: 60, data: '127.0.0.1' }],
    };
    const outside = { host: '192.0.2.1', port: 53 };
    const context = contextOf(AbortSignal.timeout(1_000));
    expect(await flawsOf(ZONE, above, outside, context)).toEqual([
      { flaw: 'no_address', name: 'ns.example.org', address: null },
    ]);
  });

  it('of a zone that is not delegated is not looked at', async () => {
    const { at } = await nameServer((one) => reply(one, { rcode: 3 }));
    const observed = await measureDns(asked(at));
    expect(observed).toMatchObject({ reason: 'dns_nxdomain' });
    expect(observed.facts).not.toHaveProperty('delegation');
  });
});
