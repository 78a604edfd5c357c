// Our reader of HTTP/1 beside Node's (llhttp, strict) on real sockets, the answers cut by chance: both read the same, or both
// refuse. Where they differ, it is one of the cases listed here, with what each of them does.
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import nodeHttp from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../catalog/root.ts';
import {
  type Answer,
  complete,
  faultOfEncoding,
  faultOfHead,
  MAX_HEADER_BYTES,
  MAX_INFORMATIONAL,
} from '../../exporters/http/answer.ts';
import { converse1 } from '../../exporters/http/http1.ts';
import { ASKED, cuts, endOf, piecesOf, readWire, type Told, told, wireAnswers } from './http-answers.ts';
import { started } from './local-server.ts';
import { mutationsOf } from './mangled.ts';

const RUNS = 250;
const CORPUS = path.join(ROOT, 'test/exporters/corpus/http-answer');
const corpus = readdirSync(CORPUS).map((file): [string, Buffer] => [file, readFileSync(path.join(CORPUS, file))]);

const REFUSED: Told = { refused: 'http_protocol' };

async function ours(socket: net.Socket): Promise<Told> {
  const seen: { answer: Answer | null } = { answer: null };
  const onHead = (answer: Answer): void => {
    seen.answer = answer;
  };
  try {
    await converse1(socket, ASKED, { onPhase: () => undefined, onHead });
  } catch {
    return REFUSED;
  }
  return seen.answer === null ? REFUSED : told(seen.answer);
}

/** What is asked of every head, and of every body, is asked of these as well: only who parses is another. */
function nodes(socket: net.Socket): Promise<Told> {
  return new Promise((resolve) => {
    const refuse = (): void => resolve(REFUSED);
    const request = nodeHttp.request({
      path: ASKED.path,
      headers: { host: ASKED.authority, connection: 'close' },
      createConnection: () => socket,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    let informational = 0;
    request.on('information', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) refuse();
    });
    request.on('upgrade', refuse).on('error', refuse).on('close', refuse);
    request.on('response', (incoming) => {
      const answer = answerOf(incoming);
      const chunks: Buffer[] = [];
      if ((faultOfHead(answer) ?? faultOfEncoding(answer, ASKED)) !== null) return refuse();
      incoming.on('error', refuse).on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        try {
          complete(answer, Buffer.concat(chunks), ASKED);
        } catch {
          return refuse();
        }
        // A fault of what came in the same segment is told only now.
        setImmediate(() => resolve(told(answer)));
      });
    });
    request.end();
  });
}

function answerOf({ statusCode = 0, httpVersion, rawHeaders }: nodeHttp.IncomingMessage): Answer {
  const headers = new Map<string, string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return { status: statusCode, httpVersion, headers, body: null, bodyBytes: 0 };
}

/** A server that answers each of its connections with the same pieces, each by itself. */
async function servingPieces() {
  const answer: { pieces: readonly Buffer[] } = { pieces: [] };
  const { port } = await started(
    net.createServer({ noDelay: true }, (socket) => {
      socket.once('data', async () => {
        for (const piece of answer.pieces) {
          if (socket.destroyed) return;
          socket.write(piece);
          await nextTurn();
        }
        socket.end();
      });
    }),
  );
  const asked = async (read: (socket: net.Socket) => Promise<Told>): Promise<Told> => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    try {
      return await read(socket);
    } finally {
      socket.destroy();
    }
  };
  return async (pieces: readonly Buffer[]): Promise<[ours: Told, nodes: Told]> => {
    answer.pieces = pieces;
    return [await asked(ours), await asked(nodes)];
  };
}

const HEAD = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const OK = `${HEAD}Content-Length: 2\r\n\r\nok`;
const BODIES = { ok: 'ok', chunks: '2\r\nok\r\n0\r\n\r\n' } as const;

interface Difference {
  example: string;
  /** The body as each reads it; null: refused. */
  ours: string | null;
  nodes: string | null;
  /** Whether an answer is of this kind. */
  is(text: string): boolean;
}

const has =
  (pattern: RegExp) =>
  (text: string): boolean =>
    pattern.test(text);

function hasMore(text: string): boolean {
  const bytes = Buffer.from(text, 'latin1');
  return readWire([bytes]).refused === null && endOf(bytes) < bytes.length;
}

/** All of them. Where we are the stricter one, nobody who means well is met; where Node is, it refuses what people's browsers read. */
const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'another version of HTTP, which nobody sends in letters': {
    example: 'HTTP/2.0 200 OK\r\n\r\nok',
    ours: null,
    nodes: BODIES.ok,
    is: has(/HTTP\/(0\.9|2\.0) /),
  },
  'empty lines before a status line': {
    example: `\r\n${OK}`,
    ours: null,
    nodes: BODIES.ok,
    is: has(/(^|\r\n\r\n)[\r\n]+HTTP/),
  },
  'control characters in a reason': {
    example: 'HTTP/1.1 200 O\0K\r\n\r\nok',
    ours: null,
    nodes: BODIES.ok,
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
    is: has(/HTTP\/1\.[01] \d{3} [^\r\n]*[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/),
  },
  'a head whose names and values are short enough, but not with all between them': {
    example: `${HEAD}${'a: bb\r\n'.repeat(99)}c: ${'d'.repeat(16_000)}\r\n\r\nok`,
    ours: null,
    nodes: BODIES.ok,
    is: (text) => text.length > MAX_HEADER_BYTES,
  },
  'more than 100 fields behind a body': {
    example: `${CHUNKED}2\r\nok\r\n0\r\n${'a: b\r\n'.repeat(101)}\r\n`,
    ours: null,
    nodes: BODIES.ok,
    is: has(/0\r\n([^\r\n]+\r\n){101}/),
  },
  'a coding behind the body it is for': {
    example: `${CHUNKED}2\r\nok\r\n0\r\nTransfer-Encoding: x\r\n\r\n`,
    ours: null,
    nodes: BODIES.ok,
    is: has(/\r\n\r\n[\s\S]*transfer-encoding:/i),
  },
  'an extension of a chunk that has no value, and says so': {
    example: `${CHUNKED}2;a=\r\nok\r\n0\r\n\r\n`,
    ours: null,
    nodes: BODIES.ok,
    is: has(/;[^\r\n]*=([;\r]|$)/),
  },
  'what stands behind an answer, which Node refuses now and then': {
    example: `${OK}x`,
    ours: BODIES.ok,
    nodes: null,
    is: hasMore,
  },
  'lines that end with LF alone (RFC 9112 section 2.2)': {
    example: 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok',
    ours: BODIES.ok,
    nodes: null,
    is: has(/[^\r]\n/),
  },
  'a folded line (RFC 9112 section 5.2)': {
    example: `${HEAD}A: b\r\n c\r\n\r\nok`,
    ours: BODIES.ok,
    nodes: null,
    is: has(/\n[ \t]/),
  },
  'a space before a colon (RFC 9112 section 5.1)': {
    example: `${HEAD}A : b\r\n\r\nok`,
    ours: BODIES.ok,
    nodes: null,
    is: has(/\n[^\s:]+[ \t]+:/),
  },
  'the same length told twice (RFC 9112 section 6.3)': {
    example: `${HEAD}Content-Length: 2\r\nContent-Length: 2\r\n\r\nok`,
    ours: BODIES.ok,
    nodes: null,
    is: has(/content-length:[\s\S]*content-length:|content-length: *(\d+), *\1\b/i),
  },
  'blanks around what stands in the line of a chunk (RFC 9112 section 7.1.1)': {
    example: `${CHUNKED}2 \r\nok\r\n0\r\n\r\n`,
    ours: BODIES.ok,
    nodes: null,
    is: has(/chunked[\s\S]*\n[0-9a-f]+[^\r\n]*[ \t]/i),
  },
  'tabs around a length (RFC 9110 section 5.6.3)': {
    example: `${HEAD}Content-Length:\t2\t\r\n\r\nok`,
    ours: BODIES.ok,
    nodes: null,
    is: has(/content-length:[^\r\n]*\t/i),
  },
  'tabs around a coding, which Node names and then does not see': {
    example: `${HEAD}Transfer-Encoding: chunked\t\r\n\r\n${BODIES.chunks}`,
    ours: BODIES.ok,
    nodes: BODIES.chunks,
    is: has(/transfer-encoding:[^\r\n]*\t/i),
  },
  'an informational answer of HTTP/1.0, or one that says close': {
    example: `HTTP/1.0 103 X\r\n\r\n${OK}`,
    ours: BODIES.ok,
    nodes: null,
    is: has(/^(HTTP\/1\.0 1|HTTP\/1\.. 1[\s\S]*connection:[^\r\n]*close)/i),
  },
};

describe('our reader of HTTP/1 beside that of Node', () => {
  it.each(corpus)('does the same with %s, whole and in pieces', async (file, bytes) => {
    const ask = await servingPieces();
    const [mine, theirs] = await ask([bytes]);
    expect(mine.refused !== null, file).toBe(file.startsWith('refused'));
    if (differs(bytes)) return;
    expect(theirs).toEqual(mine);
    const inPieces = await ask(piecesOf(bytes, [0.1, 0.3, 0.5, 0.7, 0.9]));
    expect(inPieces).toEqual([mine, mine]);
  });

  it.each(Object.entries(DIFFERENCES))('differs by %s', async (_, { example, is, ours: mine, nodes: theirs }) => {
    const ask = await servingPieces();
    const outcomes = await ask([Buffer.from(example, 'latin1')]);
    expect(outcomes.map(({ refused, body = null }) => (refused === null ? body : null))).toEqual([mine, theirs]);
    expect(is(example)).toBe(true);
  });

  it('does the same with whatever else is answered', async () => {
    const ask = await servingPieces();
    const seeds = corpus.map(([, bytes]) => bytes);
    const seen = { read: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ arbitrary: wireAnswers, weight: 4 }, { arbitrary: mutationsOf(seeds), weight: 1 }),
        cuts,
        async (bytes, shares) => {
          fc.pre(!differs(bytes));
          const [mine, theirs] = await ask(piecesOf(bytes, shares));
          expect(mine).toEqual(theirs);
          seen[mine.refused === null ? 'read' : 'refused'] += 1;
        },
      ),
      { numRuns: RUNS },
    );
    expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(RUNS / 10);
  });
});

function differs(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return Object.values(DIFFERENCES).some(({ is }) => is(text));
}
