// What alerts say, rendered by promtool: the sentence and the advice of the exporter's own verdict, and measured facts.
import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../alerts/evidence.ts';
import { ruleGroup } from '../../alerts/rules.ts';
import { VENDOR_LAYERS } from '../../catalog/layers.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import { type AlertTest, type Series, testRules } from '../../replay/agreement/promtool.ts';
import { SERVICE, typicalStates } from '../../replay/agreement/states.ts';
import { isGuarded } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { componentTitle, VENDOR_TITLE, verdictOf } from './judged.ts';
import { rowLabels, series, siteSeries, VENDOR } from './timeline.ts';

const ROWS = TABLE as readonly Row[];

const SILENT = ['confirming', 'recovering', 'no_result', 'data_missing'];

/** Of these no user has anything of his own to tell. */
const SAME_FOR_ALL = [
  'power_cut',
  'lan_down',
  'uplink_down',
  'uplink_down_unplaced',
  'isp_resolver_down',
  'isp_resolver_validation_broken',
];

const ALERT_OF_OWNER = {
  self: ['DemarcOwnFailure', 'critical', 'Something of your own has failed.'],
  isp: ['DemarcIspFailure', 'critical', 'Your ISP has failed.'],
  vendor: ['DemarcVendorFailure', 'warning', 'A vendor has failed.'],
  unknown: ['DemarcUnknownFailure', 'warning', 'Something has failed, and nobody is proven guilty.'],
} as const;

/** Series beside the signals: what the vendor is called, and what a user got. */
function facts(site: string, reason: string, values = '1x200'): Series[] {
  const target = { site, service: SERVICE, role: 'service', target: 'user' };
  const titles = VENDOR_LAYERS.map((layer) => {
    const title = { vendor_title: VENDOR_TITLE, component_title: componentTitle(layer) };
    return series('demarc_vendor_info', { site, vendor: VENDOR, component: `${layer}-part`, ...title }, values);
  });
  return [
    ...titles,
    series('demarc_failover_ready', { site, service: SERVICE }, values),
    series('demarc_probe_failure_info', { ...target, reason, phase: 'connect' }, values),
    series('probe_http_status_code', { ...target }, '503x200'),
    series('demarc_probe_failure_info', { ...target, role: 'origin', reason: 'timeout', phase: 'tls' }, values),
  ];
}

const TITLES: Record<keyof typeof ALERT_OF_OWNER, (row: Row) => string> = {
  self: ({ cause }) => `yours: ${cause}`,
  isp: ({ cause }) => `your ISP: ${cause}`,
  vendor: ({ layer }) => `${VENDOR_TITLE}'s ${componentTitle(layer ?? '')}, not you`,
  unknown: ({ cause }) => `nobody is proven guilty: ${cause}`,
};

/** The alert of a row at the site of its name, after ten minutes, with everything it says. */
function expected(row: Row): [alertname: string, alert: AlertTest['exp_alerts'][number]] {
  const owner = OWNER_OF_PARTY[row.party] as keyof typeof ALERT_OF_OWNER;
  const [alertname, severity, summary] = ALERT_OF_OWNER[owner];
  const vendor = isGuarded(row) ? { vendor: VENDOR, component: `${row.layer}-part` } : {};
  // A suspicion may name the vendor on the page, but never in an alert.
  const verdict = verdictOf(typicalStates(row), SERVICE, owner !== 'unknown');
  return [
    alertname,
    {
      exp_labels: {
        ...{ site: row.id, service: SERVICE, ...rowLabels(row), ...vendor },
        severity: row.id === 'uplink_down_unplaced' ? 'critical' : severity,
      },
      exp_annotations: {
        summary,
        title: TITLES[owner](row),
        description: verdict.headline,
        since: '1970-01-01 00:01:00 UTC',
        ...(SAME_FOR_ALL.includes(row.id) ? {} : { symptom: 'HTTP 503' }),
        lasted: '9m 10s',
        evidence: evidenceOf(row),
        action: verdict.action,
        ...(owner === 'vendor' ? { failover: verdict.failover ?? '' } : {}),
        runbook_url: `http://127.0.0.1:9815/runbooks/${row.id}`,
      },
    },
  ];
}

async function expectAlerts(input_series: Series[], alert_rule_test: AlertTest[]): Promise<void> {
  const group = { name: 'annotations', interval: '5s', input_series, alert_rule_test };
  const run = await testRules([{ rules: ruleGroup().rules, groups: [group] }]);
  expect(run.output).not.toContain('FAILED');
  expect(run.ok).toBe(true);
}

describe('an alert', () => {
  // promtool holds no more samples at once than half of the rows need.
  it.each([
    ['one half', 0],
    ['the other', 1],
  ])('says of every row what the verdict says, of %s of them', async (_, half) => {
    const told = ROWS.filter(({ id, party }) => party !== 'none' && !SILENT.includes(id));
    const rows = told.filter((_, index) => index % 2 === half);
    const all = rows.map(expected);
    await expectAlerts(
      rows.flatMap((row) => [...siteSeries(row.id, [[typicalStates(row), 140]]), ...facts(row.id, 'http_status')]),
      Object.values(ALERT_OF_OWNER).map(([alertname]) => ({
        alertname,
        eval_time: '10m10s',
        exp_alerts: all.filter(([name]) => name === alertname).map(([, alert]) => alert),
      })),
    );
  });

  it('says why there was no answer, calls a vendor by its id where there is no title, and leaves out what is not known', async () => {
    const row = ROWS.find(({ id }) => id === 'edge_unreachable');
    if (row === undefined) throw new Error('no row edge_unreachable');
    const [alertname, { exp_labels, exp_annotations }] = expected(row);
    const known = siteSeries(row.id, [[typicalStates(row), 4]]).filter(
      ({ series: name }) => !name.startsWith('demarc_verdict_since'),
    );
    const seen = facts(row.id, 'connect_refused', '1x4').filter(
      ({ series: name }) => !/^demarc_(vendor_info|failover_ready)/.test(name),
    );
    const changes = {
      title: `${VENDOR}'s edge-part, not you`,
      description: `${SERVICE} is down, and it is ${VENDOR}'s edge-part, not you.`,
      symptom: 'connect refused during connect',
      since: '',
      lasted: '1s',
      failover: '',
    };
    await expectAlerts(
      [...known, ...seen],
      [
        {
          alertname,
          eval_time: '10s',
          exp_alerts: [{ exp_labels, exp_annotations: { ...exp_annotations, ...changes } }],
        },
      ],
    );
  });

  it('about the end of an outage says whose it was and how long it lasted', async () => {
    const row = ROWS.find(({ id }) => id === 'uplink_down');
    if (row === undefined) throw new Error('no row uplink_down');
    const stretches = [
      [typicalStates(row), 97],
      [{ uplink: 1, service: 1 } as const, 10],
    ] as const;
    const named = siteSeries('home', stretches).map((each) => ({
      ...each,
      series: each.series.replace(`service="${SERVICE}"`, 'service="uplink"'),
    }));
    const exp_labels = { site: 'home', service: 'uplink', ...rowLabels(row), severity: 'info' };
    const exp_annotations = {
      summary: 'An outage that could not be reported is over.',
      title: 'back after 7m 0s',
      description: 'Your uplink was down for 7m 0s: your ISP: uplink down. It is back.',
      runbook_url: 'http://127.0.0.1:9815/runbooks/uplink_down',
    };
    await expectAlerts(named, [
      { alertname: 'DemarcIspFailure', eval_time: '8m10s', exp_alerts: [] },
      { alertname: 'DemarcOutageOver', eval_time: '8m30s', exp_alerts: [{ exp_labels, exp_annotations }] },
    ]);
  });
});
