// A failure in maintenance is judged as ever and told to nobody; what is left of it when the window ends is told at once.
import { describe, expect, it } from 'vitest';
import { ruleGroup } from '../../alerts/rules.ts';
import { type ExpressionTest, testRules } from '../../replay/agreement/promtool.ts';
import { SERVICE, typicalStates } from '../../replay/agreement/states.ts';
import { type RowId, TABLE } from '../../verdict/table.ts';
import { series, siteSeries } from './timeline.ts';

const SITE = 'home';

function statesOf(id: RowId) {
  const row = TABLE.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return typicalStates(row);
}

/** How many failures of services fire at a time. */
function failures(eval_time: string, count: number): ExpressionTest {
  const expr = 'count(ALERTS{alertstate="firing", alertname=~"Demarc.*Failure"}) or vector(0)';
  return { expr, eval_time, exp_samples: [{ labels: '{}', value: count }] };
}

/** The verdict itself goes on being said. */
function judged(eval_time: string, id: RowId): ExpressionTest {
  const value = TABLE.find((row) => row.id === id)?.code ?? -1;
  const labels = `site_service:demarc_verdict:code{service="${SERVICE}", site="${SITE}"}`;
  return { expr: 'site_service:demarc_verdict:code', eval_time, exp_samples: [{ labels, value }] };
}

describe('maintenance', () => {
  it.each(['origin_refused', 'edge_failing', 'uplink_down'] as const)(
    'keeps a failure quiet until it ends: %s',
    async (id) => {
      const window = series(
        'demarc_maintenance',
        { site: SITE, service: SERVICE, job: 'demarc', instance: 'x:9815' },
        '1x59 0x60',
      );
      const group = {
        name: 'maintenance',
        interval: '5s',
        input_series: [...siteSeries(SITE, [[statesOf(id), 120]]), window],
        promql_expr_test: [
          failures('10s', 0),
          judged('10s', id),
          failures('4m50s', 0),
          judged('4m50s', id),
          failures('5m10s', 1),
        ],
      };
      const run = await testRules([{ rules: ruleGroup().rules, groups: [group] }]);
      expect(run.output).not.toContain('FAILED');
      expect(run.ok).toBe(true);
    },
  );

  it('of one service hides no other', async () => {
    const other = series('demarc_maintenance', { site: SITE, service: 'another' }, '1x119');
    const off = series('demarc_maintenance', { site: SITE, service: SERVICE }, '0x119');
    const group = {
      name: 'maintenance',
      interval: '5s',
      input_series: [...siteSeries(SITE, [[statesOf('origin_refused'), 120]]), other, off],
      promql_expr_test: [failures('30s', 1)],
    };
    const run = await testRules([{ rules: ruleGroup().rules, groups: [group] }]);
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });
});
