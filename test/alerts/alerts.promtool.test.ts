// Each alert fires on its case and on no other, says what it must, and outlives a lost scrape.
import { describe, expect, it } from 'vitest';
import { alertRules } from '../../alerts/alerts.ts';
import { ruleGroup } from '../../alerts/rules.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import type { ExpressionTest, Series } from '../../replay/agreement/promtool.ts';
import { SERVICE, typicalStates } from '../../replay/agreement/states.ts';
import type { States } from '../../signals/signal.ts';
import { isGuarded } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { type RowId, TABLE } from '../../verdict/table.ts';
import {
  dependencyInfo,
  expectTimeline,
  exporterSeries,
  firingExactly,
  rowInfo,
  rowLabels,
  type Stretch,
  series,
  siteSeries,
  VENDOR,
} from './timeline.ts';

type Labels = Record<string, string>;

const FINE: States = { uplink: 1, service: 1 };

function statesOf(id: RowId): States {
  return typicalStates(rowOf(id));
}

function rowOf(id: RowId): Row {
  const row = TABLE.find((each) => each.id === id);
  if (row === undefined) throw new Error(`no row ${id}`);
  return row;
}

const WATCHDOG: Labels = { alertname: 'Watchdog', severity: 'none', owner: 'none' };

const ALERT_OF_OWNER = {
  self: 'DemarcOwnFailure',
  isp: 'DemarcIspFailure',
  vendor: 'DemarcVendorFailure',
  unknown: 'DemarcUnknownFailure',
} as const;

const NEVER: readonly RowId[] = ['fine', 'confirming', 'recovering', 'no_result'];

function severityOf(row: Row): string {
  const critical = ['self', 'isp'].includes(OWNER_OF_PARTY[row.party]) || row.id === 'uplink_down_unplaced';
  return critical ? 'critical' : 'warning';
}

/** The alert a row must fire at its site, with all its labels; null for rows nobody is told about. */
function alertOf(row: Row, site: string): Labels | null {
  const owner = OWNER_OF_PARTY[row.party];
  if (owner === 'none' || NEVER.includes(row.id as RowId)) return null;
  const alertname = row.id === 'data_missing' ? 'DemarcDataMissing' : ALERT_OF_OWNER[owner];
  const vendor = isGuarded(row) ? { vendor: VENDOR, component: `${row.layer}-part` } : {};
  return { alertname, site, service: SERVICE, severity: severityOf(row), ...rowLabels(row), ...vendor };
}

/** The complete set of firing alerts at a time, the watchdog understood. */
const firing = (eval_time: string, alerts: readonly Labels[]): ExpressionTest =>
  firingExactly(eval_time, [WATCHDOG, ...alerts]);

const expectPass = (input: Series[], tests: ExpressionTest[]): Promise<void> =>
  expectTimeline(ruleGroup(), input, tests);

/** One scrape of a failure, and then nothing but good ones. */
const ended = (id: RowId): Stretch[] => [
  [statesOf(id), 1],
  [FINE, 200],
];

/** promtool takes 10,000 samples at once, and all rows together are more. */
const SHARES = [0, 1];

describe('alerts', () => {
  it.each(SHARES)(
    'fire for their own rows only, with every label, missing data after half a minute, unknown ones after ten: share %i',
    async (share) => {
      const rows: readonly Row[] = TABLE.filter((_, index) => index % SHARES.length === share);
      const found = (isMeant: (row: Row) => boolean): Labels[] =>
        rows
          .filter(isMeant)
          .map((row) => alertOf(row, row.id))
          .filter((labels) => labels !== null);
      const atOnce = ({ id, party }: Row): boolean =>
        OWNER_OF_PARTY[party] !== 'unknown' || id === 'uplink_down_unplaced';
      await expectPass(
        rows.flatMap((row) => siteSeries(row.id, [[typicalStates(row), 140]])),
        [
          firing('25s', found(atOnce)),
          firing(
            '9m50s',
            found((row) => atOnce(row) || row.id === 'data_missing'),
          ),
          firing(
            '10m10s',
            found(() => true),
          ),
        ],
      );
    },
  );

  it('of a vendor survive without information about dependencies', async () => {
    const { vendor: _, component: __, ...labels } = alertOf(rowOf('edge_failing'), 'home') ?? {};
    await expectPass(
      [...exporterSeries('home', [[statesOf('edge_failing'), 4]]), ...rowInfo('home', '1x4')],
      [firing('10s', [labels])],
    );
  });

  it('never accuse a vendor while the line is down', async () => {
    const row = rowOf('uplink_down');
    const states = { ...statesOf('edge_failing'), ...typicalStates(row) };
    await expectPass(siteSeries('home', [[states, 10]]), [firing('40s', [alertOf(row, 'home') ?? {}])]);
  });

  it.each(['edge_failing', 'origin_refused'] as const)('about %s are held for two minutes', async (id) => {
    const labels = alertOf(rowOf(id), 'home') ?? {};
    await expectPass(siteSeries('home', ended(id)), [firing('1m55s', [labels]), firing('2m10s', [])]);
  });

  it.each(['lan_down', 'uplink_down', 'isp_resolver_down', 'uplink_down_unplaced'] as const)(
    'about %s end with it, and that it was is told for a quarter of an hour',
    async (id) => {
      const { component: _, vendor: __, ...labels } = alertOf(rowOf(id), 'home') ?? {};
      const over = { ...labels, alertname: 'DemarcOutageOver', severity: 'info' };
      await expectPass(siteSeries('home', ended(id)), [
        firing('0s', [labels]),
        firing('5s', [over]),
        firing('14m55s', [over]),
        firing('15m10s', []),
      ]);
    },
  );

  it('about the line last while it is not known to be fine', async () => {
    const labels = alertOf(rowOf('uplink_down'), 'home') ?? {};
    const stretches: Stretch[] = [
      [statesOf('uplink_down'), 3],
      [statesOf('recovering'), 3],
      [FINE, 3],
    ];
    const over = { ...labels, alertname: 'DemarcOutageOver', severity: 'info' };
    await expectPass(siteSeries('home', stretches), [firing('25s', [labels]), firing('30s', [over])]);
  });

  it.each(['edge_failing', 'origin_refused', 'uplink_down'] as const)('about %s outlive a lost scrape', async (id) => {
    const labels = alertOf(rowOf(id), 'home') ?? {};
    const stretches: Stretch[] = [
      [statesOf(id), 5],
      ['lost', 1],
      [statesOf(id), 5],
    ];
    const moments = ['20s', '25s', '30s', '45s'].map((time) => firing(time, [labels]));
    await expectPass(siteSeries('home', stretches), moments);
  });
});

describe('DemarcUnknownFailure', () => {
  const expected = (id: RowId): Labels[] => [alertOf(rowOf(id), 'home') ?? {}];

  it('comes in time though the suspicion changes all the while', async () => {
    const changing: Stretch[] = Array.from({ length: 40 }, (_, i) => [
      statesOf((['edge_suspected', 'unexplained', 'uplink_unproven', 'confirming'] as const)[i % 4] ?? 'unexplained'),
      3,
    ]);
    await expectPass(siteSeries('home', [...changing, [statesOf('unexplained'), 20]]), [
      firing('9m55s', []),
      firing('10m5s', expected('unexplained')),
    ]);
  });

  it('starts again after a success', async () => {
    const stretches: Stretch[] = [
      [statesOf('unexplained'), 60],
      [FINE, 1],
      [statesOf('unexplained'), 140],
    ];
    await expectPass(siteSeries('home', stretches), [firing('12m', []), firing('15m10s', expected('unexplained'))]);
  });
});

describe('alerts about demarc', () => {
  it('DemarcProberDown comes a minute after the last scrape, and other alerts are held until then', async () => {
    const labels = {
      alertname: 'DemarcProberDown',
      severity: 'critical',
      owner: 'self',
      job: 'demarc',
      instance: 'home:9815',
    };
    const vendor = alertOf(rowOf('edge_failing'), 'home') ?? {};
    await expectPass(
      siteSeries('home', [
        [statesOf('edge_failing'), 5],
        ['lost', 60],
      ]),
      [firing('1m', [vendor]), firing('1m30s', [vendor, labels]), firing('3m', [labels])],
    );
  });

  it('DemarcProberDown comes where there never was an exporter', async () => {
    await expectPass([], [firing('1m5s', [{ alertname: 'DemarcProberDown', severity: 'critical', owner: 'self' }])]);
  });

  it('DemarcDataMissing comes for a verdict without a name', async () => {
    const labels = {
      alertname: 'DemarcDataMissing',
      severity: 'warning',
      owner: 'unknown',
      site: 'home',
      service: SERVICE,
    };
    await expectPass(
      [...exporterSeries('home', [[statesOf('edge_failing'), 10]]), ...dependencyInfo('home', '1x10')],
      [firing('25s', []), firing('30s', [labels])],
    );
  });

  it('DemarcEnginesDisagree comes after a minute of two opinions', async () => {
    const labels = {
      alertname: 'DemarcEnginesDisagree',
      severity: 'warning',
      owner: 'none',
      site: 'home',
      service: SERVICE,
    };
    const others = siteSeries('home', [[FINE, 30]]).filter(
      ({ series: name }) => !name.startsWith('demarc_verdict_code'),
    );
    const code = series('demarc_verdict_code', { site: 'home', service: SERVICE }, '30x30');
    await expectPass([...others, code], [firing('50s', []), firing('1m5s', [labels])]);
  });

  it('DemarcRulesFailing names the group', async () => {
    const rule_group = '/etc/prometheus/rules/demarc.rules.yml;demarc';
    const labels = { alertname: 'DemarcRulesFailing', severity: 'critical', owner: 'self', rule_group };
    const failures = (group: string, values: string): Series =>
      series('prometheus_rule_evaluation_failures_total', { job: 'prometheus', rule_group: group }, values);
    const counters = [failures(rule_group, '0x10 1+1x30'), failures('/etc/other.yml;node', '0+1x40')];
    await expectPass([...siteSeries('home', [[FINE, 40]]), ...counters], [firing('45s', []), firing('2m', [labels])]);
  });

  it('are all tested here', async () => {
    const tested = [
      'Watchdog',
      'DemarcOutageOver',
      'DemarcProberDown',
      'DemarcDataMissing',
      'DemarcEnginesDisagree',
      'DemarcRulesFailing',
    ];
    const names = new Set(alertRules().map(({ alert }) => alert));
    expect([...names].sort()).toEqual([...tested, ...Object.values(ALERT_OF_OWNER)].sort());
  });
});
