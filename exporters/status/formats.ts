// From the bytes of a feed to what it says, by its format. Any text whatever ends in a Feed or in Malformed.
import { z } from 'zod';
import { readJson } from '../http/bounded-json.ts';
import { Malformed } from '../malformed.ts';
import { readAws, readGoogleCloud } from './event-lists.ts';
import type { Feed } from './feed.ts';
import { readBetterStack, readInstatus, readStatusio, readStatuspage } from './hosted-pages.ts';
import { readAtom, readAzure, readRss } from './syndication.ts';

export const FORMATS = [
  'statuspage',
  'aws',
  'azure',
  'google-cloud',
  'statusio',
  'instatus',
  'betterstack',
  'rss',
  'atom',
] as const;

export type Format = (typeof FORMATS)[number];

const json =
  (read: (value: unknown) => Feed) =>
  (text: string): Feed => {
    try {
      return read(readJson(text));
    } catch (error) {
      if (error instanceof z.ZodError) throw new Malformed('JSON of another shape');
      throw error;
    }
  };

const READERS: Readonly<Record<Format, (text: string) => Feed>> = {
  statuspage: json(readStatuspage),
  aws: json(readAws),
  azure: readAzure,
  'google-cloud': json(readGoogleCloud),
  statusio: json(readStatusio),
  instatus: json(readInstatus),
  betterstack: json(readBetterStack),
  rss: readRss,
  atom: readAtom,
};

/** Throws {@link Malformed}, and nothing else. `contentType` is the header's value. */
export function readFeed(format: Format, bytes: Uint8Array, contentType: string): Feed {
  return READERS[format](decoded(bytes, contentType));
}

/** By its byte order mark, then by its header: AWS sends UTF-16. All else is UTF-8, or is refused. */
function decoded(bytes: Uint8Array, contentType: string): string {
  const bigEndian = bytes[0] === 0xfe && bytes[1] === 0xff;
  const littleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  const declared = /charset\s*=\s*"?utf-16/i.test(contentType);
  const encoding = littleEndian ? 'utf-16le' : bigEndian || declared ? 'utf-16be' : 'utf-8';
  try {
    // Takes the mark away as well.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new Malformed(`not ${encoding}`);
    throw error;
  }
}
