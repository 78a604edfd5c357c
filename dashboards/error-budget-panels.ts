// Availability, budgets and burn rates from the recorded verdicts: all of it, and only what was your own fault.
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { OWNER_OF_PARTY, PARTIES } from '../catalog/parties.ts';
import { BAD, NO_DATA, OK, PARTY } from './colours.ts';
import { DOWN, EVERY_S, JUDGED, samplesBy, samplesByVendor, samplesOfEach, shareOfEach } from './downtime.ts';
import { inPartyColours } from './long-view-panels.ts';
import {
  barsPanel,
  columns,
  linesPanel,
  linked,
  now,
  numberPanel,
  overTime,
  pilesPanel,
  rows,
  sortedBy,
  steps,
  tablePanel,
  thresholdLines,
} from './panels.ts';
import { HERE } from './scope.ts';
import { vendorUrl } from './uids.ts';

const MONTH = '30d';

/** Share of the time that may be spent failing. */
const ALLOWED = '(1 - $slo / 100)';

const OURS = `${DOWN}, party="own"`;

/** Everybody but you, as far as they were proven guilty. */
const THEIR_PARTIES = PARTIES.filter((party) => !['none', 'self', 'unknown'].includes(OWNER_OF_PARTY[party]));

const THEIRS = `${DOWN}, party=~"${THEIR_PARTIES.join('|')}"`;

const UNPROVEN = `${DOWN}, party="unknown"`;

const PERCENT = [
  { id: 'unit', value: 'percentunit' },
  { id: 'decimals', value: 3 },
];

/** How many times faster than allowed the budget is being spent. */
function burn(matchers: string, window: string): string {
  return `${shareOfEach(matchers, window)}\n/ ${ALLOWED}`;
}

export function availabilityPanels(): stat.PanelBuilder[] {
  const about = (title: string, description: string) => ({ title, description, span: 8, height: 5 });
  const all = about('Availability, 30 days', 'Share of the judged time the service was fine, whoever was to blame.');
  const ours = about('If only ours counted', 'Availability if only downtime proven to be yours counted.');
  const left = about(
    'Budget left',
    'Of the downtime the objective allows in 30 days. Below zero: the objective is missed.',
  );
  return [
    numberPanel(all, 'percentunit', 'named')
      .decimals(3)
      .withTarget(now(`1 - ${shareOfEach(DOWN, MONTH)}`, '{{service}}')),
    numberPanel(ours, 'percentunit', 'named')
      .decimals(3)
      .withTarget(now(`1 - ${shareOfEach(OURS, MONTH)}`, '{{service}}')),
    numberPanel(left, 'percentunit', 'named')
      .decimals(0)
      .thresholds(steps(PARTY.own.colour, [0, BAD.colour], [0.25, OK.colour]))
      .withTarget(now(`1 - ${burn(DOWN, MONTH)}`, '{{service}}')),
  ];
}

export function sharesPanel(): table.PanelBuilder {
  const about = {
    title: 'Downtime of 30 days, by whose fault',
    description: 'Unproven downtime counts against nobody, but it counts.',
    span: 16,
    height: 7,
  };
  const seconds = (matchers: string): string => `sum by (service) (${samplesOfEach(matchers, MONTH)} * ${EVERY_S})`;
  const shown = columns({
    service: 'Service',
    'Value #all': 'Down',
    'Value #ours': 'Ours',
    'Value #theirs': 'Theirs',
    'Value #unproven': 'Unproven',
    'Value #allowed': 'Allowed so far',
  });
  const judged = `sum by (service) (${samplesBy('site, service', JUDGED, MONTH)} * ${EVERY_S} * ${ALLOWED})`;
  return tablePanel(about)
    .unit('dtdurations')
    .withTarget(rows(seconds(DOWN), 'all'))
    .withTarget(rows(seconds(OURS), 'ours'))
    .withTarget(rows(seconds(THEIRS), 'theirs'))
    .withTarget(rows(seconds(UNPROVEN), 'unproven'))
    .withTarget(rows(judged, 'allowed'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Down', 'falling')]);
}

/** Burn rates by which the handbook of multi-window alerts pages, warns, and shrugs. */
const PAGE = 14.4;
const WARN = 6;

export function burnTable(): table.PanelBuilder {
  const about = {
    title: 'Burn rate by window',
    description:
      'One means: spent exactly at the end. Above 14.4 over an hour and five minutes, a month’s budget is gone in two days.',
    span: 12,
    height: 9,
  };
  const windows = { '5m': '5 minutes', '1h': '1 hour', '6h': '6 hours', '1d': '24 hours', '3d': '3 days' };
  const named = Object.fromEntries(Object.entries(windows).map(([window, title]) => [`Value #in${window}`, title]));
  const panel = tablePanel(about).transformations([
    { id: 'merge', options: {} },
    ...columns({ service: 'Service', ...named }),
    sortedBy('1 hour', 'falling'),
  ]);
  for (const window of Object.keys(windows)) {
    panel.withTarget(rows(`sum by (service) (${burn(DOWN, window)})`, `in${window}`));
  }
  const hot = steps(NO_DATA.colour, [1, BAD.colour], [WARN, 'orange'], [PAGE, PARTY.own.colour]).build();
  return panel.overrideByRegexp('/minutes|hour|days/', [
    { id: 'decimals', value: 2 },
    { id: 'thresholds', value: hot },
    { id: 'custom.cellOptions', value: { type: 'color-text' } },
  ]);
}

export function burnPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Burn rate over time',
    description: 'Over one hour and over six. The dashed lines are the usual limits for a page and for a warning.',
    span: 12,
    height: 9,
  };
  return thresholdLines(linesPanel(about, 'none'), [WARN, 'orange'], [PAGE, PARTY.own.colour])
    .decimals(2)
    .withTarget(overTime(burn(DOWN, '1h'), '{{service}}, 1 hour', 'hour'))
    .withTarget(overTime(burn(DOWN, '6h'), '{{service}}, 6 hours', 'quarter'));
}

export function spentPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'When it was spent, and by whom',
    description: 'Downtime in each interval of the graph, over the chosen services.',
    span: 24,
    height: 8,
  };
  const seconds = `${samplesBy('party', DOWN, '$__interval')} * ${EVERY_S}`;
  return inPartyColours(pilesPanel(about, 's')).withTarget(overTime(seconds, '{{party}}'));
}

export function withoutPanel(): table.PanelBuilder {
  const about = {
    title: 'What each vendor cost you',
    description: 'Of 30 days: downtime by verdicts that name the vendor, and the availability that went with it.',
    span: 14,
    height: 8,
  };
  const theirs = samplesByVendor('site, service', HERE, MONTH);
  const shown = columns({
    service: 'Service',
    vendor: 'Vendor',
    'Value #caused': 'Downtime it caused',
    'Value #share': 'Of all downtime',
    'Value #gain': 'Availability it cost',
  });
  const rate = (base: string): string =>
    `max by (service, vendor) (${theirs}\n/ on (site, service) group_left () ${samplesBy('site, service', base, MONTH)})`;
  return (
    tablePanel(about)
      .withTarget(rows(`max by (service, vendor) (${theirs} * ${EVERY_S})`, 'caused'))
      .withTarget(rows(rate(DOWN), 'share'))
      .withTarget(rows(rate(JUDGED), 'gain'))
      .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Downtime it caused', 'falling')])
      .overrideByName('Downtime it caused', [{ id: 'unit', value: 'dtdurations' }])
      .overrideByName('Of all downtime', PERCENT)
      .overrideByName('Availability it cost', PERCENT)
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder.
      .overrideByName('Vendor', linked('The vendor in detail', vendorUrl('${__value.raw}')))
  );
}

export function downtimePanel(): bargauge.PanelBuilder {
  const about = {
    title: 'Availability without each vendor',
    description: 'Of the chosen services together: the first bar is as it was, the others leave out one vendor each.',
    span: 10,
    height: 8,
  };
  const judged = `sum(${samplesBy('site', JUDGED, MONTH)})`;
  const down = `sum(${samplesBy('site', DOWN, MONTH)})`;
  const theirs = `sum by (vendor) (${samplesByVendor('site', HERE, MONTH)})`;
  return barsPanel(about, 'percentunit')
    .decimals(3)
    .max(1)
    .withTarget(now(`1 - (${down} or vector(0)) / ${judged}`, 'as it was', 'all'))
    .withTarget(
      now(
        `1 - (${down} - on () group_right () ${theirs}) / on () group_left () ${judged}`,
        'without {{vendor}}',
        'without',
      ),
    );
}
