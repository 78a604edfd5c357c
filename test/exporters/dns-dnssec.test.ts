// DNSSEC as seen from outside: what is asked with DO and CD, what AD and extended errors say, and when signatures end.
import { describe, expect, it } from 'vitest';
import { dns } from '../../exporters/dns/probe.ts';
import { askDns, measureDns } from './ask-dns.ts';
import { ADDRESS, ASKED_NAME, type Asked, nameServer, rawRecord, rawReply, wireName } from './fake-name-server.ts';

const [A, OPT, RRSIG] = [1, 41, 46];
const AUTHENTICATED = 0x20;
const SERVFAIL = 0x8182;
const address = rawRecord(ASKED_NAME, A, ADDRESS);

function signature(until: number, from: number, { signer = wireName('example', 'org'), cut = 0 } = {}): Buffer {
  const fixed = Buffer.alloc(18);
  fixed.writeUInt16BE(A, 0);
  fixed.writeUInt8(13, 2);
  fixed.writeUInt8(2, 3);
  fixed.writeUInt32BE(60, 4);
  fixed.writeUInt32BE(until, 8);
  fixed.writeUInt32BE(from, 12);
  fixed.writeUInt16BE(4711, 16);
  const data = Buffer.concat([fixed, signer, Buffer.alloc(64, 7)]);
  return rawRecord(ASKED_NAME, RRSIG, data.subarray(0, data.length - cut));
}

const extended = (...codes: number[]): Buffer => {
  const options = codes.map((code) => Buffer.from([0, 15, 0, 2, 0, code]));
  return rawRecord(Buffer.from([0]), OPT, Buffer.concat(options));
};

const answered =
  (records: Buffer[], flags = 0x8180) =>
  (asked: Asked) =>
    rawReply(asked, Buffer.concat(records), [records.length, 0, 0], flags);

describe('dns: what DNSSEC says', () => {
  it.each([
    [{}, { flag_cd: false, DO: false }],
    [{ signatures: true }, { flag_cd: false, DO: true }],
    [{ unchecked: true }, { flag_cd: true, DO: false }],
  ])('%j is asked with %j', async (settings, { flag_cd, DO }) => {
    const server = await nameServer(answered([address]));
    await measureDns({ server: server.at, ...settings });
    const [asked] = server.asked;
    expect(asked?.packet).toMatchObject({ flag_cd, additionals: [{ type: 'OPT', flag_do: DO }] });
  });

  it('the first end and the last beginning of the signatures count', async () => {
    const records = [address, signature(2_000_000_000, 1_700_000_000), signature(1_900_000_000, 1_800_000_000)];
    const observed = await askDns(answered(records), { signatures: true });
    expect(observed).toMatchObject({ ok: true, facts: { signedUntil: 1_900_000_000, signedFrom: 1_800_000_000 } });
    expect(dns.samples(observed)).toContainEqual({
      metric: 'demarc_dns_signatures_end_timestamp_seconds',
      value: 1_900_000_000,
    });
  });

  it('an answer without signatures says nothing of their end', async () => {
    const observed = await askDns(answered([address]), { signatures: true });
    expect(observed.facts).toMatchObject({ signedUntil: null, signedFrom: null });
    expect(dns.samples(observed).map(({ metric }) => metric)).not.toContain(
      'demarc_dns_signatures_end_timestamp_seconds',
    );
  });

  it.each<[string, Buffer]>([
    ['shorter than its fixed part', rawRecord(ASKED_NAME, RRSIG, Buffer.alloc(18))],
    ['a signer beyond its data', signature(9, 8, { signer: Buffer.from([63]), cut: 20 })],
    ['a signer without an end', signature(9, 8, { signer: Buffer.alloc(0) })],
    ['a signer that is a pointer', signature(9, 8, { signer: ASKED_NAME, cut: 64 })],
  ])('a signature with %s is malformed', async (_, record) => {
    expect((await askDns(answered([address, record]))).reason).toBe('dns_malformed');
  });

  it('hundreds of signatures and keys are counted, never computed', async () => {
    const records = Array.from({ length: 500 }, (_, index) => signature(2_000_000_000 + index, 1));
    const start = performance.now();
    const observed = await askDns(answered([address, ...records]), { transport: 'tcp', signatures: true });
    expect(observed).toMatchObject({ ok: true, facts: { signedUntil: 2_000_000_000 } });
    expect(observed.facts.answers).toHaveLength(64);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it.each([
    [0x8180, false, 'dns_mismatch'],
    [0x8180 | AUTHENTICATED, true, 'ok'],
  ])('flags %d: authenticated %s', async (flags, authenticated, reason) => {
    const observed = await askDns(answered([address], flags), { expect: { authenticated: true } });
    expect(observed).toMatchObject({ reason, facts: { authenticated } });
  });

  it.each([
    [[6], 'dns_bogus', ['dnssec_bogus']],
    [[7], 'dns_bogus', ['signature_expired']],
    [[9, 22], 'dns_bogus', ['dnskey_missing', 'no_reachable_authority']],
    [[22], 'dns_servfail', ['no_reachable_authority']],
    [[23], 'dns_servfail', ['network_error']],
    [[200, 201], 'dns_servfail', ['other']],
    [[], 'dns_servfail', []],
  ])('SERVFAIL with the extended errors %j is %s', async (codes, reason, errors) => {
    const observed = await askDns((asked) => rawReply(asked, extended(...codes), [0, 0, 1], SERVFAIL));
    expect(observed.reason).toBe(reason);
    const told = dns.samples(observed).filter(({ metric }) => metric === 'demarc_dns_extended_error_info');
    expect(told.map(({ labels }) => labels?.error)).toEqual(errors);
  });
});
