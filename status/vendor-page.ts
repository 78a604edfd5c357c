// One vendor: what is said of each of its components and by what evidence, who leans on it, and how it did in 90 days.
import type { VendorVerdict } from '../verdict/vendor-verdict.ts';
import { clip, type Html, html } from './html.ts';
import { type PageInput, pageBody } from './page.ts';
import { pageSayingText } from './page-saying.ts';
import type { Score } from './report-vendors.ts';
import { evidenceItems } from './service-card.ts';
import { shell } from './shell.ts';
import { durationText, sinceText } from './time-text.ts';
import { iconOf, symbolOf, type Tone } from './tone.ts';
import { shareText } from './words.ts';

const MAX_TEXT = 500;

const TONES: Readonly<Record<VendorVerdict['status'], Tone>> = {
  ok: 'ok',
  failing: 'vendor',
  partial: 'vendor',
  suspected: 'unknown',
  unknown: 'nodata',
};

function serviceLinks(services: readonly string[]): Html {
  return html`${services.map((service, index) => html`${index === 0 ? '' : ', '}<a href="/service/${encodeURIComponent(service)}">${service}</a>`)}`;
}

function usedBy({ usedBy: services, hits }: VendorVerdict): Html {
  if (services.length === 0) return html`<p class="quiet">None of your services leans on it.</p>`;
  const hit = hits.length === 0 ? null : html` It takes down ${serviceLinks(hits)}.`;
  return html`<p>${serviceLinks(services)} ${services.length === 1 ? 'leans' : 'lean'} on it.${hit}</p>`;
}

function pageWord({ says }: VendorVerdict, now: number): Html | null {
  return says === null ? null : html`<p class="quiet">${pageSayingText(says, now)}</p>`;
}

function componentCard(verdict: VendorVerdict, now: number): Html {
  const { component, componentTitle, headline, because, action, status, evidence } = verdict;
  const tone = TONES[status];
  const since = sinceText(verdict.since, now);
  const trouble = html`<p class="because">${clip(because, MAX_TEXT)}</p><p class="action"><b>What to do</b> ${action}</p>`;
  return html`<article class="card" data-tone="${tone}" aria-labelledby="component-${component}">
<header>${symbolOf(tone)}<h2 id="component-${component}">${componentTitle}</h2>
<p class="facts"><span class="word">${status}</span>${since === null ? null : html`<span>${since}</span>`}</p></header>
<p>${clip(headline, MAX_TEXT)}</p>${status === 'ok' ? null : trouble}${pageWord(verdict, now)}${usedBy(verdict)}${evidenceItems(evidence)}</article>`;
}

/** As measured through one's services, by month. */
function scoreTable(scores: readonly Score[]): Html {
  if (scores.length === 0) return html`<p class="quiet">Nothing of it was measured through your services yet.</p>`;
  const rows = scores.map(
    ({
      month,
      componentTitle,
      availability,
      downMs,
      outages,
      sla,
    }) => html`<tr><td>${month}</td><td>${componentTitle}</td>
<td>${shareText(availability)}</td><td>${durationText(downMs)}</td><td>${outages.length}</td><td>${sla === null ? 'not known' : `${sla.availability} %`}</td></tr>`,
  );
  return html`<div class="wide" tabindex="0" role="region" aria-label="Table"><table><thead><tr><th scope="col">Month</th><th scope="col">What</th><th scope="col">Available</th>
<th scope="col">Down</th><th scope="col">Outages</th><th scope="col">Published</th></tr></thead><tbody>${rows}</tbody></table></div>
<p class="quiet">Measured through your services, from one place, of the time it could be judged. <code>demarc report</code> has the times.</p>`;
}

/** null when no such vendor is watched or used. */
export function vendorPage(vendor: string, input: PageInput, scores: readonly Score[]): string | null {
  const verdicts = input.monitor.vendors().filter((candidate) => candidate.vendor === vendor);
  const [first] = verdicts;
  if (first === undefined) return null;
  const { vendorTitle, statusPage } = first;
  const link = /^https?:\/\//i.test(statusPage ?? '')
    ? html`<p class="quiet"><a href="${statusPage}" rel="noreferrer">Its own status page</a>, which decides nothing here.</p>`
    : null;
  const own = scores.filter((score) => score.vendor === vendor);
  const main = html`<section class="services" aria-labelledby="title"><h1 id="title">${vendorTitle}</h1>${link}
${verdicts.map((verdict) => componentCard(verdict, input.now))}</section>
<section class="services" aria-labelledby="past-title"><h2 id="past-title">The last 90 days, by month</h2>${scoreTable(own)}</section>`;
  return shell({
    title: `${vendorTitle} - demarc`,
    icon: iconOf(TONES[first.status]),
    head: null,
    body: pageBody(main, input),
    styles: ['tokens', 'page', 'service', 'picture'],
  });
}
