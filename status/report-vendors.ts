// The vendor scorecard: per month, how available a vendor was as measured through your services, with the raw times.
import { GUARDED_PARTIES } from '../catalog/parties.ts';
import type { PublishedSla } from '../map/plan-types.ts';
import type { JournalEntry, VerdictEntry } from './journal-entry.ts';
import type { Incident, Segment } from './report-incidents.ts';
import { clipped, type Span, totalMs, type Window } from './report-spans.ts';

export interface Outage extends Window {
  services: string[];
}

export interface Score {
  /** `2026-03`, UTC; cut to the window. */
  month: string;
  vendor: string;
  component: string;
  vendorTitle: string;
  componentTitle: string;
  /** Services that lean on it. */
  services: string[];
  /** Time in which it was proven good or proven bad. */
  measuredMs: number;
  downMs: number;
  /** Share of the measured time; null when nothing was measured. */
  availability: number | null;
  /** Time in which it was suspected, which counts neither way. */
  suspectedMs: number;
  /** Sum over your services. */
  serviceMs: number;
  outages: Outage[];
  /** What the vendor published, as the catalogue knew it; null when it does not. */
  sla: PublishedSla | null;
  /** How long it may be down in the measured time and still keep that. */
  allowedMs: number | null;
}

interface Component {
  vendor: string;
  component: string;
  vendorTitle: string;
  componentTitle: string;
  services: Set<string>;
  sla: PublishedSla | null;
}

/** Every component any service leaned on, by any map of the journal. */
function componentsIn(entries: readonly JournalEntry[]): Component[] {
  const known = new Map<string, Component>();
  for (const entry of entries) {
    if (entry.kind !== 'map') continue;
    for (const { name, uses } of entry.services) {
      for (const { vendor, component, vendorTitle, componentTitle, sla = null } of uses) {
        const key = JSON.stringify([vendor, component]);
        const one = known.get(key) ?? { vendor, component, vendorTitle, componentTitle, services: new Set(), sla };
        one.sla = sla ?? one.sla;
        one.services.add(name);
        known.set(key, one);
      }
    }
  }
  return [...known.values()];
}

/** Whole months of UTC, cut to the window. */
export function monthsIn({ from, to }: Window): (Window & { month: string })[] {
  const months: (Window & { month: string })[] = [];
  for (let at = from; at < to; ) {
    const day = new Date(at);
    const next = Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 1);
    months.push({ from: at, to: Math.min(next, to), month: day.toISOString().slice(0, 7) });
    at = next;
  }
  return months;
}

interface Piece extends Window {
  state: 'up' | 'down' | 'suspected' | 'unknown';
  services: string[];
}

const isVendors = ({ party }: VerdictEntry): boolean => (GUARDED_PARTIES as readonly string[]).includes(party);

/** One service as a witness about one component: its own failures for other reasons say nothing. */
function testimony(spans: readonly Span[], incidents: readonly Incident[], { vendor, component }: Component): Piece[] {
  const about = ({ credited }: Segment): boolean => credited.vendor === vendor && credited.component === component;
  const blamed = incidents.flatMap(({ segments }) => segments.filter(about));
  const ups = spans
    .filter(({ state }) => state === 'up')
    .map(({ from, to }): Piece => ({ from, to, state: 'up', services: [] }));
  const downs = blamed.map(
    ({ from, to, credited }): Piece => ({
      from,
      to,
      state: isVendors(credited) ? 'down' : 'suspected',
      services: [credited.service],
    }),
  );
  return [...ups, ...downs];
}

/** All witnesses together: one who was let down outweighs one who was served by another part of the vendor. */
function together(pieces: readonly Piece[]): Piece[] {
  const edges = [...new Set(pieces.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  return edges.slice(0, -1).map((from, index): Piece => {
    const to = edges[index + 1] ?? from;
    const here = pieces.filter((piece) => piece.from <= from && piece.to >= to);
    const state = (['down', 'suspected', 'up'] as const).find((each) => here.some((piece) => piece.state === each));
    return {
      from,
      to,
      state: state ?? 'unknown',
      services: here.filter((piece) => piece.state === 'down').flatMap(({ services }) => services),
    };
  });
}

function outagesIn(pieces: readonly Piece[]): Outage[] {
  const outages: Outage[] = [];
  for (const { from, to, state, services } of pieces) {
    if (state !== 'down') continue;
    const before = outages.at(-1);
    if (before !== undefined && before.to === from) {
      before.to = to;
      before.services = [...new Set([...before.services, ...services])];
    } else outages.push({ from, to, services: [...new Set(services)] });
  }
  return outages;
}

export interface ScoreSources {
  entries: readonly JournalEntry[];
  spans: ReadonlyMap<string, readonly Span[]>;
  incidents: readonly Incident[];
}

/** Scores by month, then by vendor; months in which nothing was measured are left out. */
export function scoresOf({ entries, spans, incidents }: ScoreSources, window: Window): Score[] {
  return monthsIn(window).flatMap(({ month, ...within }) =>
    componentsIn(entries)
      .map((component): Score => {
        const pieces = [...component.services].flatMap((name) =>
          clipped(
            testimony(
              spans.get(name) ?? [],
              incidents.filter(({ service }) => service === name),
              component,
            ),
            within,
          ),
        );
        const joined = together(pieces);
        const of = (state: Piece['state']): number => totalMs(joined.filter((piece) => piece.state === state));
        const measuredMs = of('up') + of('down');
        return {
          month,
          ...component,
          services: [...component.services],
          measuredMs,
          downMs: of('down'),
          availability: measuredMs === 0 ? null : of('up') / measuredMs,
          suspectedMs: of('suspected'),
          serviceMs: totalMs(pieces.filter(({ state }) => state === 'down')),
          outages: outagesIn(joined),
          allowedMs: component.sla === null ? null : measuredMs * (1 - component.sla.availability / 100),
        };
      })
      .filter(({ measuredMs, suspectedMs }) => measuredMs + suspectedMs > 0),
  );
}
