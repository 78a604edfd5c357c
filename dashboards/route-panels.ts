// How route collectors all over the internet see the prefixes of the map. What they heard is hours old, and decides nothing.
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { BAD, OK, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import { coloured, columns, linesPanel, overTime, rows, sortedBy, tablePanel } from './panels.ts';
import { ON_SITE } from './scope.ts';

/** A prefix is named by its target, without the role. One without a vendor is yours or your ISP's. */
function byPrefix(aggregation: 'min' | 'max', metric: string): string {
  const named = relabelled(`${metric}{${ON_SITE}, role="route"}`, 'prefix', '$1', 'target', 'route/(.+)');
  return `${aggregation} by (prefix, vendor) (${named})`;
}

export function visibilityPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Visibility of prefixes',
    description:
      'Share of the route collectors’ peers that see each prefix. Far below the others: it is announced no more, or filtered.',
    span: 10,
    height: 7,
  };
  return linesPanel(about, 'percentunit')
    .max(1)
    .noValue('no prefixes in map')
    .withTarget(overTime(byPrefix('min', 'demarc_route_visibility_ratio'), '{{prefix}}'));
}

export function routesTable(): table.PanelBuilder {
  const about = {
    title: 'Every prefix',
    description:
      'BAD: too few see it, or it is announced from another autonomous system than the map names. “As of” is when collectors heard it.',
    span: 14,
    height: 7,
  };
  const shown = columns({
    prefix: 'Prefix',
    vendor: 'Vendor',
    'Value #state': 'State',
    'Value #seen': 'Seen by',
    'Value #origins': 'Origin ASes',
    'Value #asof': 'As of',
  });
  return tablePanel(about)
    .withTarget(rows(byPrefix('min', 'probe_success'), 'state'))
    .withTarget(rows(byPrefix('min', 'demarc_route_visibility_ratio'), 'seen'))
    .withTarget(rows(byPrefix('max', 'demarc_route_origins'), 'origins'))
    .withTarget(rows(`${byPrefix('max', 'demarc_route_seen_timestamp_seconds')} * 1000`, 'asof'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('State', 'rising')])
    .overrideByName('State', coloured(valueMappings({ 1: OK, 0: BAD })))
    .overrideByName('Seen by', [
      { id: 'unit', value: 'percentunit' },
      { id: 'decimals', value: 0 },
    ])
    .overrideByName('As of', [{ id: 'unit', value: 'dateTimeFromNow' }]);
}
