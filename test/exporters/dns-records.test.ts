// What a name points to, compared with the map and between servers: order, case and repetition do not count.
import { describe, expect, it } from 'vitest';
import { dns } from '../../exporters/dns/probe.ts';
import { fingerprintOf, isAsWished, RecordWish } from '../../exporters/dns/records.ts';
import { askDns } from './ask-dns.ts';
import { a, cname, reply } from './fake-name-server.ts';

const [ONE, TWO, THREE] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'];

describe('dns: records as the map expects them', () => {
  it.each<['same' | 'within' | 'including', string[], string[], boolean]>([
    ['same', [ONE, TWO], [TWO, ONE], true],
    ['same', [ONE, TWO], [ONE], false],
    ['same', [ONE], [ONE, TWO], false],
    ['same', ['2001:DB8:0::1'], ['2001:db8::1'], true],
    ['same', ['Edge.Example.'], ['edge.example'], true],
    ['same', ['"v=spf1 -all"'], ['"v=SPF1 -all"'], false],
    ['within', [ONE, TWO, THREE], [TWO], true],
    ['within', [ONE, TWO], [THREE], false],
    ['within', ['192.0.2.0/30'], [ONE, THREE], true],
    ['within', ['192.0.2.0/31', '2001:db8::/32'], ['2001:db8:1::5', ONE], true],
    ['within', ['192.0.2.0/31'], [THREE], false],
    ['within', ['192.0.2.0/24'], ['edge.example'], false],
    ['including', [ONE], [ONE, TWO], true],
    ['including', [ONE, THREE], [ONE, TWO], false],
  ])('%s %j: %j is %s', (match, records, found, as) => {
    expect(isAsWished({ match, records }, found)).toBe(as);
  });

  it.each(['same', 'including'])('a network cannot be matched by %s', (match) => {
    const read = RecordWish.safeParse({ match, records: ['192.0.2.0/24'] });
    expect(read.error?.issues).toMatchObject([{ path: ['records'] }]);
  });

  it.each<[string, string[], string]>([
    ['as expected', [TWO, ONE], 'ok'],
    ['one that is not expected', [ONE, THREE], 'dns_mismatch'],
    ['one too few', [ONE], 'dns_mismatch'],
  ])('the probe says: %s', async (_, found, reason) => {
    const wish = { records: { records: [ONE, TWO] } };
    const observed = await askDns((asked) => reply(asked, { answers: found.map((data) => a('example.org', data)) }), {
      expect: wish,
    });
    expect(observed.reason).toBe(reason);
  });

  it.each([
    ['edge.test', 'dns_nodata'],
    ['other.test', 'dns_mismatch'],
  ])('an alias out of the zone is compared itself: %s', async (target, reason) => {
    const observed = await askDns((asked) => reply(asked, { answers: [cname('example.org', target)] }), {
      expect: { records: { records: ['edge.test'] } },
    });
    expect(observed.reason).toBe(reason);
  });
});

describe('dns: fingerprints', () => {
  const printOf = async (...records: ReturnType<typeof a>[]) => {
    const observed = await askDns((asked) => reply(asked, { answers: records }), { fingerprint: true });
    const sample = dns.samples(observed).find(({ metric }) => metric === 'demarc_dns_answer_fingerprint');
    expect(sample?.value).toBe(observed.facts.fingerprint ?? undefined);
    return observed.facts.fingerprint;
  };

  it('are equal for equal sets, whatever the order, case, TTL and repetition', async () => {
    const first = await printOf(a('example.org', ONE, 60), a('example.org', TWO, 60));
    expect(await printOf(a('EXAMPLE.org', TWO, 5), a('example.org', ONE), a('example.org', ONE))).toBe(first);
    expect(await printOf(a('example.org', ONE))).not.toBe(first);
    expect(await printOf(cname('example.org', 'Edge.test'))).toBe(await printOf(cname('example.org', 'edge.TEST')));
  });

  it('fit into a gauge without loss', () => {
    for (const data of [ONE, TWO, THREE, 'edge.test']) {
      const print = fingerprintOf([data]);
      expect(Number.isSafeInteger(print) && print < 2 ** 48).toBe(true);
    }
  });

  it('are absent where nothing was found, and where nobody asked for them', async () => {
    expect(await printOf()).toBeNull();
    const observed = await askDns((asked) => reply(asked, { answers: [a('example.org')] }));
    expect(observed.facts.fingerprint).toBeNull();
  });
});
