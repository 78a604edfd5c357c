// The verdict across sites, for a central engine that has the series of several exporters: does everybody see it, or one?
// Votes are the verdicts of the sites. A site whose uplink is not proven abstains, and so does one that is not heard from.

import type { Layer } from '../catalog/layers.ts';
import { signalMetric } from '../catalog/metrics.ts';
import type { RowId } from '../verdict/table.ts';
import { UNMEASURED_ROWS } from '../verdict/unmeasured.ts';
import { selfAnnotations } from './annotations.ts';
import { RECORDS } from './records.ts';
import { type AlertRule, HOLD, type RecordingRule, type RuleGroup } from './rule.ts';
import { VENDOR_RECORDS } from './vendor-records.ts';

/** Names of the recorded series. Those that begin with `site` have that label, the others speak of all sites together. */
export const VANTAGE_RECORDS = {
  age: 'site:demarc_vantage_age:seconds',
  votes: 'site:demarc_vantage_votes:bool',
  fails: 'site_service:demarc_vantage_fails:bool',
  voters: 'service:demarc_vantage_voters:count',
  failing: 'service:demarc_vantage_failing:count',
  scope: 'service:demarc_vantage_scope:code',
  componentFails: 'site_vendor_component:demarc_vantage_fails:bool',
  componentVoters: 'vendor_component:demarc_vantage_voters:count',
  componentFailing: 'vendor_component:demarc_vantage_failing:count',
  componentScope: 'vendor_component:demarc_vantage_scope:code',
} as const;

/** What the votes come to: the value of the records named scope. Stable for ever. */
export const SCOPES = {
  /** Works for every site that votes. */
  nowhere: 1,
  /** Fails for all of two or more. */
  everywhere: 2,
  /** Fails for some and works for others. */
  somewhere: 3,
  /** Fails, and only one site votes: the site, or all the world. */
  alone: 4,
  /** Nobody votes. */
  unseen: 5,
} as const;

/** A site is heard from while its newest sample is younger. Three scrapes of a slow agent, and its way here. */
const FRESH_S = 60;

/** Older than this, a person is told. After `REMEMBERED` a site counts as given up. */
const STALE_S = 120;
const REMEMBERED = '6h';

/** Rows that know nothing of the service. */
const NO_VOTE: readonly RowId[] = ['confirming', 'recovering', ...UNMEASURED_ROWS];

/** Failures of these layers are the site's, not the service's. */
const OF_THE_SITE: readonly Layer[] = ['lan', 'uplink', 'resolver'];

/** The connection of each site is a service of its own. */
const SHARED = 'service!="uplink"';

const uplink = signalMetric('uplink');

function ages(): RecordingRule {
  return {
    record: VANTAGE_RECORDS.age,
    expr: [
      'time() - max by (site) (',
      `  timestamp(${uplink})`,
      `  or max_over_time(timestamp(${uplink})[${REMEMBERED}:15s])`,
      ')',
    ].join('\n'),
  };
}

function votes(): RecordingRule {
  const fresh = `abs(${VANTAGE_RECORDS.age}) <= ${FRESH_S}`;
  return {
    record: VANTAGE_RECORDS.votes,
    expr: [
      `0 * max by (site) (${uplink} == 1) + 1`,
      `  and on (site) ${fresh}`,
      'or on (site)',
      `0 * ${VANTAGE_RECORDS.age}`,
    ].join('\n'),
  };
}

const voting = `and on (site) ${VANTAGE_RECORDS.votes} == 1`;

function serviceVotes(): RecordingRule {
  const works = `${RECORDS.info}{owner="none", ${SHARED}}`;
  const fails = `${RECORDS.info}{owner!="none", row!~"${NO_VOTE.join('|')}", layer!~"${OF_THE_SITE.join('|')}", ${SHARED}}`;
  return {
    record: VANTAGE_RECORDS.fails,
    expr: [
      '(',
      `  0 * max by (site, service) (${works})`,
      '  or on (site, service)',
      `  max by (site, service) (${fails})`,
      ')',
      voting,
    ].join('\n'),
  };
}

/** A suspicion is no vote: what all sites ask in common may have rotted. */
function componentVotes(): RecordingRule {
  const on = 'site, vendor, component';
  return {
    record: VANTAGE_RECORDS.componentFails,
    expr: [
      '(',
      `  0 * max by (${on}) (${VENDOR_RECORDS.info}{status="ok"})`,
      `  or on (${on})`,
      `  max by (${on}) (${VENDOR_RECORDS.info}{owner="vendor"})`,
      ')',
      voting,
    ].join('\n'),
  };
}

interface Counted {
  /** Labels the votes are counted by. */
  by: string;
  /** Everything there is to vote about, votes or none. */
  all: string;
  fails: string;
  voters: string;
  failing: string;
  scope: string;
}

function counts({ by, all, fails, voters, failing, scope }: Counted): RecordingRule[] {
  const { nowhere, everywhere, somewhere, alone, unseen } = SCOPES;
  const says = (code: number, condition: string): string => `0 * (${condition}) + ${code}`;
  return [
    { record: voters, expr: `count by (${by}) (${fails})` },
    { record: failing, expr: `sum by (${by}) (${fails})` },
    {
      record: scope,
      expr: [
        says(nowhere, `${failing} == 0`),
        says(alone, `${failing} == 1 and on (${by}) ${voters} == 1`),
        says(everywhere, `${failing} == on (${by}) ${voters}`),
        says(somewhere, failing),
        says(unseen, `count by (${by}) (${all})`),
      ].join(`\nor on (${by})\n`),
    },
  ];
}

/** In the order they must be evaluated in. */
export function vantageRecords(): RecordingRule[] {
  return [
    ages(),
    votes(),
    serviceVotes(),
    ...counts({ ...VANTAGE_RECORDS, by: 'service', all: `demarc_service_info{${SHARED}}` }),
    componentVotes(),
    ...counts({
      by: 'vendor, component',
      all: 'demarc_vendor_info',
      fails: VANTAGE_RECORDS.componentFails,
      voters: VANTAGE_RECORDS.componentVoters,
      failing: VANTAGE_RECORDS.componentFailing,
      scope: VANTAGE_RECORDS.componentScope,
    }),
  ];
}

/** Names of the sites whose vote about the service is `state`, as a template. */
const sitesOf = (state: 0 | 1): string =>
  `{{ range $i, $one := (query (printf \`${VANTAGE_RECORDS.fails}{service=%q} == ${state}\` $labels.service) | sortByLabel "site") }}{{ if $i }}, {{ end }}{{ .Labels.site }}{{ end }}`;

/** The same about a component of a vendor. */
const componentSitesOf = (state: 0 | 1): string =>
  `{{ range $i, $one := (query (printf \`${VANTAGE_RECORDS.componentFails}{vendor=%q,component=%q} == ${state}\` $labels.vendor $labels.component) | sortByLabel "site") }}{{ if $i }}, {{ end }}{{ .Labels.site }}{{ end }}`;

export function vantageAlerts(): AlertRule[] {
  const { everywhere, somewhere } = SCOPES;
  return [
    {
      alert: 'DemarcVantageStale',
      expr: `abs(${VANTAGE_RECORDS.age}) > ${STALE_S}`,
      keep_firing_for: HOLD,
      labels: { severity: 'warning', owner: 'self' },
      annotations: selfAnnotations(
        'DemarcVantageStale',
        'A site is not heard from, so it has no vote.',
        'The newest sample of {{ $labels.site }} is {{ humanizeDuration $value }} old. The other sites go on without it.',
      ),
    },
    {
      alert: 'DemarcFailsEverywhere',
      expr: `${VANTAGE_RECORDS.scope} == ${everywhere}`,
      for: '30s',
      keep_firing_for: HOLD,
      labels: { severity: 'info', owner: 'unknown' },
      annotations: selfAnnotations(
        'DemarcFailsEverywhere',
        'A service fails for every site that can judge it.',
        `{{ $labels.service }} fails at ${sitesOf(1)}: not the line of any of them. Whose it is, their own alerts say.`,
      ),
    },
    {
      alert: 'DemarcFailsSomewhere',
      expr: `${VANTAGE_RECORDS.fails} == 1\nand on (service) ${VANTAGE_RECORDS.scope} == ${somewhere}`,
      for: '30s',
      keep_firing_for: HOLD,
      labels: { severity: 'info', owner: 'unknown' },
      annotations: selfAnnotations(
        'DemarcFailsSomewhere',
        'A service fails for some sites and works for others.',
        `{{ $labels.service }} fails at {{ $labels.site }}, and works at ${sitesOf(0)}: the way from there, or one location of a vendor.`,
      ),
    },
    {
      alert: 'DemarcVendorEverywhere',
      expr: `${VANTAGE_RECORDS.componentScope} == ${everywhere}`,
      for: '30s',
      keep_firing_for: HOLD,
      labels: { severity: 'info', owner: 'vendor' },
      annotations: selfAnnotations(
        'DemarcVendorEverywhere',
        'A vendor fails for every site that can judge it.',
        `{{ $labels.vendor }}/{{ $labels.component }} fails as seen from ${componentSitesOf(1)}: not one region of it, and the line of none of them.`,
      ),
    },
    {
      alert: 'DemarcVendorSomewhere',
      expr: `${VANTAGE_RECORDS.componentFails} == 1\nand on (vendor, component) ${VANTAGE_RECORDS.componentScope} == ${somewhere}`,
      for: '30s',
      keep_firing_for: HOLD,
      labels: { severity: 'info', owner: 'vendor' },
      annotations: selfAnnotations(
        'DemarcVendorSomewhere',
        'A vendor fails for some sites and works for others.',
        `{{ $labels.vendor }}/{{ $labels.component }} fails as seen from {{ $labels.site }}, and works as seen from ${componentSitesOf(0)}: a region of it, or the way to it.`,
      ),
    },
  ];
}

/** Loaded beside the others, and only where the series of several sites come together. */
export function vantageGroup(): RuleGroup {
  return { name: 'demarc_vantages', interval: '15s', rules: [...vantageRecords(), ...vantageAlerts()] };
}
