// Journal entries for tests: a story told in minutes from a fixed start.
import type { JournalEntry, Use, VerdictEntry } from '../../status/journal-entry.ts';
import type { Row } from '../../verdict/row.ts';
import { type RowId, TABLE } from '../../verdict/table.ts';

export const START = Date.parse('2026-03-05T00:00:00Z');

/** Unix ms of a minute of the story. */
export const minute = (n: number): number => START + n * 60_000;

export const at = (n: number): string => new Date(minute(n)).toISOString();

const site = 'home';

export const started = (n: number): JournalEntry => ({ kind: 'start', at: at(n), site, version: '1' });

export const stopped = (n: number): JournalEntry => ({ kind: 'stop', at: at(n), site });

/** Awake from one minute to another. */
export const alive = (from: number, to: number): JournalEntry => ({ kind: 'alive', at: at(to), site, since: at(from) });

export const lost = (n: number): JournalEntry => ({ kind: 'lost', at: at(n), site, count: 3 });

export function leaning(n: number, services: Record<string, readonly string[]>): JournalEntry {
  const uses = (of: readonly string[]): Use[] =>
    of.map((vendor) => ({ layer: 'edge', vendor, component: 'edge', vendorTitle: vendor, componentTitle: 'edge' }));
  return {
    kind: 'map',
    at: at(n),
    site,
    services: Object.entries(services).map(([name, of]) => ({ name, uses: uses(of) })),
  };
}

interface About {
  vendor?: string;
  /** Minute of the first bad answer. */
  since?: number;
  more?: Partial<VerdictEntry>;
}

export function said(n: number, service: string, row: RowId, { vendor, since, more }: About = {}): VerdictEntry {
  const found = (TABLE as readonly Row[]).find(({ id }) => id === row);
  if (found === undefined) throw new Error(`no row ${row}`);
  return {
    kind: 'verdict',
    at: at(n),
    site,
    service,
    headline: `${service}: ${row}`,
    row,
    party: found.party,
    vendor: vendor ?? null,
    component: vendor === undefined ? null : 'edge',
    cause: found.cause,
    confidence: found.confidence,
    since: since === undefined ? null : at(since),
    because: found.because,
    action: found.action,
    evidence: [{ signal: 'service', state: 'bad', text: 'HTTP 500 from 192.0.2.1' }],
    concurrent: [],
    ...more,
  };
}

/** In maintenance until another minute; null: no longer. */
export const upkeep = (n: number, service: string, until: number | null, reason = ''): JournalEntry => ({
  kind: 'maintenance',
  at: at(n),
  site,
  service,
  until: until === null ? null : at(until),
  reason,
});
