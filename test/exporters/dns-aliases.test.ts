// Chains of aliases: each name told with its zone and its owner, where the chain ends and in whose hands; loops and long ones refused.
import type { Answer } from 'dns-packet';
import { describe, expect, it } from 'vitest';
import { dns } from '../../exporters/dns/probe.ts';
import { describe as sentenceOf } from '../../signals/describe.ts';
import { askDns, measureDns } from './ask-dns.ts';
import { type Asked, a, answered, chain, cname, nameServer, reply, type Serve } from './fake-name-server.ts';

const OWNERS = [
  { zone: 'example.org', owner: 'self' },
  { zone: 'cdn.test', owner: 'acme' },
  { zone: 'special.cdn.test', owner: 'acme-special' },
];

const soa = (zone: string): Answer => ({
  type: 'SOA',
  name: zone,
  data: { mname: `ns.${zone}`, rname: `host.${zone}`, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1 },
});

/** A resolver's answers: these records for the address, and for the rest the SOA of the zone a name is in, as a negative answer has it. */
const knowing =
  (answers: Answer[], zones: readonly string[], rcode = 0): Serve =>
  (asked) => {
    const zoneOf = (name: string) => zones.find((zone) => `.${name}`.endsWith(`.${zone}`)) ?? 'test';
    if (asked.type === 'SOA') return reply(asked, { authorities: [soa(zoneOf(asked.name))] });
    const end = answers.at(-1)?.type === 'CNAME' ? String((answers.at(-1) as { data: string }).data) : asked.name;
    return reply(asked, { rcode, answers, ...(rcode !== 0 && { authorities: [soa(zoneOf(end))] }) });
  };

const ALIASED = [cname('www.example.org', 'edge.cdn.test'), cname('edge.cdn.test', 'pop1.special.cdn.test')];
const ZONES = ['example.org', 'special.cdn.test', 'cdn.test'];

const SETTINGS = { name: 'www.example.org', zones: true, owners: OWNERS };

const ask = (serve: Serve, settings: Record<string, unknown> = {}, deadlineMs?: number) =>
  askDns(serve, { ...SETTINGS, ...settings }, deadlineMs);

describe('an alias', () => {
  it('is told name by name, with the zone each stands in and who has it', async () => {
    const observed = await ask(knowing([...ALIASED, a('pop1.special.cdn.test')], ZONES));
    expect(observed).toMatchObject({
      ok: true,
      facts: {
        aliases: [
          { name: 'www.example.org', zone: 'example.org', owner: 'self', end: null },
          { name: 'edge.cdn.test', zone: 'cdn.test', owner: 'acme', end: null },
          { name: 'pop1.special.cdn.test', zone: 'special.cdn.test', owner: 'acme-special', end: 'answer' },
        ],
      },
    });
    expect(dns.samples(observed).filter(({ metric }) => metric === 'demarc_dns_alias_info')).toEqual([
      { metric: 'demarc_dns_alias_info', value: 1, labels: { hop: '0', owner: 'self', end: '' } },
      { metric: 'demarc_dns_alias_info', value: 1, labels: { hop: '1', owner: 'acme', end: '' } },
      { metric: 'demarc_dns_alias_info', value: 1, labels: { hop: '2', owner: 'acme-special', end: 'answer' } },
    ]);
  });

  it.each([
    ['no such name', 3, 'dns_nxdomain', 'nxdomain'],
    ['nothing there', 0, 'dns_nodata', 'nodata'],
  ])('that dangles, with %s at its end, says in whose zone', async (_, rcode, reason, end) => {
    const observed = await ask(knowing(ALIASED, ZONES, rcode), {});
    expect(observed).toMatchObject({ ok: false, reason });
    expect(observed.facts.aliases.at(-1)).toMatchObject({ zone: 'special.cdn.test', owner: 'acme-special', end });
    expect(sentenceOf(observed)).toContain('at the end of an alias, in the hands of acme-special');
  });

  it('asks nobody more than it was told to', async () => {
    const server = await nameServer(knowing(ALIASED, ZONES, 3));
    const observed = await measureDns({ ...SETTINGS, server: server.at, zones: false });
    expect(server.asked.map(({ type }) => type)).toEqual(['A']);
    // The negative answer came with its zone.
    expect(observed.facts.aliases.map(({ zone }) => zone)).toEqual([null, null, 'special.cdn.test']);
  });

  it.each<[string, Serve]>([
    ['refused', (asked) => (asked.type === 'SOA' ? reply(asked, { rcode: 5 }) : answering(asked))],
    ['answered with silence', (asked) => (asked.type === 'SOA' ? null : answering(asked))],
    ['answered with the zone of somebody else', (asked) => answering(asked, [soa('other.example')])],
  ])('keeps its answer where the zones are %s', async (_, serve) => {
    const observed = await ask(serve, {}, 400);
    expect(observed).toMatchObject({ ok: true, reason: 'ok', phase: null });
    expect(observed.facts.aliases.map(({ zone }) => zone)).toEqual([null, null]);
  });

  it('is none of ours where nobody is known', async () => {
    const observed = await ask(knowing(ALIASED, ZONES, 3), { owners: [] });
    expect(observed.facts.aliases.map(({ owner }) => owner)).toEqual([null, null, null]);
    expect(sentenceOf(observed)).toContain('in hands the map does not know');
  });
});

function answering(asked: Asked, authorities: Answer[] = []): Buffer {
  if (asked.type === 'SOA') return reply(asked, { authorities });
  return reply(asked, { answers: [cname('www.example.org', 'edge.cdn.test'), a('edge.cdn.test')] });
}

it('an answer without an alias has no chain, and no question more', async () => {
  const server = await nameServer(answered);
  expect(await measureDns({ ...SETTINGS, server: server.at })).toMatchObject({ ok: true, facts: { aliases: [] } });
  expect(server.asked).toHaveLength(1);
});

it.each([
  ['in a circle', [cname('example.org', 'b.test'), cname('b.test', 'example.org')], 'dns_malformed', 0],
  ['that points at itself', [cname('example.org', 'example.org')], 'dns_malformed', 0],
  ['of 16 hops', chain(16), 'ok', 17],
  ['of 17 hops', chain(17), 'dns_malformed', 0],
])('a chain %s', async (_, answers, reason, names) => {
  const observed = await ask((asked) => (asked.type === 'A' ? reply(asked, { answers }) : reply(asked, { rcode: 5 })), {
    name: 'example.org',
  });
  expect(observed.reason).toBe(reason);
  expect(observed.facts.aliases).toHaveLength(names);
});
