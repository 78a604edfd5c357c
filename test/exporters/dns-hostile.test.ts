// Answers made to hurt: bytes that are no DNS message, forgeries, names meant for a terminal.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readAnswer } from '../../exporters/dns/answer.ts';
import { writeQuery } from '../../exporters/dns/question.ts';
import { askDns as ask, measureDns } from './ask-dns.ts';
import {
  ADDRESS,
  ASKED_NAME,
  type Asked,
  a,
  chain,
  cname,
  FIRST,
  longName,
  pointer,
  pointers,
  rawRecord,
  rawReply,
  reply,
  wireName,
} from './fake-name-server.ts';

const [A, CNAME, SOA, TXT] = [1, 5, 6, 16];

describe('dns: bytes that are no answer are malformed', () => {
  const record = (name: Buffer, type = A, data: Buffer = ADDRESS, options = {}) => rawRecord(name, type, data, options);
  it.each<[string, Buffer]>([
    ['a pointer to itself', record(pointer(FIRST))],
    ['a pointer forward', record(pointer(FIRST + 12))],
    ['two pointers at each other', record(pointer(FIRST + 2), A, pointer(FIRST))],
    ['a loop in the data', record(ASKED_NAME, CNAME, Buffer.concat([Buffer.from([1, 97]), pointer(FIRST + 12)]))],
    ['label type 01', record(Buffer.from([0x41, 0, 0]))],
    ['label type 10', record(Buffer.from([0x81, 0, 0]))],
    ['a name of 256 bytes', record(wireName(...Array<string>(127).fill('a'), 'b'))],
    ['a long name made with a pointer', record(Buffer.concat([longName(250), ASKED_NAME]))],
    ['no end of a name', Buffer.from([3, 97])],
    ['a pointer cut in two', Buffer.from([0xc0])],
    ['data beyond the message', record(ASKED_NAME, A, ADDRESS, { length: 400 })],
    ['an address of 3 bytes', record(ASKED_NAME, A, ADDRESS.subarray(1))],
    ['an address of 5 bytes', record(ASKED_NAME, A, Buffer.alloc(5))],
    ['an IPv6 address of 4 bytes', record(ASKED_NAME, 28)],
    ['a CNAME longer than its data', record(ASKED_NAME, CNAME, wireName('abc'), { length: 3 })],
    ['a CNAME shorter than its data', record(ASKED_NAME, CNAME, Buffer.concat([wireName('abc'), ADDRESS]))],
    ['a SOA without numbers', record(ASKED_NAME, SOA, Buffer.concat([wireName('a'), wireName('b')]))],
    ['a string beyond its TXT', record(ASKED_NAME, TXT, Buffer.from([9, 97]))],
    ['an empty TXT', record(ASKED_NAME, TXT, Buffer.alloc(0))],
    ['an MX of one byte', record(ASKED_NAME, 15, Buffer.alloc(1))],
  ])('%s', async (_, records) => {
    const observed = await ask((asked) => rawReply(asked, records));
    expect(observed).toMatchObject({ reason: 'dns_malformed', phase: 'request', facts: { rcode: null, shape: null } });
  });

  it('a name without end costs less than a millisecond to be refused', () => {
    const query = writeQuery({ name: 'example.org', type: 'A', recursion: true }, { edns: true, cacheable: true });
    const asked = { bytes: query.bytes, edns: true } as Asked;
    const endless = [
      rawReply(asked, record(pointer(FIRST))),
      rawReply(asked, record(pointer(FIRST + 2), A, pointer(FIRST))),
      rawReply(asked, pointers(500, 1), [2, 0, 0]),
    ];
    const rounds = 300;
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round += 1) {
      for (const message of endless) expect(readAnswer(query, message)).toBeNull();
    }
    const { user } = process.cpuUsage(before);
    expect(user / 1_000 / (rounds * endless.length)).toBeLessThan(1);
  });

  it('65,535 records announced in 40 bytes: nothing is set aside for them', async () => {
    const observed = await ask((asked) => rawReply(asked, record(ASKED_NAME), [65_535, 65_535, 65_535]));
    expect(observed.reason).toBe('dns_malformed');
  });

  it('a name may be 127 pointers away, and no more', async () => {
    const near = await ask((asked) => rawReply(asked, pointers(126, 1), [2, 0, 0]));
    expect(near).toMatchObject({ ok: true, facts: { answers: [{}, { name: 'example.org', type: 'A' }] } });
    const far = await ask((asked) => rawReply(asked, pointers(127, 1), [2, 0, 0]));
    expect(far.reason).toBe('dns_malformed');
  });

  it('names nobody reads are bounded all the same', async () => {
    const name = (labels: number) => wireName(...Array<string>(labels).fill('a'));
    const longest = await ask((asked) => rawReply(asked, record(name(127)), [0, 1, 0]));
    expect(longest).toMatchObject({ reason: 'dns_nodata', facts: { authorityCount: 1 } });
    const longer = await ask((asked) => rawReply(asked, record(name(128)), [0, 1, 0]));
    expect(longer.reason).toBe('dns_malformed');
  });

  it.each([
    [
      'loop',
      (asked: Asked) => reply(asked, { answers: [cname('example.org', 'b.test'), cname('b.test', 'example.org')] }),
    ],
    ['to itself', (asked: Asked) => reply(asked, { answers: [cname('example.org', 'example.org')] })],
    ['chain of 40', (asked: Asked) => reply(asked, { answers: chain(40) })],
    ['chain of 17', (asked: Asked) => reply(asked, { answers: chain(17) })],
  ])('CNAME %s', async (_, serve) => {
    expect((await ask(serve)).reason).toBe('dns_malformed');
  });

  it('CNAME chain of 16 is followed', async () => {
    expect(await ask((asked) => reply(asked, { answers: chain(16) }))).toMatchObject({ ok: true });
  });

  it('a DNAME counts through the CNAME that comes with it', async () => {
    const dname = rawRecord(wireName('org'), 39, wireName('test'));
    const alias = rawRecord(ASKED_NAME, CNAME, wireName('example', 'test'));
    const records = Buffer.concat([dname, alias, rawRecord(wireName('example', 'test'), A, ADDRESS)]);
    const observed = await ask((asked) => rawReply(asked, records, [3, 0, 0]));
    expect(observed).toMatchObject({
      ok: true,
      facts: { answers: [{ name: 'org', type: 'DNAME', data: 'test' }, {}, {}] },
    });
  });

  it('a signed flood of records is counted out and cut at 64', async () => {
    const records = Buffer.concat(Array.from({ length: 4000 }, () => record(ASKED_NAME)));
    const observed = await ask((asked) => rawReply(asked, records, [4000, 0, 0]), { transport: 'tcp' });
    expect(observed.ok).toBe(true);
    expect(observed.facts.answers).toHaveLength(64);
  });
});

describe('dns: forgeries are ignored and counted', () => {
  const honest = (asked: Asked) => reply(asked, { answers: [a('example.org')] });
  const altered = (asked: Asked, alter: (bytes: Buffer) => void) => {
    const bytes = Buffer.from(reply(asked, { rcode: 5 }));
    alter(bytes);
    return bytes;
  };
  it.each<[string, (asked: Asked) => Buffer]>([
    ['no bytes', () => Buffer.alloc(0)],
    ['one byte', () => Buffer.alloc(1)],
    ['11 bytes', (asked) => reply(asked).subarray(0, 11)],
    ['a wrong id', (asked) => altered(asked, (bytes) => bytes.writeUInt16BE(bytes.readUInt16BE(0) ^ 1, 0))],
    ['a wrong name', (asked) => altered(asked, (bytes) => bytes.write('f', 13))],
    ['a wrong type', (asked) => altered(asked, (bytes) => bytes.writeUInt8(28, 26))],
    ['a wrong class', (asked) => altered(asked, (bytes) => bytes.writeUInt8(3, 28))],
    ['two questions', (asked) => altered(asked, (bytes) => bytes.writeUInt16BE(2, 4))],
    ['no question, yet an answer', (asked) => altered(asked, (bytes) => bytes.fill(0, 3, 6))],
    ['another opcode', (asked) => altered(asked, (bytes) => bytes.writeUInt8(0xa8, 2))],
    ['our own query back', (asked) => asked.bytes],
    ['our own query with answers', (asked) => altered(asked, (bytes) => bytes.writeUInt16BE(0x0180, 2))],
  ])('%s', async (_, forge) => {
    const observed = await ask((asked) => [forge(asked), honest(asked)]);
    expect(observed).toMatchObject({ ok: true, facts: { unexpected: 1, rcode: 'NOERROR' } });
    const alone = await ask(forge, {}, 200);
    expect(alone).toMatchObject({ reason: 'dns_timeout', phase: 'request', facts: { unexpected: 1, rcode: null } });
  });

  it('another sender is not even heard', async () => {
    const server = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    const spoofer = dgram.createSocket('udp4').bind(0, '127.0.0.1');
    await Promise.all([once(server, 'listening'), once(spoofer, 'listening')]);
    onTestFinished(() => [server, spoofer].forEach((socket) => void socket.close()));
    // The same bytes, with the right id and question, are believed from the server and from nobody else.
    const from = { sender: spoofer };
    server.on('message', (query, { port }) => {
      const answer = Buffer.from(query);
      answer.writeUInt16BE(0x8183, 2);
      from.sender.send(answer, port, '127.0.0.1');
    });
    const measure = () => measureDns({ server: `127.0.0.1:${server.address().port}` }, 200);
    expect(await measure()).toMatchObject({ reason: 'dns_timeout', facts: { unexpected: 0 } });
    from.sender = server;
    expect(await measure()).toMatchObject({ reason: 'dns_nxdomain' });
  });
});

describe('dns: text of strangers stays inert', () => {
  it.each([
    ['a dot inside a label', 'a.b', 'a\\046b.test'],
    ['NUL', 'a\0b', 'a\\000b.test'],
    ['a newline', 'a\nb', 'a\\010b.test'],
    ['markup', '<script>', '\\060script\\062.test'],
    ['an ANSI escape', '\x1b[2J', '\\027\\0912j.test'],
    ['a backslash', 'a\\b', 'a\\092b.test'],
    ['invalid UTF-8', '\xff\xfe', '\\255\\254.test'],
    ['capitals', 'ABC', 'abc.test'],
  ])('%s in a CNAME', async (_, label, shown) => {
    const record = rawRecord(ASKED_NAME, CNAME, wireName(label, 'test'));
    const observed = await ask((asked) => rawReply(asked, record), { type: 'CNAME' });
    expect(observed).toMatchObject({ ok: true, facts: { answers: [{ name: 'example.org', data: shown }] } });
  });

  it('a chain is followed by labels, not by dots', async () => {
    const alias = rawRecord(ASKED_NAME, CNAME, wireName('a.b', 'test'));
    const lookalike = rawRecord(wireName('a', 'b', 'test'), A, ADDRESS);
    const target = rawRecord(wireName('a.b', 'test'), A, ADDRESS);
    const fooled = await ask((asked) => rawReply(asked, Buffer.concat([alias, lookalike]), [2, 0, 0]));
    expect(fooled.reason).toBe('dns_nodata');
    const followed = await ask((asked) => rawReply(asked, Buffer.concat([alias, target]), [2, 0, 0]));
    expect(followed.reason).toBe('ok');
  });

  it.each([
    ['strings', '\x01a\x02bc', '"a" "bc"'],
    ['SPF', '\x0ev=spf1 +a -all', '"v=spf1 +a -all"'],
    ['quotes and markup', '\x08"<b>\\&\'\0', '"\\034\\060b\\062\\092\\038\\039\\000"'],
    ['an ANSI escape', '\x04\x1b[2J', '"\\027[2J"'],
  ])('%s in a TXT', async (_, wire, shown) => {
    const record = rawRecord(ASKED_NAME, TXT, Buffer.from(wire, 'latin1'));
    const observed = await ask((asked) => rawReply(asked, record), { type: 'TXT' });
    expect(observed.facts.answers[0]?.data).toBe(shown);
  });

  it('long data is cut', async () => {
    const text = Buffer.concat([Buffer.from([255]), Buffer.alloc(255, 0)]);
    const observed = await ask((asked) => rawReply(asked, rawRecord(ASKED_NAME, TXT, text)), { type: 'TXT' });
    expect(observed.facts.answers[0]?.data).toHaveLength(255);
  });

  it('an unknown type is shown as RFC 3597 wants', async () => {
    const observed = await ask((asked) => rawReply(asked, rawRecord(ASKED_NAME, 4242, ADDRESS)));
    expect(observed.facts.answers).toEqual([
      { name: 'example.org', type: 'TYPE4242', ttl: 60, data: '\\# 4 c0000201' },
    ]);
  });

  it.each([
    [0, 0],
    [0x7fff_ffff, 0x7fff_ffff],
    [0x8000_0000, 0],
    [0xffff_ffff, 0],
  ])('TTL %d counts as %d', async (ttl, seconds) => {
    const observed = await ask((asked) => rawReply(asked, rawRecord(ASKED_NAME, A, ADDRESS, { ttl })));
    expect(observed.facts.answers[0]?.ttl).toBe(seconds);
  });

  it('other classes and a second OPT do not count', async () => {
    const chaos = rawRecord(ASKED_NAME, A, ADDRESS, { ofClass: 3 });
    const opts = [6, 7].map((code) => rawRecord(Buffer.from([0]), 41, Buffer.from([0, 15, 0, 2, 0, code])));
    const observed = await ask((asked) => rawReply(asked, Buffer.concat([chaos, ...opts]), [1, 0, 2]));
    expect(observed).toMatchObject({ reason: 'dns_nodata', facts: { answers: [], extendedErrors: [6] } });
  });
});
