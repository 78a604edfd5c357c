// When the alert about a vendor itself fires, when it keeps quiet, and what it says.
import { expect, it } from 'vitest';
import { ruleGroup } from '../../alerts/rules.ts';
import { vendorGroup } from '../../alerts/vendor-alerts.ts';
import { VENDOR_RECORDS } from '../../alerts/vendor-records.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import { type Series, testRules } from '../../replay/agreement/promtool.ts';
import { seriesOf, typicalStates } from '../../replay/agreement/states.ts';
import { TABLE } from '../../verdict/table.ts';
import { VENDOR_TABLE } from '../../verdict/vendor-table.ts';

const COMPONENT = 'vendor="acme",component="edge"';
const RULES = [...ruleGroup().rules, ...vendorGroup().rules];

/** Ten minutes of health, four of trouble, then health. */
const TROUBLE = (healthy: number, broken: number): string => `${healthy}x119 ${broken}x47 ${healthy}x60`;

const signal = (site: string, name: string, values: string): Series => ({
  series: `demarc_signal_vendor_${name}{site="${site}",${COMPONENT}}`,
  values,
});

function facts(site: string): Series[] {
  const rows = VENDOR_TABLE.map(({ id, code, status, party, cause, confidence }) => ({
    series: `demarc_vendor_row_info{site="${site}",code="${code}",row="${id}",status="${status}",owner="${OWNER_OF_PARTY[party]}",cause="${cause}",confidence="${confidence}"}`,
    values: '1x230',
  }));
  const info = `demarc_vendor_info{site="${site}",${COMPONENT},vendor_title="Acme",component_title="edge"}`;
  return [
    ...rows,
    { series: info, values: '1x230' },
    { series: `demarc_signal_uplink{site="${site}"}`, values: '1x230' },
  ];
}

/** All hosts of the component break together; `witness` -1 leaves it a suspicion. */
function broken(site: string, witness: 1 | -1): Series[] {
  return [
    ...facts(site),
    signal(site, 'controls', TROUBLE(1, 0)),
    signal(site, 'any_control', TROUBLE(1, 0)),
    ...['path', 'guard_uplink', 'guard_others'].map((name) => signal(site, name, '1x230')),
    signal(site, 'guard_witness', TROUBLE(-1, witness)),
    {
      series: `demarc_vendor_verdict_since_timestamp_seconds{site="${site}",${COMPONENT}}`,
      values: '0x119 600x47 840x60',
    },
  ];
}

/** A service whose verdict names the component all the while. */
function hit(site: string): Series[] {
  const row = TABLE.find(({ id }) => id === 'edge_failing') ?? TABLE[0];
  const { code, id, party, cause, layer, confidence } = row;
  return [
    ...seriesOf(typicalStates(row), site)
      .filter(({ series }) => !series.startsWith('demarc_signal_uplink{'))
      .map(({ series }) => ({
        series,
        values: `${/_signal_/.test(series) ? TROUBLE(1, seriesState(series, site)) : '1x230'}`,
      })),
    {
      series: `demarc_row_info{site="${site}",code="${code}",row="${id}",party="${party}",owner="vendor",cause="${cause}",layer="${layer}",confidence="${confidence}"}`,
      values: '1x230',
    },
    {
      series: `demarc_dependency_info{site="${site}",service="web",layer="edge",vendor="acme",component="edge"}`,
      values: '1x230',
    },
  ];
}

function seriesState(series: string, site: string): number {
  const row = TABLE.find(({ id }) => id === 'edge_failing') ?? TABLE[0];
  return Number(seriesOf(typicalStates(row), site).find((one) => one.series === series)?.values ?? -1);
}

const labels = {
  site: 'unused',
  vendor: 'acme',
  component: 'edge',
  row: 'vendor_failing',
  status: 'failing',
  owner: 'vendor',
  cause: 'failing for everyone we can see',
  confidence: 'high',
  severity: 'info',
};

const annotations = {
  summary: 'A vendor is failing, and no verdict about a service of yours names it.',
  description: "Acme's edge is failing for everyone we can see. No verdict about a service of yours names it.",
  title: "Acme's edge: failing for everyone we can see",
  since: '1970-01-01 00:10:00 UTC',
  evidence:
    'Every host of it that demarc asks fails, none of them yours, while other vendors answer over the same line.',
  action: 'Nothing to repair on your side. Keep away from it until it is back.',
  runbook_url: 'http://127.0.0.1:9815/runbooks/vendor_incident',
};

const quiet = (eval_time: string) => ({ alertname: 'DemarcVendorIncident', eval_time, exp_alerts: [] });

it('fires a minute after a vendor nobody uses has failed, keeps quiet on suspicion and where a service tells', async () => {
  const run = await testRules([
    {
      rules: RULES,
      groups: [
        {
          name: 'sites',
          interval: '5s',
          input_series: [
            ...broken('unused', 1),
            ...broken('suspected', -1),
            ...broken('hit', 1),
            ...hit('hit'),
            ...facts('calm'),
            signal('calm', 'controls', '1x230'),
          ],
          alert_rule_test: [
            quiet('9m'),
            quiet('10m50s'),
            {
              alertname: 'DemarcVendorIncident',
              eval_time: '12m',
              exp_alerts: [{ exp_labels: labels, exp_annotations: { ...annotations, lasted: '2m 0s' } }],
            },
            quiet('17m'),
          ],
          promql_expr_test: [
            {
              expr: VENDOR_RECORDS.hit,
              eval_time: '12m',
              exp_samples: [
                { labels: `${VENDOR_RECORDS.hit}{site="hit",service="web",vendor="acme",component="edge"}`, value: 1 },
              ],
            },
          ],
        },
      ],
    },
  ]);
  expect(run.output).not.toContain('FAILED');
  expect(run.ok).toBe(true);
});
