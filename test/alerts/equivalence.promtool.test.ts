// The compiled rules say what decide() says: on every combination of what a row reads, and on random states of all.
import { describe, expect, it } from 'vitest';
import { rowExpression } from '../../alerts/promql.ts';
import { RECORDS, verdictRules } from '../../alerts/records.ts';
import type { Rule } from '../../alerts/rule.ts';
import { comparisonsOf } from '../../replay/agreement/comparison.ts';
import { type RuleTestFile, type Series, type TestGroup, testRules } from '../../replay/agreement/promtool.ts';
import { everyCombination, randomStates, SERVICE, seriesOf } from '../../replay/agreement/states.ts';
import type { States } from '../../signals/signal.ts';
import { decide, holds } from '../../verdict/decide.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';

const VERDICT_RULES = verdictRules();

/** The row under test on its own, without those before it. */
const ALONE = 'site_service:demarc_row_alone:code';

function expectation(metric: string, site: string, row: Row): Series {
  return { series: `${metric}{site="${site}",service="${SERVICE}"}`, values: `${row.code}` };
}

/** `row` is also tested alone. */
function groupsOf(scenarios: readonly States[], row?: Row): TestGroup[] {
  const shown = (states: States, site: string): Series[] => {
    const alone = row !== undefined && holds(row, states) ? [expectation('expected_alone', site, row)] : [];
    return [...seriesOf(states, site), expectation('expected', site, decide(states)), ...alone];
  };
  const alone = row === undefined ? [] : [[ALONE, 'expected_alone'] as const];
  const pairs = [[RECORDS.code, 'expected'] as const, ...alone];
  return comparisonsOf(row?.id ?? 'random', scenarios, shown, pairs, 'on (site, service)');
}

function fileOf(row: Row): RuleTestFile {
  const starts = { all: RECORDS.services, failing: RECORDS.failing };
  const alone: Rule = { record: ALONE, expr: rowExpression(row, starts) };
  return { rules: [...VERDICT_RULES, alone], groups: groupsOf(everyCombination(row), row) };
}

const combinations = TABLE.reduce((sum, row) => sum + everyCombination(row).length, 0);

describe('compiled rules', () => {
  it(`agree with decide() on all ${combinations} combinations of what a row reads`, { timeout: 240_000 }, async () => {
    const run = await testRules(TABLE.map(fileOf));
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });

  it('agree with decide() on 10,000 random states of all signals', { timeout: 240_000 }, async () => {
    const run = await testRules([{ rules: VERDICT_RULES, groups: groupsOf(randomStates(10_000, 20_261_121)) }]);
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });

  it('would notice a wrong rule', { timeout: 90_000 }, async () => {
    const wrong = VERDICT_RULES.map((rule) => ({
      ...rule,
      expr: rule.expr.replace('demarc_signal_edge_guard_witness == 1', 'demarc_signal_edge_guard_witness >= 0'),
    }));
    const row = TABLE.find(({ id }) => id === 'edge_unreachable') ?? TABLE[0];
    const run = await testRules([
      { ...fileOf(row), rules: [...wrong, ...fileOf(row).rules.slice(VERDICT_RULES.length)] },
    ]);
    expect(run.ok).toBe(false);
  });
});
