// The packet that makes any QUIC server tell which versions it has, and that answer (RFC 8999 sections 5.1 and 6, RFC 9000 section 6).
import { randomBytes } from 'node:crypto';

/** Smaller ones a server must pass over (RFC 9000 section 14.1). */
export const LEAST_BYTES = 1_200;

const LONG_HEADER = 0xc0;
const IS_LONG = 0x80;
/** Of the form that is kept free to force a negotiation (RFC 9000 section 15). */
const NOBODYS_VERSION = 0x1a2a3a4a;
const NEGOTIATION = 0;
const VERSION_1 = 1;
const ID_BYTES = 8;

const VERSION_AT = 1;
const IDS_AT = 5;

export interface Inquiry {
  bytes: Buffer;
  /** Both connection ids with their lengths, as the answer must have them: the server's and ours have changed places. */
  mirrored: Buffer;
}

export function writeInquiry(size: number): Inquiry {
  const [theirs, ours] = [randomBytes(ID_BYTES), randomBytes(ID_BYTES)];
  const length = Buffer.from([ID_BYTES]);
  // What follows the ids is of no version, so it means nothing; random bytes look like the ciphertext of any other.
  const bytes = randomBytes(size);
  bytes.writeUInt8(LONG_HEADER, 0);
  bytes.writeUInt32BE(NOBODYS_VERSION, VERSION_AT);
  Buffer.concat([length, theirs, length, ours]).copy(bytes, IDS_AT);
  return { bytes, mirrored: Buffer.concat([length, ours, length, theirs]) };
}

/** Versions that the datagram offers in answer to this inquiry; null when it is no such answer. */
export function versionsOffered({ mirrored }: Inquiry, datagram: Buffer): number[] | null {
  const listAt = IDS_AT + mirrored.length;
  const list = datagram.subarray(listAt);
  if (list.length === 0 || list.length % 4 !== 0) return null;
  if ((datagram.readUInt8(0) & IS_LONG) === 0 || datagram.readUInt32BE(VERSION_AT) !== NEGOTIATION) return null;
  if (!datagram.subarray(IDS_AT, listAt).equals(mirrored)) return null;
  return Array.from({ length: list.length / 4 }, (_, index) => list.readUInt32BE(4 * index));
}

export const offersVersion1 = (versions: readonly number[]): boolean => versions.includes(VERSION_1);
