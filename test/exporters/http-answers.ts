// Answers of HTTP/1 for tests of their reader: good ones, nearly good ones, and how the network may cut them.
import fc from 'fast-check';
import type { Reason } from '../../catalog/reasons.ts';
import type { Answer, Outgoing } from '../../exporters/http/answer.ts';
import { answerReader } from '../../exporters/http/answer-reader.ts';
import { reasonHere } from '../../exporters/http/refusal.ts';

export const ASKED: Outgoing = {
  method: 'GET',
  authority: 'blog.test',
  secure: false,
  path: '/',
  headers: {},
  maxBodyBytes: 65_536,
  unpack: true,
};

/** What became of an answer; `refused` is null for one that was read, and is then not told of any other way. */
export interface Told {
  refused: Reason | null;
  status?: number;
  httpVersion?: string;
  headers?: [name: string, value: string][];
  body?: string | null;
}

export const told = ({ status, httpVersion, headers, body }: Answer): Told => ({
  refused: null,
  status,
  httpVersion,
  headers: [...headers],
  body: body?.toString('latin1') ?? null,
});

/** What our reader makes of pieces that come one after the other, and then of the end of the connection. */
export function readWire(pieces: Iterable<Buffer>, request: Outgoing = ASKED): Told {
  const seen: { answer: Answer | null } = { answer: null };
  const reader = answerReader(request, {
    onPhase: () => undefined,
    onHead(answer) {
      seen.answer = answer;
    },
  });
  try {
    let whole = false;
    for (const piece of pieces) {
      whole = reader.read(piece);
      if (whole) break;
    }
    if (!whole) reader.end();
  } catch (error) {
    return { refused: reasonHere(error) };
  }
  if (seen.answer === null) throw new Error('whole without a head');
  return told(seen.answer);
}

/** The pieces between these places, which are shares of the whole. */
export function piecesOf(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = cuts.map((share) => Math.floor(share * bytes.length)).sort((one, other) => one - other);
  return [...places, bytes.length].map((place, index) => bytes.subarray(places[index - 1] ?? 0, place));
}

/** As if each were a segment. */
export const bytewise = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));

/** How many bytes are taken when they come one by one. */
export function endOf(answer: Buffer): number {
  const drops = bytewise(answer).values();
  readWire(drops);
  return answer.length - [...drops].length;
}

const share = fc.double({ min: 0, max: 1, noNaN: true });

export const cuts: fc.Arbitrary<number[]> = fc.array(share, { maxLength: 6 });

/** Nearly always the first. */
const mostly = <T>(usual: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight: 12 }, { arbitrary: fc.constantFrom(usual, ...others), weight: 1 });

const FIELDS = [
  'A: b',
  'a:b',
  'Date: Sun, 22 Nov 2026 12:00:00 GMT',
  'Set-Cookie: a=1',
  'Set-Cookie: b=2',
  'X-Empty:',
  'X-Padded: \t b c \t ',
  'X-Bytes: \xe4\xff',
  'Connection: close',
  'Connection: keep-alive',
  '__proto__: x',
] as const;

const ODD_FIELDS = [
  ' folded',
  'A : b',
  'A b: c',
  ': b',
  'no colon',
  'A: b\0c',
  'A: b\rc',
  'A: b\nC: d',
  'A: \x7f',
  'Content-Length: 1',
  'Content-Length: 1, 1',
  'Content-Length: -1',
  'Content-Length: 0x1',
  'Content-Length:\t1',
  'Content-Length: 18446744073709551616',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked, identity',
  'Content-Encoding: gzip',
  'Upgrade: x',
] as const;

const lineEnd = mostly('\r\n', '\n', '\r', '\r\r\n');
const field = fc.oneof(
  { arbitrary: fc.constantFrom(...FIELDS), weight: 15 },
  { arbitrary: fc.constantFrom(...ODD_FIELDS), weight: 1 },
);
const status = fc.oneof(
  { arbitrary: fc.constantFrom('200 OK', '200', '503 Not now', '404 \xe4', '204 X', '304 X'), weight: 8 },
  { arbitrary: fc.constantFrom('000 X', '99 X', '600 X', '2000 X', '200X', ' 200 OK', '101 X'), weight: 1 },
);
const version = mostly('HTTP/1.1 ', 'HTTP/1.0 ', 'HTTP/1.2 ', 'HTTP/2.0 ', 'http/1.1 ', '', '\r\nHTTP/1.1 ', 'ICY ');

const text = fc.string({ unit: 'binary-ascii', maxLength: 40 });

const chunk = fc
  .tuple(
    text.filter((data) => data !== ''),
    mostly('', ';a', ';a=b;c="d;\\" e"', '; a', ' ;a', ';a=', ';;', ';a="'),
    mostly('', '000', '0x', '-', '+'),
    lineEnd,
    lineEnd,
  )
  .map(([data, extension, before, end, dataEnd]) => {
    return `${before}${data.length.toString(16)}${extension}${end}${data}${dataEnd}`;
  });

const trailer = fc.oneof(
  { arbitrary: fc.constant(''), weight: 4 },
  fc.constantFrom('A: b\r\n', ' folded\r\n', 'A b\r\n', 'Content-Length: 1\r\n'),
);

const chunked = fc
  .tuple(fc.array(chunk, { maxLength: 5 }), mostly('0', '000', '0;a', ''), trailer, lineEnd)
  .map(([chunks, last, fields, end]) => `${chunks.join('')}${last}\r\n${fields}${end}`);

/** Fields that frame a body, and the body. */
const framed: fc.Arbitrary<[fields: string[], body: string]> = fc.oneof(
  text.map((body): [string[], string] => [[`Content-Length: ${body.length}`], body]),
  fc.tuple(text, fc.integer({ min: -3, max: 3 })).map(([body, wrong]): [string[], string] => {
    return [[`content-length: ${Math.max(0, body.length + wrong)}`], body];
  }),
  chunked.map((body): [string[], string] => [['Transfer-Encoding: chunked'], body]),
  text.map((body): [string[], string] => [[], body]),
);

const informational = fc.constantFrom(
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n',
  'HTTP/1.1 102 X\r\nContent-Length: 5\r\n\r\n',
);

/** Whole answers, right and wrong ones, as they would stand on the wire. */
export const wireAnswers: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, fc.array(informational, { maxLength: 10 })),
    version,
    status,
    fc.array(field, { maxLength: 6 }),
    framed,
    lineEnd,
    mostly('', '\r\n', 'x', 'HTTP/1.1 200 OK\r\n\r\n'),
  )
  .map(([before, spoken, said, fields, [framing, body], end, behind]) => {
    const head = [`${spoken}${said}`, ...fields, ...framing].map((line) => line + end).join('');
    return Buffer.from(`${before.join('')}${head}${end}${body}${behind}`, 'latin1');
  });
