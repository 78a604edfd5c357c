// What an answer may be held against besides its records, and what its header says, asked of a name server on loopback.
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../catalog/metrics.ts';
import type { Reason } from '../../catalog/reasons.ts';
import { samplesOf } from '../../exporters/metrics.ts';
import { askDns } from './ask-dns.ts';
import { a, answered, type Reply, rawReply, reply, type Serve } from './fake-name-server.ts';

const refusing: Serve = (asked) => reply(asked, { rcode: 5 });
const addresses = (count: number): Serve => {
  const answers = Array.from({ length: count }, (_, index) => a('example.org', `192.0.2.${index}`));
  return (asked) => reply(asked, { answers });
};

describe('dns: response codes that are as wished', () => {
  it.each<[string, Reply, object, Reason]>([
    ['a refusal that is wished for', { rcode: 5 }, { rcodes: ['REFUSED'] }, 'ok'],
    ['a refusal instead of another code', { rcode: 5 }, { rcodes: ['NXDOMAIN'] }, 'dns_refused'],
    ['an answer instead of a refusal', { answers: [a('example.org')] }, { rcodes: ['REFUSED'] }, 'dns_mismatch'],
    ['a name that shall not be there', { rcode: 3 }, { rcodes: ['NXDOMAIN'] }, 'ok'],
    ['no record where there shall be one', {}, { rcodes: ['NOERROR'] }, 'dns_nodata'],
    ['no record where there need be none', {}, { rcodes: ['NOERROR'], shapes: ['nodata'] }, 'ok'],
  ])('%s', async (_, replied, wish, reason) => {
    const observed = await askDns((asked) => reply(asked, replied), { expect: wish });
    expect(observed.reason).toBe(reason);
  });

  it('knows a code only by its name', async () => {
    const wish = askDns(refusing, { expect: { rcodes: ['REFUSE'] } });
    await expect(wish).rejects.toThrow('rcodes');
  });
});

it.each<[number, object, Reason]>([
  [2, { atLeast: 2 }, 'ok'],
  [1, { atLeast: 2 }, 'dns_mismatch'],
  [3, { atLeast: 1, atMost: 2 }, 'dns_mismatch'],
  [2, { atMost: 2 }, 'ok'],
])('dns: %d addresses where there shall be %j: %s', async (count, bounds, reason) => {
  const observed = await askDns(addresses(count), { expect: { answers: bounds } });
  expect(observed.reason).toBe(reason);
});

it.each<[string, string[], Reason]>([
  ['a network', ['192.0.2.0/31'], 'dns_mismatch'],
  ['an address', ['192.0.2.1'], 'dns_mismatch'],
  ['others', ['198.51.100.0/24', '192.0.2.9'], 'ok'],
])('dns: none of these records: %s', async (_, records, reason) => {
  const observed = await askDns(addresses(2), { expect: { records: { match: 'without', records } } });
  expect(observed.reason).toBe(reason);
});

it('dns: joins the strings of a text, however it was cut', async () => {
  const key = `v=DKIM1; n=ü<&>; p=${'A"\\ "b'.repeat(10)}`;
  const cut = [key.slice(0, 12), key.slice(12, 30), key.slice(30)];
  const serve: Serve = (asked) =>
    reply(asked, { answers: [{ type: 'TXT', name: 'example.org', ttl: 60, class: 'IN', data: cut }] });
  const written = key.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const whole = { type: 'TXT', expect: { records: { records: [`"${written}"`] } } };
  expect((await askDns(serve, whole)).reason).toBe('ok');
  const other = { type: 'TXT', expect: { records: { records: [`"${written}x"`] } } };
  expect((await askDns(serve, other)).reason).toBe('dns_mismatch');
});

describe('dns: what the header says', () => {
  const seriesOf = async (serve: Serve, settings: Record<string, unknown> = {}): Promise<Record<string, unknown>> => {
    const observed = await askDns(serve, settings);
    const named = ({ metric, labels = {}, value }: Sample): [string, number][] =>
      /rcode|flag|edns|protocol/.test(metric) ? [[`${metric} ${Object.values(labels).join('')}`.trim(), value]] : [];
    return Object.fromEntries(samplesOf(observed).flatMap(named));
  };

  it('tells of recursion, and that EDNS is not known', async () => {
    expect(await seriesOf(answered)).toEqual({
      probe_ip_protocol: 4,
      'demarc_dns_rcode_info NOERROR': 1,
      'demarc_dns_flag_info ra': 1,
      demarc_dns_edns_supported: 0,
    });
  });

  it('tells that EDNS is known', async () => {
    const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0 } as const;
    const serve: Serve = (asked) => reply(asked, { additionals: [{ ...opt, flag_do: false, options: [] }] });
    expect(await seriesOf(serve)).toMatchObject({ demarc_dns_edns_supported: 1 });
  });

  it('tells that an answer was truncated, though the whole one came over TCP', async () => {
    const serve: Serve = (asked) => reply(asked, { answers: [a('example.org')], truncated: asked.via === 'udp' });
    expect(await seriesOf(serve)).toMatchObject({ 'demarc_dns_flag_info tc': 1, 'demarc_dns_rcode_info NOERROR': 1 });
  });

  it('gives a code without a name no label of its own', async () => {
    const serve: Serve = (asked) => rawReply(asked, Buffer.alloc(0), [0, 0, 0], 0x818e);
    expect(await seriesOf(serve)).toMatchObject({ 'demarc_dns_rcode_info other': 1 });
  });
});
