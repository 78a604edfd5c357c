// Inputs 1 to 8, 10 to 14 and 16: answers of name servers made to hurt.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { expect, onTestFinished } from 'vitest';
import type { Observation } from '../../../exporters/observation.ts';
import { asking, askingByTcp, QUESTION } from '../ask-dns.ts';
import {
  ADDRESS,
  ASKED_NAME,
  type Asked,
  a,
  answered,
  chain,
  cname,
  FIRST,
  longName,
  nameServer,
  pointer,
  pointers,
  rawRecord,
  rawReply,
  reply,
  type Serve,
  wireName,
} from '../fake-name-server.ts';
import { type HostileInputs, metBy } from './input.ts';

type Numbers = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 10 | 11 | 12 | 13 | 14 | 16;

const [A, CNAME, TXT, DNAME, OPT, RRSIG, DNSKEY] = [1, 5, 16, 39, 41, 46, 48];
const ROOT = Buffer.from([0]);
const DNAME_OF_ORG = rawRecord(wireName('org'), DNAME, wireName('test'));

const seen = metBy('dns');

/** One answer of these bytes. */
const record = (name: Buffer, type = A, data: Buffer = ADDRESS, options = {}) =>
  seen(
    asking((asked) => rawReply(asked, rawRecord(name, type, data, options))),
    'dns_malformed',
  );

export const unexpected = (atLeast: number) => (observed: Observation) =>
  expect(observed.kind === 'dns' && observed.facts.unexpected).toBeGreaterThanOrEqual(atLeast);

/** Nothing but this comes. */
const alone = (forge: (asked: Asked) => Buffer) =>
  seen(asking(forge), 'dns_timeout', { phase: 'request', holds: unexpected(1) });

/** The truth, and nothing else, from where nobody was asked. */
const fromElsewhere = (address: string, isAtItsPort: boolean) =>
  seen(
    async () => {
      const elsewhere = dgram.createSocket('udp4');
      onTestFinished(() => new Promise((closed) => elsewhere.close(() => closed())));
      const server = await nameServer((asked) => {
        elsewhere.send(reply(asked, { answers: [a('example.org', '192.0.2.1')] }), asked.port, '127.0.0.1');
        return null;
      });
      elsewhere.bind(isAtItsPort ? server.port : 0, address);
      await once(elsewhere, 'listening');
      return { settings: { ...QUESTION, server: server.at } };
    },
    'dns_timeout',
    { phase: 'request' },
  );

const altered = (alter: (bytes: Buffer) => void) => (asked: Asked) => {
  const bytes = Buffer.from(reply(asked, { rcode: 5 }));
  alter(bytes);
  return bytes;
};

const option = (code: number, data: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(code, 0);
  head.writeUInt16BE(data.length, 2);
  return Buffer.concat([head, data]);
};

const withOptions = (...options: Buffer[]) =>
  asking((asked) => rawReply(asked, rawRecord(ROOT, OPT, Buffer.concat(options)), [0, 0, 1], 0x8182), {
    transport: 'tcp',
  });

const withTtl = (ttl: number, shown: number) =>
  seen(
    asking((asked) => rawReply(asked, rawRecord(ASKED_NAME, A, ADDRESS, { ttl }))),
    'ok',
    { holds: (observed) => expect(observed.facts).toMatchObject({ answers: [{ ttl: shown }] }) },
  );

const text = (wire: string) =>
  seen(
    asking((asked) => rawReply(asked, rawRecord(ASKED_NAME, TXT, Buffer.from(wire, 'latin1'))), { type: 'TXT' }),
    'ok',
    { holds: expectInert },
  );

const label = (written: string) =>
  seen(
    asking((asked) => rawReply(asked, rawRecord(ASKED_NAME, CNAME, wireName(written, 'test'))), { type: 'CNAME' }),
    'ok',
    { holds: expectInert },
  );

/** What a terminal or a page would act on stands escaped. */
function expectInert(observed: Observation): void {
  const { answers } = observed.facts as { answers: { data: string }[] };
  expect(answers).toHaveLength(1);
  expect(answers[0]?.data).toMatch(/^[ -;=?-~]*$/);
}

/** As large as a message can be: keys and signatures nobody here will check. */
const keyTrap: Serve = (asked) => {
  const key = rawRecord(ASKED_NAME, DNSKEY, Buffer.alloc(260, 1));
  const fixed = Buffer.from('00300d0200000e10967a18006553f1000001', 'hex');
  const signature = rawRecord(ASKED_NAME, RRSIG, Buffer.concat([fixed, ROOT, Buffer.alloc(240)]));
  return rawReply(asked, Buffer.concat([...Array(110).fill(key), ...Array(110).fill(signature)]), [220, 0, 0]);
};

export const DNS_INPUTS: Readonly<Record<Numbers, HostileInputs>> = {
  1: {
    'a pointer to itself': record(pointer(FIRST)),
    'a pointer forward': record(pointer(FIRST + 12)),
    'two pointers at each other': record(pointer(FIRST + 2), A, pointer(FIRST)),
  },
  2: {
    'a chain of 500 pointers': seen(
      asking((asked) => rawReply(asked, pointers(500, 1), [2, 0, 0]), { transport: 'tcp' }),
      'dns_malformed',
    ),
    'a chain as long as a name can be': seen(
      asking((asked) => rawReply(asked, pointers(126, 1), [2, 0, 0])),
      'ok',
    ),
  },
  3: {
    'a label of type 01': record(Buffer.from([0x41, 0, 0])),
    'a label of type 10': record(Buffer.from([0x81, 0, 0])),
    'a name of 256 bytes': record(wireName(...Array<string>(127).fill('a'), 'b')),
    'a long name made with a pointer': record(Buffer.concat([longName(250), ASKED_NAME])),
    'a name without an end': record(Buffer.from([3, 97])),
  },
  4: {
    'data beyond the message': record(ASKED_NAME, A, ADDRESS, { length: 400 }),
    'an address of 3 bytes': record(ASKED_NAME, A, ADDRESS.subarray(1)),
    'an alias longer than its data': record(ASKED_NAME, CNAME, wireName('abc'), { length: 3 }),
  },
  5: {
    '65,535 answers in 40 bytes': seen(
      asking((asked) => rawReply(asked, rawRecord(ASKED_NAME, A, ADDRESS), [65_535, 65_535, 65_535])),
      'dns_malformed',
    ),
  },
  6: {
    'no bytes': alone(() => Buffer.alloc(0)),
    'one byte': alone(() => Buffer.alloc(1)),
    '11 bytes': alone((asked) => reply(asked).subarray(0, 11)),
    '65,535 bytes of garbage by TCP': seen(askingByTcp(Buffer.alloc(65_537, 0xff)), 'dns_malformed'),
  },
  7: {
    'a wrong id': alone(altered((bytes) => bytes.writeUInt16BE(bytes.readUInt16BE(0) ^ 1, 0))),
    'a wrong name': alone(altered((bytes) => void bytes.write('f', 13))),
    'a wrong type': alone(altered((bytes) => void bytes.writeUInt8(28, 26))),
    'from another port': fromElsewhere('127.0.0.1', false),
    'from another address': fromElsewhere('127.0.0.2', true),
    'a forgery, then the truth': seen(
      asking((asked) => [Buffer.alloc(40), answered(asked) as Buffer]),
      'ok',
      { holds: unexpected(1) },
    ),
  },
  8: {
    'our own query': alone((asked) => asked.bytes),
    'our own query with an error in it': alone(altered((bytes) => bytes.writeUInt16BE(0x0180, 2))),
  },
  10: {
    'no data': seen(
      asking((asked) => reply(asked, { authoritative: true })),
      'dns_nodata',
      { holds: (observed) => expect(observed.facts).toMatchObject({ authoritative: true }) },
    ),
    'no such name': seen(
      asking((asked) => reply(asked, { rcode: 3 })),
      'dns_nxdomain',
      { holds: (observed) => expect(observed.facts).toMatchObject({ authoritative: false }) },
    ),
    'a failure': seen(
      asking((asked) => reply(asked, { rcode: 2 })),
      'dns_servfail',
    ),
    'a refusal': seen(
      asking((asked) => reply(asked, { rcode: 5 })),
      'dns_refused',
    ),
    'an alias to the root': seen(
      asking((asked) => rawReply(asked, rawRecord(ASKED_NAME, CNAME, ROOT))),
      'dns_nodata',
    ),
    'an alias without a target': seen(
      asking((asked) => rawReply(asked, rawRecord(ASKED_NAME, CNAME, Buffer.alloc(0)))),
      'dns_malformed',
    ),
  },
  11: {
    'aliases in a circle': seen(
      asking((asked) => reply(asked, { answers: [cname('example.org', 'b.test'), cname('b.test', 'example.org')] })),
      'dns_malformed',
    ),
    '40 aliases in a row': seen(
      asking((asked) => reply(asked, { answers: chain(40) })),
      'dns_malformed',
    ),
    'a DNAME, and the alias made of it': seen(
      asking((asked) => {
        const alias = rawRecord(ASKED_NAME, CNAME, wireName('example', 'test'));
        const end = rawRecord(wireName('example', 'test'), A, ADDRESS);
        return rawReply(asked, Buffer.concat([DNAME_OF_ORG, alias, end]), [3, 0, 0]);
      }),
      'ok',
    ),
    'a DNAME alone': seen(
      asking((asked) => rawReply(asked, DNAME_OF_ORG)),
      'dns_nodata',
    ),
  },
  12: {
    'NUL in a name': label('a\0b'),
    'a new line in a name': label('a\nb'),
    'markup in a name': label('<script>'),
    'an escape in a name': label('\x1b[2J'),
    'a dot in a label': label('a.b'),
    'bytes that are no UTF-8': label('\xff\xfe'),
    'markup in a text': text('\x08<b>\\&\'\0"'),
    'an escape in a text': text('\x04\x1b[2J'),
  },
  13: {
    'options of garbage': seen(withOptions(Buffer.from([0xff, 0xff, 0xff])), 'dns_servfail'),
    'an option longer than its record': seen(withOptions(Buffer.from([0, 15, 1, 244, 0, 6])), 'dns_servfail'),
    'two OPT records': seen(
      asking((asked) => {
        const opts = [6, 7].map((code) => rawRecord(ROOT, OPT, option(15, Buffer.from([0, code]))));
        return rawReply(asked, Buffer.concat(opts), [0, 0, 2], 0x8182);
      }),
      'dns_bogus',
      { holds: (observed) => expect(observed.facts).toMatchObject({ extendedErrors: [6] }) },
    ),
    'an error nobody knows': seen(withOptions(option(15, Buffer.from([0x10, 0x92]))), 'dns_servfail'),
    'an error with 64,000 bytes of text': seen(
      withOptions(option(15, Buffer.concat([Buffer.from([0, 6]), Buffer.alloc(64_000, '\x1b')]))),
      'dns_bogus',
      { holds: (observed) => expect(JSON.stringify(observed)).not.toContain('\\u001b') },
    ),
  },
  14: {
    'a TTL of 0': withTtl(0, 0),
    'the longest TTL': withTtl(0x7fff_ffff, 0x7fff_ffff),
    'a TTL that looks negative': withTtl(0xffff_ffff, 0),
  },
  16: {
    'keys and signatures by the hundred': seen(
      asking(keyTrap, { type: 'DNSKEY', transport: 'tcp', signatures: true }),
      'ok',
      { holds: (observed) => expect((observed.facts as { answers: unknown[] }).answers).toHaveLength(64) },
    ),
  },
};
