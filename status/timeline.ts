// 90 days as a strip of bars: a tall bar failed, a low one was fine, a dot was not seen. Height says it; in how many pieces
// a tall one is says whose it was; colour only helps.
// The same days stand below it as text, for whoever reads with ears, fingers, or without colours.
import type { Party } from '../catalog/parties.ts';
import { availabilityOf, type Day } from './days.ts';
import { type Html, html } from './html.ts';
import { listOf } from './summary.ts';
import { durationText } from './time-text.ts';
import { type Tone, toneOfParty } from './tone.ts';
import { PARTY_WORDS, shareText } from './words.ts';

const BAR_HEIGHT: Readonly<Record<'ok' | 'nodata' | 'failed', number>> = { ok: 5, nodata: 1, failed: 14 };
const STRIP_HEIGHT = 14;

type Failed = Exclude<Tone, 'ok' | 'nodata'>;

/** Of a tall bar, by whose the day's failures mostly were: read from the number of gaps, where colours cannot be. */
const PIECES: Readonly<Record<Failed, number>> = { own: 1, isp: 2, vendor: 3, unknown: 6 };
const PIECE_GAP = 1;

/** Shorter than this is a restart, not a day nobody watched. */
const HARDLY_SEEN_MS = 60_000;

/** So few need no unfolding. */
const MOST_UNFOLDED = 3;

type Look = 'ok' | 'nodata' | Failed;

/** Whether strangers read it: they are told how long, and not whose it was. */
export interface TimelineOptions {
  open: boolean;
}

function lookOf({ upMs, downMs, maintenanceMs, byParty }: Day, { open }: TimelineOptions): Look {
  if (downMs === 0) return upMs + maintenanceMs < HARDLY_SEEN_MS ? 'nodata' : 'ok';
  if (open) return 'own';
  const [most] = (Object.entries(byParty) as [Party, number][]).sort((a, b) => b[1] - a[1]);
  const tone = most === undefined ? 'unknown' : toneOfParty(most[0]);
  return tone === 'ok' || tone === 'nodata' ? 'unknown' : tone;
}

function partsOf(byParty: Day['byParty']): string[] {
  return (Object.entries(byParty) as [Party, number][]).map(
    ([party, ms]) => `${durationText(ms)} ${PARTY_WORDS[party]}`,
  );
}

/** `2026-03-05: down for 12 min, 8 min a vendor's and 4 min yours`. */
function dayText({ name, downMs, maintenanceMs, noDataMs, byParty }: Day, { open }: TimelineOptions): string {
  const whose = open ? '' : `: ${listOf(partsOf(byParty))}`;
  const unseen = noDataMs < HARDLY_SEEN_MS ? '' : `; ${durationText(noDataMs)} without data`;
  const upkeep = maintenanceMs === 0 ? '' : `; ${durationText(maintenanceMs)} in maintenance`;
  const failed = downMs === 0 ? 'fine' : `down for ${durationText(downMs)}${whose}`;
  return `${name}: ${failed}${upkeep}${unseen}`;
}

/** Neighbours that look alike are one bar, so that a quiet quarter weighs little. */
function barsOf(looks: readonly Look[]): { look: Look; from: number; count: number }[] {
  const bars: { look: Look; from: number; count: number }[] = [];
  for (const [index, look] of looks.entries()) {
    const before = bars.at(-1);
    if (before?.look === look) before.count += 1;
    else bars.push({ look, from: index, count: 1 });
  }
  return bars;
}

/** One bar, standing on the ground: whole, or in as many pieces as its look has. */
function barShape(look: Look, x: number, width: number): Html[] {
  const isFine = look === 'ok' || look === 'nodata';
  const [all, pieces] = isFine ? [BAR_HEIGHT[look], 1] : [BAR_HEIGHT.failed, PIECES[look]];
  const height = (all - (pieces - 1) * PIECE_GAP) / pieces;
  return Array.from({ length: pieces }, (_, piece) => {
    const y = STRIP_HEIGHT - all + piece * (height + PIECE_GAP);
    return html`<rect class="${look}" x="${x}" y="${y.toFixed(2)}" width="${width}" height="${height.toFixed(2)}"/>`;
  });
}

function strip(days: readonly Day[], label: string, options: TimelineOptions): Html {
  const bars = barsOf(days.map((day) => lookOf(day, options))).flatMap(({ look, from, count }) =>
    // A gap between neighbours, which fine days do not need.
    barShape(look, from, look === 'nodata' || look === 'ok' ? count : count - 0.15),
  );
  const box = `0 0 ${days.length} ${STRIP_HEIGHT}`;
  return html`<svg class="strip" viewBox="${box}" preserveAspectRatio="none" role="img" aria-label="${label}">${bars}</svg>`;
}

/** `90 days: 87 fine, 2 with failures, 1 without data; available 99.9 % of the time measured`. */
function sentenceOf(days: readonly Day[], options: TimelineOptions): string {
  const looks = days.map((day) => lookOf(day, options));
  const count = (isMeant: (look: Look) => boolean): number => looks.filter(isMeant).length;
  const failed = count((look) => look !== 'ok' && look !== 'nodata');
  const parts = [`${count((look) => look === 'ok')} fine`, `${failed} with failures`];
  const unseen = count((look) => look === 'nodata');
  if (unseen > 0) parts.push(`${unseen} without data`);
  return `${days.length} days: ${listOf(parts)}. Available ${shareText(availabilityOf(days))} of the time measured.`;
}

/** The strip of one service, its sentence, and its bad days in words, newest first. */
export function timeline(service: string, days: readonly Day[], options: TimelineOptions = { open: false }): Html {
  const sentence = sentenceOf(days, options);
  const bad = days.filter(({ downMs, maintenanceMs }) => downMs + maintenanceMs > 0).reverse();
  const items = bad.map((day) => html`<li>${dayText(day, options)}</li>`);
  const list =
    bad.length === 0
      ? null
      : html`<details${bad.length <= MOST_UNFOLDED ? html` open` : null}><summary>Days with failures or maintenance <span class="count">${bad.length}</span></summary>
<ul>${items}</ul></details>`;
  const [first, last] = [days[0]?.name ?? '', days.at(-1)?.name ?? ''];
  return html`<div class="timeline">${strip(days, `${service}, ${sentence}`, options)}
<p class="ends" aria-hidden="true"><span>${first}</span><span>${last}</span></p>
<p class="quiet">${sentence}</p>${list}</div>`;
}

/** Whose a tall bar mostly was, by the pieces it is in. */
const WHOSE: Html = html`<ul class="whose" role="list">${(Object.keys(PIECES) as Failed[]).map(
  (look) =>
    html`<li><svg class="strip" viewBox="0 0 3 ${STRIP_HEIGHT}" preserveAspectRatio="none" aria-hidden="true">${barShape(look, 0, 3)}</svg>${PARTY_WORDS[look]}</li>`,
)}</ul>`;

/** What the shapes mean, in words. Strangers' bars are all whole. */
export function timelineKey({ open }: TimelineOptions = { open: false }): Html {
  return html`<p class="quiet">One bar a day (UTC), the newest on the right: a tall bar had a failure,
a low one was fine, a thin line means nobody was looking.</p>${open ? null : WHOSE}`;
}
