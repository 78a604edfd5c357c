// What strangers are told: whether a service works, since when, and how its last 90 days were. Never an address, a vendor,
// a layer, a cause or evidence: everything they read is made here from a closed list of words and the titles of the map.
import type { Public } from '../map/public.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Day } from './days.ts';
import type { Feed, FeedEntry } from './feed.ts';
import { changesIn } from './history.ts';
import { type Html, html } from './html.ts';
import type { JournalEntry } from './journal-entry.ts';
import { type Style, shell } from './shell.ts';
import { listOf } from './summary.ts';
import { clock, parseTime } from './time-text.ts';
import { timeline, timelineKey } from './timeline.ts';
import { iconOf, symbolOf, type Tone, toneOf } from './tone.ts';

export interface PublicInput {
  view: Public;
  verdicts: readonly Verdict[];
  history: readonly JournalEntry[];
  days: ReadonlyMap<string, readonly Day[]>;
  /** When the present maintenance of a service ends, Unix ms; null when there is none. */
  maintenanceUntil(service: string): number | null;
  now: number;
}

/** Whose fault it is is nobody's business out there, so there is one colour for down. */
const WORDS = {
  works: { word: 'Works', tone: 'ok' },
  down: { word: 'Down', tone: 'own' },
  checking: { word: 'Being checked', tone: 'unknown' },
  maintenance: { word: 'In maintenance', tone: 'unknown' },
  unknown: { word: 'Not known', tone: 'nodata' },
} as const satisfies Record<string, { word: string; tone: Tone }>;

type State = keyof typeof WORDS;

/** What the page loads from beside itself; nothing else is served there. */
export const PUBLIC_STYLES: readonly Style[] = ['tokens', 'page', 'service', 'timeline'];

const PASSING: ReadonlySet<string> = new Set(['confirming', 'recovering']);

function stateOf(verdict: Pick<Verdict, 'row' | 'party'>): State {
  if (PASSING.has(verdict.row)) return 'checking';
  const tone = toneOf(verdict);
  if (tone === 'nodata') return 'unknown';
  return tone === 'ok' ? 'works' : 'down';
}

interface Shown {
  service: string;
  title: string;
  state: State;
  since: number | null;
  until: number | null;
}

/** The listed services, in the order of the list. */
function shownOf({ view, verdicts, maintenanceUntil }: PublicInput): Shown[] {
  return Object.entries(view.services).map(([service, title]) => {
    const verdict = verdicts.find((candidate) => candidate.service === service);
    const until = maintenanceUntil(service);
    const state = verdict === undefined ? 'unknown' : stateOf(verdict);
    const shown = until !== null && state !== 'works' ? 'maintenance' : state;
    return { service, title, state: shown, since: parseTime(verdict?.since ?? null), until };
  });
}

function sentenceOf(shown: readonly Shown[]): { text: string; tone: Tone } {
  const named = (state: State): string[] => shown.filter((one) => one.state === state).map(({ title }) => title);
  const down = named('down');
  if (down.length > 0) return { text: `${listOf(down)} ${down.length === 1 ? 'is' : 'are'} down.`, tone: 'own' };
  const worst = (['maintenance', 'checking', 'unknown'] as const).find((state) => named(state).length > 0);
  if (worst === undefined) return { text: 'Everything works.', tone: 'ok' };
  return { text: `${listOf(named(worst))}: ${WORDS[worst].word.toLowerCase()}.`, tone: WORDS[worst].tone };
}

function serviceItem({ service, title, state, since, until }: Shown, { days, now }: PublicInput): Html {
  const { word, tone } = WORDS[state];
  const begun = since === null || state === 'unknown' ? null : html` <span>since ${clock(since, now)}</span>`;
  const ends = until === null ? null : html` <span>maintenance until ${clock(until, now)}</span>`;
  const strip = days.get(service);
  return html`<article class="card" data-tone="${tone}" aria-labelledby="public-${service}">
<header>${symbolOf(tone)}<h2 id="public-${service}">${title}</h2><p class="facts"><span class="word">${word}</span>${begun}${ends}</p></header>
${strip === undefined ? null : timeline(title, strip, { open: true })}</article>`;
}

export function publicPage(input: PublicInput): string {
  const shown = shownOf(input);
  const { text, tone } = sentenceOf(shown);
  const { title } = input.view;
  const body = html`<main class="view public" id="main">
<header class="answer" data-tone="${tone}">${symbolOf(tone)}<div class="says"><p class="verdict">${title}</p><h1>${text}</h1></div></header>
<section class="services" aria-label="Services">${shown.map((one) => serviceItem(one, input))}</section>
${timelineKey({ open: true })}
<footer><p>As of ${clock(input.now, input.now)}. Load it again for newer.</p><p>Changes as a feed: <a href="feed.atom">Atom</a> or <a href="feed.rss">RSS</a></p></footer>
</main>`;
  const head = html`<link rel="alternate" type="application/atom+xml" href="feed.atom" title="Changes">
<link rel="alternate" type="application/rss+xml" href="feed.rss" title="Changes">`;
  return shell({ title: `${title}: ${text}`, icon: iconOf(tone), head, body, assets: 'assets', styles: PUBLIC_STYLES });
}

/** What a badge says; null for what strangers may not see. */
export function publicBadge(service: string, input: PublicInput): { name: string; word: string; tone: Tone } | null {
  const shown = shownOf(input).find((one) => one.service === service);
  if (shown === undefined) return null;
  return { name: shown.title, word: WORDS[shown.state].word.toLowerCase(), tone: WORDS[shown.state].tone };
}

const MOST_ENTRIES = 50;

/** Changes between works and down; from one culprit to another is none to a stranger. */
export function publicFeed(input: PublicInput): Feed {
  const { view, history, now } = input;
  const titles = new Map(Object.entries(view.services));
  const last = new Map<string, State>();
  const entries: FeedEntry[] = [];
  for (const { entry } of changesIn(history, Number.POSITIVE_INFINITY).reverse()) {
    const title = titles.get(entry.service);
    const state = stateOf(entry);
    if (title === undefined || (last.get(entry.service) ?? 'works') === state) continue;
    last.set(entry.service, state);
    const text = `${title}: ${WORDS[state].word.toLowerCase()}`;
    entries.push({ key: ['public', entry.service, entry.at, state], at: entry.at, title: text, text, link: './' });
  }
  return {
    key: ['public', view.title],
    title: `${view.title}: changes`,
    author: view.title,
    home: './',
    entries: entries.slice(-MOST_ENTRIES).reverse(),
    since: Date.parse(history[0]?.at ?? new Date(now).toISOString()),
  };
}
