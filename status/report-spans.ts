// From journal lines to stretches of time per service: up, down with what was said, or no data. What nobody saw is no uptime.
import { isUnmeasured } from '../verdict/unmeasured.ts';
import { BEAT_MS, type JournalEntry, type VerdictEntry } from './journal-entry.ts';

export interface Window {
  /** Unix ms. */
  from: number;
  to: number;
}

export interface Span extends Window {
  state: 'up' | 'down' | 'nodata' | 'maintenance';
  /** The verdict of the time; null without data. */
  said: VerdictEntry | null;
}

/** A silence up to this long is no gap: the next sign of life may be a little late. */
const LONGEST_SILENCE_MS = 3 * BEAT_MS;

const timeOf = ({ at }: { at: string }): number => Date.parse(at);

/** When somebody was looking: merged, in order. */
export function watchedTimes(entries: readonly JournalEntry[]): Window[] {
  const pieces: Window[] = [];
  let last: number | null = null;
  for (const entry of entries) {
    const at = timeOf(entry);
    if (entry.kind === 'alive') pieces.push({ from: Math.min(Date.parse(entry.since), at), to: at });
    if (last !== null && entry.kind !== 'start' && at - last <= LONGEST_SILENCE_MS) pieces.push({ from: last, to: at });
    last = entry.kind === 'stop' ? null : at;
  }
  const merged: Window[] = [];
  for (const piece of pieces.sort((a, b) => a.from - b.from)) {
    const before = merged.at(-1);
    if (before !== undefined && piece.from <= before.to) before.to = Math.max(before.to, piece.to);
    else merged.push({ ...piece });
  }
  return merged;
}

/** Spans of every service, without holes, from the first entry to `until`. `entries` are sorted by time. */
export function spansOf(entries: readonly JournalEntry[], until: number): Map<string, Span[]> {
  const services = new Set(entries.flatMap((entry) => (entry.kind === 'verdict' ? [entry.service] : [])));
  const watched = watchedTimes(entries);
  return new Map(
    [...services].map(
      (service) =>
        [
          service,
          merged(
            withoutUpkeep(seenOnly(saidAbout(service, entries, until), watched), upkeepOf(service, entries, until)),
          ),
        ] as const,
    ),
  );
}

function stateOf(said: VerdictEntry | null): Span['state'] {
  if (said === null || isUnmeasured(said.row)) return 'nodata';
  return said.party === 'none' ? 'up' : 'down';
}

/** What was said about one service, as if nobody ever looked away. */
function saidAbout(service: string, entries: readonly JournalEntry[], until: number): Span[] {
  const spans: Span[] = [];
  const turn = (at: number, said: VerdictEntry | null): void => {
    const before = spans.at(-1);
    const state = stateOf(said);
    let from = at;
    if (before !== undefined) {
      const since = Date.parse(said?.since ?? '');
      // A failure begins with the first bad answer, not with the verdict that confirmed it.
      if (state === 'down' && before.state === 'up' && since < at) from = Math.max(since, before.from);
      before.to = from;
    }
    spans.push({ from, to: until, state, said: state === 'nodata' ? null : said });
  };
  for (const entry of entries) {
    if (timeOf(entry) > until) break;
    if (entry.kind === 'verdict' && entry.service === service) turn(timeOf(entry), entry);
    else if (entry.kind === 'start' || entry.kind === 'stop' || entry.kind === 'lost') turn(timeOf(entry), null);
  }
  return spans.filter(({ from, to }) => to > from);
}

/** The parts of the spans that somebody saw; the rest is without data. */
function seenOnly(spans: readonly Span[], watched: readonly Window[]): Span[] {
  return spans.flatMap((span) => {
    const parts: Span[] = [];
    let at = span.from;
    const blank = (to: number): void => {
      if (to > at) parts.push({ from: at, to, state: 'nodata', said: null });
    };
    for (const { from, to } of watched) {
      if (to <= at || from >= span.to) continue;
      blank(from);
      const seen = { from: Math.max(at, from), to: Math.min(to, span.to) };
      parts.push({ ...span, ...seen });
      at = seen.to;
    }
    blank(span.to);
    return parts;
  });
}

/** When a service was in maintenance, as far as the journal tells. A window whose end nobody saw ends as it was announced. */
export function upkeepOf(service: string, entries: readonly JournalEntry[], until: number): Window[] {
  const windows: Window[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'maintenance' || entry.service !== service || timeOf(entry) > until) continue;
    const before = windows.at(-1);
    if (before !== undefined) before.to = Math.min(before.to, timeOf(entry));
    if (entry.until !== null) windows.push({ from: timeOf(entry), to: Math.min(Date.parse(entry.until), until) });
  }
  return windows;
}

/** What was measured in a window says nothing about how available a service is: it is taken out on both sides. */
function withoutUpkeep(spans: readonly Span[], upkeep: readonly Window[]): Span[] {
  return upkeep.reduce(
    (rest, window) =>
      rest.flatMap((span): Span[] => {
        const from = Math.max(span.from, window.from);
        const to = Math.min(span.to, window.to);
        // Time nobody saw stays unseen, announced or not.
        if (from >= to || span.state === 'nodata') return [span];
        const parts: Span[] = [
          { ...span, to: from },
          { ...span, from, to, state: 'maintenance' },
          { ...span, from: to },
        ];
        return parts.filter((part) => part.to > part.from);
      }),
    [...spans],
  );
}

function merged(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before !== undefined && before.said === span.said && before.state === span.state) before.to = span.to;
    else joined.push({ ...span });
  }
  return joined;
}

/** The part of the spans that lies within the window; what was before the first entry is without data. */
export function clipped<T extends Window>(spans: readonly T[], { from, to }: Window): T[] {
  return spans
    .map((span) => ({ ...span, from: Math.max(span.from, from), to: Math.min(span.to, to) }))
    .filter((span) => span.to > span.from);
}

export function totalMs(spans: readonly Window[]): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}
