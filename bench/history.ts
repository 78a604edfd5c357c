// A month of many services' past, grown from the series of one real lab: every service of the lab is copied under new names,
// and every copy has failures of its own. What the month's questions read is kept by the minute, the rest for the last hours.
import type { Series } from '../dashboards/preview-ask.ts';
import { type PastSeries, writePast } from './remote-write.ts';

export interface HistoryOptions {
  /** Copies of each service of the lab. */
  copies: number;
  /** How long the kept minutes reach back, and how long everything else. Seconds. */
  longS: number;
  shortS: number;
  /** Names of the series that are kept by the minute. */
  long: ReadonlySet<string>;
}

const MINUTE_S = 60;

/** Everything else is scraped more often; this is often enough for the cost of a query of hours. */
const SHORT_STEP_S = 15;

/** Sent at once: an hour of all series, in so many requests. */
const HOUR_S = 3_600;
const PER_REQUEST = 500;

type Labels = Readonly<Record<string, string>>;

/** The series of each copy of a service; a series of no service is there once. */
function copied(labels: Labels, copies: number): Labels[] {
  const { service } = labels;
  if (service === undefined || service === 'uplink') return [labels];
  return Array.from({ length: copies }, (_, copy) => {
    const renamed = Object.entries(labels).map(([name, value]) => [
      name,
      value.replaceAll(service, `${service}${copy}`),
    ]);
    return Object.fromEntries(renamed) as Labels;
  });
}

/** Mostly as it was, a little noise where it is a measurement, so that chunks are no smaller than real ones. */
function valueAt(base: number, at: number, index: number): number {
  if (Number.isInteger(base)) return base;
  return base * (1 + 0.1 * Math.sin(at / 97 + index));
}

/** Series from `from` to `to`, Unix seconds. */
function pastOf(
  series: readonly Labels[],
  values: readonly number[],
  from: number,
  to: number,
  stepS: number,
): PastSeries[] {
  const times: number[] = [];
  for (let at = from; at < to; at += stepS) times.push(at);
  return series.map((labels, index) => ({
    labels,
    samples: times.map((at) => [at * 1_000, valueAt(values[index] ?? 0, at, index)] as const),
  }));
}

/** Fills a Prometheus up to `now`, Unix seconds; gives how many samples it got. */
export async function writeHistory(
  prometheus: string,
  seen: readonly Series[],
  now: number,
  { copies, longS, shortS, long }: HistoryOptions,
  tell: (line: string) => void,
): Promise<{ series: number; samples: number }> {
  const grown = seen.flatMap(({ labels, points }) =>
    copied(labels, copies).map((copy) => ({ labels: copy, value: points.at(-1)?.[1] ?? 0 })),
  );
  const kept = grown.filter(({ labels }) => long.has(labels.__name__ ?? ''));
  const rest = grown.filter((one) => !kept.includes(one));
  let samples = 0;
  const send = async (group: typeof grown, from: number, to: number, stepS: number): Promise<void> => {
    for (let start = 0; start < group.length; start += PER_REQUEST) {
      const part = group.slice(start, start + PER_REQUEST);
      const past = pastOf(
        part.map(({ labels }) => labels),
        part.map(({ value }) => value),
        from,
        to,
        stepS,
      );
      samples += past.reduce((sum, one) => sum + one.samples.length, 0);
      await writePast(prometheus, past);
    }
  };
  for (let from = now - longS; from < now; from += HOUR_S) {
    const to = Math.min(from + HOUR_S, now);
    await send(kept, from, to, MINUTE_S);
    if (from >= now - shortS) await send(rest, from, to, SHORT_STEP_S);
    if (Math.round((now - from) / HOUR_S) % 72 === 0) tell(`${Math.round((now - from) / 86_400)} days to go`);
  }
  return { series: grown.length, samples };
}
