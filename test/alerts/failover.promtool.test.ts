// The second path: when a program is told to move, when it is told that this is over, and when a person must repair the path.
import { describe, expect, it } from 'vitest';
import { failoverAdvised, failoverNotReady, failoverRecord } from '../../alerts/failover.ts';
import { recordingRules } from '../../alerts/records.ts';
import { upkeepGroup } from '../../alerts/upkeep.ts';
import { type ExpressionTest, type Series, testRules } from '../../replay/agreement/promtool.ts';
import { SERVICE, typicalStates } from '../../replay/agreement/states.ts';
import type { States } from '../../signals/signal.ts';
import { type RowId, TABLE } from '../../verdict/table.ts';
import { expectTimeline, firingExactly, type Stretch, series, siteSeries, VENDOR } from './timeline.ts';

const RULES = [...recordingRules(), failoverRecord(), failoverAdvised()];

const FINE: States = { uplink: 1, service: 1 };

function statesOf(id: RowId): States {
  const row = TABLE.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return typicalStates(row);
}

const FAILING = statesOf('edge_failing');

const ADVISED = {
  ...{ alertname: 'DemarcFailoverAdvised', severity: 'info', owner: 'vendor', site: 'home', service: SERVICE },
  ...{ layer: 'edge', vendor: VENDOR, component: 'edge-part' },
};

/** The second path and the vendor's other hosts, by what they say over the whole time. */
function beside(ready: string | null, controls: string): Series[] {
  const about = { site: 'home', job: 'demarc', instance: 'home:9815' };
  const vendor = { ...about, vendor: VENDOR, component: 'edge-part' };
  const path = ready === null ? [] : [series('demarc_failover_ready', { ...about, service: SERVICE }, ready)];
  return [...path, series('demarc_vendor_component_state', vendor, controls)];
}

/** The failure began with the second scrape; zero would read like no time at all. */
const sinceFive = (input: Series[]): Series[] =>
  input.map((each) =>
    each.series.startsWith('demarc_verdict_since') ? { ...each, values: each.values.replaceAll('60x', '5x') } : each,
  );

const expectAdvice = (stretches: Stretch[], others: Series[], tests: ExpressionTest[]): Promise<void> =>
  expectTimeline({ interval: '5s', rules: RULES }, [...sinceFive(siteSeries('home', stretches)), ...others], tests);

describe('DemarcFailoverAdvised', () => {
  it('comes when a vendor has failed a service for a minute, ready or not', async () => {
    for (const ready of ['1x60', '0x60', '-1x60']) {
      await expectAdvice([[FAILING, 60]], beside(ready, '0x60'), [
        firingExactly('1m', []),
        firingExactly('1m5s', [ADVISED]),
      ]);
    }
  });

  it.each([
    ['no second path is named', FAILING, null],
    ['the fault is your own', statesOf('origin_refused'), '1x60'],
    ['a vendor is only suspected', statesOf('edge_suspected'), '1x60'],
    ['the line is down', { ...FAILING, ...statesOf('uplink_down') }, '1x60'],
  ] as const)('does not come when %s', async (_, states, ready) => {
    await expectAdvice([[states, 60]], beside(ready, '0x60'), [firingExactly('4m', [])]);
  });

  it('lasts while the service is fine but the vendor’s other hosts are not, as after a move', async () => {
    const stretches: Stretch[] = [
      [FAILING, 20],
      [FINE, 400],
    ];
    await expectAdvice(stretches, beside('1x420', '0x200 1x220'), [
      firingExactly('16m', [ADVISED]),
      firingExactly('21m', [ADVISED]),
      firingExactly('22m', []),
    ]);
  });

  it('lasts while nothing is known: neither a lost scrape nor a dead exporter ends it', async () => {
    const stretches: Stretch[] = [
      [FAILING, 20],
      ['lost', 1],
      [FAILING, 5],
      ['lost', 160],
    ];
    const gone = `0x19 stale 0x4 stale _x159`;
    await expectAdvice(stretches, beside(gone.replaceAll('0x', '1x'), gone), [
      firingExactly('1m40s', [ADVISED]),
      firingExactly('1m45s', [ADVISED]),
      firingExactly('15m', [ADVISED]),
    ]);
  });

  it('says since when, for a program, and whether the path is ready', async () => {
    const group = {
      ...{ name: 'annotations', interval: '5s' },
      input_series: [...sinceFive(siteSeries('home', [[FAILING, 60]])), ...beside('0x60', '0x60')],
      alert_rule_test: [
        {
          alertname: 'DemarcFailoverAdvised',
          eval_time: '2m',
          exp_alerts: [
            {
              exp_labels: Object.fromEntries(Object.entries(ADVISED).filter(([name]) => name !== 'alertname')),
              exp_annotations: {
                summary: 'A vendor has failed a service that has a second path.',
                description: `${SERVICE} at home is down for want of ${VENDOR}'s edge-part.`,
                since: '5',
                failover: 'no',
                runbook_url: 'http://127.0.0.1:9815/runbooks/failover_advised',
              },
            },
          ],
        },
      ],
    };
    const run = await testRules([{ rules: RULES, groups: [group] }]);
    expect(run.output).not.toContain('FAILED');
    expect(run.ok).toBe(true);
  });
});

describe('DemarcFailoverNotReady', () => {
  const NOT_READY = {
    ...{ alertname: 'DemarcFailoverNotReady', severity: 'warning', owner: 'self' },
    ...{ site: 'home', service: SERVICE },
  };
  const expectUpkeep = (values: string, tests: ExpressionTest[]): Promise<void> =>
    expectTimeline({ ...upkeepGroup(), rules: [failoverNotReady()] }, beside(values, '1x10'), tests);

  it('comes after seven minutes of failure and ends some minutes after it', async () => {
    await expectUpkeep('1x9 0x200 1x200', [
      firingExactly('7m', []),
      firingExactly('8m', [NOT_READY]),
      firingExactly('17m', [NOT_READY]),
      firingExactly('24m', []),
    ]);
  });

  it.each([
    ['it works', '1x200'],
    ['nothing is known', '-1x200'],
    ['it works every now and then', '0x10 1 0x10 1 0x10 1 0x10 1 0x10 1 0x10 1 0x10 1 0x10 1 0x10 1 0x10 1 0x10 1'],
  ])('does not come while %s', async (_, values) => {
    await expectUpkeep(values, [firingExactly('9m', [])]);
  });

  it('outlives lost scrapes and a gap as long as a restart', async () => {
    await expectUpkeep('0x40 stale 0x40 stale _x20 0x60', [
      firingExactly('6m', [NOT_READY]),
      firingExactly('8m', [NOT_READY]),
      firingExactly('12m', [NOT_READY]),
    ]);
  });

  it('ends when the series is gone for good', async () => {
    await expectUpkeep('0x100 stale', [firingExactly('8m', [NOT_READY]), firingExactly('20m', [])]);
  });
});
