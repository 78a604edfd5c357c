// The verdict across sites: who votes, who abstains, what the votes come to, and when a person is told.
import { describe, expect, it } from 'vitest';
import { SCOPES, VANTAGE_RECORDS, vantageGroup } from '../../alerts/vantages.ts';
import { type AlertTest, type ExpressionTest, type Series, testRules } from '../../replay/agreement/promtool.ts';

/** Ten minutes in steps of 15 s: two well, four in trouble, four well again. */
const course = (well: number, trouble: number | string): string => `${well}x7 ${trouble}x15 ${well}x16`;
const ALWAYS = '1x40';

interface Vote {
  site: string;
  service: string;
  /** Row, owner and layer while in trouble; `fine` for none. */
  trouble: readonly [row: string, owner: string, layer: string] | 'fine';
}

const site = (name: string, uplink: string = ALWAYS): Series => ({
  series: `demarc_signal_uplink{site="${name}",job="demarc"}`,
  values: uplink,
});

function verdictOf({ site: at, service, trouble }: Vote): Series[] {
  const info = (row: string, owner: string, layer: string, values: string): Series => ({
    series: `site_service:demarc_verdict:info{site="${at}",service="${service}",row="${row}",owner="${owner}",layer="${layer}"}`,
    values,
  });
  const named = { series: `demarc_service_info{site="${at}",service="${service}"}`, values: ALWAYS };
  if (trouble === 'fine') return [named, info('fine', 'none', '', ALWAYS)];
  const [row, owner, layer] = trouble;
  return [named, info('fine', 'none', '', '1x7 stale _x15 1x16'), info(row, owner, layer, '_x7 1x15 stale')];
}

const DOWN = ['edge_failing', 'vendor', 'edge'] as const;

const scopeOf = (service: string, eval_time: string, scope: number): ExpressionTest => ({
  expr: `${VANTAGE_RECORDS.scope}{service="${service}"}`,
  eval_time,
  exp_samples: [{ labels: `${VANTAGE_RECORDS.scope}{service="${service}"}`, value: scope }],
});

const votesOf = (name: string, eval_time: string, value: number): ExpressionTest => ({
  expr: `${VANTAGE_RECORDS.votes}{site="${name}"}`,
  eval_time,
  exp_samples: [{ labels: `${VANTAGE_RECORDS.votes}{site="${name}"}`, value }],
});

async function check(input_series: Series[], tests: ExpressionTest[], alert_rule_test: AlertTest[] = []) {
  const group = { name: 'sites', interval: '15s', input_series, promql_expr_test: tests, alert_rule_test };
  const run = await testRules([{ rules: vantageGroup().rules, groups: [group] }]);
  expect(run.output).not.toContain('FAILED');
  expect(run.ok).toBe(true);
}

const runbook = (page: string): string => `http://127.0.0.1:9815/runbooks/${page}`;
const quiet = (alertname: string, eval_time: string): AlertTest => ({ alertname, eval_time, exp_alerts: [] });

describe('a service', () => {
  const votes: Vote[] = [
    ...['home', 'vps', 'office'].map((at): Vote => ({ site: at, service: 'all', trouble: DOWN })),
    { site: 'home', service: 'one', trouble: 'fine' },
    { site: 'vps', service: 'one', trouble: ['edge_unreachable_suspected', 'unknown', 'edge'] },
    { site: 'office', service: 'one', trouble: 'fine' },
    { site: 'home', service: 'alone', trouble: DOWN },
    { site: 'home', service: 'new', trouble: ['confirming', 'unknown', ''] },
    { site: 'vps', service: 'new', trouble: ['resolver_down', 'self', 'resolver'] },
    { site: 'home', service: 'uplink', trouble: ['uplink_down', 'isp', 'uplink'] },
    // Behind a cut line everything fails, and none of it counts.
    ...['all', 'one', 'alone'].map((service): Vote => ({ site: 'cut', service, trouble: DOWN })),
  ];
  const series = [site('home'), site('vps'), site('office'), site('cut', course(1, 0)), ...votes.flatMap(verdictOf)];

  it('fails everywhere, somewhere, for a single witness, or is not judged; who has no line abstains', async () => {
    await check(
      series,
      [
        scopeOf('all', '1m30s', SCOPES.nowhere),
        scopeOf('all', '4m', SCOPES.everywhere),
        scopeOf('all', '8m', SCOPES.nowhere),
        scopeOf('one', '4m', SCOPES.somewhere),
        scopeOf('alone', '1m30s', SCOPES.nowhere),
        scopeOf('alone', '4m', SCOPES.alone),
        scopeOf('new', '4m', SCOPES.unseen),
        { expr: `${VANTAGE_RECORDS.scope}{service="uplink"}`, eval_time: '4m', exp_samples: [] },
        votesOf('home', '4m', 1),
        votesOf('cut', '1m30s', 1),
        votesOf('cut', '4m', 0),
        votesOf('cut', '8m', 1),
        {
          expr: `${VANTAGE_RECORDS.voters}{service="all"}`,
          eval_time: '4m',
          exp_samples: [{ labels: `${VANTAGE_RECORDS.voters}{service="all"}`, value: 3 }],
        },
      ],
      [
        quiet('DemarcFailsEverywhere', '1m30s'),
        quiet('DemarcFailsSomewhere', '1m30s'),
        quiet('DemarcVantageStale', '4m'),
        {
          alertname: 'DemarcFailsEverywhere',
          eval_time: '4m',
          exp_alerts: [
            {
              exp_labels: { service: 'all', severity: 'info', owner: 'unknown' },
              exp_annotations: {
                summary: 'A service fails for every site that can judge it.',
                description:
                  'all fails at home, office, vps: not the line of any of them. Whose it is, their own alerts say.',
                runbook_url: runbook('fails_everywhere'),
              },
            },
          ],
        },
        {
          alertname: 'DemarcFailsSomewhere',
          eval_time: '4m',
          exp_alerts: [
            {
              exp_labels: { service: 'one', site: 'vps', severity: 'info', owner: 'unknown' },
              exp_annotations: {
                summary: 'A service fails for some sites and works for others.',
                description:
                  'one fails at vps, and works at home, office: the way from there, or one location of a vendor.',
                runbook_url: runbook('fails_somewhere'),
              },
            },
          ],
        },
        quiet('DemarcFailsEverywhere', '9m30s'),
        quiet('DemarcFailsSomewhere', '9m30s'),
      ],
    );
  });
});

describe('a site that is not heard from', () => {
  const votes: Vote[] = [
    { site: 'home', service: 'shop', trouble: 'fine' },
    { site: 'mute', service: 'shop', trouble: DOWN },
    { site: 'marked', service: 'shop', trouble: DOWN },
  ];

  it('loses its vote after a minute, not for a lost scrape, and a person is told after two', async () => {
    await check(
      [
        // Samples that just stop, as with a cut line; a series that is marked stale; and two scrapes that were lost.
        site('mute', '1x7'),
        site('marked', '1x7 stale'),
        site('home', '1x8 _x2 1x29'),
        ...votes.flatMap(verdictOf),
      ],
      [
        votesOf('home', '2m30s', 1),
        votesOf('mute', '2m30s', 1),
        votesOf('mute', '3m15s', 0),
        votesOf('marked', '3m15s', 0),
        scopeOf('shop', '5m', SCOPES.nowhere),
      ],
      [
        quiet('DemarcVantageStale', '3m30s'),
        {
          alertname: 'DemarcVantageStale',
          eval_time: '5m45s',
          exp_alerts: ['marked', 'mute'].map((name) => ({
            exp_labels: { site: name, severity: 'warning', owner: 'self' },
            exp_annotations: {
              summary: 'A site is not heard from, so it has no vote.',
              description: `The newest sample of ${name} is 4m 0s old. The other sites go on without it.`,
              runbook_url: runbook('vantage_stale'),
            },
          })),
        },
        quiet('DemarcFailsEverywhere', '5m45s'),
      ],
    );
  });
});

describe('a component of a vendor', () => {
  const component = (at: string, status: string, owner: string): Series[] => [
    { series: `demarc_vendor_info{site="${at}",vendor="acme",component="edge"}`, values: ALWAYS },
    {
      series: `site_vendor_component:demarc_vendor_verdict:info{site="${at}",vendor="acme",component="edge",row="x",status="${status}",owner="${owner}"}`,
      values: ALWAYS,
    },
  ];
  const scope = (value: number): ExpressionTest => ({
    expr: VANTAGE_RECORDS.componentScope,
    eval_time: '4m',
    exp_samples: [{ labels: `${VANTAGE_RECORDS.componentScope}{vendor="acme",component="edge"}`, value }],
  });

  it('fails in one region, and a suspicion is no vote', async () => {
    await check(
      [
        ...['home', 'vps', 'office'].map((name) => site(name)),
        ...component('home', 'ok', 'none'),
        ...component('vps', 'partial', 'vendor'),
        ...component('office', 'suspected', 'unknown'),
      ],
      [scope(SCOPES.somewhere)],
      [
        quiet('DemarcVendorEverywhere', '4m'),
        {
          alertname: 'DemarcVendorSomewhere',
          eval_time: '4m',
          exp_alerts: [
            {
              exp_labels: { site: 'vps', vendor: 'acme', component: 'edge', severity: 'info', owner: 'vendor' },
              exp_annotations: {
                summary: 'A vendor fails for some sites and works for others.',
                description:
                  'acme/edge fails as seen from vps, and works as seen from home: a region of it, or the way to it.',
                runbook_url: runbook('vendor_somewhere'),
              },
            },
          ],
        },
      ],
    );
  });

  it('fails everywhere, and then no region is spoken of', async () => {
    await check(
      [site('home'), site('vps'), ...component('home', 'failing', 'vendor'), ...component('vps', 'failing', 'vendor')],
      [scope(SCOPES.everywhere)],
      [
        quiet('DemarcVendorSomewhere', '4m'),
        {
          alertname: 'DemarcVendorEverywhere',
          eval_time: '4m',
          exp_alerts: [
            {
              exp_labels: { vendor: 'acme', component: 'edge', severity: 'info', owner: 'vendor' },
              exp_annotations: {
                summary: 'A vendor fails for every site that can judge it.',
                description:
                  'acme/edge fails as seen from home, vps: not one region of it, and the line of none of them.',
                runbook_url: runbook('vendor_everywhere'),
              },
            },
          ],
        },
      ],
    );
  });
});
