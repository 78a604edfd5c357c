// Compares two metrics over many states at once in promtool: sites side by side, and at each site one state after the other,
// since promtool reads a series of many values much faster than many series.
import type { ExpressionTest, Series, TestGroup } from './promtool.ts';

/** promtool stops a query at 10,000 samples. */
const SITES = 300;
const STEPS = 40;
export const STEP_S = 5;

/** Names of two metrics. */
export type Pair = readonly [left: string, right: string];

/** One set of series with one value each after the other; what a set lacks has ended. */
export function inTurn(sets: readonly (readonly Series[])[]): Series[] {
  const steps = sets.map((set) => new Map(set.map(({ series, values }) => [series, values])));
  const names = new Set(steps.flatMap((step) => [...step.keys()]));
  return [...names].map((series) => ({
    series,
    values: steps.map((step) => step.get(series) ?? 'stale').join(' '),
  }));
}

/** Two metrics are equal when three queries find nothing: a difference prints just the site it is at. */
export function areEqual([left, right]: Pair, on: string, eval_time = '0s'): ExpressionTest[] {
  return [`${left} != ${on} ${right}`, `${left} unless ${on} ${right}`, `${right} unless ${on} ${left}`].map(
    (expr) => ({ expr, eval_time, exp_samples: [] }),
  );
}

/**
 * State number n of a group is at site `s` and n modulo 300, five seconds after the one before it there. `seriesOf` gives what the
 * site shows in a state, with one value each; `pairs` are the metrics to compare.
 */
export function comparisonsOf<T>(
  name: string,
  states: readonly T[],
  seriesOf: (state: T, site: string) => Series[],
  pairs: readonly Pair[],
  on: string,
): TestGroup[] {
  const groups: TestGroup[] = [];
  for (let start = 0; start < states.length; start += SITES * STEPS) {
    const chunk = states.slice(start, start + SITES * STEPS);
    const steps = Array.from({ length: Math.ceil(chunk.length / SITES) }, (_, step) => step);
    const input_series = chunk.slice(0, SITES).flatMap((_, site) =>
      inTurn(
        steps.map((step) => {
          const state = chunk[step * SITES + site];
          return state === undefined ? [] : seriesOf(state, `s${site}`);
        }),
      ),
    );
    const promql_expr_test = steps.flatMap((step) => pairs.flatMap((pair) => areEqual(pair, on, `${step * STEP_S}s`)));
    groups.push({ name: `${name} from ${start}`, interval: `${STEP_S}s`, input_series, promql_expr_test });
  }
  return groups;
}
