// What the journal says of the last 90 days, without its evidence: small enough to be kept at hand for the page.
import { causeKey, type JournalEntry, type VerdictEntry } from './journal-entry.ts';

export const DAY_MS = 86_400_000;
export const HISTORY_DAYS = 90;

/** Beyond, the oldest are forgotten; the files still have them. */
const MOST_ENTRIES = 20_000;
/** How many may be old or too many before they are swept out. */
const SWEEP_EVERY = 1_000;

export interface History {
  add(entry: JournalEntry): void;
  /** By time. Signs of life that follow each other are one. */
  entries(): readonly JournalEntry[];
}

/** The page needs whose it was and when, and the feed what was said; evidence stays in the file. */
export function condensed(entry: JournalEntry): JournalEntry {
  return entry.kind === 'verdict' ? { ...entry, evidence: [], concurrent: [] } : entry;
}

/** `now` in Unix milliseconds; `past` sorted by time. */
export function keepHistory(past: readonly JournalEntry[], now: () => number): History {
  let kept: JournalEntry[] = [];
  let added = 0;

  function sweep(): void {
    const oldest = now() - (HISTORY_DAYS + 1) * DAY_MS;
    const from = kept.findIndex(({ at }) => Date.parse(at) >= oldest);
    // The last word about each service before the window tells how the window began.
    const before = from < 0 ? kept : kept.slice(0, from);
    const last = new Map<string, JournalEntry>();
    for (const entry of before) last.set(entry.kind === 'verdict' ? `verdict ${entry.service}` : entry.kind, entry);
    const opening = before.filter((entry) => [...last.values()].includes(entry));
    kept = [...opening, ...(from < 0 ? [] : kept.slice(from))].slice(-MOST_ENTRIES);
  }

  function add(entry: JournalEntry): void {
    const lastAlive =
      entry.kind === 'alive' ? kept.findLastIndex(({ kind }) => kind === 'alive' || kind === 'start') : -1;
    const before = kept[lastAlive];
    // One that is as old already says all that the earlier one said.
    if (entry.kind === 'alive' && before?.kind === 'alive' && before.since === entry.since) kept.splice(lastAlive, 1);
    kept.push(condensed(entry));
    added += 1;
    if (added % SWEEP_EVERY === 0) sweep();
  }

  for (const entry of past) add(entry);
  sweep();
  return { add, entries: () => kept };
}

export interface Change {
  entry: VerdictEntry;
  /** What was said about the service before; null when that is not known. */
  before: VerdictEntry | null;
}

/** Rows that are no news by themselves. */
const NO_NEWS: ReadonlySet<string> = new Set(['no_result', 'confirming', 'recovering']);

/** What was said anew, newest first: neither what a restart repeats, nor what is still being looked at. */
export function changesIn(entries: readonly JournalEntry[], most: number): Change[] {
  const spoken = new Map<string, VerdictEntry>();
  const changes: Change[] = [];
  for (const entry of entries) {
    if (entry.kind !== 'verdict' || NO_NEWS.has(entry.row)) continue;
    const before = spoken.get(entry.service) ?? null;
    spoken.set(entry.service, entry);
    if (before === null ? entry.party === 'none' : causeKey(before) === causeKey(entry)) continue;
    changes.push({ entry, before });
  }
  return changes.slice(-most).reverse();
}
