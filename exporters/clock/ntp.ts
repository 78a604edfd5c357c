// The NTP packet of a client and the answer to it (RFC 5905 section 7.3, client mode), as bytes.
import { randomBytes } from 'node:crypto';

const PACKET_BYTES = 48;
/** No leap warning, version 4, mode 3 (client). */
const CLIENT = 0x23;
const MODE_SERVER = 4;
const UNSYNCHRONIZED_LEAP = 3;
const MAX_STRATUM = 15;
/** Seconds from the NTP epoch, 1900, to the Unix epoch. */
const EPOCH_SECONDS = 2_208_988_800;
const ERA_SECONDS = 2 ** 32;

const LEAP_AT = 0;
const STRATUM_AT = 1;
const REFERENCE_AT = 12;
const ORIGIN_AT = 24;
const RECEIVED_AT = 32;
const SENT_AT = 40;

export type NtpAnswer =
  | { kind: 'refused'; code: 'DENY' | 'RSTR' | 'RATE' | 'other' }
  | { kind: 'unsynchronized' }
  | { kind: 'malformed' }
  | { kind: 'time'; offsetMs: number; delayMs: number; stratum: number };

/** When the question left and how long its answer took, by our clock. */
export interface Trip {
  /** Unix milliseconds. */
  leftAt: number;
  tookMs: number;
}

/** A number nobody can guess stands where our clock would: the server only gives it back, and learns nothing of us. */
export function writeRequest(): Buffer {
  const packet = Buffer.alloc(PACKET_BYTES);
  packet[LEAP_AT] = CLIENT;
  randomBytes(8).copy(packet, SENT_AT);
  return packet;
}

/** Whether a datagram is a server's answer to this very request. */
export function isAnswerTo(request: Buffer, message: Buffer): boolean {
  if (message.length < PACKET_BYTES) return false;
  if ((message.readUInt8(LEAP_AT) & 7) !== MODE_SERVER) return false;
  return message.subarray(ORIGIN_AT, ORIGIN_AT + 8).equals(request.subarray(SENT_AT, SENT_AT + 8));
}

export function readReply(message: Buffer, { leftAt, tookMs }: Trip): NtpAnswer {
  const stratum = message.readUInt8(STRATUM_AT);
  if (stratum === 0) return { kind: 'refused', code: kissCode(message) };
  if (stratum > MAX_STRATUM || message.readUInt8(LEAP_AT) >> 6 === UNSYNCHRONIZED_LEAP) {
    return { kind: 'unsynchronized' };
  }
  const received = timeAt(message, RECEIVED_AT, leftAt);
  const sent = timeAt(message, SENT_AT, leftAt);
  if (received === null || sent === null) return { kind: 'malformed' };
  const heldMs = sent - received;
  // A server cannot have held our question for longer than we waited, give or take the grain of its clock.
  if (heldMs < -1 || heldMs > tookMs + 1) return { kind: 'malformed' };
  const offsetMs = (received - leftAt + (sent - (leftAt + tookMs))) / 2;
  return { kind: 'time', offsetMs, delayMs: Math.max(0, tookMs - heldMs), stratum };
}

function kissCode(message: Buffer): 'DENY' | 'RSTR' | 'RATE' | 'other' {
  const code = message.toString('latin1', REFERENCE_AT, REFERENCE_AT + 4);
  return code === 'DENY' || code === 'RSTR' || code === 'RATE' ? code : 'other';
}

/** Unix milliseconds in the era nearest to `near`: the seconds run over in 2036. null for the zero that means "unset". */
function timeAt(message: Buffer, at: number, near: number): number | null {
  const seconds = message.readUInt32BE(at);
  const fraction = message.readUInt32BE(at + 4);
  if (seconds === 0 && fraction === 0) return null;
  const unix = seconds - EPOCH_SECONDS;
  const era = Math.round((near / 1000 - unix) / ERA_SECONDS);
  return (unix + era * ERA_SECONDS) * 1000 + (fraction / ERA_SECONDS) * 1000;
}
