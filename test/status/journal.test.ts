// The journal on real files: what was said comes back, whatever happens to the process or the disk in between.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { type Journal, type JournalOptions, startJournal } from '../../status/journal.ts';
import type { JournalEntry, VerdictEntry } from '../../status/journal-entry.ts';
import { JOURNAL_FILE, PREVIOUS_FILE, readJournal } from '../../status/journal-file.ts';
import { type ManualClock, manualClock } from '../manual-clock.ts';
import { type FakeMonitor, fakeMonitor, SCENES } from './fake-monitor.ts';

interface Bench {
  folder: string;
  clock: ManualClock;
  monitor: FakeMonitor;
  journal: Journal;
  said: string[];
}

function bench(more: Partial<JournalOptions> = {}): Bench {
  const folder = more.folder ?? mkdtempSync(path.join(tmpdir(), 'demarc-journal-'));
  const clock = manualClock();
  const monitor = fakeMonitor(SCENES.healthy);
  const said: string[] = [];
  const log: JournalOptions['log'] = (level, message) => void said.push(`${level} ${message}`);
  const journal = startJournal({ folder, monitor, clock, version: '1.2.3', log, ...more });
  return { folder, clock, monitor, journal, said };
}

const fileOf = ({ folder }: Bench): string => path.join(folder, JOURNAL_FILE);

function verdictsIn(entries: readonly JournalEntry[], service: string): VerdictEntry[] {
  return entries.flatMap((entry) => (entry.kind === 'verdict' && entry.service === service ? [entry] : []));
}

const rowsIn = (folder: string, service: string): string[] =>
  verdictsIn(readJournal(folder).entries, service).map(({ row }) => row);

describe('what is written', () => {
  it('is every change of a verdict, once, with its evidence', async () => {
    const it = bench();
    it.monitor.show(SCENES.vendorDown);
    it.monitor.show(SCENES.vendorDown);
    await it.clock.pass(5_000);
    it.monitor.show(SCENES.healthy);
    it.journal.stop();
    const { entries, unreadable } = readJournal(it.folder);
    const blog = verdictsIn(entries, 'blog');
    expect(blog.map(({ row, party, vendor }) => [row, party, vendor])).toEqual([
      ['fine', 'none', null],
      ['edge_failing', 'vendor', 'cloudflare'],
      ['fine', 'none', null],
    ]);
    expect(blog[1]).toMatchObject({
      at: '2023-11-14T22:13:20.000Z',
      site: 'home',
      component: 'edge',
      since: '2026-03-05T02:10:30.000Z',
      headline: "blog is down, and it is Cloudflare's edge, not you.",
    });
    expect(blog[1]?.evidence).toContainEqual({
      signal: 'edge_answer',
      state: 'bad',
      text: 'The edge answered 503 with an error page of its own (520 class); stamp of the origin absent.',
    });
    expect(verdictsIn(entries, 'wiki')[1]?.concurrent.map(({ row }) => row)).toEqual(['origin_refused']);
    expect(rowsIn(it.folder, 'photos')).toEqual(['fine']);
    expect(unreadable).toBe(0);
  });

  it('begins with who leans on whom, and tells when somebody was looking', async () => {
    const it = bench();
    await it.clock.pass(130_000);
    it.journal.stop();
    const { entries } = readJournal(it.folder);
    expect(entries.map(({ kind }) => kind).filter((kind) => kind !== 'verdict')).toEqual([
      'start',
      'map',
      'alive',
      'alive',
      'stop',
    ]);
    const map = entries.find((entry) => entry.kind === 'map');
    expect(map?.services.find(({ name }) => name === 'photos')?.uses).toContainEqual({
      layer: 'endpoint',
      vendor: 'aws',
      component: 's3-us-east-1',
      vendorTitle: 'AWS',
      componentTitle: 'S3 us-east-1',
    });
    expect(entries.findLast((entry) => entry.kind === 'alive')?.since).toBe(entries[0]?.at);
  });

  it('is one JSON object a line, which people can read too', () => {
    const it = bench();
    it.monitor.show(SCENES.ownDown);
    const lines = readFileSync(fileOf(it), 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.at(-1)).toMatch(
      /^\{"kind":"verdict","at":"2023-11-14T22:13:20.000Z","site":"home","service":"photos","headline":"photos is down/,
    );
    it.journal.stop();
  });

  it('stays within its bound, and each file can be read alone', async () => {
    const maxBytes = 40_000;
    const it = bench({ maxBytes });
    for (let round = 0; round < 60; round += 1) {
      it.monitor.show(round % 2 === 0 ? SCENES.vendorDown : SCENES.healthy);
      await it.clock.pass(1_000);
    }
    it.journal.stop();
    for (const name of [JOURNAL_FILE, PREVIOUS_FILE])
      expect(statSync(path.join(it.folder, name)).size).toBeLessThanOrEqual(maxBytes);
    const fresh = mkdtempSync(path.join(tmpdir(), 'demarc-journal-'));
    writeFileSync(path.join(fresh, JOURNAL_FILE), readFileSync(fileOf(it)));
    const { entries } = readJournal(fresh);
    expect(entries[0]?.kind).toBe('map');
    for (const service of ['blog', 'wiki', 'photos', 'uplink']) expect(rowsIn(fresh, service)).not.toEqual([]);
    expect(rowsIn(it.folder, 'blog').at(-1)).toBe('fine');
  });

  it('does not turn a file over for its header alone', () => {
    const it = bench({ maxBytes: 10 });
    it.monitor.show(SCENES.vendorDown);
    it.monitor.show(SCENES.healthy);
    it.journal.stop();
    expect(rowsIn(it.folder, 'blog').at(-1)).toBe('fine');
  });
});

describe('what is read', () => {
  it('is nothing when there is no journal', () => {
    expect(readJournal(path.join(tmpdir(), 'demarc-nowhere'))).toEqual({ entries: [], unreadable: 0, files: [] });
  });

  it.each([2, 20, 200])('passes over a last line that lacks %i bytes, and never repairs it', (missing) => {
    const it = bench();
    it.monitor.show(SCENES.ownDown);
    truncateSync(fileOf(it), statSync(fileOf(it)).size - missing);
    expect(rowsIn(it.folder, 'photos')).toEqual(['fine']);
    expect(readJournal(it.folder).unreadable).toBe(1);
    const torn = readFileSync(fileOf(it), 'utf8');
    const after = bench({ folder: it.folder });
    after.monitor.show(SCENES.ownDown);
    expect(readFileSync(fileOf(it), 'utf8').startsWith(`${torn}\n{"kind":"start"`)).toBe(true);
    expect(rowsIn(it.folder, 'photos')).toEqual(['fine', 'fine', 'origin_refused']);
  });

  it('passes over what is no entry', () => {
    const it = bench();
    appendFileSync(fileOf(it), 'not JSON\n{"kind":"verdict"}\n\n[]\n\u0000\u0000\n');
    expect(readJournal(it.folder).unreadable).toBe(4);
    expect(rowsIn(it.folder, 'blog')).toEqual(['fine']);
  });
});

/** A disk that can be filled up. The first refused write still leaves half of itself, as real ones do. */
function fillableDisk() {
  const disk = { full: false };
  const append = (file: string, text: string): void => {
    appendFileSync(file, disk.full ? text.slice(0, text.length / 2) : text);
    if (disk.full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  return { disk, append };
}

describe('a full disk', () => {
  it('makes entries wait, is told once, and loses nothing', async () => {
    const { disk, append } = fillableDisk();
    const it = bench({ append });
    disk.full = true;
    it.monitor.show(SCENES.vendorDown);
    await it.clock.pass(30_000);
    it.monitor.show(SCENES.healthy);
    await it.clock.pass(300_000);
    expect(it.journal.writeErrors()).toBe(7);
    expect(it.said).toEqual(['warn the journal could not be written; its entries wait']);
    expect(rowsIn(it.folder, 'blog')).toEqual(['fine']);
    disk.full = false;
    await it.clock.pass(60_000);
    expect(it.said.at(-1)).toBe('info the journal is written again');
    expect(rowsIn(it.folder, 'blog')).toEqual(['fine', 'edge_failing', 'fine']);
    await it.clock.pass(60_000);
    const alive = readJournal(it.folder).entries.findLast((entry) => entry.kind === 'alive');
    expect(alive?.since).toBe('2023-11-14T22:13:20.000Z');
    it.journal.stop();
  });

  it('that lasts too long loses the oldest, and says so', async () => {
    const { disk, append } = fillableDisk();
    const it = bench({ append });
    disk.full = true;
    for (let round = 0; round < 600; round += 1) {
      it.monitor.show(round % 2 === 0 ? SCENES.vendorDown : SCENES.healthy);
    }
    disk.full = false;
    await it.clock.pass(60_000);
    const { entries } = readJournal(it.folder);
    const lost = entries.find((entry) => entry.kind === 'lost');
    expect(lost?.count).toBe(200);
    expect(verdictsIn(entries, 'photos').at(-1)?.row).toBe('fine');
    it.journal.stop();
  });

  it('is a folder that cannot be made, too', () => {
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'demarc-journal-')), 'taken');
    writeFileSync(file, '');
    const it = bench({ folder: file });
    expect(it.journal.writeErrors()).toBeGreaterThan(0);
    it.journal.stop();
  });
});

/** Changes its mind as fast as it can, numbering what it says. */
const WRITER = `
const { startJournal } = await import(${JSON.stringify(projectFile('dist/status/journal.js'))});
const { realClock } = await import(${JSON.stringify(projectFile('dist/exporters/clock.js'))});
const verdict = (n) => ({ site: 'home', service: 'blog', party: 'own', cause: String(n), vendor: null, component: null,
  row: 'row_' + n, code: 1, confidence: 'high', headline: 'x'.repeat(250), because: '', since: null, evidence: [],
  action: '', concurrent: [], masked: [] });
let tell;
const monitor = { plan: () => ({ site: 'home', services: [], vendors: new Map() }), verdicts: () => [verdict(0)],
  onChange(listener) { tell = listener; return () => {}; } };
startJournal({ folder: process.argv[1], monitor, clock: realClock, version: '1', log() {} });
let n = 0;
const go = () => { for (let i = 0; i < 20; i += 1) tell([verdict(++n)]); setImmediate(go); };
process.stdout.write('writing\\n');
go();
`;

describe('a process killed without warning', () => {
  it('leaves a journal of whole lines, twenty times', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'demarc-journal-'));
    for (let round = 1; round <= 20; round += 1) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, folder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      await pause(5 + round * 3);
      child.kill('SIGKILL');
      await once(child, 'close');
      const { entries, unreadable } = readJournal(folder);
      expect(unreadable).toBeLessThanOrEqual(round);
      expect(entries.filter(({ kind }) => kind === 'start').length).toBe(round);
    }
    const runs: number[][] = [];
    for (const entry of readJournal(folder).entries) {
      if (entry.kind === 'start') runs.push([]);
      else if (entry.kind === 'verdict') runs.at(-1)?.push(Number(entry.cause));
    }
    expect(runs).toHaveLength(20);
    for (const causes of runs) expect(causes).toEqual(causes.map((_, index) => index));
  });
});
