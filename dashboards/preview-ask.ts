// Asks a Prometheus what Grafana would ask it: variables filled in, at one instant or over the time shown.
import { z } from 'zod';
import type { Target } from './preview-model.ts';

/** What is chosen at the top of a dashboard. Several services or vendors are a regular expression. */
export interface Chosen {
  site: string;
  service: string;
  vendor: string;
  slo: string;
  /** Unix seconds. */
  from: number;
  to: number;
  /** Between two points of a graph, at least. */
  stepS: number;
}

export interface Series {
  labels: Readonly<Record<string, string>>;
  /** Unix seconds and value, in order of time; one point for an instant. */
  points: readonly (readonly [at: number, value: number])[];
}

export const EVERYTHING = '.+';

/** As the provisioned data source tells Grafana. */
const SCRAPE_S = 5;

const Point = z.tuple([z.number(), z.string()]);

const Answer = z.object({
  data: z.object({
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        value: Point.optional(),
        values: z.array(Point).optional(),
      }),
    ),
  }),
});

/** The variables of Grafana and of our dashboards, as Grafana fills them in. */
export function substituted(expr: string, { site, service, vendor, slo, from, to, stepS }: Chosen): string {
  const values: Readonly<Record<string, string>> = {
    __rate_interval: `${Math.max(stepS + SCRAPE_S, 4 * SCRAPE_S)}s`,
    __interval: `${stepS}s`,
    __range: `${Math.round(to - from)}s`,
    site,
    service,
    vendor,
    slo,
  };
  return expr.replaceAll(/\$(__rate_interval|__interval|__range|site|service|vendor|slo)\b/g, (_, name: string) => {
    return values[name] ?? '';
  });
}

async function get(url: URL, limitMs: number): Promise<Series[]> {
  const body = url.searchParams;
  const response = await fetch(new URL(url.pathname, url), {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(limitMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} for ${body.get('query')}: ${text.slice(0, 500)}`);
  return Answer.parse(JSON.parse(text)).data.result.map(({ metric, value, values }) => ({
    labels: metric,
    points: (values ?? (value === undefined ? [] : [value])).map(([at, number]) => [at, Number(number)] as const),
  }));
}

const LIMIT_MS = 30_000;

/** At the end of the time shown. Throws when Prometheus refuses the query. */
export function askNow(prometheus: string, expr: string, chosen: Chosen): Promise<Series[]> {
  const url = new URL('/api/v1/query', prometheus);
  url.searchParams.set('query', substituted(expr, chosen));
  url.searchParams.set('time', String(chosen.to));
  return get(url, LIMIT_MS);
}

/** At every step of the time shown, which begins at a whole step as Grafana's does. */
export function askOverTime(prometheus: string, expr: string, chosen: Chosen): Promise<Series[]> {
  const url = new URL('/api/v1/query_range', prometheus);
  url.searchParams.set('query', substituted(expr, chosen));
  url.searchParams.set('start', String(Math.floor(chosen.from / chosen.stepS) * chosen.stepS));
  url.searchParams.set('end', String(chosen.to));
  url.searchParams.set('step', String(chosen.stepS));
  return get(url, LIMIT_MS);
}

export function ask(prometheus: string, target: Target, chosen: Chosen): Promise<Series[]> {
  return (target.instant === true ? askNow : askOverTime)(prometheus, target.expr, chosen);
}
