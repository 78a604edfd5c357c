// The head of an answer in HTTP/1 (RFC 9112), read strictly: what two readers might understand differently is refused. What is out
// of date and has one meaning is read, as people's browsers do: a site that works for everybody is not down.
import { MAX_HEADER_BYTES, MAX_HEADER_FIELDS, MAX_INFORMATIONAL } from './answer.ts';
import { type Incoming, lineReader, type Room } from './lines.ts';
import { Refusal } from './refusal.ts';

export interface Head {
  status: number;
  httpVersion: string;
  /** By name in lower case; repeated ones joined with a comma. */
  headers: ReadonlyMap<string, string>;
}

const START = Buffer.from('HTTP/1.');
/** Many servers leave out the space before a reason they do not give. */
const STATUS_LINE = /^HTTP\/(1\.[01]) (\d{3})(?: |$)/;
/** With the space before the colon that no proxy passes on (RFC 9112 section 5.1). */
const NAME = /^([A-Za-z0-9!#$%&'*+.^_`|~-]+)[ \t]*$/;
/** Told twice, it may be believed (RFC 9112 section 6.3). */
const SAME_NUMBER = /^(\d+)(?:, \1)*$/;
const SPACE = 0x20;
const TAB = 0x09;
const SWITCHING_PROTOCOLS = 101;

/** Reads until it is whole; null: it is not yet. Throws a {@link Refusal}. */
export type Reader<T> = (incoming: Incoming) => T | null;

/** The head of the answer that counts; informational ones before it are passed over. */
export function headReader(): Reader<Head> {
  let readOne = oneHead();
  let informational = 0;
  return (incoming) => {
    for (;;) {
      const head = readOne(incoming);
      if (head === null || head.status < 100 || head.status > 199) return head;
      if (head.status === SWITCHING_PROTOCOLS) throw new Refusal('http_protocol', 'upgrade not asked for');
      informational += 1;
      if (informational > MAX_INFORMATIONAL) throw new Refusal('http_protocol', 'too many informational answers');
      readOne = oneHead();
    }
  };
}

function oneHead(): Reader<Head> {
  const lines = lineReader();
  const room = roomForFields();
  const readFields = fieldReader(room);
  let start: Omit<Head, 'headers'> | null = null;
  let met = 0;
  return (incoming) => {
    met = greeted(incoming, met);
    if (start === null) {
      const line = lines.next(incoming, room);
      if (line === null) return null;
      start = startOf(line);
    }
    const headers = readFields(incoming);
    if (headers === null) return null;
    refuseAmbiguity(headers);
    return { ...start, headers };
  };
}

/** How much of the start of a status line has come. Who speaks no HTTP is not waited for until a line ends. */
function greeted({ bytes, at }: Incoming, before: number): number {
  const until = Math.min(START.length, before + bytes.length - at);
  if (START.compare(bytes, at, at + until - before, before, until) !== 0)
    throw new Refusal('http_protocol', 'no HTTP/1');
  return until;
}

function startOf(line: string): Omit<Head, 'headers'> {
  const [, httpVersion, status] = STATUS_LINE.exec(line) ?? [];
  if (httpVersion === undefined) throw new Refusal('http_protocol', 'no status line');
  return { status: Number(status), httpVersion };
}

const roomForFields = (): Room => ({ left: MAX_HEADER_BYTES, reason: 'http_too_large' });

/** The fields of a head, or of a trailer, and the empty line behind them. */
export function fieldReader(room = roomForFields()): Reader<Head['headers']> {
  const lines = lineReader();
  const fields = new Map<string, string>();
  let count = 0;
  let name = '';
  /** Repeated ones are joined with a comma, the lines of a folded one with a space (section 5.2). */
  const add = (value: string, joint: string): void => {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : before + joint + value);
  };
  return (incoming) => {
    while (incoming.at < incoming.bytes.length) {
      const line = lines.next(incoming, room);
      if (line === null) return null;
      if (line === '') return fields;
      count += 1;
      if (count > MAX_HEADER_FIELDS) throw new Refusal('http_too_large', 'too many headers');
      if (name !== '' && isBlank(line.charCodeAt(0))) {
        add(unpadded(line, 0), ' ');
        continue;
      }
      const colon = line.indexOf(':');
      name = (NAME.exec(line.slice(0, Math.max(0, colon)))?.[1] ?? '').toLowerCase();
      if (name === '') throw new Refusal('http_protocol', 'no header');
      add(unpadded(line, colon + 1), ', ');
    }
    return null;
  };
}

/** Without the white space around it, of which only spaces and tabs are any (RFC 9110 section 5.6.3). */
function unpadded(line: string, from: number): string {
  let [start, end] = [from, line.length];
  while (start < end && isBlank(line.charCodeAt(start))) start += 1;
  while (end > start && isBlank(line.charCodeAt(end - 1))) end -= 1;
  return line.slice(start, end);
}

const isBlank = (code: number): boolean => code === SPACE || code === TAB;

/** Two lengths, one that is no number, or one besides chunks: whoever believes the other one would cut the answer elsewhere. */
function refuseAmbiguity(headers: Head['headers']): void {
  const length = headers.get('content-length');
  if (length === undefined) return;
  const exact = SAME_NUMBER.test(length) && Number.isSafeInteger(Number.parseInt(length, 10));
  if (!exact || headers.has('transfer-encoding')) throw new Refusal('http_protocol', 'no one length');
}
