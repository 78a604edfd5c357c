// Compiles the decision table to PromQL. Knows the table and the names of metrics, and nothing of any map.
import { signalMetric } from '../catalog/metrics.ts';
import { signalFact } from '../catalog/signals.ts';
import { type Conjunct, conjunctsOf } from '../verdict/conjuncts.ts';
import type { Demand, Row } from '../verdict/row.ts';

/** Where the compiled rows start from: the vectors with one series per (site, service) and no other labels. */
export interface Starts {
  /** Every service. */
  all: string;
  /** The services whose own signal is BAD. */
  failing: string;
}

/** How a demand filters the rows' left-hand side. A missing series meets none of the comparisons, as UNKNOWN does. */
export const FILTER_OF_DEMAND: Record<Demand, readonly [operator: 'and' | 'unless', comparison: string]> = {
  ok: ['and', '== 1'],
  bad: ['and', '== 0'],
  unknown: ['unless', '>= 0'],
  not_ok: ['unless', '== 1'],
  not_bad: ['unless', '== 0'],
};

/** `and on (site, service) (demarc_signal_host == 0)`: keeps the services whose signal meets the demand. */
export function filterOf({ signal, demand }: Conjunct): string {
  const [operator, comparison] = FILTER_OF_DEMAND[demand];
  const labels = signalFact(signal).subject === 'site' ? 'site' : 'site, service';
  return `${operator} on (${labels}) (${signalMetric(signal)} ${comparison})`;
}

/** One series per service the row holds for; its value is the row's code. Says nothing about the rows before it. */
export function rowExpression(row: Row, starts: Starts): string {
  const conjuncts = conjunctsOf(row);
  // Most rows are about failing services: selecting those once is what keeps the group cheap.
  const failing = conjuncts.some(({ signal, demand }) => signal === 'service' && demand === 'bad');
  const others = conjuncts.filter(({ signal }) => !(failing && signal === 'service'));
  const lines = [failing ? starts.failing : starts.all, ...others.map(filterOf)];
  return [`${row.code} + 0 * (`, ...lines.map((line) => `  ${line}`), ')'].join('\n');
}

/**
 * The whole table as one expression: exactly one series per service, labels `site` and `service` only.
 * `or` keeps what its left side has already said, so the first row that holds wins.
 */
export function tableExpression(rows: readonly Row[], starts: Starts): string {
  return rows.map((row) => `# ${row.id}\n${rowExpression(row, starts)}`).join('\nor on (site, service)\n');
}
