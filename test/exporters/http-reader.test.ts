// Our reader of HTTP/1: how its bytes were cut makes no difference, and whatever has no end is given up early.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { ROOT } from '../../catalog/root.ts';
import { headToSend } from '../../exporters/http/send.ts';
import { ASKED, bytewise, cuts, endOf, piecesOf, readWire, wireAnswers } from './http-answers.ts';
import { mutationsOf } from './mangled.ts';

const HEAD = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const OK = `${HEAD}Content-Length: 2\r\n\r\nok`;

const read = (text: string, method: 'GET' | 'HEAD' = 'GET') =>
  readWire([Buffer.from(text, 'latin1')], { ...ASKED, method });

const CORPUS = path.join(ROOT, 'test/exporters/corpus/http-answer');
const seeds = readdirSync(CORPUS).map((file) => readFileSync(path.join(CORPUS, file)));

describe('a reader of answers', () => {
  it.each<[string, string, object]>([
    ['a length', OK, { status: 200, headers: [['content-length', '2']], body: 'ok' }],
    ['no space behind the status', 'HTTP/1.0 200\r\n\r\nok', { httpVersion: '1.0', body: 'ok' }],
    ['the end of the connection', `${HEAD}\r\nok\r\n`, { body: 'ok\r\n' }],
    ['chunks', `${CHUNKED}2\r\nok\r\n003;a="\\";";b\r\n!\r\n\r\n0\r\nA: b\r\n\r\n`, { body: 'ok!\r\n' }],
    ['no body', 'HTTP/1.1 204 X\r\nContent-Length: 5\r\n\r\n', { status: 204, body: '' }],
    ['hints before it', `HTTP/1.1 103 X\r\nContent-Length: 9\r\n\r\n${OK}`, { status: 200, body: 'ok' }],
    ['no more than it announced', `${OK}\r\n`, { body: 'ok' }],
    ['the first of two', OK + OK, { body: 'ok' }],
    ['no body where none may be', 'HTTP/1.1 304 X\r\n\r\nbody', { status: 304, body: '' }],
    [
      'LF alone at every line',
      'HTTP/1.1 200 OK\nA: b\nContent-Length: 2\n\nok',
      {
        headers: [
          ['a', 'b'],
          ['content-length', '2'],
        ],
      },
    ],
    ['LF alone in chunks', `${CHUNKED}2\nok\n0\n\n`, { body: 'ok' }],
    ['a folded line', `${HEAD}A: b\r\n \t c \r\n\td\r\n\r\n`, { headers: [['a', 'b c d']] }],
    ['a space before the colon', `${HEAD}A : b\r\n\r\n`, { headers: [['a', 'b']] }],
    ['the same length twice', `${HEAD}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`, { body: 'ok' }],
    ['chunks filled up with blanks', `${CHUNKED}2  \r\nok\r\n2 ; a = b \t\r\nok\r\n0 \r\n\r\n`, { body: 'okok' }],
    ['padding', `${HEAD}A:\t b \xa0\t\r\n\r\n`, { headers: [['a', 'b \xa0']] }],
    ['a field twice', `${HEAD}A: 1\r\na: 2\r\n\r\n`, { headers: [['a', '1, 2']] }],
    ['a coding that is none', `${HEAD}Transfer-Encoding: identity\r\n\r\nok`, { body: 'ok' }],
  ])('takes %s', (_, text, answer) => {
    expect(read(text)).toMatchObject({ refused: null, ...answer });
  });

  it('expects no body of an answer to HEAD', () => {
    expect(read(`${HEAD}Content-Length: 2\r\n\r\n`, 'HEAD')).toMatchObject({ refused: null, body: null });
    expect(read(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, 'HEAD')).toMatchObject({ refused: null, body: null });
    expect(read(OK, 'HEAD')).toMatchObject({ refused: null, body: null });
  });

  it.each<[string, string, Reason?]>([
    ['a space in a name', `${HEAD}A b: c\r\n\r\n`],
    ['a folded line that folds none', `${HEAD} b\r\n\r\n`],
    ['a trailer that begins folded', `${CHUNKED}0\r\n A: b\r\n\r\n`],
    ['a CR before the end of a line', `${HEAD}A: b\r\rB: c\n\r\n`],
    ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`],
    ['a field without a name', `${HEAD}: b\r\n\r\n`],
    ['CR alone', `${HEAD}A: b\rB: c\r\n\r\n`],
    ['CR twice', `${HEAD}A: b\r\r\n\r\n`],
    ['NUL in the reason', 'HTTP/1.1 200 O\0K\r\n\r\n'],
    ['DEL in a value', `${HEAD}A: \x7f\r\n\r\n`],
    ['an empty length', `${HEAD}Content-Length:\r\n\r\nok`],
    ['a length with a sign', `${HEAD}Content-Length: +2\r\n\r\nok`],
    ['a length nobody can count', `${HEAD}Content-Length: 9007199254740992\r\n\r\nok`],
    ['chunks and a length in hints', `HTTP/1.1 103 X\r\nContent-Length: 1\r\nTransfer-Encoding: x\r\n\r\n${OK}`],
    ['a coding and a length', `${HEAD}Transfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok`],
    ['chunks in chunks', `${HEAD}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    ['a chunk without a size', `${CHUNKED}\r\n`],
    ['a chunk with a sign', `${CHUNKED}-2\r\nok\r\n0\r\n\r\n`],
    ['a chunk of hexadecimal in C', `${CHUNKED}0x2\r\nok\r\n0\r\n\r\n`],
    ['a size nobody can count', `${CHUNKED}20000000000000\r\nok`],
    ['a chunk longer than its size', `${CHUNKED}2\r\nokk\r\n0\r\n\r\n`],
    ['a quotation without end', `${CHUNKED}2;a="b\r\nok\r\n0\r\n\r\n`],
    ['a length in the trailer', `${CHUNKED}0\r\nContent-Length: 2\r\n\r\n`],
    ['chunks cut off', `${CHUNKED}2\r\nok\r\n`],
    ['a trailer cut off', `${CHUNKED}0\r\n`],
    ['a body cut off', `${HEAD}Content-Length: 9\r\n\r\nok`],
    ['a head cut off', `${HEAD}A: b\r\n`, 'connect_reset'],
    ['HTTP/0.9', '<html>'],
    ['HTTP/2', '\0\0\x12\x04\0\0\0\0\0'],
    ['HTTP/2.0 in letters', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['an empty line before it', `\r\n${OK}`],
    ['nine hints', `${'HTTP/1.1 103 X\r\n\r\n'.repeat(9)}${OK}`],
    ['another protocol', 'HTTP/1.1 101 X\r\n\r\n'],
    ['101 fields', `${HEAD}${'a: b\r\n'.repeat(101)}\r\n`, 'http_too_large'],
    ['101 fields behind the body', `${CHUNKED}0\r\n${'a: b\r\n'.repeat(101)}\r\n`, 'http_too_large'],
  ])('refuses %s', (_, text, reason = 'http_protocol') => {
    expect(read(text)).toEqual({ refused: reason });
  });

  it('does not wait for the end of a line that is none of HTTP', () => {
    const unending = function* (): Generator<Buffer> {
      yield Buffer.from('SS');
      yield Buffer.from('H-2.0');
      throw new Error('waited');
    };
    expect(readWire(unending())).toEqual({ refused: 'http_protocol' });
  });

  it('reads no more than the answer', () => {
    expect(endOf(Buffer.from(`${OK}HTTP/1.1`))).toBe(OK.length);
  });

  it('reads the same however the bytes were cut', () => {
    const bytes = fc.oneof(wireAnswers, mutationsOf(seeds));
    fc.assert(
      fc.property(bytes, cuts, (answer, shares) => {
        const [whole, inDrops] = [readWire([answer]), readWire(bytewise(answer))];
        expect([whole, readWire(piecesOf(answer, shares))]).toEqual([inDrops, inDrops]);
      }),
      { numRuns: 400 },
    );
  });
});

describe('what has no end', () => {
  const MOST_BYTES = 200_000;

  /** How much was taken in before it was given up. */
  function enduring(start: string, more: string): { refused: Reason | null; taken: number } {
    let taken = 0;
    const { refused } = readWire(
      (function* () {
        yield Buffer.from(start);
        for (;;) {
          taken += more.length;
          if (taken > MOST_BYTES) throw new Error('has not given up');
          yield Buffer.from(more);
        }
      })(),
    );
    return { refused, taken };
  }

  it.each<[string, string, string, Reason]>([
    ['a reason', 'HTTP/1.1 200 ', 'x', 'http_too_large'],
    ['a name of a field', HEAD, 'x', 'http_too_large'],
    ['a value of a field', `${HEAD}a: `, 'x', 'http_too_large'],
    ['white space', `${HEAD}a: `, ' ', 'http_too_large'],
    ['fields', HEAD, `${'a'.repeat(1_000)}: b\r\n`, 'http_too_large'],
    ['short fields', HEAD, 'a:\r\n', 'http_too_large'],
    ['hints', '', 'HTTP/1.1 103 X\r\nA: b\r\n\r\n', 'http_protocol'],
    ['long hints', '', `HTTP/1.1 103 X\r\n${'A: bbbbbbb\r\n'.repeat(90)}\r\n`, 'http_protocol'],
    ['a size of a chunk', CHUNKED, '0', 'http_protocol'],
    ['an extension of a chunk', `${CHUNKED}5;`, 'x', 'http_protocol'],
    ['extensions of one chunk', `${CHUNKED}5`, ';a=b', 'http_protocol'],
    ['extensions of many chunks', CHUNKED, `1;${'a'.repeat(1_000)}\r\nx\r\n`, 'http_protocol'],
    ['a trailer', `${CHUNKED}0\r\n`, 'x', 'http_too_large'],
    ['fields of a trailer', `${CHUNKED}0\r\n`, `${'a'.repeat(1_000)}: b\r\n`, 'http_too_large'],
  ])('%s', (_, start, more, reason) => {
    for (const piece of [more, more.repeat(Math.ceil(65_536 / more.length))]) {
      expect(enduring(start, piece)).toMatchObject({ refused: reason });
    }
  });

  it('a body is read to its limit', () => {
    const body = 'x'.repeat(ASKED.maxBodyBytes);
    for (const start of [`${HEAD}\r\n`, `${HEAD}Content-Length: 9999999\r\n\r\n`]) {
      expect(read(start + body + 'x'.repeat(10))).toMatchObject({ refused: null, body });
    }
    expect(read(`${CHUNKED}${`1\r\nx\r\n`.repeat(body.length)}what follows`)).toMatchObject({ refused: null, body });
  });

  it('a drip takes time and memory that grow with its length', () => {
    const byte = Buffer.from('x');
    const drops = 1 << 20;
    const drip = function* (): Generator<Buffer> {
      yield Buffer.from(`${HEAD}Content-Length: ${drops}\r\n\r\n`);
      for (let sent = 0; sent < drops; sent += 1) yield byte;
    };
    const [start, before] = [performance.now(), process.memoryUsage().arrayBuffers];
    const { body } = readWire(drip(), { ...ASKED, maxBodyBytes: drops });
    expect(body).toHaveLength(drops);
    // Copied anew with every byte, it would be half a terabyte.
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * drops);
  });
});

describe('what is sent', () => {
  it('is written as it is', () => {
    expect(headToSend('GET', '/a?b', { host: 'blog.test', accept: '*/*' })).toBe(
      'GET /a?b HTTP/1.1\r\nhost: blog.test\r\naccept: */*\r\n\r\n',
    );
  });

  it.each([
    ['/ HTTP/1.1\r\nx: y', 'a'],
    ['/a b', 'a'],
    ['', 'a'],
    ['/', 'a\r\nx: y'],
    ['/', 'a\nb'],
    ['/', '\0'],
    ['/', '\u010a'],
  ])('holds no second line: %j, %j', (target, value) => {
    expect(() => headToSend('GET', target, { host: value })).toThrow(/target|line of host/);
  });
});
