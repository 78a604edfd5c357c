// Vendors as measured from here: their components, our controls at them, and the downtime their failures caused.
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { MINUTES } from '../alerts/minutes.ts';
import { VENDOR_RECORDS } from '../alerts/vendor-records.ts';
import { BAD, OK, PARTY, valueMappings, vendorMappings } from './colours.ts';
import { EVERY_S, samplesByVendor } from './downtime.ts';
import {
  barsPanel,
  coloured,
  columns,
  linesPanel,
  linked,
  now,
  overTime,
  pilesPanel,
  rows,
  sortedBy,
  statPanel,
  tablePanel,
} from './panels.ts';
import { OF_VENDOR, ON_SITE, TITLES, vendorVerdicts } from './scope.ts';
import { serviceUrl } from './uids.ts';

/** Adds the names people know a vendor and its component by. */
function withTitles(expr: string): string {
  return `${expr}\n* on (site, vendor, component) group_left (vendor_title, component_title) ${TITLES}`;
}

export function statesPanel(): stat.PanelBuilder {
  const about = {
    title: 'Components, now',
    description:
      'The verdict about each component, as proven from here by hosts of it that are not yours. Left out: those nobody is asked about.',
    span: 24,
    height: 5,
  };
  return statPanel(about, vendorMappings(), 'named').withTarget(
    now(vendorVerdicts(OF_VENDOR), "{{vendor_title}}'s {{component_title}}"),
  );
}

/** Share of the minutes with a clean uplink and a known state in which no control failed hard. */
function availability(window: string): string {
  return withTitles(`avg_over_time(${MINUTES.component}{${OF_VENDOR}}[${window}])`);
}

export function availabilityPanel(): table.PanelBuilder {
  const about = {
    title: 'Availability as measured from here',
    description:
      'Share of the time with a clean uplink in which no control failed. Beside it what the vendor publishes for a month: a promise of credits, measured by its own rules.',
    span: 14,
    height: 9,
  };
  const shown = columns({
    vendor_title: 'Vendor',
    component_title: 'Component',
    'Value #day': '24 hours',
    'Value #week': '7 days',
    'Value #month': '30 days',
    'Value #sla': 'Published',
  });
  const panel = tablePanel(about).transformations([
    { id: 'merge', options: {} },
    ...shown,
    sortedBy('30 days', 'rising'),
  ]);
  const windows = { day: '1d', week: '7d', month: '30d' };
  for (const [name, window] of Object.entries(windows)) panel.withTarget(rows(availability(window), name));
  panel.withTarget(rows(withTitles(`max by (site, vendor, component) (demarc_vendor_sla_ratio{${OF_VENDOR}})`), 'sla'));
  const share = [
    { id: 'unit', value: 'percentunit' },
    { id: 'decimals', value: 3 },
  ];
  for (const name of ['24 hours', '7 days', '30 days', 'Published']) panel.overrideByName(name, share);
  return panel;
}

export function damagePanel(): bargauge.PanelBuilder {
  const about = {
    title: 'Your downtime it caused, last 30 days',
    description: 'Time your services were down by a verdict that names the vendor. Services count each.',
    span: 10,
    height: 9,
  };
  const guilty = `sum by (vendor) (${samplesByVendor('site', ON_SITE, '30d')} * ${EVERY_S})`;
  const chosen = `sort_desc(${guilty} and on (vendor) max by (vendor) (demarc_vendor_info{${OF_VENDOR}}))`;
  return barsPanel(about, 'dtdurations')
    .noValue('none')
    .overrideByRegexp('/.+/', [{ id: 'color', value: { mode: 'fixed', fixedColor: PARTY.vendor.colour } }])
    .withTarget(now(chosen, '{{vendor}}'));
}

export function controlsPanel(): table.PanelBuilder {
  const about = {
    title: 'Our controls',
    description: 'Targets of the vendor that are not yours, asked like your own: the second witness of every verdict.',
    span: 14,
    height: 13,
  };
  const of = `{${OF_VENDOR}, role="control"}`;
  const labels = 'vendor, component, target';
  const shown = columns({
    vendor: 'Vendor',
    component: 'Component',
    target: 'Control',
    'Value #state': 'State',
    'Value #latency': 'Latency',
    reason: 'Reason',
  });
  return tablePanel(about)
    .withTarget(rows(`max by (${labels}) (probe_success${of})`, 'state'))
    .withTarget(rows(`max by (${labels}) (probe_duration_seconds${of})`, 'latency'))
    .withTarget(rows(`max by (${labels}, reason) (demarc_probe_failure_info${of} == 1)`, 'reason'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('State', 'rising')])
    .overrideByName('State', coloured(valueMappings({ 1: OK, 0: { ...BAD, text: 'FAILS' } })))
    .overrideByName('Latency', [{ id: 'unit', value: 's' }]);
}

export function failuresPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Failing controls, by reason',
    description: 'Resets, refusals and error codes are answers of the vendor; timeouts may also be the way to it.',
    span: 10,
    height: 13,
  };
  const failing = `sum by (vendor, reason) (demarc_probe_failure_info{${OF_VENDOR}, role="control"})`;
  return pilesPanel(about, 'none').withTarget(overTime(failing, '{{vendor}} {{reason}}'));
}

export function writersPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Who wrote the errors at the vendor',
    description: 'An edge that reports a dead origin writes the error too: only errors of its own making are its own.',
    span: 12,
    height: 9,
  };
  const written = `sum by (vendor, generator) (demarc_http_error_generator_info{${OF_VENDOR}})`;
  return pilesPanel(about, 'none').withTarget(overTime(written, '{{vendor}} {{generator}}'));
}

export function controlLatencyPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Latency of the controls',
    description: 'The slowest control of each component.',
    span: 12,
    height: 9,
  };
  const slowest = `max by (vendor, component) (probe_duration_seconds{${OF_VENDOR}, role="control"})`;
  return linesPanel(about, 's').withTarget(overTime(slowest, '{{vendor}} {{component}}'));
}

export function customersPanel(): table.PanelBuilder {
  const about = {
    title: 'Your services that depend on it',
    description: 'By layer, as the map says.',
    span: 24,
    height: 8,
  };
  const depending = `max by (service, layer, vendor, component) (demarc_dependency_info{${OF_VENDOR}})`;
  const labels = 'service, vendor, component';
  const hit = `max by (${labels}) (${VENDOR_RECORDS.hit}{${OF_VENDOR}} > bool 0)\nor 0 * max by (${labels}) (demarc_dependency_info{${OF_VENDOR}})`;
  const shown = columns({
    service: 'Service',
    layer: 'Layer',
    vendor: 'Vendor',
    component: 'Component',
    'Value #hit': 'Hit now',
  });
  return (
    tablePanel(about)
      .withTarget(rows(depending, 'uses'))
      .withTarget(rows(hit, 'hit'))
      .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Service', 'rising')])
      .overrideByName(
        'Hit now',
        coloured(valueMappings({ 0: { ...OK, text: 'NO' }, 1: { ...PARTY.vendor, text: 'HIT' } })),
      )
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder.
      .overrideByName('Service', linked('The service in detail', serviceUrl('${__value.raw}')))
  );
}
