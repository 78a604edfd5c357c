// What a DNS message says about our question: rcode, shape, records.
// Whether that is what was wished for is the probe's part.
import type { Reason } from '../../catalog/reasons.ts';
import { isBogus, readSignature, type Signature } from './dnssec.ts';
import type { DnsRecord, DnsShape } from './facts.ts';
import { CLASSES, HEADER_BYTES, type Query } from './question.ts';
import { rcodeName } from './rcodes.ts';
import {
  demand,
  MalformedMessage,
  nameInData,
  presentData,
  RRSIG,
  readName,
  readRecord,
  serialInData,
  typeName,
  type WireRecord,
} from './wire.ts';

export interface DnsAnswer {
  rcode: string;
  shape: DnsShape;
  authoritative: boolean;
  /** The AD bit: the resolver vouches that the chain of signatures holds. */
  authenticated: boolean;
  /** The RA bit: the server would ask others too. */
  recursive: boolean;
  /** Whether it came with an OPT record (RFC 6891). */
  edns: boolean;
  /** Those that came with the answer, as they are written; nobody verified them. */
  signatures: Signature[];
  /** Answer section, at most 64 records. */
  answers: DnsRecord[];
  /** From the asked name along the CNAMEs to where they end. */
  chain: string[];
  /** The zone whose SOA came along; null without one. */
  zone: string | null;
  /** With shape `answer`: those of the asked type at the end of the CNAME chain. */
  matching: DnsRecord[];
  /** Whom the zone is with, by its parent or by itself: names of NS records owned by the asked name, sorted. */
  nameServers: string[];
  /** When NS was asked for: addresses that came along. */
  glue: DnsRecord[];
  authorityCount: number;
  additionalCount: number;
  extendedErrors: number[];
  serial: number | null;
}

/** One record of the answer section, with what is too long to be shown. */
interface Answered {
  shown: DnsRecord;
  target: string | null;
  serial: number | null;
  signature: Signature | null;
}

const MAX_RECORDS = 64;
const MAX_HOPS = 16;
const MAX_EXTENDED_ERRORS = 8;
const EXTENDED_ERROR_OPTION = 15;
const POINTER_TO_QUESTION = 0xc000 | HEADER_BYTES;

const REASON_OF_RCODE: Readonly<Record<string, Reason>> = { SERVFAIL: 'dns_servfail', REFUSED: 'dns_refused' };

/** Reads a message that answers the query; null when it is malformed or its CNAMEs lead nowhere. Never throws. */
export function readAnswer(query: Query, message: Buffer): DnsAnswer | null {
  try {
    return interpret(query, message);
  } catch (error) {
    if (error instanceof MalformedMessage) return null;
    throw error;
  }
}

/** What an answer stands for when records were wanted. */
export function reasonOfAnswer({ shape, rcode, extendedErrors }: DnsAnswer): Reason {
  switch (shape) {
    case 'answer':
      return 'ok';
    case 'nodata':
      return 'dns_nodata';
    case 'nxdomain':
      return 'dns_nxdomain';
    case 'referral':
      return 'dns_error';
    case 'error':
      return rcode === 'SERVFAIL' && isBogus(extendedErrors) ? 'dns_bogus' : (REASON_OF_RCODE[rcode] ?? 'dns_error');
  }
}

function interpret({ question, questionEnd, name }: Query, message: Buffer): DnsAnswer {
  demand(message.length >= HEADER_BYTES, 'no header');
  const flags = message.readUInt16BE(2);
  const asked = message.readUInt16BE(4) === 0 ? null : name;
  let at = asked === null ? HEADER_BYTES : questionEnd;
  const section = (countAt: number): WireRecord[] => {
    const records: WireRecord[] = [];
    // A forged count ends at the last byte of the message: nothing is allocated for it.
    for (let left = message.readUInt16BE(countAt); left > 0; left -= 1) {
      const record = readRecord(message, at);
      records.push(record);
      at = record.end;
    }
    return records;
  };
  const answered = section(6)
    .filter((record) => record.class === CLASSES[question.class ?? 'IN'])
    .slice(0, MAX_RECORDS)
    .map((record) => readAnswered(message, record, asked));
  const authority = section(8);
  const additional = section(10);
  const opt = additional.find((record) => typeName(record.type) === 'OPT');
  const rcode = (flags & 0xf) | (opt === undefined ? 0 : message.readUInt8(opt.start - 6) << 4);
  const chain = question.type === 'CNAME' ? [name] : chainOf(name, answered);
  const end = chain.at(-1);
  const matching = answered.filter(({ shown }) => shown.type === question.type && shown.name === end);
  const authoritative = (flags & 0x400) !== 0;
  const shape = shapeOf(rcode, matching.length, authoritative, authority);
  return {
    rcode: rcodeName(rcode),
    shape,
    authoritative,
    authenticated: (flags & 0x20) !== 0,
    recursive: (flags & 0x80) !== 0,
    edns: opt !== undefined,
    signatures: answered.flatMap(({ signature }) => signature ?? []),
    answers: answered.map(({ shown }) => shown),
    chain,
    zone: zoneIn(message, answered, authority),
    matching: shape === 'answer' ? matching.map(({ shown }) => shown) : [],
    nameServers: question.type === 'NS' ? nameServersOf(name, message, answered, authority) : [],
    glue: question.type === 'NS' ? glueIn(message, additional) : [],
    authorityCount: authority.length,
    additionalCount: additional.length,
    extendedErrors: opt === undefined ? [] : readExtendedErrors(message, opt),
    serial: question.type === 'SOA' ? (matching[0]?.serial ?? null) : null,
  };
}

/** `asked`: the name that stands where the question is, if there is one; most owners are a pointer to it. */
function readAnswered(message: Buffer, record: WireRecord, asked: string | null = null): Answered {
  const type = typeName(record.type);
  const isAsked = asked !== null && message.readUInt16BE(record.owner) === POINTER_TO_QUESTION;
  const shown = {
    name: isAsked ? asked : readName(message, record.owner).name,
    type,
    ttl: record.ttl,
    data: presentData(message, record),
  };
  return {
    shown,
    target: type === 'CNAME' ? nameInData(message, record) : null,
    serial: type === 'SOA' ? serialInData(message, record) : null,
    signature: record.type === RRSIG ? readSignature(message, record) : null,
  };
}

/** In the answer when the server has the zone itself, in the authority section of a referral. */
function nameServersOf(
  own: string,
  message: Buffer,
  answered: readonly Answered[],
  authority: readonly WireRecord[],
): string[] {
  const above = authority
    .filter(({ type, class: family }) => family === CLASSES.IN && typeName(type) === 'NS')
    .slice(0, MAX_RECORDS)
    .map((record) => readAnswered(message, record));
  const named = [...answered, ...above].filter(({ shown }) => shown.type === 'NS' && shown.name === own);
  return [...new Set(named.map(({ shown }) => shown.data.toLowerCase().replace(/\.$/, '')))].sort();
}

function glueIn(message: Buffer, additional: readonly WireRecord[]): DnsRecord[] {
  const addresses = additional.filter(({ type, class: family }) => {
    return family === CLASSES.IN && ['A', 'AAAA'].includes(typeName(type));
  });
  return addresses.slice(0, MAX_RECORDS).map((record) => readAnswered(message, record).shown);
}

/** Of its SOA, in the answer or, when that is a negative one, beside it. */
function zoneIn(message: Buffer, answered: readonly Answered[], authority: readonly WireRecord[]): string | null {
  const own = answered.find(({ shown }) => shown.type === 'SOA')?.shown.name;
  const beside = authority.find(({ type, class: family }) => family === CLASSES.IN && typeName(type) === 'SOA');
  return own ?? (beside === undefined ? null : readName(message, beside.owner).name);
}

/** Follows CNAMEs from the asked name, in whatever order they were sent. */
function chainOf(start: string, answered: readonly Answered[]): string[] {
  const targets = new Map<string, string>();
  for (const { shown, target } of answered) if (target !== null) targets.set(shown.name, target);
  const seen = new Set([start]);
  for (let next = targets.get(start); next !== undefined; next = targets.get(next)) {
    demand(!seen.has(next) && seen.size <= MAX_HOPS, 'CNAMEs without end');
    seen.add(next);
  }
  return [...seen];
}

function shapeOf(rcode: number, matching: number, authoritative: boolean, authority: readonly WireRecord[]): DnsShape {
  if (rcode === 3) return 'nxdomain';
  if (rcode !== 0) return 'error';
  if (matching > 0) return 'answer';
  const has = (type: string) => authority.some((record) => typeName(record.type) === type);
  // RFC 2308 section 2.2: a SOA says "nothing here", name servers alone say "ask them".
  return !authoritative && has('NS') && !has('SOA') ? 'referral' : 'nodata';
}

/** RFC 8914. Options that do not fit end the reading, the answer still counts; the text that may follow is not kept. */
function readExtendedErrors(message: Buffer, { start, end }: WireRecord): number[] {
  const codes: number[] = [];
  for (let at = start; at + 4 <= end && codes.length < MAX_EXTENDED_ERRORS; ) {
    const next = at + 4 + message.readUInt16BE(at + 2);
    if (next > end) break;
    if (message.readUInt16BE(at) === EXTENDED_ERROR_OPTION && next - at >= 6) codes.push(message.readUInt16BE(at + 4));
    at = next;
  }
  return codes;
}
