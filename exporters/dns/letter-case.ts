// Letters of the asked name in random case (draft-vixie-dnsext-dns0x20): servers repeat the question as it came, so who forges an
// answer has to guess them besides the id and the port. Who is known to repeat it otherwise is asked in one case, for an hour.
import type { Clock } from '../clock.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';

const CASE_BIT = 0x20;
/** As many as one draw of randomness has; further letters repeat them. */
const DRAWN_BITS = 32;
const REMEMBERED_MS = 3_600_000;
const MOST_REMEMBERED = 1_000;

/** Until when, on the monotonic clock, those that lost the case of letters are asked in one. */
const careless = new Map<string, number>();

/** Of a name on the wire: lengths of its labels are all below the letters, so nothing else is touched. */
export function mixCase(bytes: Buffer, start: number, end: number, bits: number): void {
  let drawn = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (!isLetter(byte)) continue;
    if (((bits >>> (drawn % DRAWN_BITS)) & 1) === 1) bytes[at] = byte ^ CASE_BIT;
    drawn += 1;
  }
}

function isLetter(byte: number): boolean {
  const lower = byte | CASE_BIT;
  return lower >= 0x61 && lower <= 0x7a;
}

export function isKnownCareless(server: Endpoint, clock: Clock): boolean {
  if (careless.size === 0) return false;
  const place = formatEndpoint(server);
  const until = careless.get(place);
  if (until === undefined) return false;
  if (clock.monotonic() < until) return true;
  careless.delete(place);
  return false;
}

/** The oldest is forgotten first: to be asked in mixed case once more costs it a question. */
export function rememberCareless(server: Endpoint, clock: Clock): void {
  const [oldest] = careless.keys();
  if (careless.size >= MOST_REMEMBERED && oldest !== undefined) careless.delete(oldest);
  careless.set(formatEndpoint(server), clock.monotonic() + REMEMBERED_MS);
}
