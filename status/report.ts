// A blameless report out of the journal: what happened, whose minutes they were, how soon it was known, what would have helped.
import type { Party } from '../catalog/parties.ts';
import { UPLINK_SERVICE } from '../map/plan.ts';
import { causeKey, type JournalEntry, type VerdictEntry } from './journal-entry.ts';
import { type Incident, incidentsOf, msByParty } from './report-incidents.ts';
import type { Seen } from './report-prometheus.ts';
import { clipped, type Span, spansOf, totalMs, upkeepOf, type Window } from './report-spans.ts';
import { type Score, scoresOf } from './report-vendors.ts';

export interface Impact {
  service: string;
  upMs: number;
  downMs: number;
  /** In announced maintenance, whatever was seen then; neither up nor down. */
  maintenanceMs: number;
  /** Neither up nor down: nobody looked, or nothing came back. */
  noDataMs: number;
  /** Share of the time with data; null when there was none. */
  availability: number | null;
  byParty: Partial<Record<Party, number>>;
  incidents: number;
}

/** Incidents of several services at the same time for the same reason. */
export interface Event extends Window {
  main: VerdictEntry;
  incidents: Incident[];
  /** What Prometheus adds; absent when it was not asked. */
  seen?: Seen;
}

/** A window of maintenance, and how long the service failed within it. */
export interface Upkeep extends Window {
  service: string;
  reason: string;
  failedMs: number;
}

export interface Report extends Window {
  site: string;
  /** Journal lines that could not be read. */
  unreadable: number;
  services: Impact[];
  /** Sum over the services, the uplink itself left out. */
  byParty: Partial<Record<Party, number>>;
  events: Event[];
  upkeep: Upkeep[];
  vendors: Score[];
}

/** `entries` sorted by time, as readJournal gives them; those before the window tell how it began. */
export function reportOf(entries: readonly JournalEntry[], window: Window, unreadable = 0): Report {
  const spans = spansOf(entries, window.to);
  const incidents = [...spans].flatMap(([service, list]) => incidentsOf(service, list, window));
  const services = [...spans].map(([service, list]): Impact => {
    const own = incidents.filter((incident) => incident.service === service);
    const within = clipped(list, window);
    const of = (state: string): number => totalMs(within.filter((span) => span.state === state));
    const upMs = of('up');
    const downMs = of('down');
    const maintenanceMs = of('maintenance');
    return {
      service,
      upMs,
      downMs,
      maintenanceMs,
      noDataMs: window.to - window.from - upMs - downMs - maintenanceMs,
      availability: upMs + downMs === 0 ? null : upMs / (upMs + downMs),
      byParty: msByParty(
        own.flatMap(({ segments }) => segments),
        window,
      ),
      incidents: own.length,
    };
  });
  return {
    ...window,
    site: entries.at(-1)?.site ?? '',
    unreadable,
    services,
    byParty: sumOf(services.filter(({ service }) => service !== UPLINK_SERVICE).map(({ byParty }) => byParty)),
    events: eventsOf(incidents),
    upkeep: upkeepIn(entries, spans, window),
    vendors: scoresOf({ entries, spans, incidents }, window),
  };
}

function upkeepIn(
  entries: readonly JournalEntry[],
  spans: ReadonlyMap<string, readonly Span[]>,
  window: Window,
): Upkeep[] {
  return [...spans].flatMap(([service, list]) =>
    clipped(upkeepOf(service, entries, window.to), window).map((time): Upkeep => {
      const failed = clipped(list, time).filter(({ state, said }) => state === 'maintenance' && said?.party !== 'none');
      const opening = entries.find(
        (entry) => entry.kind === 'maintenance' && entry.service === service && Date.parse(entry.at) === time.from,
      );
      const reason = opening?.kind === 'maintenance' ? opening.reason : '';
      return { ...time, service, reason, failedMs: totalMs(failed) };
    }),
  );
}

function sumOf(parts: readonly Partial<Record<Party, number>>[]): Partial<Record<Party, number>> {
  const sums: Partial<Record<Party, number>> = {};
  for (const part of parts) {
    for (const [party, ms] of Object.entries(part) as [Party, number][]) sums[party] = (sums[party] ?? 0) + ms;
  }
  return sums;
}

function eventsOf(incidents: readonly Incident[]): Event[] {
  const events: Event[] = [];
  for (const incident of [...incidents].sort((a, b) => a.from - b.from)) {
    const same = events.find(
      ({ main, from, to }) => causeKey(main) === causeKey(incident.main) && incident.from <= to && incident.to >= from,
    );
    if (same === undefined) {
      events.push({ from: incident.from, to: incident.to, main: incident.main, incidents: [incident] });
      continue;
    }
    same.incidents.push(incident);
    same.to = Math.max(same.to, incident.to);
  }
  return events;
}
