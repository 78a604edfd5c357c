// Times for people: how long, and when. Plain script-less pages show UTC; the page's script turns it into local time.
import { type Html, html } from './html.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

function pair(ms: number, unitMs: number, unit: string, smallMs: number, small: string): string {
  const rest = Math.floor((ms % unitMs) / smallMs);
  return `${Math.floor(ms / unitMs)} ${unit}` + (rest === 0 ? '' : ` ${rest} ${small}`);
}

/** `12 s`, `4 min`, `1 h 12 min`, `3 d 4 h`. Never negative: clocks may have been set back. */
export function durationText(ms: number): string {
  if (!(ms >= SECOND_MS)) return '0 s';
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return pair(ms, HOUR_MS, 'h', MINUTE_MS, 'min');
  return pair(ms, DAY_MS, 'd', HOUR_MS, 'h');
}

/** `14:03:22 UTC`, with the date when it is not today's. */
export function clockText(ms: number, now: number): string {
  const [day = '', time = ''] = new Date(ms).toISOString().split('T');
  const today = new Date(now).toISOString().startsWith(day);
  return `${today ? '' : `${day} `}${time.slice(0, 8)} UTC`;
}

/** Unix ms of an RFC 3339 text that a Date can hold; null for anything else. */
export function parseTime(text: string | null): number | null {
  const ms = text === null ? Number.NaN : Date.parse(text);
  return Number.isFinite(ms) ? ms : null;
}

/** The moment as an element the page's script can turn into local time. */
export function clock(ms: number, now: number): Html {
  return html`<time class="clock" datetime="${new Date(ms).toISOString()}">${clockText(ms, now)}</time>`;
}

/** `for 4 min, since 14:03:22 UTC`; nothing when the time is unknown. */
export function sinceText(since: string | null, now: number): Html | null {
  const ms = parseTime(since);
  if (ms === null) return null;
  return html`for <b>${durationText(now - ms)}</b>, since ${clock(ms, now)}`;
}
