// The page of the last 90 days: a strip for every service, and what was said newest.
import { changesIn } from './history.ts';
import { clip, type Html, html } from './html.ts';
import type { JournalEntry } from './journal-entry.ts';
import { type PageInput, pageBody } from './page.ts';
import { shell } from './shell.ts';
import { clock } from './time-text.ts';
import { timeline, timelineKey } from './timeline.ts';
import { iconOf } from './tone.ts';

const MOST_CHANGES = 30;
const MAX_TEXT = 300;

function changeList(history: readonly JournalEntry[], now: number): Html {
  const changes = changesIn(history, MOST_CHANGES);
  if (changes.length === 0) return html`<p class="quiet">Nothing has changed yet.</p>`;
  const items = changes.map(({ entry: { at, headline, row } }) => {
    const why = html`<a href="/runbooks/${encodeURIComponent(row)}">${row}</a>`;
    return html`<li>${clock(Date.parse(at), now)}: ${clip(headline, MAX_TEXT)} <small>${why}</small></li>`;
  });
  return html`<ul class="changes">${items}</ul>`;
}

export function timelinePage(input: PageInput, history: readonly JournalEntry[]): string {
  const { monitor, now, days } = input;
  const strips = monitor.verdicts().map(({ service }) => {
    const known = days.get(service);
    const link = html`<a href="/service/${encodeURIComponent(service)}">${service}</a>`;
    const strip = known === undefined ? html`<p class="quiet">No data yet.</p>` : timeline(service, known);
    return html`<article class="card" data-tone="ok"><h2>${link}</h2>${strip}</article>`;
  });
  const main = html`<section class="services" aria-labelledby="title"><h1 id="title">The last 90 days</h1>${timelineKey()}
${strips}</section>
<section class="services" aria-labelledby="changes-title"><h2 id="changes-title">What was said, newest first</h2>
${changeList(history, now)}<p class="quiet">The same as a feed: <a href="/feed.atom">Atom</a> or <a href="/feed.rss">RSS</a></p></section>`;
  return shell({
    title: 'The last 90 days - demarc',
    icon: iconOf('nodata'),
    head: null,
    body: pageBody(main, input),
    styles: ['tokens', 'page', 'service', 'timeline'],
  });
}
