// Sends a page, compressed where the reader takes it: a map of thirty services repeats itself thirty times.
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';
import { FEED_FORMATS, type Feed } from './feed.ts';
import { refuse } from './gate.ts';

/** Nothing secret stands on these pages beside what the reader sent, so their size gives nothing away. */
export function sendPage(request: Request, response: Response, markup: string, type = 'html'): void {
  response.vary('accept-encoding').type(type);
  if (!request.acceptsEncodings('gzip')) return void response.send(markup);
  response.set('content-encoding', 'gzip').send(gzipSync(markup));
}

type FeedName = keyof typeof FEED_FORMATS;

export const FEED_NAMES = Object.keys(FEED_FORMATS) as FeedName[];

/** Where the reader found us: by the name it asked for, and over TLS if the proxy before us says so. Null for no name. */
function baseOf(request: Request): URL | null {
  const scheme = request.get('x-forwarded-proto') === 'https' ? 'https' : 'http';
  const text = `${scheme}://${request.get('host')}${request.baseUrl}/`;
  return URL.canParse(text) ? new URL(text) : null;
}

export function sendFeed(request: Request, response: Response, feed: Feed, format: FeedName): void {
  const base = baseOf(request);
  if (base === null) return void refuse(response, 400, 'bad Host header');
  const { type, write } = FEED_FORMATS[format];
  sendPage(request, response, write(feed, base), type);
}
