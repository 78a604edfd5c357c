// What a vendor's own status page says, as the page and the terminal put it.
import type { FeedState } from '../exporters/status/facts.ts';
import type { PageSaying } from '../verdict/vendor-verdict.ts';
import { durationText, parseTime } from './time-text.ts';

const WORDS: Readonly<Record<FeedState, string>> = {
  operational: 'operational',
  maintenance: 'maintenance',
  degraded: 'degraded',
  partial: 'partial outage',
  major: 'major outage',
};

/** `Its status page says major outage. It first told of trouble 23 min after the first failure here.` */
export function pageSayingText({ state, troubleSince, admittedAt }: PageSaying, now: number): string {
  const says = `Its status page says ${WORDS[state]}.`;
  const since = parseTime(troubleSince);
  if (since === null) return says;
  const admitted = parseTime(admittedAt);
  if (admitted === null)
    return `${says} It has told of no trouble since the first failure here, ${durationText(now - since)} ago.`;
  const [ms, order] = admitted < since ? [since - admitted, 'before'] : [admitted - since, 'after'];
  return `${says} It first told of trouble ${durationText(ms)} ${order} the first failure here.`;
}
