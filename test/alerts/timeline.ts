// Writes what an exporter shows over time, for tests of alerts: one service at one site, one value every five seconds.

import { expect } from 'vitest';
import { LAYERS } from '../../catalog/layers.ts';
import { signalMetric } from '../../catalog/metrics.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import { SIGNAL_NAMES, signalFact } from '../../catalog/signals.ts';
import { type Evaluated, type ExpressionTest, type Series, testRules } from '../../replay/agreement/promtool.ts';
import { SERVICE } from '../../replay/agreement/states.ts';
import type { States } from '../../signals/signal.ts';
import { decide } from '../../verdict/decide.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';

/** What the exporter shows for so many scrapes; `lost` is a failed scrape, at which Prometheus ends every series. */
export type Stretch = readonly [states: States | 'lost', scrapes: number];

export const VENDOR = 'acme';

/** Labels which `demarc_row_info` gives a verdict; an empty one does not exist. */
export function rowLabels(row: Row): Record<string, string> {
  const { id, party, cause, confidence } = row;
  const layer = row.layer === null ? {} : { layer: row.layer };
  return { row: id, party, owner: OWNER_OF_PARTY[party], cause, confidence, ...layer };
}

export function series(metric: string, labels: Record<string, string>, values: string): Series {
  const written = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return { series: `${metric}{${written.join(',')}}`, values };
}

/** `value` gives a number, or undefined for no sample, for each stretch that is not lost. */
function valuesOf(stretches: readonly Stretch[], value: (states: States) => number | undefined): string {
  const parts = stretches.map(([states, scrapes]) => {
    const now = states === 'lost' ? undefined : value(states);
    if (now !== undefined) return `${now}x${scrapes - 1}`;
    return scrapes > 1 ? `stale _x${scrapes - 1}` : 'stale';
  });
  return parts.join(' ');
}

/** The signals of the service, its info series, and the exporter's own verdict. */
export function exporterSeries(site: string, stretches: readonly Stretch[]): Series[] {
  const always = valuesOf(stretches, () => 1);
  const scraped = { job: 'demarc', instance: `${site}:9815` };
  const about = { site, service: SERVICE, ...scraped };
  const signals = SIGNAL_NAMES.map((name) =>
    series(
      signalMetric(name),
      signalFact(name).subject === 'site' ? { site, ...scraped } : about,
      valuesOf(stretches, (states) => states[name] ?? -1),
    ),
  );
  return [
    series(
      'up',
      scraped,
      valuesOf(
        stretches.map(([states, n]) => [states === 'lost' ? { prober: 0 } : { prober: 1 }, n]),
        (s) => s.prober,
      ),
    ),
    series('demarc_service_info', about, always),
    series(
      'demarc_verdict_code',
      about,
      valuesOf(stretches, (states) => decide(states).code),
    ),
    series(
      'demarc_verdict_since_timestamp_seconds',
      about,
      valuesOf(stretches, () => 60),
    ),
    ...signals,
  ];
}

export function rowInfo(site: string, values: string): Series[] {
  return TABLE.map((row) => series('demarc_row_info', { site, code: `${row.code}`, ...rowLabels(row) }, values));
}

/** Every layer is run by the same vendor; two exporters say so, as while a newer one takes over. */
export function dependencyInfo(site: string, values: string): Series[] {
  return LAYERS.flatMap((layer) =>
    ['old', 'new'].map((version) =>
      series(
        'demarc_dependency_info',
        { site, service: SERVICE, layer, vendor: VENDOR, component: `${layer}-part`, version },
        values,
      ),
    ),
  );
}

/** The above together. */
export function siteSeries(site: string, stretches: readonly Stretch[]): Series[] {
  const values = valuesOf(stretches, () => 1);
  return [...exporterSeries(site, stretches), ...rowInfo(site, values), ...dependencyInfo(site, values)];
}

/** The complete set of firing alerts at a time. */
export function firingExactly(eval_time: string, alerts: readonly Record<string, string>[]): ExpressionTest {
  const exp_samples = alerts.map((labels) => ({
    labels: series('ALERTS', { ...labels, alertstate: 'firing' }, '').series,
    value: 1,
  }));
  return { expr: 'ALERTS{alertstate="firing"}', eval_time, exp_samples };
}

/** Has promtool run these rules over these series, one sample every five seconds, and demands what is expected. */
export async function expectTimeline(
  evaluated: Evaluated,
  input_series: Series[],
  promql_expr_test: ExpressionTest[],
): Promise<void> {
  const group = { name: 'timeline', interval: '5s', input_series, promql_expr_test };
  const run = await testRules([{ ...evaluated, groups: [group] }]);
  expect(run.output).not.toContain('FAILED');
  expect(run.ok).toBe(true);
}
