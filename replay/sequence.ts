// Whether two engines said the same things in the same order. What passes within an evaluation may be missed by either.
import { isSpoken, type Moment } from './result.ts';

/** A scrape and an evaluation, twice: what lasts that long must have been seen by everybody. */
export const MUST_BE_SEEN_MS = 20_000;

/** On the way to a verdict or from it: how long it lasts depends on the phase of the probes, which two plays do not share. */
export const PASSING: readonly string[] = [
  'confirming',
  'recovering',
  'uplink_unproven',
  'unexplained',
  'no_result',
  // Until the registry has been asked why, and it is asked gently.
  'delegation_removed',
  'delegation_changed',
];

interface Stretch {
  row: string;
  lastedMs: number;
}

/** What was said about a service, one after the other. What is passed over parts nothing, nor does silence, and its time is nobody's. */
function stretchesOf(
  timeline: readonly Moment[],
  service: string,
  endMs: number,
  passedOver: readonly string[],
): Stretch[] {
  const own = timeline.filter((moment) => moment.service === service && moment.at < endMs);
  const stretches: Stretch[] = [];
  for (const [index, moment] of own.entries()) {
    if (passedOver.includes(moment.verdict.row) || !isSpoken(moment)) continue;
    const lastedMs = (own[index + 1]?.at ?? endMs) - moment.at;
    const { row } = moment.verdict;
    const last = stretches.at(-1);
    if (last?.row === row) last.lastedMs += lastedMs;
    else stretches.push({ row, lastedMs });
  }
  return stretches;
}

/** The first of these rows that do not come, in this order, among the others; null when all do. */
function missing(rows: readonly string[], among: readonly string[]): string | null {
  let place = 0;
  for (const row of rows) {
    const found = among.indexOf(row, place);
    if (found === -1) return row;
    place = found;
  }
  return null;
}

/**
 * What one of them said for long and the other never did, or in another order; empty when they agree. `passedOver`: rows that
 * they need not have in common.
 */
export function disagreements(
  a: readonly Moment[],
  b: readonly Moment[],
  endMs: number,
  passedOver: readonly string[] = [],
): string[] {
  const services = [...new Set([...a, ...b].map(({ service }) => service))];
  return services.flatMap((service) => {
    const [ours, theirs] = [a, b].map((said) => stretchesOf(said, service, endMs, passedOver)) as [
      Stretch[],
      Stretch[],
    ];
    const lasting = (all: readonly Stretch[]): string[] =>
      all.filter(({ lastedMs }) => lastedMs >= MUST_BE_SEEN_MS).map(({ row }) => row);
    const rows = (all: readonly Stretch[]): string[] => all.map(({ row }) => row);
    const lost = missing(lasting(ours), rows(theirs)) ?? missing(lasting(theirs), rows(ours));
    return lost === null ? [] : [`${service}: ${lost}; ${rows(ours).join(' ')} / ${rows(theirs).join(' ')}`];
  });
}
