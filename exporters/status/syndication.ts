// RSS and Atom. They are prose for people: what they say of "now" is little, and no more than that is made of it.
import { instantOf } from '../instant.ts';
import { Malformed } from '../malformed.ts';
import type { FeedIncident } from './facts.ts';
import { escapedId, type Feed } from './feed.ts';
import { readXml, type XmlElement } from './xml.ts';

/** How titles say that it is over: AWS's two ways, and the common word. */
const OVER = /^\s*(?:\[?resolved\b|service is operating normally)/i;

/** Any RSS: entries, of which nobody knows whether they are still open. */
export function readRss(text: string): Feed {
  return { ...silent(), incidents: notOver(itemsOf(channelOf(text)), rssIncident) };
}

/** Azure's RSS holds active events alone, so an empty one means calm; but only if it really is Azure's. */
export function readAzure(text: string): Feed {
  const channel = channelOf(text);
  if (!/\bazure\b/i.test(childText(channel, 'title') ?? '')) throw new Malformed('not the channel of Azure');
  const incidents = notOver(itemsOf(channel), rssIncident);
  const calm = incidents.length === 0;
  // An event has neither severity nor components, so with one all that is known is that something is wrong.
  return {
    ...silent(),
    overall: calm ? 'operational' : 'degraded',
    unnamed: calm ? 'operational' : null,
    incidents,
    tellsOpen: true,
  };
}

export function readAtom(text: string): Feed {
  const feed = readXml(text);
  if (feed.name !== 'feed' || (childText(feed, 'title') ?? '') === '') throw new Malformed('not an Atom feed');
  return { ...silent(), incidents: notOver(childrenOf(feed, 'entry'), atomIncident) };
}

function silent(): Feed {
  return { overall: null, components: [], unnamed: null, incidents: [], tellsOpen: false, unknownWords: 0 };
}

function channelOf(text: string): XmlElement {
  const rss = readXml(text);
  const [channel] = childrenOf(rss, 'channel');
  if (rss.name !== 'rss' || channel === undefined || (childText(channel, 'title') ?? '') === '') {
    throw new Malformed('not an RSS channel');
  }
  return channel;
}

const itemsOf = (channel: XmlElement): XmlElement[] => childrenOf(channel, 'item');

function childrenOf(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

function childText(element: XmlElement, name: string): string | null {
  return element.children.find((child) => child.name === name)?.text.trim() ?? null;
}

function notOver(entries: readonly XmlElement[], read: (entry: XmlElement) => FeedIncident): FeedIncident[] {
  return entries.filter((entry) => !OVER.test(childText(entry, 'title') ?? '')).map(read);
}

function rssIncident(item: XmlElement): FeedIncident {
  const id = childText(item, 'guid') ?? childText(item, 'link') ?? '';
  return { id: escapedId(id), impact: null, startedAt: null, createdAt: instantOf(childText(item, 'pubDate') ?? '') };
}

function atomIncident(entry: XmlElement): FeedIncident {
  const published = childText(entry, 'published') ?? childText(entry, 'updated') ?? '';
  return {
    id: escapedId(childText(entry, 'id') ?? ''),
    impact: null,
    startedAt: null,
    createdAt: instantOf(published),
  };
}
