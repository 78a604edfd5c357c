// Reads `wg show all dump`: tab-separated lines, one for each interface and one for each of its peers (man 8 wg).
// Private and preshared keys stand in it; they are dropped here and get no further.
import { Malformed } from '../malformed.ts';

const MOST_LINES = 10_000;
const INTERFACE_COLUMNS = 5;
const PEER_COLUMNS = 9;

export interface Peer {
  publicKey: string;
  /** Unix milliseconds; null when there never was one. */
  lastHandshake: number | null;
  /** Seconds between two keepalives; null when they are off. */
  keepalive: number | null;
}

/** The peers of every interface, by its name. Throws {@link Malformed}. */
export function readDump(text: string): Map<string, Peer[]> {
  const lines = text.split('\n').filter((line) => line !== '');
  if (lines.length > MOST_LINES) throw new Malformed('too many lines');
  const interfaces = new Map<string, Peer[]>();
  for (const line of lines) {
    const columns = line.split('\t');
    const [name = ''] = columns;
    if (columns.length === INTERFACE_COLUMNS) interfaces.set(name, []);
    else if (columns.length === PEER_COLUMNS) peersOf(interfaces, name).push(peerIn(columns));
    else throw new Malformed('a line that is none of a dump');
  }
  return interfaces;
}

function peersOf(interfaces: ReadonlyMap<string, Peer[]>, name: string): Peer[] {
  const peers = interfaces.get(name);
  if (peers === undefined) throw new Malformed('a peer before its interface');
  return peers;
}

function peerIn([, publicKey = '', , , , handshake = '', , , keepalive = '']: readonly string[]): Peer {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(publicKey)) throw new Malformed('no public key');
  const seconds = wholeNumber(handshake);
  return {
    publicKey,
    lastHandshake: seconds === 0 ? null : seconds * 1000,
    keepalive: keepalive === 'off' ? null : wholeNumber(keepalive),
  };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Malformed('no number');
  return Number(text);
}
