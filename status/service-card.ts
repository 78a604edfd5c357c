// One service on the page: what is wrong and whose it is, the way to it hop by hop, and the evidence.
import type { Layer } from '../catalog/layers.ts';
import type { Plan } from '../map/plan-types.ts';
import type { Signal } from '../signals/signal.ts';
import type { Concurrent, Evidence, Verdict } from '../verdict/verdict.ts';
import { diagnosis } from './diagnosis.ts';
import { clip, type Html, html } from './html.ts';
import type { MaintenanceWindow } from './maintenance.ts';
import { type Hop, type HopState, pathOf } from './path.ts';
import { listOf } from './summary.ts';
import { clock, sinceText } from './time-text.ts';
import { symbolOf, type Tone, toneOf, wordOf } from './tone.ts';

const MAX_TEXT = 500;
const MAX_UNFOLDED = 6;

const HOP_WORDS: Readonly<Record<HopState, string>> = {
  ok: 'ok',
  broken: 'broken',
  unknown: 'unknown',
  masked: 'masked',
};

const EVIDENCE_WORDS: Readonly<Record<Evidence['state'], string>> = { ok: 'ok', bad: 'bad', unknown: 'unknown' };

const LAYER_NAMES: Readonly<Record<Layer, string>> = {
  lan: 'the LAN',
  uplink: 'the uplink',
  resolver: 'the resolver',
  registry: 'the registry',
  registration: 'the registration',
  dns: 'DNS',
  endpoint: "the vendor's endpoint",
  edge: 'the edge',
  certificate: 'the certificate',
  tunnel: 'the tunnel',
  host: 'the host',
  origin: 'the origin',
};

function hopWord(hop: Hop): string {
  if (hop.accused === 'no') return HOP_WORDS[hop.state];
  return hop.accused === 'proven' ? 'broken here' : 'suspected';
}

function hopItem(hop: Hop): Html {
  const note = hop.note === '' ? null : html` title="${clip(hop.note, MAX_TEXT)}"`;
  const owner = hop.id === 'you' ? null : html`<span class="owner">${hop.owner}</span>`;
  return html`<li class="hop ${hop.state}${hop.accused === 'no' ? '' : ' culprit'}"${note}>
<span class="mark" aria-hidden="true"></span><span class="title">${hop.title}</span> ${owner}
<span class="state">${hopWord(hop)}</span></li>`;
}

function pathList(hops: readonly Hop[], service: string): Html {
  return html`<ol class="path" role="list" aria-label="The way to ${service}">${hops.map(hopItem)}</ol>`;
}

function evidenceItem({ state, text, signal }: Evidence): Html {
  return html`<li class="${state}"><span class="mark" aria-hidden="true"></span>
<span class="reading">${EVIDENCE_WORDS[state]}</span>
<span>${text === '' ? 'No data.' : clip(text, MAX_TEXT)} <code>${signal}</code></span></li>`;
}

export function evidenceItems(evidence: readonly Evidence[]): Html | null {
  return evidence.length === 0 ? null : html`<ul class="evidence" role="list">${evidence.map(evidenceItem)}</ul>`;
}

/** What fails, and the witnesses against a vendor, in the open; what is fine folded away once it gets long. */
function evidenceList({ evidence }: Verdict, focused: boolean): Html {
  if (evidence.length === 0) return html`<p class="quiet">There is no evidence yet.</p>`;
  const telling = evidence.filter(({ signal, state }) => state !== 'ok' || signal.includes('_guard_'));
  const fine = evidence.filter((line) => !telling.includes(line));
  const open = focused || (telling.length > 0 && fine.length <= MAX_UNFOLDED);
  const summary = html`<summary>Measured and fine <span class="count">${fine.length}</span></summary>`;
  const folded = html`<details${open ? html` open` : null}>${summary}${evidenceItems(fine)}</details>`;
  return html`${evidenceItems(telling)}${fine.length === 0 ? null : folded}`;
}

function concurrentList(concurrent: readonly Concurrent[]): Html | null {
  if (concurrent.length === 0) return null;
  const items = concurrent.map(({ sentence, row }) => {
    const link = html`<a href="/runbooks/${encodeURIComponent(row)}">why</a>`;
    return html`<li>${clip(sentence, MAX_TEXT)} ${link}</li>`;
  });
  return html`<div class="aside"><h4>Also wrong, on its own evidence</h4><ul>${items}</ul></div>`;
}

function maskedText(masked: readonly Layer[]): Html | null {
  if (masked.length === 0) return null;
  const names = listOf(masked.map((layer) => LAYER_NAMES[layer]));
  const they = masked.length === 1 ? 'it' : 'them';
  return html`<p class="quiet">Nothing can be said about ${names}: what would show ${they} runs through the break.</p>`;
}

/** The place a reader opens, without its scheme; nothing unless it is http or https. */
function openLink(url: string): Html | null {
  if (!/^https?:\/\//i.test(url)) return null;
  const short = clip(url.replace(/^https?:\/\//i, '').replace(/\/$/, ''), 80);
  return html`<a class="open" href="${url}" rel="noreferrer">${short}</a>`;
}

/** Said beside a failure that is not one's own, where the map has another way. */
const FAILOVER_WORDS = {
  yes: 'Ready: the second path works, so switching to it would help.',
  no: 'Not ready: the second path fails too.',
  unknown: 'Whether the second path works is not known.',
} as const satisfies Record<NonNullable<Verdict['failover']>, string>;

function failoverText({ failover }: Verdict): Html | null {
  return failover === null ? null : html`<p class="action"><b>Failover</b> ${FAILOVER_WORDS[failover]}</p>`;
}

function cardHeader(verdict: Verdict, tone: Tone, url: string, { now, upkeep }: CardContext): Html {
  const { service, cause, confidence, row } = verdict;
  const since = sinceText(verdict.since, now);
  // How sure we are of knowing nothing is of no use to anybody.
  const sure = tone === 'nodata' ? null : html`<span>confidence ${confidence}</span>`;
  const window = upkeep.get(service);
  const expected =
    window === undefined ? null : html`<span class="upkeep">in maintenance until ${clock(window.to, now)}</span>`;
  const told = html`<span class="word">${wordOf(tone, row)}</span>${sure}`;
  return html`<header>${symbolOf(tone)}
<h3 id="service-${service}"><a href="/service/${encodeURIComponent(service)}">${service}</a></h3>
<p class="cause">${tone === 'ok' ? 'answers' : cause}</p>${openLink(url)}
<p class="facts">${expected}${tone === 'ok' ? null : told}${since === null ? null : html`<span>${since}</span>`}</p></header>`;
}

/** What the reader sees of the whole, for a card to leave out or keep. */
export interface CardContext {
  plan: Plan;
  signals: readonly Signal[];
  now: number;
  /** The advice that already stands on top of the page. */
  actionAbove: string;
  /** Whether this service is the page's only subject. */
  focused: boolean;
  /** Services whose failures are expected now. */
  upkeep: ReadonlyMap<string, MaintenanceWindow>;
}

export function serviceCard(verdict: Verdict, context: CardContext): Html {
  const { service, row, because, concurrent, masked } = verdict;
  const tone = toneOf(verdict);
  const binding = context.plan.services.find((candidate) => candidate.name === service);
  const hops = binding === undefined ? [] : pathOf(verdict, context.signals, binding, context.plan);
  const action =
    verdict.action === context.actionAbove ? null : html`<p class="action"><b>What to do</b> ${verdict.action}</p>`;
  const rule = `/runbooks/${encodeURIComponent(row)}`;
  const why = html`<p class="rule"><a href="${rule}">Why demarc says so</a> <code>${row}</code></p>`;
  const trouble = html`<p class="because">${clip(because, MAX_TEXT)}</p>${action}${failoverText(verdict)}`;
  const key = `${service} ${row}`;
  return html`<article class="card" data-tone="${tone}" data-key="${key}" aria-labelledby="service-${service}">
${cardHeader(verdict, tone, binding?.url ?? '', context)}
${pathList(hops, service)}
${tone === 'ok' ? null : trouble}${concurrentList(concurrent)}${maskedText(masked)}
${evidenceList(verdict, context.focused)}
${context.focused ? diagnosis(verdict, context.signals) : null}
${tone === 'ok' ? null : why}
</article>`;
}
