// What the forecast says will fire is what promtool says fires, over whole outages: holds, ends and all.
import { describe, expect, it } from 'vitest';
import { EVALUATION_MS, forecastAlerts, forecastMessages, type SaidRow } from '../../alerts/forecast.ts';
import { ruleGroup } from '../../alerts/rules.ts';
import { type ExpressionTest, testRules } from '../../replay/agreement/promtool.ts';
import { SERVICE, typicalStates } from '../../replay/agreement/states.ts';
import { decide } from '../../verdict/decide.ts';
import { type RowId, TABLE } from '../../verdict/table.ts';
import { type Stretch, series, siteSeries } from './timeline.ts';

type Told = readonly [row: RowId, evaluations: number];

function stretchesOf(story: readonly Told[]): Stretch[] {
  return story.map(([id, evaluations]) => {
    const row = TABLE.find((each) => each.id === id);
    if (row === undefined) throw new Error(`no row ${id}`);
    return [typicalStates(row), evaluations];
  });
}

function saidIn(story: readonly Told[]): SaidRow[] {
  let at = 0;
  return stretchesOf(story).map(([states, evaluations]) => {
    const said = {
      at,
      service: SERVICE,
      row: states === 'lost' ? '' : decide(states).id,
      vendor: null,
      component: null,
    };
    at += evaluations * EVALUATION_MS;
    return said;
  });
}

const STORIES: readonly [what: string, story: readonly Told[]][] = [
  [
    'a vendor that fails and is well again',
    [
      ['fine', 6],
      ['confirming', 2],
      ['edge_failing', 30],
      ['fine', 60],
    ],
  ],
  [
    'one that is only suspected, for longer than ten minutes',
    [
      ['fine', 3],
      ['edge_suspected', 140],
      ['fine', 40],
    ],
  ],
  [
    'one that is suspected for less',
    [
      ['fine', 3],
      ['edge_suspected', 110],
      ['fine', 40],
    ],
  ],
  [
    'a line that is cut',
    [
      ['fine', 6],
      ['confirming', 1],
      ['uplink_down', 40],
      ['recovering', 3],
      ['fine', 220],
    ],
  ],
  [
    'a line that is cut for one evaluation',
    [
      ['fine', 6],
      ['uplink_down', 1],
      ['fine', 40],
    ],
  ],
  [
    'a router that is dead',
    [
      ['fine', 6],
      ['lan_down', 30],
      ['recovering', 2],
      ['fine', 60],
    ],
  ],
  [
    'a line of which nobody knows whose it is',
    [
      ['uplink_down_unplaced', 20],
      ['fine', 60],
    ],
  ],
  [
    'a process that dies, twice',
    [
      ['origin_refused', 8],
      ['fine', 10],
      ['origin_refused', 8],
      ['fine', 40],
    ],
  ],
  [
    'a verdict that changes on the way',
    [
      ['edge_suspected', 10],
      ['edge_failing', 10],
      ['origin_error', 20],
      ['fine', 40],
    ],
  ],
  [
    'data that is missing',
    [
      ['fine', 4],
      ['data_missing', 10],
      ['fine', 40],
    ],
  ],
];

const EVERY = 3;

describe('the forecast', () => {
  it.each(STORIES)('agrees with the rules about %s', async (_, story) => {
    const evaluations = story.reduce((sum, [, count]) => sum + count, 0);
    const expected = forecastAlerts(saidIn(story), (evaluations - 1) * EVALUATION_MS);
    const tests = expected
      .filter((__, index) => index % EVERY === 0)
      .map(({ at, firing }): ExpressionTest => {
        const exp_samples = firing.map(({ alertname, row }) => ({
          labels: series('', { alertname, row }, '').series,
          value: 1,
        }));
        const expr = 'count by (alertname, row) (ALERTS{alertstate="firing", alertname!="Watchdog"})';
        return { expr, eval_time: `${at / 1_000}s`, exp_samples };
      });
    const group = {
      name: 'forecast',
      interval: `${EVALUATION_MS / 1_000}s`,
      input_series: siteSeries('home', stretchesOf(story)),
      promql_expr_test: tests,
    };
    const run = await testRules([{ rules: ruleGroup().rules, groups: [group] }]);
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });

  it('sends what fires to the receiver of its owner, and tells of the end', () => {
    const story: readonly Told[] = [
      ['fine', 6],
      ['edge_failing', 30],
      ['fine', 100],
    ];
    const sent = forecastMessages(saidIn(story), 136 * EVALUATION_MS);
    expect(sent.map(({ receiver, status, alerts }) => [receiver, status, alerts.map(({ row }) => row)])).toEqual([
      ['vendor', 'firing', ['edge_failing']],
      ['vendor', 'resolved', ['edge_failing']],
    ]);
    expect(sent[0]?.at).toBeLessThanOrEqual(30_000 + 10_000);
  });

  it('says nothing of what fails unexplained behind a dead line', () => {
    const line = saidIn([['uplink_down', 200]]).map((said) => ({ ...said, service: 'uplink' }));
    const sent = forecastMessages([...line, ...saidIn([['edge_suspected', 200]])], 200 * EVALUATION_MS);
    expect(sent.flatMap(({ alerts }) => alerts.map(({ alertname }) => alertname))).toEqual(['DemarcIspFailure']);
  });
});
