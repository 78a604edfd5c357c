// The page: the answer first, then what to do, then why. Rendered here in full, so that it can be read without script.
import type { Signal } from '../signals/signal.ts';
import type { Monitor } from '../verdict/monitor-types.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Day } from './days.ts';
import type { Demo } from './demo.ts';
import { demoPanel } from './demo-panel.ts';
import { type Html, html } from './html.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import { serviceCard } from './service-card.ts';
import { type Style, shell } from './shell.ts';
import { type Group, groupsOf, type Summary, summarise } from './summary.ts';
import { clock, sinceText } from './time-text.ts';
import { timeline, timelineKey } from './timeline.ts';
import { iconOf, symbolOf } from './tone.ts';
import { vendorChips, vendorStrip } from './vendor-strip.ts';

export interface PageInput {
  monitor: Monitor;
  demo: Demo | undefined;
  version: string;
  now: number;
  /** Name of the only service to show; null for all. */
  focus: string | null;
  /** The last 90 days by service, as far as the journal has them. */
  days: ReadonlyMap<string, readonly Day[]>;
  /** Why the journal cannot be written, such as ENOSPC; null when it can. */
  refusal: string | null;
  /** Services whose failures are expected now. */
  upkeep: ReadonlyMap<string, MaintenanceWindow>;
}

interface View {
  title: string;
  icon: string;
  markup: Html;
}

/** Keeps the page current: by its script, or by reloading where scripts do not run. */
const LIVE = html`<script src="/assets/page.js" defer></script>
<noscript><meta http-equiv="refresh" content="15"></noscript>`;

/** When anything was last measured; null when nothing ever was. */
function newestEvidence(signals: readonly Signal[]): number | null {
  const times = signals.flatMap(({ lastOk, lastBad }) => [lastOk ?? [], lastBad ?? []].flat());
  return times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b));
}

function noDataBanner(input: PageInput, summary: Summary): Html | null {
  const ready = input.monitor.ready();
  if (ready && summary.tone !== 'nodata') return null;
  const newest = newestEvidence(input.monitor.signals());
  const since = newest === null ? html`No data yet.` : html`No data since ${clock(newest, input.now)}.`;
  const why = ready ? 'Nothing is said about what is not measured.' : 'Not every probe has finished its first round.';
  return html`<p class="banner nodata" role="status"><b>${since}</b> ${why}</p>`;
}

/** A hole in the record must be known while it is being made. */
function journalBanner({ refusal }: PageInput): Html | null {
  if (refusal === null) return null;
  return html`<p class="banner nodata" role="status"><b>The journal cannot be written (${refusal}).</b> demarc goes on measuring
and judging; what changes now waits in memory, and is lost if demarc ends before the disk takes it.</p>`;
}

/** What is expected to fail, and until when. The verdicts below go on saying what is. */
function upkeepBanner({ upkeep, now }: PageInput): Html | null {
  if (upkeep.size === 0) return null;
  const items = [...upkeep.values()].map(
    ({ service, to, reason }) => html`<li><b>${service}</b> until ${clock(to, now)}: ${reason}</li>`,
  );
  return html`<section class="banner upkeep" aria-label="Maintenance"><p><b>In maintenance.</b> Probing goes on; no failure of these
pages anybody.</p><ul>${items}</ul></section>`;
}

/** Where else there is something to read. */
const PAGES = html`<nav class="pages" aria-label="Pages"><a href="/">Now</a>
<a href="/timeline">The last 90 days</a> <a href="/dependencies">What leans on what</a></nav>`;

function otherItem(group: Group): Html {
  return html`<li data-tone="${group.tone}">${symbolOf(group.tone)}<span>${group.sentence}</span></li>`;
}

function answer(summary: Summary, now: number): Html {
  const since = sinceText(summary.since, now);
  // "All fine: 3 services answer" says its word itself.
  const word = summary.tone === 'ok' ? null : html`<p class="verdict">${summary.word}</p>`;
  const todo = summary.action === '' ? null : html`<div class="todo"><h2>What to do</h2><p>${summary.action}</p></div>`;
  const note = html`<p class="note">${summary.note}</p>`;
  const others = html`<ul class="others" role="list">${summary.others.map(otherItem)}</ul>`;
  return html`<section class="answer" data-tone="${summary.tone}" aria-label="The answer">
${symbolOf(summary.tone)}
<div class="says" role="status" aria-live="polite" aria-atomic="true">${word}<h1>${summary.sentence}</h1></div>
${since === null ? null : html`<p class="since">${since}</p>`}${summary.note === '' ? null : note}
${summary.others.length === 0 ? null : others}${todo}
</section>`;
}

/** In the order of the sentences above them; what is fine follows in the map's order. */
function worstFirst(verdicts: readonly Verdict[], uplink: string): Verdict[] {
  const troubled = groupsOf(verdicts, uplink).flatMap((group) => group.verdicts);
  return [...troubled, ...verdicts.filter((verdict) => !troubled.includes(verdict))];
}

function barOf(summary: Summary, site: string, input: PageInput): Html {
  const toDemo = input.demo === undefined ? null : html`<a class="to-demo" href="#demo-title">Break it</a>`;
  const logo = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M2 12h6M16 12h6M12 3v18"/></svg>`;
  const pill = html`<span class="pill">${symbolOf(summary.tone)}${summary.word}</span>`;
  return html`<header class="bar" data-tone="${summary.tone}">
<a class="brand" href="/">${logo}demarc</a><span class="site">${site}</span>${toDemo}${pill}</header>`;
}

/** What became of one service in 90 days; nothing while the journal does not know. */
function pastOf(service: string, { days }: PageInput): Html | null {
  const known = days.get(service);
  if (known === undefined) return null;
  return html`<section class="services" aria-labelledby="past-title"><h2 id="past-title">The last 90 days</h2>
${timelineKey()}${timeline(service, known)}</section>`;
}

/** Everything that changes while the page is open. */
export function viewOf(input: PageInput): View {
  const { monitor, focus, now } = input;
  const plan = monitor.plan();
  const signals = monitor.signals();
  const verdicts = monitor.verdicts().filter((verdict) => focus === null || verdict.service === focus);
  const uplink = plan.services.find((service) => service.kind === 'uplink')?.name ?? '';
  const summary = summarise(verdicts, focus === uplink ? '' : uplink, monitor.ready());
  const context = { plan, signals, now, actionAbove: summary.action, focused: focus !== null, upkeep: input.upkeep };
  const heading = focus === null ? 'Services' : 'The way there';
  const back = focus === null ? null : html`<p class="back"><a href="/">All services</a></p>`;
  const title = `${summary.sentence} - demarc`;
  const icon = iconOf(summary.tone);
  const layout = input.demo === undefined ? 'view' : 'view with-demo';
  const markup = html`<div class="${layout}" data-title="${title}" data-icon="${icon}">
${barOf(summary, plan.site, input)}
<main id="main">
${noDataBanner(input, summary)}${journalBanner(input)}${upkeepBanner(input)}${back}
${answer(summary, now)}
<section class="services" aria-labelledby="services-title"><h2 id="services-title">${heading}</h2>
${worstFirst(verdicts, uplink).map((verdict) => serviceCard(verdict, context))}</section>
${focus === null ? vendorStrip(vendorChips(monitor, now)) : pastOf(focus, input)}
</main>
${input.demo === undefined ? null : demoPanel(input.demo, now)}
</div>`;
  return { title, icon, markup };
}

function footerOf({ version }: PageInput): Html {
  return html`<footer>${PAGES}<p>demarc ${version}</p>
<nav aria-label="For machines">
<a href="/api/v1/verdicts">JSON</a> <a href="/api/v1/signals">signals</a> <a href="/metrics">metrics</a>
<a href="/feed.atom">feed</a>
</nav></footer>`;
}

/** The bar, what the page is about, and the footer, for the pages that do not change while they are read. */
export function pageBody(main: Html, input: PageInput): Html {
  const plan = input.monitor.plan();
  const uplink = plan.services.find((service) => service.kind === 'uplink')?.name ?? '';
  const summary = summarise(input.monitor.verdicts(), uplink, input.monitor.ready());
  return html`<a class="skip" href="#main">Skip to the content</a>
<div class="view">${barOf(summary, plan.site, { ...input, demo: undefined })}
<main id="main">${main}</main></div>${footerOf(input)}`;
}

export function page(input: PageInput): string {
  const view = viewOf(input);
  const source = input.focus === null ? '/fragment' : `/fragment?service=${encodeURIComponent(input.focus)}`;
  const live = html`<div id="lost" class="banner lost" role="alert" hidden></div>
<div id="notice" class="banner notice" role="status" hidden></div>
<div id="live" data-source="${source}">${view.markup}</div>`;
  const body = html`<a class="skip" href="#services-title">Skip to the services</a>
${live}${footerOf(input)}`;
  const styles: Style[] = ['tokens', 'page', 'banners', 'service', input.focus === null ? 'vendors' : 'timeline'];
  if (input.demo !== undefined) styles.push('demo');
  return shell({ title: view.title, icon: view.icon, head: LIVE, body, styles });
}
