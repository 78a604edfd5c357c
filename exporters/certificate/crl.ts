// Asks for the list of revoked certificates that a trusted certificate names, gently: each list once until it ends, and not
// again for a while after it could not be had.
import net from 'node:net';
import { plainHost } from '../http/connection.ts';
import { fetchDocument } from '../http/document.ts';
import { isPublic } from '../http/reach.ts';
import type { ProbeContext } from '../probe.ts';
import { type Pair, serialOf, type Word, wordOfList } from './revocation.ts';
import { crlUrlsOf } from './x509-der.ts';

const MAX_BYTES = 10 * 1_048_576;
/** What a list may take of the deadline; the certificate itself has been read by then. */
const PATIENCE_MS = 2_000;
const AGAIN_AFTER_MS = 600_000;
/** A word is asked for anew at least daily, whatever the list says. */
const LONGEST_MS = 86_400_000;
const MAX_WORDS = 1_000;

interface Known {
  word: Word | null;
  until: number;
}

// By list and serial number: several targets show one certificate, and lists are megabytes.
const known = new Map<string, Known>();

/** null: no list is named, it could not be had in time, or it says nothing that counts. `from`: where the leaf was met. */
export async function wordOfIssuer(pair: Pair, from: string | null, context: ProbeContext): Promise<Word | null> {
  const [url] = crlUrlsOf(pair.leaf);
  if (url === undefined) return null;
  const key = `${url} ${serialOf(pair.leaf)} ${pair.issuer.fingerprint256}`;
  const now = context.clock.now();
  const before = known.get(key);
  if (before !== undefined && now < before.until) return before.word;
  const list = await fetchList(new URL(url), from, context);
  const word = list === null ? null : wordOfList(list, pair, now);
  if (known.size >= MAX_WORDS) known.clear();
  known.set(key, { word, until: word === null ? now + AGAIN_AFTER_MS : Math.min(word.until, now + LONGEST_MS) });
  return word;
}

async function fetchList(url: URL, from: string | null, context: ProbeContext): Promise<Buffer | null> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE_MS)]);
  // The certificate chose the URL: what is met outside must not send us to a machine inside.
  const allowed = (address: string): boolean => from === null || !isPublic(from) || isPublic(address);
  const host = plainHost(url.hostname);
  if (net.isIP(host) !== 0 && !allowed(host)) return null;
  const resolver = {
    resolve: async (...asked: Parameters<typeof context.resolver.resolve>): Promise<string[]> =>
      (await context.resolver.resolve(...asked)).filter(allowed),
  };
  const { reason, body } = await fetchDocument(url, MAX_BYTES, { ...context, resolver, signal });
  return reason === 'ok' ? body : null;
}
