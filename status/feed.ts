// Verdict changes as a feed, in Atom (RFC 4287) and in RSS 2.0. The ids of its entries are the same in both, and after a restart.
import { createHash } from 'node:crypto';
import { escapeHtml, type Html, html } from './html.ts';

/** One entry: something that was said anew. */
export interface FeedEntry {
  /** What makes it this one and no other. */
  key: readonly string[];
  /** RFC 3339. */
  at: string;
  title: string;
  text: string;
  /** Relative to the feed. */
  link: string;
}

export interface Feed {
  key: readonly string[];
  title: string;
  author: string;
  /** Relative to the feed. */
  home: string;
  /** Newest first. */
  entries: readonly FeedEntry[];
  /** Unix ms; when there is no entry, the feed is as old as this. */
  since: number;
}

/** A URN that only depends on the key: version 8 of RFC 9562, filled from a hash. */
function idOf(key: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(key)).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}

function entryOf({ key, at, title, text, link }: FeedEntry): Html {
  return html`<entry>
<id>${idOf(key)}</id>
<title>${title}</title>
<updated>${at}</updated>
<link rel="alternate" type="text/html" href="${link}"/>
<content type="text">${text}</content>
</entry>
`;
}

/** When something was said last, Unix ms. */
const updatedOf = ({ entries, since }: Feed): number => {
  const [newest] = entries;
  return newest === undefined ? since : Date.parse(newest.at);
};

/** Its links are relative to where it was read. */
function atom(feed: Feed): string {
  const { key, title, author, home, entries } = feed;
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${idOf(key)}</id>
<title>${title}</title>
<updated>${new Date(updatedOf(feed)).toISOString()}</updated>
<author><name>${author}</name></author>
<link rel="self" type="application/atom+xml" href="feed.atom"/>
<link rel="alternate" type="text/html" href="${home}"/>
${entries.map(entryOf)}</feed>
`.markup;
}

/** Some readers take a title for text and some for HTML: without angles, both show the same and neither runs anything. */
const plain = (title: string): string => title.replaceAll('<', '\u2039').replaceAll('>', '\u203a');

/** As RFC 822 has it, with the four digits of a year that RSS prefers. */
const rfc822 = (at: number): string => new Date(at).toUTCString();

function itemOf({ key, at, title, text, link }: FeedEntry, base: URL): Html {
  // A description is HTML by definition, hence escaped as such first, and then as XML.
  return html`<item>
<guid isPermaLink="false">${idOf(key)}</guid>
<title>${plain(title)}</title>
<pubDate>${rfc822(Date.parse(at))}</pubDate>
<link>${new URL(link, base).href}</link>
<description>${escapeHtml(text)}</description>
</item>
`;
}

/** RSS knows no relative links: `base` is where it was read. */
function rss(feed: Feed, base: URL): string {
  const { title, home, entries } = feed;
  return html`<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
<title>${plain(title)}</title>
<link>${new URL(home, base).href}</link>
<description>What changed, newest first.</description>
<lastBuildDate>${rfc822(updatedOf(feed))}</lastBuildDate>
<atom:link rel="self" type="application/rss+xml" href="${new URL('feed.rss', base).href}"/>
${entries.map((entry) => itemOf(entry, base))}</channel>
</rss>
`.markup;
}

/** What a feed can be read as; each is at `feed.` and its name. */
export const FEED_FORMATS = {
  atom: { type: 'application/atom+xml; charset=utf-8', write: atom },
  rss: { type: 'application/rss+xml; charset=utf-8', write: rss },
} as const satisfies Record<string, { type: string; write(feed: Feed, base: URL): string }>;
