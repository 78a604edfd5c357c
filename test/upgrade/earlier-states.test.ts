// What an earlier demarc wrote, the present one reads: state folders as `serve` of two older versions left them, after a
// failure, a kill and a restart against the lab. Nothing in them may be lost, renamed or read as something else.
// A change that breaks this needs a way to read the old form, not a new recording.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RECORDS } from '../../alerts/records.ts';
import { ruleGroups } from '../../alerts/rules.ts';
import { projectFile } from '../../catalog/root.ts';
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import { loadMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { freePort, run } from '../../replay/process.ts';
import { createSignalEngine } from '../../signals/engine.ts';
import { fileMemory } from '../../signals/memory.ts';
import { daysOf } from '../../status/days.ts';
import { keepHistory } from '../../status/history.ts';
import { readJournal } from '../../status/journal-file.ts';
import { keepMaintenance } from '../../status/maintenance.ts';
import { readWindows } from '../../status/maintenance-file.ts';
import { TABLE } from '../../verdict/table.ts';
import { MAIN, runDemarc } from '../cli/run-demarc.ts';

const STATES = projectFile('test/upgrade/states');

/** By commit: when the state was left. */
const LEFT = {
  /** The first with a journal; it asked no registries and knew no maintenance. */
  c941091: Date.parse('2026-11-22T03:34:30Z'),
  e04663f: Date.parse('2026-11-22T03:37:21Z'),
} as const;

type Version = keyof typeof LEFT;
const VERSIONS = Object.keys(LEFT) as Version[];

/** Without a registry asked or a window opened by hand these would prove little. */
const KEPT_BY_THE_SECOND = [
  'registration/home.test',
  'registration/market.test',
  'status/aws',
  'status/cloudflare',
  'status/fastly',
];

const textOf = (version: Version, file: string): string => readFileSync(path.join(STATES, version, file), 'utf8');
const jsonOf = (version: Version, file: string) => JSON.parse(textOf(version, file));

/** A copy, since a start writes into it. */
function copyOf(version: Version): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-upgrade-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(path.join(STATES, version), folder, { recursive: true });
  return folder;
}

const planFor = (version: Version) => planOf(loadMap(path.join(STATES, version, 'demarc.yaml')), NOTHING_KNOWN);

describe.each(VERSIONS)('the state of %s', (version) => {
  const now = LEFT[version];
  const folder = path.join(STATES, version);

  it('has a journal of which every line is read as it was written', () => {
    const lines = textOf(version, 'journal.jsonl').trimEnd().split('\n');
    const { entries, unreadable } = readJournal(folder);
    expect(unreadable).toBe(0);
    expect(entries).toEqual(lines.map((line) => JSON.parse(line)));
    expect(lines.length).toBeGreaterThan(30);
  });

  it('has a past that the page shows', () => {
    const { entries } = readJournal(folder);
    const day = daysOf(keepHistory(entries, () => now).entries(), now)
      .get('blog')
      ?.at(-1);
    expect(day).toMatchObject({ name: '2026-11-22' });
    expect(Object.keys(day?.byParty ?? {})).toEqual(expect.arrayContaining(['own', 'vendor']));
    expect(day?.upMs).toBeGreaterThan(60_000);
  });

  it('has a memory that is read whole, and known again by the targets of the present plan', () => {
    const written = jsonOf(version, 'state.json');
    const warnings: string[] = [];
    const memory = fileMemory(
      folder,
      () => now,
      (message) => void warnings.push(message),
    ).load();
    expect(memory).toEqual({ lastOk: written.lastOk, results: written.results ?? [] });
    expect(warnings).toEqual([]);

    const plan = planFor(version);
    const targets = new Set(plan.targets.map(({ id }) => id));
    const forgotten = Object.keys(memory.lastOk).filter((key) => !targets.has(key.slice(0, key.lastIndexOf('#'))));
    expect(forgotten).toEqual([]);

    const engine = createSignalEngine({ plan, timing: DEFAULT_TIMING, now: () => now, memory });
    const kept = memory.results.map(({ target }) => target).sort();
    expect(kept).toEqual(version === 'e04663f' ? KEPT_BY_THE_SECOND : []);
    for (const { target, good } of memory.results) expect(engine.lastGood(target)).toEqual(good);
    expect(engine.memory()).toEqual(memory);
  });

  it('speaks of rows and records that still mean the same, in the journal and in the database of Prometheus', () => {
    const { rows, records } = jsonOf(version, 'recorded.json') as { rows: Record<string, number>; records: string[] };
    expect(Object.fromEntries(TABLE.map(({ id, code }) => [id, code]))).toMatchObject(rows);
    const present = ruleGroups().flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? rule.record : [])));
    expect(records).toContain(RECORDS.code);
    expect(records.filter((record) => !present.includes(record))).toEqual([]);
  });

  it('is reported on', async () => {
    const window = ['--from', '2026-11-22T03:30:00Z', '--to', '2026-11-22T03:40:00Z'];
    const { code, stdout } = await runDemarc(['report', '--state', folder, ...window, '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ site: 'lab', unreadable: 0 });
    const parties = report.events.map(({ main }: { main: { party: string } }) => main.party);
    expect(parties).toEqual(expect.arrayContaining(['own', 'vendor']));
  });

  it('is taken over by a start: what was there stays, what comes is added', async () => {
    const state = copyOf(version);
    const before = jsonOf(version, 'state.json');
    const listen = `127.0.0.1:${await freePort()}`;
    const argv = [MAIN, 'serve', '--map', path.join(state, 'demarc.yaml'), '--state', state, '--listen', listen];
    const demarc = await run(process.execPath, argv, `http://${listen}`, '/-/healthy');
    await demarc.stop();

    expect(readdirSync(state).filter((name) => name.endsWith('.broken'))).toEqual([]);
    const journal = readFileSync(path.join(state, 'journal.jsonl'), 'utf8');
    expect(journal.startsWith(textOf(version, 'journal.jsonl'))).toBe(true);
    expect(readJournal(state)).toMatchObject({ unreadable: 0 });
    expect(readJournal(state).entries.filter(({ kind }) => kind === 'start')).toHaveLength(3);
    const after = JSON.parse(readFileSync(path.join(state, 'state.json'), 'utf8'));
    // A host that refuses is there, so some were seen again.
    const older = Object.entries<number>(before.lastOk).filter(([key, at]) => !((after.lastOk[key] ?? 0) >= at));
    expect(older).toEqual([]);
    const goods = (results: { target: string; good: object }[] = []) =>
      Object.fromEntries(results.map(({ target, good }) => [target, good]));
    expect(goods(after.results)).toMatchObject(goods(before.results));
  });
});

it('keeps a window that an earlier version opened', () => {
  const [window] = readWindows(path.join(STATES, 'e04663f'));
  expect(window).toMatchObject({ service: 'shop', reason: 'new disks' });
  const maintenance = keepMaintenance({
    planned: () => [],
    byHand: () => readWindows(path.join(STATES, 'e04663f')),
    services: () => planFor('e04663f').services.map(({ name }) => name),
    now: () => LEFT.e04663f,
  });
  expect([...maintenance.present().keys()]).toEqual(['shop']);
});
