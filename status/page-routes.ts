// The pages people open, each rendered here in full: all services, one of them, 90 days, runbooks, badges and feeds.
import express, { type Response } from 'express';
import { badge } from './badge.ts';
import { daysOf, keptWork } from './days.ts';
import { dependencyPage } from './dependency-page.ts';
import type { Feed } from './feed.ts';
import { changesIn, DAY_MS, HISTORY_DAYS } from './history.ts';
import { html } from './html.ts';
import type { JournalEntry } from './journal-entry.ts';
import { NO_MAINTENANCE } from './maintenance.ts';
import { type PageInput, page, viewOf } from './page.ts';
import { reportOf } from './report.ts';
import { runbook } from './runbook.ts';
import { FEED_NAMES, sendFeed, sendPage } from './send.ts';
import type { StatusAppOptions } from './server.ts';
import { shell, TEXT_STYLES } from './shell.ts';
import { timelinePage } from './timeline-page.ts';
import { iconOf, toneOf, wordOf } from './tone.ts';
import { vendorPage } from './vendor-page.ts';

const MOST_FEED_ENTRIES = 50;

export function notFound(response: Response): void {
  const body = html`<main class="runbook" id="main"><h1>There is no such page.</h1>
<p class="back"><a href="/">demarc</a></p></main>`;
  response
    .status(404)
    .type('html')
    .send(shell({ title: 'Not found - demarc', icon: iconOf('nodata'), head: null, body, styles: TEXT_STYLES }));
}

function feedOf(history: readonly JournalEntry[], site: string, now: number): Feed {
  const entries = changesIn(history, MOST_FEED_ENTRIES).map(({ entry: { service, at, row, headline, because } }) => ({
    key: [site, service, at, row],
    at,
    title: headline,
    text: because,
    link: `service/${encodeURIComponent(service)}`,
  }));
  const since = Date.parse(history[0]?.at ?? new Date(now).toISOString());
  const title = `demarc at ${site}: verdicts`;
  return { key: ['demarc', site], title, author: 'demarc', home: './', entries, since };
}

/** An SVG is a document too: nothing in it may load or run, wherever it is opened. */
export function sendBadge(response: Response, markup: string): void {
  response.set('content-security-policy', "default-src 'none'").type('image/svg+xml').send(markup);
}

export function pageRoutes(options: StatusAppOptions): express.Router {
  const { monitor, demo, version, now = Date.now, journal = () => null, maintenance = NO_MAINTENANCE } = options;
  const router = express.Router();
  const history = (): readonly JournalEntry[] => journal()?.history() ?? [];
  const days = keptWork(history, now, daysOf);
  const scores = keptWork(
    history,
    now,
    (entries, at) => reportOf(entries, { from: at - HISTORY_DAYS * DAY_MS, to: at }).vendors,
  );
  const inputFor = (focus: string | null): PageInput => ({
    monitor: monitor(),
    demo,
    version,
    now: now(),
    focus,
    days: days(),
    refusal: journal()?.refusal() ?? null,
    upkeep: maintenance.present(),
  });
  const verdictOf = (service: string) =>
    monitor()
      .verdicts()
      .find((verdict) => verdict.service === service);

  router.get('/', (request, response) => sendPage(request, response, page(inputFor(null))));
  router.get('/service/:name', (request, response) => {
    const { name } = request.params;
    if (verdictOf(name) === undefined) return notFound(response);
    sendPage(request, response, page(inputFor(name)));
  });
  router.get('/fragment', (request, response) => {
    const { service } = request.query;
    const focus = typeof service === 'string' ? service : null;
    if (focus !== null && verdictOf(focus) === undefined) return notFound(response);
    sendPage(request, response, viewOf(inputFor(focus)).markup.markup);
  });
  router.get('/timeline', (request, response) => {
    sendPage(request, response, timelinePage(inputFor(null), history()));
  });
  router.get('/dependencies', (request, response) => {
    sendPage(request, response, dependencyPage(inputFor(null)));
  });
  router.get('/vendor/:name', (request, response) => {
    const text = vendorPage(request.params.name, inputFor(null), scores());
    if (text === null) return notFound(response);
    sendPage(request, response, text);
  });
  for (const format of FEED_NAMES) {
    router.get(`/feed.${format}`, (request, response) => {
      sendFeed(request, response, feedOf(history(), monitor().plan().site, now()), format);
    });
  }
  router.get('/badge/:name.svg', (request, response) => {
    const verdict = verdictOf(request.params.name);
    if (verdict === undefined) return notFound(response);
    const tone = toneOf(verdict);
    const upkeep = maintenance.present().has(verdict.service);
    sendBadge(
      response,
      badge(verdict.service, upkeep ? 'in maintenance' : wordOf(tone, verdict.row).toLowerCase(), tone),
    );
  });
  router.get('/runbooks/:row', (request, response) => {
    const text = runbook(request.params.row);
    if (text === null) return notFound(response);
    sendPage(request, response, text);
  });
  return router;
}
