// The first bytes of a body, up to a limit: what lies behind it is nobody's business, and may have no end.
import type { Incoming } from './lines.ts';

export interface Body {
  /** Takes what has come, `most` bytes of it and no more than there is room for; how many these were. */
  take(incoming: Incoming, most?: number): number;
  /** How many were taken. */
  length(): number;
  /** Whether there is no room for more. */
  full(): boolean;
  /** All that was taken. */
  bytes(): Buffer;
}

export function bodyOfAtMost(maxBytes: number): Body {
  let held: Buffer = Buffer.alloc(0);
  let length = 0;

  /** Doubled each time, so that a body of many small pieces costs no more than another. */
  const makeRoom = (wanted: number): void => {
    if (wanted <= held.length) return;
    const larger = Buffer.allocUnsafe(Math.min(maxBytes, 2 * wanted));
    held.copy(larger, 0, 0, length);
    held = larger;
  };

  return {
    take(incoming, most = Number.POSITIVE_INFINITY) {
      const count = Math.min(most, incoming.bytes.length - incoming.at, maxBytes - length);
      const piece = incoming.bytes.subarray(incoming.at, incoming.at + count);
      incoming.at += count;
      if (length === 0) {
        // Nearly always all of it.
        held = piece;
      } else {
        makeRoom(length + count);
        piece.copy(held, length);
      }
      length += count;
      return count;
    },
    length: () => length,
    full: () => length === maxBytes,
    bytes: () => held.subarray(0, length),
  };
}
