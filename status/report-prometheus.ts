// What a Prometheus adds to the report: when the first alert fired, and when the vendor's own status page said so.
// It never changes whose minutes they were: that is the journal's.
import { z } from 'zod';
import { UserError } from '../map/user-error.ts';
import type { Event, Report } from './report.ts';

export interface Seen {
  /** From the first bad answer to the first firing alert about any of the services; null if none fired. */
  alertedMs: number | null;
  /** unread: no reading of the page is kept. silent: it said nothing while it lasted. */
  status: 'unread' | 'silent' | 'said';
  /** From the first bad answer to the first reading that admits it; null unless `said`. Negative when it was first. */
  statusLagMs: number | null;
}

/** Gives the body of an answer; throws what a person can be told. */
export type AskPrometheus = (path: string) => Promise<unknown>;

const MOST_EVENTS = 50;
/** Alerts and status pages come after the failure; beyond this they speak of something else. */
const AFTERWARDS_MS = 30 * 60_000;
const MOST_POINTS = 1_000;
const SHORTEST_STEP_MS = 15_000;

const Matrix = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ values: z.array(z.tuple([z.number(), z.string()])) })),
  }),
});

/** Samples over the event and a while after it, by time. */
async function samplesOf(
  ask: AskPrometheus,
  query: string,
  { from, to }: Event,
): Promise<{ at: number; value: number }[]> {
  const end = to + AFTERWARDS_MS;
  const step = Math.max(SHORTEST_STEP_MS, Math.ceil((end - from) / MOST_POINTS));
  const parameters = { query, start: String(from / 1000), end: String(end / 1000), step: String(step / 1000) };
  const answer = Matrix.safeParse(await ask(`/api/v1/query_range?${new URLSearchParams(parameters)}`));
  if (!answer.success) {
    const hint = 'give its address, such as http://127.0.0.1:9090';
    throw new UserError([{ place: '--prometheus', what: 'does not answer as a Prometheus does', hint }]);
  }
  return answer.data.data.result
    .flatMap(({ values }) => values.map(([seconds, value]) => ({ at: seconds * 1000, value: Number(value) })))
    .sort((a, b) => a.at - b.at);
}

/** Names come from the journal, hence from anybody: in a selector they are quoted, in an expression escaped. */
function isOneOf(names: readonly string[]): string {
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `=~${JSON.stringify(escaped.join('|'))}`;
}

async function seenOf(event: Event, site: string, ask: AskPrometheus): Promise<Seen> {
  const services = [...new Set(event.incidents.map(({ service }) => service))];
  const about = `site=${JSON.stringify(site)}, service${isOneOf(services)}`;
  const alerts = await samplesOf(ask, `max(ALERTS{alertstate="firing", alertname=~"Demarc.+", ${about}})`, event);
  const alertedMs = alerts[0] === undefined ? null : alerts[0].at - event.from;
  const { vendor } = event.main;
  if (vendor === null) return { alertedMs, status: 'unread', statusLagMs: null };
  const readings = await samplesOf(ask, `max(demarc_vendor_status{vendor${isOneOf([vendor])}})`, event);
  // 1 is announced maintenance, which admits nothing.
  const admitted = readings.find(({ value }) => value >= 2);
  if (admitted !== undefined) return { alertedMs, status: 'said', statusLagMs: admitted.at - event.from };
  return { alertedMs, status: readings.length === 0 ? 'unread' : 'silent', statusLagMs: null };
}

/** The report with what Prometheus saw of its events, the oldest 50 of them. One question at a time. */
export async function enriched(report: Report, ask: AskPrometheus): Promise<Report> {
  const events: Event[] = [];
  for (const [index, event] of report.events.entries())
    events.push(index < MOST_EVENTS ? { ...event, seen: await seenOf(event, report.site, ask) } : event);
  return { ...report, events };
}
