// Reads DNS messages of strangers (RFC 1035 section 4): every length checked, pointers only backwards, names bounded.
// dns-packet cannot be used for it: it joins labels with dots, so a dot or a NUL inside a label can no longer be told.
import net from 'node:net';

/** The bytes are not a DNS message. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

export interface WireRecord {
  /** Where the owner name is written; read it with {@link readName} when it is wanted. */
  owner: number;
  type: number;
  class: number;
  /** Seconds; a value with the top bit set counts as 0 (RFC 2181 section 8). */
  ttl: number;
  /** Bounds of the record's data. */
  start: number;
  end: number;
}

const MAX_NAME_BYTES = 255;
/** A name has at most 127 labels, so a longer chain of pointers says nothing and only costs time. */
const MAX_POINTERS = 127;
const DATA_CHARACTERS = 255;

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  2: 'NS',
  5: 'CNAME',
  6: 'SOA',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  33: 'SRV',
  39: 'DNAME',
  41: 'OPT',
  43: 'DS',
  46: 'RRSIG',
  47: 'NSEC',
  48: 'DNSKEY',
  50: 'NSEC3',
  64: 'SVCB',
  65: 'HTTPS',
  257: 'CAA',
};

export const RRSIG = 46;

/** Mnemonic of a record type, `TYPE1234` when it has none here (RFC 3597). */
export function typeName(type: number): string {
  return TYPES[type] ?? `TYPE${type}`;
}

export function demand(truth: boolean, what: string): asserts truth {
  if (!truth) throw new MalformedMessage(what);
}

/** The name at `offset`, lower case, escaped, without trailing dot (`.` for the root), and where it ends in place. */
export function readName(message: Buffer, offset: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = offset;
  let runStart = offset;
  let end: number | null = null;
  let pointers = 0;
  let bytes = 1;
  for (;;) {
    const size = byteAt(message, at);
    if (size === 0) return { name: labels.length === 0 ? '.' : labels.join('.'), end: end ?? at + 1 };
    if (size >= 0xc0) {
      const target = ((size & 0x3f) << 8) | byteAt(message, at + 1);
      demand(target < runStart, 'pointer forward');
      pointers += 1;
      demand(pointers <= MAX_POINTERS, 'too many pointers');
      end ??= at + 2;
      at = target;
      runStart = target;
    } else {
      demand(size < 0x40, 'label type');
      bytes += size + 1;
      demand(bytes <= MAX_NAME_BYTES, 'name too long');
      demand(at + 1 + size <= message.length, 'label beyond the end');
      labels.push(escapeLabel(message.toString('latin1', at + 1, at + 1 + size)));
      at += size + 1;
    }
  }
}

/** Reads a record without its owner name and data, which most records of an answer are never asked for. */
export function readRecord(message: Buffer, offset: number): WireRecord {
  const fixed = skipName(message, offset);
  demand(fixed + 10 <= message.length, 'record beyond the end');
  const ttl = message.readUInt32BE(fixed + 4);
  const start = fixed + 10;
  const end = start + message.readUInt16BE(fixed + 8);
  demand(end <= message.length, 'data beyond the end');
  const top = ttl > 0x7fff_ffff ? 0 : ttl;
  return {
    owner: offset,
    type: message.readUInt16BE(fixed),
    class: message.readUInt16BE(fixed + 2),
    ttl: top,
    start,
    end,
  };
}

/** Presentation form of a record's data, escaped, cut after 255 characters. */
export function presentData(message: Buffer, record: WireRecord): string {
  return fullData(message, record).slice(0, DATA_CHARACTERS);
}

/** The name that is all of the record's data (CNAME, NS), whole. */
export function nameInData(message: Buffer, { start, end }: WireRecord): string {
  const target = readName(message, start);
  demand(target.end === end, 'name does not fill its data');
  return target.name;
}

export function serialInData(message: Buffer, { end }: WireRecord): number {
  return message.readUInt32BE(end - 20);
}

function fullData(message: Buffer, record: WireRecord): string {
  const { start, end } = record;
  const data = message.subarray(start, end);
  switch (typeName(record.type)) {
    case 'A':
      demand(data.length === 4, 'A of the wrong size');
      return data.join('.');
    case 'AAAA':
      demand(data.length === 16, 'AAAA of the wrong size');
      return presentIpv6(data);
    case 'NS':
    case 'CNAME':
    case 'PTR':
    case 'DNAME':
      return nameInData(message, record);
    case 'MX':
      demand(data.length >= 3, 'MX too short');
      return `${data.readUInt16BE(0)} ${nameInData(message, { ...record, start: start + 2 })}`;
    case 'SOA':
      return presentSoa(message, start, end);
    case 'TXT':
      return presentTexts(data);
    default:
      return `\\# ${data.length} ${data.toString('hex', 0, DATA_CHARACTERS)}`;
  }
}

function presentIpv6(data: Buffer): string {
  const groups = [0, 2, 4, 6, 8, 10, 12, 14].map((at) => data.readUInt16BE(at).toString(16));
  return new net.SocketAddress({ family: 'ipv6', address: groups.join(':') }).address;
}

function presentSoa(message: Buffer, start: number, end: number): string {
  const primary = readName(message, start);
  const mailbox = readName(message, primary.end);
  demand(mailbox.end + 20 === end, 'SOA of the wrong size');
  const numbers = [0, 4, 8, 12, 16].map((at) => message.readUInt32BE(mailbox.end + at));
  return [primary.name, mailbox.name, ...numbers].join(' ');
}

/** Character strings, each in quotes; all are checked, only as many as are kept are written. */
function presentTexts(data: Buffer): string {
  demand(data.length > 0, 'TXT without a string');
  let shown = '';
  for (let at = 0; at < data.length; ) {
    const end = at + 1 + byteAt(data, at);
    demand(end <= data.length, 'string beyond its data');
    if (shown.length < DATA_CHARACTERS) {
      shown += `${at === 0 ? '' : ' '}"${escapeText(data.toString('latin1', at + 1, end))}"`;
    }
    at = end;
  }
  return shown;
}

function skipName(message: Buffer, offset: number): number {
  for (let at = offset; ; ) {
    const size = byteAt(message, at);
    if (size === 0) return at + 1;
    if (size >= 0xc0) return at + 2;
    demand(size < 0x40, 'label type');
    at += size + 1;
    demand(at - offset < MAX_NAME_BYTES, 'name too long');
  }
}

function byteAt(bytes: Buffer, at: number): number {
  const byte = bytes[at];
  demand(byte !== undefined, 'cut short');
  return byte;
}

/** Letters, digits, hyphen, underscore and asterisk stand for themselves; the rest might be meant for a terminal. */
function escapeLabel(label: string): string {
  return label.toLowerCase().replace(/[^a-z0-9_*-]/g, escapeCharacter);
}

/** Printable ASCII stays, but the quote, the backslash and what HTML could take for markup. */
export function escapeText(text: string): string {
  return text.replace(/[^ -~]|["'\\<>&]/g, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\${String(character.charCodeAt(0)).padStart(3, '0')}`;
}
