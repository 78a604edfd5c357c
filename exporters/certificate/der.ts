// Reads DER, only what certificates, lists of revoked ones and OCSP answers need: bounded, without copying, without recursion.

/** Thrown for bytes that are no DER, or not where they should be. */
export class DerError extends Error {
  constructor(why: string) {
    super(why);
    this.name = 'DerError';
  }
}

export interface DerValue {
  tag: number;
  /** What is inside. */
  content: Buffer;
  /** Head and content. */
  whole: Buffer;
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  bytes: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const;

/** The value at the start of `bytes`. Throws {@link DerError}. */
export function derValue(bytes: Buffer): DerValue {
  const tag = bytes[0];
  const first = bytes[1];
  if (tag === undefined || first === undefined) throw new DerError('cut short');
  if ((tag & 0x1f) === 0x1f) throw new DerError('a tag nobody needs');
  let start = 2;
  let length = first;
  if (first >= 0x80) {
    const lengthBytes = first & 0x7f;
    if (lengthBytes === 0 || lengthBytes > 4 || bytes.length < 2 + lengthBytes) throw new DerError('no length');
    start = 2 + lengthBytes;
    length = bytes.readUIntBE(2, lengthBytes);
  }
  if (start + length > bytes.length) throw new DerError('longer than it is');
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

/** The values inside, one after the other. Throws {@link DerError} when it comes to what is none. */
export function* derValues(content: Buffer): Generator<DerValue> {
  let rest = content;
  while (rest.length > 0) {
    const value = derValue(rest);
    yield value;
    rest = rest.subarray(value.whole.length);
  }
}

/** The values inside a sequence, at most `most` of them. */
export function sequenceIn(value: DerValue | undefined, most = 32): DerValue[] {
  return expectTag(value, TAG.sequence, most);
}

export function expectTag(value: DerValue | undefined, tag: number, most = 32): DerValue[] {
  if (value?.tag !== tag) throw new DerError('something else was expected');
  const inner: DerValue[] = [];
  for (const one of derValues(value.content)) {
    if (inner.length === most) throw new DerError('more than anybody needs');
    inner.push(one);
  }
  return inner;
}

/** Dotted. */
export function oidOf(value: DerValue | undefined): string {
  if (value?.tag !== TAG.oid || value.content.length > 32) throw new DerError('no object identifier');
  const arcs: number[] = [];
  let arc = 0;
  for (const byte of value.content) {
    arc = arc * 128 + (byte & 0x7f);
    if (byte >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head = 0, ...others] = arcs;
  const root = Math.min(Math.floor(head / 40), 2);
  return [root, head - root * 40, ...others].join('.');
}

/** Lower-case hex without leading zeros, as serial numbers are compared. */
export function integerOf(value: DerValue | undefined): string {
  if (value?.tag !== TAG.integer) throw new DerError('no integer');
  return value.content.toString('hex').replace(/^0+(?=.)/, '');
}

/** UTCTime or GeneralizedTime, Unix milliseconds; RFC 5280 allows only the forms with seconds and Z. */
export function timeIn(value: DerValue | undefined): number {
  const text = value?.content.toString('latin1') ?? '';
  const [, year = '', month, day, hour, minute, second] =
    (value?.tag === 0x17 ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(
      text,
    ) ?? [];
  const full = year.length === 2 ? Number(year) + (Number(year) < 50 ? 2000 : 1900) : Number(year);
  const time = Date.UTC(full, Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if ((value?.tag !== 0x17 && value?.tag !== 0x18) || !Number.isFinite(time)) throw new DerError('no time');
  return time;
}

/** The bytes of a bit string of whole bytes. */
export function bitsOf(value: DerValue | undefined): Buffer {
  if (value?.tag !== TAG.bits || value.content[0] !== 0) throw new DerError('no bits');
  return value.content.subarray(1);
}
