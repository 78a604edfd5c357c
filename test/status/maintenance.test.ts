// Maintenance as the page, the API, the journal and the report tell it: what failed is still said, and counts neither way.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { daysOf } from '../../status/days.ts';
import { startJournal } from '../../status/journal.ts';
import type { JournalEntry } from '../../status/journal-entry.ts';
import { readJournal } from '../../status/journal-file.ts';
import { keepMaintenance, type Maintenance } from '../../status/maintenance.ts';
import {
  type AdHoc,
  followWindows,
  MAINTENANCE_FILE,
  readWindows,
  writeWindows,
} from '../../status/maintenance-file.ts';
import { reportOf } from '../../status/report.ts';
import { documentOf } from '../../status/report-document.ts';
import { markdownOf } from '../../status/report-render.ts';
import { manualClock } from '../manual-clock.ts';
import { fakeMonitor, SCENES } from './fake-monitor.ts';
import { NOW } from './fake-scenes.ts';
import { alive, at, leaning, minute, said, started, upkeep } from './journal-lines.ts';
import { ask, statusServers } from './status-harness.ts';

const start = statusServers();
const MINUTE = 60_000;
const folderOf = (): string => mkdtempSync(path.join(tmpdir(), 'demarc-maintenance-'));

function maintenanceOf(byHand: readonly AdHoc[], now = () => NOW): Maintenance {
  return keepMaintenance({
    planned: () => [],
    byHand: () => byHand,
    services: () => ['blog', 'photos', 'uplink'],
    now,
  });
}

const PHOTOS: AdHoc = { service: 'photos', from: NOW - MINUTE, to: NOW + 60 * MINUTE, reason: 'new <b>disk</b>' };

describe('the windows that count', () => {
  it('are those open now; of two, the one that ends last', () => {
    const short = { ...PHOTOS, to: NOW + MINUTE, reason: 'short' };
    const over = { ...PHOTOS, service: 'blog', to: NOW };
    expect([...maintenanceOf([short, PHOTOS, over]).present().values()]).toEqual([{ ...PHOTOS, origin: 'hand' }]);
    expect(maintenanceOf([{ ...PHOTOS, service: 'nobody' }]).present().size).toBe(0);
    expect(maintenanceOf([{ ...PHOTOS, from: NOW + MINUTE }]).within(2 * MINUTE)).toHaveLength(1);
  });

  it('of the map are for all services when it names none', () => {
    const window = { reason: 'x', zone: 'UTC', start: '2026-03-05T02:00', duration: 30 * MINUTE };
    const sources = { byHand: () => [], services: () => ['blog', 'uplink'], now: () => NOW };
    const kept = keepMaintenance({ ...sources, planned: () => [window] });
    expect([...kept.present().keys()]).toEqual(['blog', 'uplink']);
    expect(keepMaintenance({ ...sources, planned: () => [{ ...window, services: ['blog'] }] }).present().size).toBe(1);
  });
});

describe('the file of windows opened by hand', () => {
  it('is read again when it was replaced, and only then', () => {
    const folder = folderOf();
    const warnings: string[] = [];
    const windows = followWindows(folder, (message) => void warnings.push(message));
    expect(windows()).toEqual([]);
    writeWindows(folder, [PHOTOS]);
    expect(windows()).toEqual([PHOTOS]);
    expect(windows()).toBe(windows());
    writeFileSync(path.join(folder, MAINTENANCE_FILE), '{"version":1,"windows":[{"service":"x"');
    expect(windows()).toEqual([]);
    expect(windows()).toEqual([]);
    expect(warnings).toHaveLength(1);
    writeWindows(folder, []);
    expect(readWindows(folder)).toEqual([]);
  });

  it.each([
    ['without an end', { ...PHOTOS, to: undefined }],
    ['that never ends', { ...PHOTOS, to: NOW + 10 ** 12 }],
    ['that ends before it begins', { ...PHOTOS, to: PHOTOS.from }],
    ['with a reason that hides text', { ...PHOTOS, reason: 'a\u202eb' }],
  ])('holds no window %s', (_, window) => {
    const folder = folderOf();
    writeFileSync(path.join(folder, MAINTENANCE_FILE), JSON.stringify({ version: 1, windows: [window] }));
    expect(() => readWindows(folder)).toThrow(SyntaxError);
  });
});

describe('on the page', () => {
  const inMaintenance = () => start(SCENES.ownDown, { maintenance: maintenanceOf([PHOTOS]) });

  it('the verdict stays, and is marked', async () => {
    const { server } = await inMaintenance();
    const { body } = await ask(server, '/');
    expect(body).toContain('<h1>photos is down, and it is your own origin process.</h1>');
    expect(body).toMatch(/in maintenance until <time class="clock" datetime="2026-03-05T03:14:30.000Z">/);
    expect(body).toContain('new &lt;b&gt;disk&lt;/b&gt;');
    expect((await ask(server, '/service/photos')).body).toContain('in maintenance until');
    expect((await ask(server, '/badge/photos.svg')).body).toContain('photos: in maintenance');
    expect((await ask(server, '/badge/blog.svg')).body).toContain('blog: all fine');
    const { server: quiet } = await start(SCENES.ownDown);
    expect((await ask(quiet, '/')).body).not.toContain('aintenance');
  });

  it('strangers are told until when, and no reason', async () => {
    const publicView = () => ({ title: 'Status', services: { photos: 'Pictures', blog: 'The Blog' } });
    const { server } = await start(SCENES.ownDown, { maintenance: maintenanceOf([PHOTOS]), publicView });
    const { body } = await ask(server, '/public/');
    expect(body).toContain('<h1>Pictures: in maintenance.</h1>');
    expect(body).toContain('maintenance until <time class="clock" datetime="2026-03-05T03:14:30.000Z">');
    expect(body).not.toContain('disk');
  });

  it('machines are told too', async () => {
    const { server } = await inMaintenance();
    const mark = { until: '2026-03-05T03:14:30.000Z', reason: PHOTOS.reason };
    expect(JSON.parse((await ask(server, '/api/v1/verdicts/photos')).body).maintenance).toEqual(mark);
    const { verdicts } = JSON.parse((await ask(server, '/api/v1/verdicts')).body);
    expect(verdicts.filter((verdict: object) => 'maintenance' in verdict)).toHaveLength(1);
    expect(JSON.parse((await ask(server, '/api/v1/maintenance')).body).windows).toEqual([
      { service: 'photos', from: '2026-03-05T02:13:30.000Z', to: mark.until, reason: PHOTOS.reason, origin: 'hand' },
    ]);
  });
});

describe('in the journal', () => {
  it('a window is opened, moved and closed once each', async () => {
    const folder = folderOf();
    const clock = manualClock();
    let byHand: AdHoc[] = [];
    const maintenance = maintenanceOf([], clock.now);
    const sources = { planned: () => [], services: () => ['blog'], now: clock.now };
    const kept = keepMaintenance({ ...sources, byHand: () => byHand });
    expect(maintenance.present().size).toBe(0);
    const journal = startJournal({
      folder,
      clock,
      version: '1',
      monitor: fakeMonitor(SCENES.healthy),
      log: () => undefined,
      maintenance: kept,
    });
    await clock.pass(5_000);
    byHand = [{ service: 'blog', from: clock.now(), to: clock.now() + 10 * MINUTE, reason: 'disk' }];
    await clock.pass(5_000);
    byHand = byHand.map((window) => ({ ...window, to: window.to + MINUTE }));
    await clock.pass(5_000);
    byHand = [];
    await clock.pass(5_000);
    journal.stop();
    const entries = readJournal(folder).entries.filter((entry) => entry.kind === 'maintenance');
    expect(entries.map((entry) => (entry.kind === 'maintenance' ? [entry.until, entry.reason] : []))).toEqual([
      ['2023-11-14T22:23:25.000Z', 'disk'],
      ['2023-11-14T22:24:25.000Z', 'disk'],
      [null, ''],
    ]);
    expect(readFileSync(path.join(folder, 'journal.jsonl'), 'utf8')).toContain('"kind":"maintenance"');
  });
});

/** An hour: ten minutes of maintenance with a failure that begins before and ends after it. */
const HOUR: readonly JournalEntry[] = [
  started(0),
  leaning(0, { blog: ['cloudflare'] }),
  said(0, 'blog', 'fine'),
  said(19, 'blog', 'origin_refused', { since: 18 }),
  upkeep(20, 'blog', 40, 'new disk'),
  upkeep(30, 'blog', null),
  said(35, 'blog', 'fine'),
  alive(0, 60),
];

describe('in the report', () => {
  const report = reportOf(HOUR, { from: minute(0), to: minute(60) });
  const [blog] = report.services;

  it('counts neither up nor down, and blames nobody', () => {
    expect([blog?.upMs, blog?.downMs, blog?.maintenanceMs, blog?.noDataMs]).toEqual(
      [43, 7, 10, 0].map((n) => n * MINUTE),
    );
    expect(blog?.byParty).toEqual({ own: 7 * MINUTE });
    expect(blog?.availability).toBeCloseTo(43 / 50);
    expect(report.vendors[0]?.measuredMs).toBe(43 * MINUTE);
    expect(daysOf(HOUR, minute(60)).get('blog')?.at(-1)).toMatchObject({
      maintenanceMs: 10 * MINUTE,
      downMs: 7 * MINUTE,
    });
  });

  it('tells what was announced and what failed in it', () => {
    expect(report.upkeep).toEqual([
      { service: 'blog', from: minute(20), to: minute(30), reason: 'new disk', failedMs: 10 * MINUTE },
    ]);
    const text = markdownOf(documentOf(report));
    expect(text).toContain('## Maintenance');
    expect(text).toContain(
      'blog: 2026-03-05 00:20:00 to 2026-03-05 00:30:00, 10 min; it failed for 10 min of them. new disk',
    );
    expect(text).toContain('| Incidents | Maintenance | No data |');
  });

  it('is no incident when it failed within its window only', () => {
    const story = [
      started(0),
      said(0, 'blog', 'fine'),
      upkeep(10, 'blog', 30, 'x'),
      said(12, 'blog', 'origin_refused', { since: 12 }),
      said(20, 'blog', 'fine'),
      alive(0, 60),
    ];
    const quiet = reportOf(story, { from: minute(0), to: minute(60) });
    expect(quiet.events).toEqual([]);
    expect(quiet.services[0]).toMatchObject({ incidents: 0, downMs: 0, availability: 1, maintenanceMs: 20 * MINUTE });
    expect(quiet.upkeep[0]?.failedMs).toBe(8 * MINUTE);
  });

  it('ends when it was announced to, if nobody was there to see', () => {
    const story = [
      started(0),
      said(0, 'blog', 'fine'),
      upkeep(10, 'blog', 20, 'x'),
      alive(0, 12),
      started(30),
      said(30, 'blog', 'fine'),
      alive(30, 60),
    ];
    expect(reportOf(story, { from: minute(0), to: minute(60) }).services[0]).toMatchObject({
      maintenanceMs: 2 * MINUTE,
      noDataMs: 18 * MINUTE,
    });
    expect(at(0)).toBe('2026-03-05T00:00:00.000Z');
  });
});
