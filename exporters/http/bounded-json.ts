// Parses a stranger's JSON: small, shallow, and without keys that mean two things. What it says is the caller's to check.
import { Malformed } from '../malformed.ts';

const MAX_DEPTH = 32;
const MAX_NODES = 50_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Throws {@link Malformed}, and nothing else. */
export function readJson(text: string): unknown {
  try {
    checkBounds(text);
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new Malformed('not JSON');
    throw error;
  }
}

/** One pass over the text before anything is built of it; what is no JSON at all is left to the parser. */
function checkBounds(text: string): void {
  /** Keys of each open object, null for arrays. */
  const open: (Set<string> | null)[] = [];
  let nodes = 0;
  let atKey = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case QUOTE: {
        const end = endOfString(text, at + 1);
        if (atKey) noteKey(open.at(-1), text.slice(at, end + 1));
        at = end;
        break;
      }
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        atKey = text.charCodeAt(at) === OPEN_OBJECT;
        open.push(atKey ? new Set() : null);
        nodes += 1;
        break;
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        open.pop();
        atKey = false;
        break;
      case COMMA:
        atKey = open.at(-1) instanceof Set;
        nodes += 1;
        break;
      case COLON:
        atKey = false;
        break;
    }
    if (open.length > MAX_DEPTH) throw new Malformed('nested too deep');
    if (nodes > MAX_NODES) throw new Malformed('too many values');
  }
}

/** Index of the closing quote, or of the end of the text. */
function endOfString(text: string, start: number): number {
  let at = start;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** `quoted` is the key as written, so that two spellings of one key are seen to be one. */
function noteKey(keys: Set<string> | null | undefined, quoted: string): void {
  if (!(keys instanceof Set)) return;
  const key = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1);
  if (key === '__proto__') throw new Malformed('a key nobody means');
  if (keys.has(key)) throw new Malformed('a key that is there twice');
  keys.add(key);
}

/** `undefined`, which has no values, for what is no JSON or not of that size. */
export function jsonOrNothing(text: string): unknown {
  try {
    return readJson(text);
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}
