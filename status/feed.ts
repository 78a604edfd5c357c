// Verdict changes as an Atom feed (RFC 4287). Its links are relative to where it was read; its ids are the same after a restart.
import { createHash } from 'node:crypto';
import { type Html, html } from './html.ts';

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
  self: string;
  /** Newest first. */
  entries: readonly FeedEntry[];
  /** Unix ms; when there is no entry, the feed is as old as this. */
  since: number;
}

export const FEED_TYPE = 'application/atom+xml; charset=utf-8';

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

export function atom({ key, title, author, home, self, entries, since }: Feed): string {
  const updated = entries[0]?.at ?? new Date(since).toISOString();
  return html`<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>${idOf(key)}</id>
<title>${title}</title>
<updated>${updated}</updated>
<author><name>${author}</name></author>
<link rel="self" type="application/atom+xml" href="${self}"/>
<link rel="alternate" type="text/html" href="${home}"/>
${entries.map(entryOf)}</feed>
`.markup;
}
