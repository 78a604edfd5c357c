// Incidents: a service that was down, from the first bad answer to the first good one, with whose minutes they were.
import type { Party } from '../catalog/parties.ts';
import type { RowId } from '../verdict/table.ts';
import { BEAT_MS, causeKey, type VerdictEntry } from './journal-entry.ts';
import { clipped, type Span, totalMs, type Window } from './report-spans.ts';

/** Down for one stated reason. */
export interface Segment extends Window {
  /** Whom these minutes count to; what was said while confirming counts to what was then confirmed. */
  credited: VerdictEntry;
}

export interface Incident extends Window {
  service: string;
  /** open: still failing at the end of the window. unseen: nobody was looking when it ended. */
  end: 'recovered' | 'open' | 'unseen';
  segments: Segment[];
  /** Everything said about it, in order. */
  said: VerdictEntry[];
  /** The reason most minutes count to. */
  main: VerdictEntry;
  noDataMs: number;
  /** From the first bad answer to the first verdict that told of it. */
  noticedMs: number | null;
  /** From the first bad answer to the first verdict that named somebody; null if none did. */
  namedMs: number | null;
}

const CONFIRMING = 'confirming' satisfies RowId;
const RECOVERING = 'recovering' satisfies RowId;

/** Incidents of one service that touch the window. They begin and end where they did, even outside of it. */
export function incidentsOf(service: string, spans: readonly Span[], window: Window): Incident[] {
  const found: Incident[] = [];
  let group: Span[] = [];
  const close = (recovered: boolean): void => {
    const incident = incidentFrom(service, group, recovered, window);
    if (incident !== null && incident.to > window.from && incident.from < window.to) found.push(incident);
    group = [];
  };
  for (const span of spans) {
    if (span.state === 'up') close(true);
    else if (span.state === 'down' || group.length > 0) group.push(span);
  }
  close(false);
  return found;
}

function incidentFrom(service: string, group: readonly Span[], recovered: boolean, window: Window): Incident | null {
  const lastDown = group.findLastIndex(({ state }) => state === 'down');
  const first = group[0];
  const last = group[lastDown];
  if (first === undefined || last === undefined) return null;
  const within = group.slice(0, lastDown + 1);
  const segments = segmentsOf(within.filter(({ state }) => state === 'down'));
  const main = mainOf(segments);
  if (main === null) return null;
  // Up again right after being down is a recovery that was seen; after a time without data it was not.
  const seen = lastDown === group.length - 1;
  const end = recovered && seen ? 'recovered' : window.to - last.to < 3 * BEAT_MS ? 'open' : 'unseen';
  const said = [...new Set(within.flatMap((span) => span.said ?? []))];
  const naming = said.find(({ party }) => party !== 'unknown');
  return {
    service,
    from: first.from,
    to: last.to,
    end,
    segments,
    said,
    main,
    noDataMs: totalMs(within.filter(({ state }) => state === 'nodata')),
    noticedMs: delayOf(said[0], first.from),
    namedMs: delayOf(naming, first.from),
  };
}

function delayOf(said: VerdictEntry | undefined, from: number): number | null {
  return said === undefined ? null : Math.max(0, Date.parse(said.at) - from);
}

function segmentsOf(downs: readonly Span[]): Segment[] {
  const said = downs.flatMap((span) => (span.said === null ? [] : [span.said]));
  return downs.flatMap(({ from, to, said: now }, index) =>
    now === null ? [] : [{ from, to, credited: creditedTo(now, said.slice(index + 1), said.slice(0, index)) }],
  );
}

/** A verdict that only says "not yet" stands for the next one that says more; one that says "nearly over", for the one before. */
function creditedTo(
  said: VerdictEntry,
  later: readonly VerdictEntry[],
  earlier: readonly VerdictEntry[],
): VerdictEntry {
  const telling = ({ row }: VerdictEntry): boolean => row !== CONFIRMING && row !== RECOVERING;
  if (said.row === CONFIRMING) return later.find(telling) ?? said;
  if (said.row === RECOVERING) return earlier.findLast(telling) ?? later.find(telling) ?? said;
  return said;
}

function mainOf(segments: readonly Segment[]): VerdictEntry | null {
  const byCause = new Map<string, { said: VerdictEntry; ms: number }>();
  for (const { credited, from, to } of segments) {
    const sum = byCause.get(causeKey(credited)) ?? { said: credited, ms: 0 };
    byCause.set(causeKey(credited), { ...sum, ms: sum.ms + to - from });
  }
  return [...byCause.values()].sort((a, b) => b.ms - a.ms)[0]?.said ?? null;
}

/** Milliseconds of these segments within the window, by whose they are. */
export function msByParty(segments: readonly Segment[], window: Window): Partial<Record<Party, number>> {
  const sums: Partial<Record<Party, number>> = {};
  for (const { credited, from, to } of clipped(segments, window))
    sums[credited.party] = (sums[credited.party] ?? 0) + to - from;
  return sums;
}
