// The last 90 days of one service, day by day in UTC: how long it was up, down and unseen, and whose the minutes were.
import type { Party } from '../catalog/parties.ts';
import { DAY_MS, HISTORY_DAYS } from './history.ts';
import type { JournalEntry } from './journal-entry.ts';
import { incidentsOf, msByParty } from './report-incidents.ts';
import { clipped, type Span, spansOf, totalMs, type Window } from './report-spans.ts';

export interface Day extends Window {
  /** `2026-03-05`. */
  name: string;
  upMs: number;
  downMs: number;
  maintenanceMs: number;
  noDataMs: number;
  byParty: Partial<Record<Party, number>>;
}

/** Whole days of UTC; the last one ends now. Oldest first. */
function windowsUntil(now: number): Window[] {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  return Array.from({ length: HISTORY_DAYS }, (_, index) => {
    const from = today - (HISTORY_DAYS - 1 - index) * DAY_MS;
    return { from, to: Math.min(from + DAY_MS, now) };
  });
}

function dayOf(service: string, spans: readonly Span[], window: Window): Day {
  const within = clipped(spans, window);
  const of = (state: Span['state']): number => totalMs(within.filter((span) => span.state === state));
  const segments = incidentsOf(service, spans, window).flatMap((incident) => incident.segments);
  const upMs = of('up');
  const downMs = of('down');
  const maintenanceMs = of('maintenance');
  const byParty = msByParty(segments, window);
  const name = new Date(window.from).toISOString().slice(0, 10);
  const noDataMs = window.to - window.from - upMs - downMs - maintenanceMs;
  return { ...window, name, upMs, downMs, maintenanceMs, noDataMs, byParty };
}

/** Days of every service the entries speak of. `entries` sorted by time. */
export function daysOf(entries: readonly JournalEntry[], now: number): Map<string, Day[]> {
  const windows = windowsUntil(now);
  const first = windows[0]?.from ?? now;
  return new Map(
    [...spansOf(entries, now)].map(([service, all]) => {
      const spans = all.filter(({ to }) => to > first);
      return [service, windows.map((window) => dayOf(service, spans, window))] as const;
    }),
  );
}

/** Share of the measured time in which it was up; null when nothing was measured. */
export function availabilityOf(days: readonly Day[]): number | null {
  const upMs = days.reduce((sum, day) => sum + day.upMs, 0);
  const downMs = days.reduce((sum, day) => sum + day.downMs, 0);
  return upMs + downMs === 0 ? null : upMs / (upMs + downMs);
}

/** What `work` makes of the entries, worked out anew only when something was added: a crowd of readers costs as much as one. */
export function keptWork<T>(
  entries: () => readonly JournalEntry[],
  now: () => number,
  work: (entries: readonly JournalEntry[], now: number) => T,
): () => T {
  let kept: { key: string; result: T } | null = null;
  return () => {
    const present = entries();
    const key = `${present.length} ${present.at(-1)?.at} ${Math.floor(now() / DAY_MS)}`;
    if (kept?.key !== key) kept = { key, result: work(present, now()) };
    return kept.result;
  };
}
