// What vendors say of themselves, beside what is measured here. No verdict uses it.
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as text from '@grafana/grafana-foundation-sdk/text';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { FEED_STATES } from '../exporters/status/facts.ts';
import { loadCatalogue } from '../map/vendors.ts';
import { BAD, OK, PARTY, UNKNOWN, valueMappings } from './colours.ts';
import {
  coloured,
  columns,
  lanesPanel,
  linesPanel,
  overTime,
  rows,
  sortedBy,
  tablePanel,
  textPanel,
} from './panels.ts';
import { OF_VENDOR } from './scope.ts';

const COLOURS: Readonly<Record<(typeof FEED_STATES)[number], string>> = {
  operational: OK.colour,
  maintenance: PARTY.isp.colour,
  degraded: BAD.colour,
  partial: UNKNOWN.colour,
  major: PARTY.vendor.colour,
};

const SAYS = valueMappings(
  Object.fromEntries(FEED_STATES.map((state, value) => [value, { text: state.toUpperCase(), colour: COLOURS[state] }])),
);

const ofVendor = (metric: string): string => `max by (vendor) (${metric}{${OF_VENDOR}})`;

const STATUS = `max by (vendor) (demarc_vendor_status{component="", ${OF_VENDOR}})`;
const OF_PARTS = `max by (vendor, component) (demarc_vendor_status{component!="", ${OF_VENDOR}})`;

export function statusTable(): table.PanelBuilder {
  const about = {
    title: 'Their status pages',
    description:
      'What each page says now, how late it was about its newest incident by its own dates, how long after the first failure here it first told of trouble, and when it was last read.',
    span: 14,
    height: 8,
  };
  const shown = columns({
    vendor: 'Vendor',
    'Value #says': 'Says',
    'Value #open': 'Open incidents',
    'Value #lag': 'Published after',
    'Value #admitted': 'Admitted after',
    'Value #read': 'Last read',
  });
  return tablePanel(about)
    .withTarget(rows(STATUS, 'says'))
    .withTarget(rows(ofVendor('demarc_vendor_incidents_open'), 'open'))
    .withTarget(rows(ofVendor('demarc_vendor_incident_publication_lag_seconds'), 'lag'))
    .withTarget(rows(ofVendor('demarc_vendor_admission_delay_seconds'), 'admitted'))
    .withTarget(rows(`${ofVendor('demarc_vendor_feed_last_success_timestamp_seconds')} * 1000`, 'read'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Says', 'falling')])
    .overrideByName('Says', coloured(SAYS))
    .overrideByName('Published after', [{ id: 'unit', value: 'dtdurations' }])
    .overrideByName('Admitted after', [{ id: 'unit', value: 'dtdurations' }])
    .overrideByName('Last read', [{ id: 'unit', value: 'dateTimeFromNow' }]);
}

export function statusLanes(): statetimeline.PanelBuilder {
  const about = {
    title: 'What their status pages said',
    description: 'Compare with the verdicts above: pages are late and polite.',
    span: 14,
    height: 8,
  };
  return lanesPanel(about, SAYS)
    .perPage(20)
    .withTarget(overTime(STATUS, '{{vendor}}'))
    .withTarget(overTime(OF_PARTS, '{{vendor}} {{component}}', 'B'));
}

export function publicationLagPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'How late a status page was',
    description: 'From the begin of its newest open incident, as the page itself dates it, to its publication.',
    span: 10,
    height: 8,
  };
  const lag = ofVendor('demarc_vendor_incident_publication_lag_seconds');
  return linesPanel(about, 's').withTarget(overTime(lag, '{{vendor}}'));
}

export function statusPagesPanel(span: number): text.PanelBuilder {
  const titled = {
    title: 'Where vendors speak for themselves',
    description: 'Links to the status pages of the vendors of the catalogue.',
    span,
    height: 8,
  };
  const pages = [...loadCatalogue().values()].flatMap(({ title, status }) =>
    status?.page === undefined ? [] : [`[${title}](${status.page})`],
  );
  return textPanel(
    titled,
    `Status pages are late and polite: they never decide a verdict here.\n\n${pages.join(' · ')}`,
  );
}
