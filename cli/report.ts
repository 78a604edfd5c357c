// `demarc report`: a post-mortem draft and a vendor scorecard out of the journal, for a stretch of time.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../map/user-error.ts';
import { JOURNAL_FILE, readJournal } from '../status/journal-file.ts';
import { type Report, reportOf } from '../status/report.ts';
import { documentOf } from '../status/report-document.ts';
import { type AskPrometheus, enriched } from '../status/report-prometheus.ts';
import { htmlOf, markdownOf } from '../status/report-render.ts';
import type { Window } from '../status/report-spans.ts';
import { withProgress } from './progress.ts';
import { EXIT, print, tell } from './terminal.ts';

export interface ReportOptions {
  from: string;
  to: string;
  state: string;
  format: 'markdown' | 'html' | 'json';
  json?: boolean;
  prometheus?: string;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

const RFC_3339 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/i;

/** Unix ms of `now`, `24h` (ago), `2026-03-05` (its start, UTC) or an RFC 3339 time. Throws {@link UserError}. */
export function parseMoment(text: string, place: string, now: number): number {
  if (text === 'now') return now;
  const ago = /^(\d{1,5})([mhdw])$/.exec(text);
  if (ago !== null) return now - Number(ago[1]) * (UNIT_MS[ago[2] ?? ''] ?? 0);
  const ms = RFC_3339.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  const hint = 'write 24h, 7d, 2026-03-05, or a time with its zone such as 2026-03-05T02:00:00Z';
  throw new UserError([{ place, what: `${text} is no moment`, hint }]);
}

function windowOf({ from, to }: ReportOptions, now: number): Window {
  const window = { from: parseMoment(from, '--from', now), to: Math.min(parseMoment(to, '--to', now), now) };
  if (window.from < window.to) return window;
  throw new UserError([{ place: '--from', what: 'is not before --to', hint: 'give the earlier one with --from' }]);
}

function nothingThere(state: string): UserError {
  const demo = path.join(state, 'demo');
  const hint = existsSync(path.join(demo, JOURNAL_FILE))
    ? `the demo kept one: --state ${demo}`
    : '`demarc serve` keeps one there; give its folder with --state';
  return new UserError([{ place: path.join(state, JOURNAL_FILE), what: 'there is no journal', hint }]);
}

/** For programs: times as RFC 3339, durations in whole seconds, and none of the texts twice. */
function jsonOf(report: Report): string {
  const plain = (key: string, value: unknown): unknown => {
    if (typeof value !== 'number') return value;
    if (key === 'from' || key === 'to') return new Date(value).toISOString();
    return key.endsWith('Ms') ? Math.round(value) : value;
  };
  return JSON.stringify(report, plain, 2);
}

const PATIENCE_MS = 10_000;

/** Asks a Prometheus; every way it can fail is the operator's to mend. */
function askerOf(url: string): AskPrometheus {
  const failed = (what: string): UserError =>
    new UserError([{ place: '--prometheus', what, hint: 'give its address, such as http://127.0.0.1:9090' }]);
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) throw failed(`${url} is no http:// URL`);
  return async (path) => {
    const where = `${url.replace(/\/$/, '')}${path}`;
    try {
      const answer = await fetch(where, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
      if (!answer.ok) throw failed(`${url} answered ${answer.status}`);
      return await answer.json();
    } catch (error) {
      if (error instanceof UserError) throw error;
      // Whatever fetch throws is the network's, or an answer that is no JSON.
      throw failed(`${url} does not answer as a Prometheus does`);
    }
  };
}

export async function report(options: ReportOptions, now = Date.now()): Promise<number> {
  const window = windowOf(options, now);
  const { entries, unreadable, files } = readJournal(options.state);
  if (files.length === 0) throw nothingThere(options.state);
  const first = entries[0];
  if (first !== undefined && Date.parse(first.at) > window.from)
    tell(`The journal begins at ${first.at}: before that, there is no data.`);
  const known = reportOf(entries, window, unreadable);
  const found =
    options.prometheus === undefined
      ? known
      : await withProgress('asking Prometheus', enriched(known, askerOf(options.prometheus)));
  if (options.json === true || options.format === 'json') print(jsonOf(found));
  else process.stdout.write(options.format === 'html' ? htmlOf(documentOf(found)) : markdownOf(documentOf(found)));
  return EXIT.fine;
}
