// `demarc report` as a person meets it: moments, formats, and what to do when there is no journal.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseMoment } from '../../cli/report.ts';
import { UserError } from '../../map/user-error.ts';
import { JOURNAL_FILE } from '../../status/journal-file.ts';
import { alive, leaning, said, started } from '../status/journal-lines.ts';
import { runDemarc } from './run-demarc.ts';

const STORY = [
  started(0),
  leaning(0, { blog: ['cloudflare'] }),
  said(0, 'blog', 'fine'),
  said(22, 'blog', 'edge_failing', { vendor: 'cloudflare', since: 20 }),
  said(30, 'blog', 'fine'),
  alive(0, 60),
];

function folderWithJournal(inside = 'state'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-report-'));
  mkdirSync(path.join(folder, inside), { recursive: true });
  const text = `${STORY.map((entry) => JSON.stringify(entry)).join('\n')}\n{"kind":"verd`;
  writeFileSync(path.join(folder, inside, JOURNAL_FILE), text);
  return folder;
}

const WINDOW = ['--from', '2026-03-05T00:00:00Z', '--to', '2026-03-05T01:00:00Z'];

describe('demarc report', () => {
  it('drafts a post-mortem as Markdown', async () => {
    const { code, stdout, stderr } = await runDemarc(['report', ...WINDOW], folderWithJournal());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^# What happened at home\n/);
    expect(stdout).toContain('| blog | 83.333 % | 10 min | 10 min | 1 | - |');
    expect(stdout).toContain('1 line of the journal could not be read.');
  });

  it('prints a page, and JSON with times people can read', async () => {
    const folder = folderWithJournal();
    const page = await runDemarc(['report', ...WINDOW, '--format', 'html'], folder);
    const json = await runDemarc(['report', ...WINDOW, '--format', 'json'], folder);
    expect(page.stdout).toMatch(/^<!doctype html>/);
    const report = JSON.parse(json.stdout);
    expect(report).toMatchObject({ site: 'home', unreadable: 1, from: '2026-03-05T00:00:00.000Z' });
    expect(report.events[0]).toMatchObject({ from: '2026-03-05T00:20:00.000Z', main: { row: 'edge_failing' } });
    expect(report.vendors[0]).toMatchObject({ vendor: 'cloudflare', downMs: 600_000 });
  });

  it('says where the journal begins when the window is older', async () => {
    const argv = ['report', '--from', '2026-03-04', '--to', '2026-03-05T01:00:00+00:00'];
    const { stderr } = await runDemarc(argv, folderWithJournal());
    expect(stderr).toBe('The journal begins at 2026-03-05T00:00:00.000Z: before that, there is no data.\n');
  });

  it.each([
    ['no journal', [], /^state\/journal\.jsonl: there is no journal, `demarc serve` keeps one there/],
    ['a word', ['--from', 'yesterday'], /^--from: yesterday is no moment, write 24h, 7d, 2026-03-05, or a time/],
    ['a time without its zone', ['--to', '2026-03-05T02:00'], /^--to: 2026-03-05T02:00 is no moment/],
    ['the wrong way round', ['--from', '1h', '--to', '2h'], /^--from: is not before --to, give the earlier one/],
    ['another format', ['--format', 'pdf'], /Allowed choices are markdown, html, json/],
  ])('%s ends with 2', async (_, argv, said) => {
    const { code, stderr } = await runDemarc(['report', ...argv], mkdtempSync(path.join(tmpdir(), 'demarc-report-')));
    expect(stderr).toMatch(said);
    expect(code).toBe(2);
  });

  it("points to the demo's journal when there is only that", async () => {
    const { code, stderr } = await runDemarc(['report'], folderWithJournal('state/demo'));
    expect([code, stderr]).toEqual([
      2,
      'state/journal.jsonl: there is no journal, the demo kept one: --state state/demo\n',
    ]);
  });

  it('has help with examples', async () => {
    expect((await runDemarc(['report', '--help'])).stdout).toMatch(/Examples:\n[\s\S]* {2}demarc report/);
  });
});

describe('a moment', () => {
  const now = Date.parse('2026-03-05T12:00:00Z');

  it.each([
    ['now', '2026-03-05T12:00:00.000Z'],
    ['90m', '2026-03-05T10:30:00.000Z'],
    ['24h', '2026-03-04T12:00:00.000Z'],
    ['7d', '2026-02-26T12:00:00.000Z'],
    ['2w', '2026-02-19T12:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01T10:00:00+02:00', '2026-03-01T08:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(new Date(parseMoment(text, '--from', now)).toISOString()).toBe(expected);
  });

  it.each(['', '24', 'h', '-1h', '1y', '2026-13-01', '2026-03-01T10:00:00'])('is not %j', (text) => {
    expect(() => parseMoment(text, '--from', now)).toThrow(UserError);
  });
});
