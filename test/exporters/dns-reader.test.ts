// The reader of DNS messages on its own: no bytes make it throw, and none make it slow.
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from '../../exporters/dns/answer.ts';
import { answers, type Query, writeQuery } from '../../exporters/dns/question.ts';
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
} from './fake-name-server.ts';

const [A, TXT] = [1, 16];

describe('dns: the reader', () => {
  const query = writeQuery({ name: 'example.org', type: 'A', recursion: true }, { edns: true, cacheable: false });
  const asked = (): Asked => {
    const packet = { type: 'query', id: query.bytes.readUInt16BE(0) } as Asked['packet'];
    packet.questions = [{ name: 'example.org', type: 'A', class: 'IN' }];
    return { bytes: query.bytes, packet, via: 'udp', port: 0, name: 'example.org', type: 'A', edns: true };
  };
  const sound = reply(asked(), { answers: [...chain(3), a('example.org')], authorities: [cname('x.test', 'y.test')] });

  it('reads the message the mutations start from', () => {
    expect(answers(query, sound)).toBe(true);
    expect(readAnswer(query, sound)).toMatchObject({ shape: 'answer', authorityCount: 1 });
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void expectSane(query, Buffer.from(bytes))),
      {
        numRuns: 5000,
      },
    );
  });

  it('never throws, however a sound message was mutated', () => {
    const byte = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    const mutation = fc.record({ bytes: fc.array(byte, { maxLength: 6 }), cut: fc.nat(sound.length) });
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(mutation, fc.boolean(), ({ bytes, cut }, cutIt) => {
        const message = Buffer.from(cutIt ? sound.subarray(0, cut) : sound);
        for (const [at, value] of bytes) if (at < message.length) message[at] = value;
        verdicts.add(expectSane(query, message));
      }),
      { numRuns: 20_000 },
    );
    // Both outcomes were seen, or the mutations prove nothing.
    expect(verdicts).toEqual(new Set([true, false]));
  });

  it('never throws on records with any bytes as data', () => {
    const types = fc.constantFrom(1, 2, 5, 6, 12, 15, 16, 28, 39, 41, 43, 46, 48, 999);
    const records = fc.array(fc.tuple(types, fc.uint8Array({ maxLength: 80 })), { maxLength: 8 });
    fc.assert(
      fc.property(records, (list) => {
        const bytes = Buffer.concat(list.map(([type, data]) => rawRecord(ASKED_NAME, type, Buffer.from(data))));
        expectSane(query, rawReply(asked(), bytes, [list.length, 0, 0]));
      }),
      { numRuns: 5000 },
    );
  });

  it.each<[string, () => Buffer, number[]]>([
    ['500 pointers in a row', () => pointers(500, 1), [2, 0, 0]],
    ['records that all end in a long chain of pointers', () => pointers(8000, 3000), [3001, 0, 0]],
    ['a TXT of 65,000 empty strings', () => rawRecord(ASKED_NAME, TXT, Buffer.alloc(65_000)), [1, 0, 0]],
    ['5,000 long names', () => manyLongNames(), [64, 0, 0]],
  ])('takes linear time: %s', (_, records, counts) => {
    const message = rawReply(asked(), records(), counts);
    expect(message.length).toBeLessThanOrEqual(65_535);
    readAnswer(query, message);
    const rounds = Array.from({ length: 10 }, () => {
      const start = performance.now();
      readAnswer(query, message);
      return performance.now() - start;
    });
    // The fastest round says what it costs; the others also what else the machine was doing.
    expect(Math.min(...rounds)).toBeLessThan(25);
  });
});

/** What must hold of anything that was read; says whether it was. */
function expectSane(query: Query, message: Buffer): boolean {
  answers(query, message);
  const answer = readAnswer(query, message);
  if (answer === null) return false;
  expect(answer.answers.length).toBeLessThanOrEqual(64);
  for (const { name, type, ttl, data } of answer.answers) {
    for (const shown of [name, type, data]) expect(shown).toMatch(/^[ -~]*$/);
    for (const shown of [name, type, data]) expect(shown).not.toMatch(/[<>&']/);
    expect(ttl).toBeLessThanOrEqual(0x7fff_ffff);
    expect(data.length).toBeLessThanOrEqual(255);
  }
  return true;
}

function manyLongNames(): Buffer {
  const name = Buffer.concat([longName(200), Buffer.from([0])]);
  const first = rawRecord(name, A, ADDRESS);
  const next = rawRecord(pointer(FIRST), A, ADDRESS);
  return Buffer.concat([first, ...Array.from({ length: 63 }, () => next)]);
}
