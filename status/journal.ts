// Keeps what was said and when, as JSON lines in the state folder. A full disk makes entries wait; it never stops probing.
import type { Clock } from '../exporters/clock.ts';
import type { Monitor } from '../verdict/monitor-types.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { condensed, keepHistory } from './history.ts';
import { BEAT_MS, type JournalEntry, mapEntry, type VerdictEntry, verdictEntry } from './journal-entry.ts';
import { type Append, openJournalFile, readJournal } from './journal-file.ts';
import { type Maintenance, NO_MAINTENANCE } from './maintenance.ts';

export interface Journal {
  /** The newest entries of this run but for signs of life, oldest first. */
  recent(): readonly JournalEntry[];
  /** What the last 90 days had, this run and those before; without evidence, by time. */
  history(): readonly JournalEntry[];
  /** Refused writes since the start. */
  writeErrors(): number;
  /** Forgets the evidence of what was said earlier, for want of memory; in the file it stays. */
  forgetEvidence(): void;
  /** Why the newest write was refused, while entries wait for the disk; else null. */
  refusal(): string | null;
  /** Begins anew in the same file: the map was replaced, and what was said before may be about services that are gone. */
  restart(): void;
  /** Says that it ends, and ends. */
  stop(): void;
}

export interface JournalOptions {
  folder: string;
  monitor: Pick<Monitor, 'onChange' | 'verdicts' | 'plan'>;
  clock: Clock;
  version: string;
  log(level: 'info' | 'warn', message: string, details?: Record<string, unknown>): void;
  /** Of each of the two files. */
  maxBytes?: number;
  append?: Append;
  /** Which services are in maintenance; asked every second. */
  maintenance?: Maintenance;
  /** After every write that was refused. */
  onRefused?(): void;
}

/** Between two looks at what is in maintenance. */
const LOOK_MS = 1_000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const MOST_RECENT = 200;
/** Entries kept for a disk that refuses them; beyond, the oldest are lost, and that is said. */
const MOST_WAITING = 1_000;
/** A sign of life that comes this late means that the machine slept. */
const LATEST_BEATS = 3;

/** What makes two verdicts about one service different. */
function sayingOf({ row, party, vendor, component, concurrent }: Verdict): string {
  return JSON.stringify([row, party, vendor, component, concurrent.map((one) => one.row)]);
}

export function startJournal(options: JournalOptions): Journal {
  const { folder, monitor, clock, version, log, maxBytes = DEFAULT_MAX_BYTES, append } = options;
  const { onRefused = () => undefined, maintenance = NO_MAINTENANCE } = options;
  let { site } = monitor.plan();
  const now = (): string => new Date(clock.now()).toISOString();
  const spoken = new Map<string, string>();
  const present = new Map<string, VerdictEntry>();
  const waiting: JournalEntry[] = [];
  let recent: JournalEntry[] = [];
  let lost: { from: string; count: number } | null = null;
  let errors = 0;
  let refusal: string | null = null;
  let awakeSince = now();
  let lastBeat = clock.now();
  let cancelBeat = (): void => undefined;
  let cancelLook = (): void => undefined;
  /** Services known to be in maintenance, with the end that was named. */
  const upkeep = new Map<string, number>();

  const snapshot = (): JournalEntry[] => [
    mapEntry(monitor.plan(), now()),
    ...[...present.values()].map((entry) => ({ ...entry, at: now() })),
  ];
  const file = openJournalFile({
    folder,
    maxBytes,
    append,
    header: () => snapshot().map((entry) => JSON.stringify(entry)),
  });

  function add(entries: readonly JournalEntry[]): void {
    waiting.push(...entries);
    for (const entry of entries) history.add(entry);
    recent = [...recent, ...entries.filter(({ kind }) => kind !== 'alive')].slice(-MOST_RECENT);
    for (const dropped of waiting.splice(0, Math.max(0, waiting.length - MOST_WAITING)))
      lost = { from: lost?.from ?? dropped.at, count: (lost?.count ?? 0) + 1 };
    flush();
  }

  function flush(): void {
    try {
      if (lost !== null) {
        file.write(JSON.stringify({ kind: 'lost', at: lost.from, site, count: lost.count }));
        lost = null;
        waiting.push(...snapshot());
      }
      for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
        file.write(JSON.stringify(next));
        waiting.shift();
      }
      if (refusal !== null) log('info', 'the journal is written again');
      refusal = null;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      errors += 1;
      onRefused();
      if (refusal === null) log('warn', 'the journal could not be written; its entries wait', { error: error.message });
      refusal = String(error.code);
    }
  }

  function record(verdicts: readonly Verdict[]): void {
    const changed = verdicts.filter((verdict) => spoken.get(verdict.service) !== sayingOf(verdict));
    if (changed.length === 0) return;
    const entries = changed.map((verdict) => verdictEntry(verdict, now()));
    for (const verdict of changed) spoken.set(verdict.service, sayingOf(verdict));
    for (const entry of entries) present.set(entry.service, entry);
    add(entries);
  }

  function beat(): void {
    if (clock.now() - lastBeat > LATEST_BEATS * BEAT_MS) awakeSince = now();
    lastBeat = clock.now();
    // While the disk refuses, one sign of life stands for all: it says since when.
    if (waiting.length === 0) add([{ kind: 'alive', at: now(), site, since: awakeSince }]);
    else flush();
    cancelBeat = clock.after(BEAT_MS, beat);
  }

  function look(): void {
    const open = maintenance.present();
    const opened = [...open.values()].filter(({ service, to }) => upkeep.get(service) !== to);
    const closed = [...upkeep.keys()].filter((service) => !open.has(service));
    for (const service of closed) upkeep.delete(service);
    for (const { service, to } of opened) upkeep.set(service, to);
    const entryOf = (service: string, until: number | null, reason: string): JournalEntry => ({
      kind: 'maintenance',
      at: now(),
      site,
      service,
      until: until === null ? null : new Date(until).toISOString(),
      reason,
    });
    const entries = [
      ...opened.map(({ service, to, reason }) => entryOf(service, to, reason)),
      ...closed.map((service) => entryOf(service, null, '')),
    ];
    if (entries.length > 0) add(entries);
    cancelLook = clock.after(LOOK_MS, look);
  }

  function begin(): void {
    ({ site } = monitor.plan());
    spoken.clear();
    present.clear();
    upkeep.clear();
    add([{ kind: 'start', at: now(), site, version }, mapEntry(monitor.plan(), now())]);
    record(monitor.verdicts());
  }

  const history = keepHistory(pastOf(folder, log), clock.now);
  begin();
  const unwatch = monitor.onChange(record);
  cancelBeat = clock.after(BEAT_MS, beat);
  look();

  return {
    recent: () => recent,
    history: history.entries,
    writeErrors: () => errors,
    forgetEvidence() {
      recent = recent.map(condensed);
    },
    refusal: () => refusal,
    restart() {
      add([{ kind: 'stop', at: now(), site }]);
      begin();
    },
    stop() {
      unwatch();
      cancelBeat();
      cancelLook();
      add([{ kind: 'stop', at: now(), site }]);
    },
  };
}

/** What earlier runs said. A journal that cannot be read is no reason not to watch. */
function pastOf(folder: string, log: JournalOptions['log']): JournalEntry[] {
  try {
    return readJournal(folder).entries;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    log('warn', 'the journal of earlier runs could not be read', { error: error.message });
    return [];
  }
}
