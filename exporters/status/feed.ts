// What every format of status feed is read into, and the pieces its readers share.
import { FEED_STATES, type FeedIncident, type FeedState } from './facts.ts';

export interface NamedState {
  /** All the names it goes by. */
  names: string[];
  state: FeedState | null;
}

export interface Feed {
  overall: FeedState | null;
  components: NamedState[];
  /** The state of a component the feed does not name: operational in lists of events, unknown in lists of components. */
  unnamed: FeedState | null;
  /** Not known to be over, in the feed's order. */
  incidents: FeedIncident[];
  /** Whether the feed tells open incidents from those that are over. */
  tellsOpen: boolean;
  unknownWords: number;
}

const MAX_ID = 128;

/** Reads state words of one vocabulary and counts those that are not in it. */
export interface Vocabulary {
  read(word: unknown): FeedState | null;
  unknown(): number;
}

export function vocabulary(words: Readonly<Record<string, FeedState | null>>): Vocabulary {
  // A map, since a feed may well say `constructor`.
  const known = new Map(Object.entries(words));
  let unknown = 0;
  return {
    read(word) {
      if (word === undefined || word === null) return null;
      const state = known.get(String(word));
      if (state === undefined) unknown += 1;
      return state ?? null;
    },
    unknown: () => unknown,
  };
}

/** The worst of the known ones; null when there is none. */
export function worst(states: Iterable<FeedState | null>): FeedState | null {
  let found = -1;
  for (const state of states) if (state !== null) found = Math.max(found, FEED_STATES.indexOf(state));
  return FEED_STATES[found] ?? null;
}

export function escapedId(id: string): string {
  const bytes = Buffer.from(id.slice(0, MAX_ID), 'utf8');
  let escaped = '';
  for (const byte of bytes) {
    const char = String.fromCharCode(byte);
    const piece = /[A-Za-z0-9._:/-]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (escaped.length + piece.length > MAX_ID) break;
    escaped += piece;
  }
  return escaped;
}
