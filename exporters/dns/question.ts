// One DNS question on the wire, and whether a message claims to answer it. Written with dns-packet.
import { randomInt } from 'node:crypto';
import { CHECKING_DISABLED, DNSSEC_OK, encode, RECURSION_DESIRED } from 'dns-packet';
import { mixCase } from './letter-case.ts';

export const QUESTION_TYPES = ['A', 'AAAA', 'CNAME', 'NS', 'SOA', 'TXT', 'MX', 'DS', 'DNSKEY'] as const;
export type QuestionType = (typeof QUESTION_TYPES)[number];

/** RFC 1035 section 3.2.4. */
export const CLASSES = { IN: 1, CH: 3 } as const;
export type QuestionClass = keyof typeof CLASSES;

export interface Question {
  name: string;
  type: QuestionType;
  /** CH: the server is asked about itself. Left out: IN. */
  class?: QuestionClass;
  /** The RD bit: resolvers are asked with it, authoritative servers without. */
  recursion: boolean;
  /** The DO bit: send the signatures along. */
  signatures?: boolean;
  /** The CD bit: answer even what does not validate. */
  unchecked?: boolean;
  /** Whether letters may be asked in random case, where answers could be forged; left out: they may. */
  mixedCase?: boolean;
}

export interface Query {
  question: Question;
  bytes: Buffer;
  /** Where the question section ends: header and question come back verbatim, if the case is mixed its letters too. */
  questionEnd: number;
  /** Whether its letters are in random case, and an answer must have them so. */
  mixed: boolean;
  /** The asked name as names in answers are shown. */
  name: string;
}

/** Fits every path unfragmented: https://www.dnsflagday.net/2020/ */
const UDP_PAYLOAD = 1232;
const OPT_BYTES = 11;
export const HEADER_BYTES = 12;
const TYPE_AND_CLASS_BYTES = 4;
const IDS = 0x1_0000;
const LETTER_CASES = 0x1_0000_0000;
const LABEL = /^[a-z0-9_*-]{1,63}$/i;

/** Whether a name can be put on the wire: dns-packet would write what is too long as garbage, without a word. */
export function isAskable(name: string): boolean {
  const bare = name.replace(/\.$/, '');
  return name === '.' || (bare.length <= 253 && bare.split('.').every((label) => LABEL.test(label)));
}

interface Wording {
  /** Whether to say what we can take besides the plain protocol. */
  edns: boolean;
  /** Over HTTPS a fixed id lets caches know the same question again (RFC 8484 section 4.1). */
  cacheable: boolean;
  /** Whether letters are written in random case. */
  mixed?: boolean;
}

interface Template {
  /** The id is left at 0. */
  bytes: Buffer;
  name: string;
}

// By the question, as a target asks the same one again and again.
const templates = { plain: new WeakMap<Question, Template>(), edns: new WeakMap<Question, Template>() };

export function writeQuery(question: Question, { edns, cacheable, mixed = false }: Wording): Query {
  const known = edns ? templates.edns : templates.plain;
  let template = known.get(question);
  if (template === undefined) {
    // What is askable holds nothing that would be escaped. The bytes are copied, into memory that many small buffers share.
    const name = question.name.toLowerCase().replace(/(?<=.)\.$/, '');
    template = { bytes: Buffer.from(encodeQuestion(question, edns)), name };
    known.set(question, template);
  }
  const bytes = Buffer.from(template.bytes);
  const questionEnd = bytes.length - (edns ? OPT_BYTES : 0);
  if (!cacheable) bytes.writeUInt16BE(randomInt(IDS));
  if (mixed) mixCase(bytes, HEADER_BYTES, questionEnd - TYPE_AND_CLASS_BYTES, randomInt(LETTER_CASES));
  return { question, bytes, questionEnd, name: template.name, mixed };
}

function encodeQuestion(question: Question, edns: boolean): Buffer {
  const opt = {
    type: 'OPT',
    name: '.',
    udpPayloadSize: UDP_PAYLOAD,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: question.signatures === true ? DNSSEC_OK : 0,
    flag_do: question.signatures === true,
    options: [],
  } as const;
  return encode({
    type: 'query',
    id: 0,
    flags: (question.recursion ? RECURSION_DESIRED : 0) | (question.unchecked === true ? CHECKING_DISABLED : 0),
    questions: [{ name: question.name, type: question.type, class: question.class ?? 'IN' }],
    additionals: edns ? [{ ...opt, options: [] }] : [],
  });
}

/** Of a message at least as long as its header. */
export const idOf = (message: Buffer): number => message.readUInt16BE(0);

/**
 * `answer`: same id, QR=1, QUERY, our question. `other_case`: all that, but for the case of letters that was to be repeated.
 * An echo of our own query (QR=0) is no answer, and neither is a message with two questions. Servers that could not parse us
 * may leave the question out, so an error is believed without it.
 */
export function fitOf(query: Query, message: Buffer): 'answer' | 'other_case' | null {
  if (message.length < HEADER_BYTES || idOf(message) !== idOf(query.bytes)) return null;
  const flags = message.readUInt16BE(2);
  const isReply = (flags & 0x8000) !== 0 && (flags & 0x7800) === 0;
  if (!isReply) return null;
  const questions = message.readUInt16BE(4);
  if (questions === 0) return isError(flags & 0xf) ? 'answer' : null;
  return questions === 1 ? repetitionIn(message, query) : null;
}

export const answers = (query: Query, message: Buffer): boolean => fitOf(query, message) === 'answer';

/** Everything but NOERROR and NXDOMAIN. */
function isError(rcode: number): boolean {
  return rcode !== 0 && rcode !== 3;
}

/** Most servers keep the case of letters. */
function repetitionIn(message: Buffer, { bytes, questionEnd, mixed }: Query): ReturnType<typeof fitOf> {
  if (message.length < questionEnd) return null;
  if (bytes.compare(message, HEADER_BYTES, questionEnd, HEADER_BYTES, questionEnd) === 0) return 'answer';
  if (questionIn(message, questionEnd) !== questionIn(bytes, questionEnd)) return null;
  return mixed ? 'other_case' : 'answer';
}

const questionIn = (message: Buffer, end: number): string =>
  message.toString('latin1', HEADER_BYTES, end).toLowerCase();
