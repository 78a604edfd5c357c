// Cuts what a peer sends into lines (RFC 9112 section 2.2), wherever its segments were cut. They end with CR LF, or with the LF alone
// that small devices send and every browser reads. What no line may hold is refused as soon as it is there.
import type { Reason } from '../../catalog/reasons.ts';
import { Refusal } from './refusal.ts';

const LF = 0x0a;

/** HTAB, SP, VCHAR and obs-text of RFC 9110 section 5.5; CR only as the last, before an LF. */
const PIECE = /^[\t\x20-\x7e\x80-\xff]*\r?$/;

/** Bytes that came together, and how far they were read. */
export interface Incoming {
  readonly bytes: Buffer;
  at: number;
}

/** How many bytes lines may still take, their ends included, and what more than that is. */
export interface Room {
  left: number;
  readonly reason: Reason;
}

export interface LineReader {
  /** The next line in Latin-1, without its end; null: it has not come whole. Throws a {@link Refusal}. */
  next(incoming: Incoming, room: Room): string | null;
}

export function lineReader(): LineReader {
  // A rope, which is flattened once: a line that comes byte by byte costs no more than another.
  let line = '';
  let returned = false;
  return {
    next(incoming, room) {
      const { bytes, at } = incoming;
      const end = bytes.indexOf(LF, at);
      const stop = end === -1 ? bytes.length : end;
      incoming.at = end === -1 ? stop : end + 1;
      room.left -= incoming.at - at;
      if (room.left < 0) throw new Refusal(room.reason, 'longer than anybody needs');
      const piece = bytes.toString('latin1', at, stop);
      if (!PIECE.test(piece) || (returned && piece !== '')) throw new Refusal('http_protocol', 'a byte out of place');
      const ends = piece.endsWith('\r');
      returned ||= ends;
      line += ends ? piece.slice(0, -1) : piece;
      if (end === -1) return null;
      const whole = line;
      line = '';
      returned = false;
      return whole;
    },
  };
}
