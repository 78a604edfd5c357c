// Where the body of an answer in HTTP/1 ends (RFC 9112 section 6.3): by its length, by chunks, or with the connection.
import { MAX_HEADER_BYTES, type Method } from './answer.ts';
import type { Body } from './body.ts';
import { fieldReader, type Head } from './head.ts';
import { type Incoming, lineReader, type Room } from './lines.ts';
import { Refusal } from './refusal.ts';

export interface BodyReader {
  /** Whether it is whole, or as much of it as there is room for. Throws a {@link Refusal}. */
  read(incoming: Incoming): boolean;
  /** Whether it is whole as soon as the connection ends. */
  endsWithConnection: boolean;
}

const NO_BODY: BodyReader = { read: () => true, endsWithConnection: true };

const WITHOUT_BODY = new Set([204, 304]);

/** Of a head whose length, if it tells one, is exact. */
export function bodyReader({ status, headers }: Head, method: Method, body: Body): BodyReader {
  if (method === 'HEAD' || WITHOUT_BODY.has(status)) return NO_BODY;
  if (headers.get('transfer-encoding')?.toLowerCase() === 'chunked') return inChunks(body);
  const length = headers.get('content-length');
  return length === undefined ? untilTheEnd(body) : ofLength(Number.parseInt(length, 10), body);
}

function untilTheEnd(body: Body): BodyReader {
  const read = (incoming: Incoming): boolean => {
    body.take(incoming);
    return body.full();
  };
  return { read, endsWithConnection: true };
}

function ofLength(length: number, body: Body): BodyReader {
  let left = length;
  const read = (incoming: Incoming): boolean => {
    left -= body.take(incoming, left);
    return left === 0 || body.full();
  };
  return { read, endsWithConnection: false };
}

const WORD = "[A-Za-z0-9!#$%&'*+.^_`|~-]+";
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
/** Nobody should write it, and everybody must read it; some old servers fill the lines of chunks up with it. */
const BWS = '[ \\t]*';
/** RFC 9112 section 7.1.1. */
const CHUNK_LINE = new RegExp(`^([0-9A-Fa-f]+)(?:${BWS};${BWS}${WORD}(?:${BWS}=${BWS}(?:${WORD}|${QUOTED}))?)*${BWS}$`);
/** No length that can be counted takes more. */
const SIZE_DIGITS = 16;
/** CR LF. */
const LINE_END = 2;

/** Chunks (RFC 9112 section 7.1); their extensions and the trailer are read strictly, and kept by nobody. */
function inChunks(body: Body): BodyReader {
  const lines = lineReader();
  const readTrailer = fieldReader();
  let part: 'size' | 'data' | 'end of data' | 'trailer' = 'size';
  let left = 0;
  let forExtensions = MAX_HEADER_BYTES;
  let room = roomFor(SIZE_DIGITS + forExtensions);

  const readLine = (incoming: Incoming): void => {
    const line = lines.next(incoming, room);
    if (line === null) return;
    if (part === 'end of data') {
      part = 'size';
    } else {
      left = chunkSizeIn(line);
      forExtensions -= Math.max(0, line.length - SIZE_DIGITS);
      part = left === 0 ? 'trailer' : 'data';
    }
    room = roomFor(SIZE_DIGITS + forExtensions);
  };

  const readData = (incoming: Incoming): void => {
    left -= body.take(incoming, left);
    if (left > 0) return;
    part = 'end of data';
    room = roomFor(0);
  };

  const read = (incoming: Incoming): boolean => {
    while (incoming.at < incoming.bytes.length && !body.full()) {
      if (part === 'trailer') return hasEnded(readTrailer(incoming));
      if (part === 'data') readData(incoming);
      else readLine(incoming);
    }
    return body.full();
  };
  return { read, endsWithConnection: false };
}

const roomFor = (characters: number): Room => ({ left: characters + LINE_END, reason: 'http_protocol' });

function chunkSizeIn(line: string): number {
  const size = Number.parseInt(CHUNK_LINE.exec(line)?.[1] ?? '', 16);
  if (!Number.isSafeInteger(size)) throw new Refusal('http_protocol', 'no size of a chunk');
  return size;
}

/** A trailer has no say in where the body ends. */
function hasEnded(trailer: Head['headers'] | null): boolean {
  const frames = trailer?.has('content-length') || trailer?.has('transfer-encoding');
  if (frames) throw new Refusal('http_protocol', 'a length behind the body');
  return trailer !== null;
}
