// The line in numbers: loss and latency by operator, and how long it was down by whose fault.
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { RECORDS } from '../alerts/records.ts';
import { UPLINK_SERVICE } from '../map/plan.ts';
import { BAD, OK, valueMappings, verdictMappings } from './colours.ts';
import { EVERY_S, samplesBy } from './downtime.ts';
import { relabelled } from './hops.ts';
import { inPartyColours } from './long-view-panels.ts';
import {
  barsPanel,
  coloured,
  columns,
  lanesPanel,
  linesPanel,
  now,
  overTime,
  rows,
  sortedBy,
  tablePanel,
} from './panels.ts';
import { ON_SITE } from './scope.ts';

const ANCHORS = `${ON_SITE}, role="anchor"`;

const THE_LINE = `${ON_SITE}, service="${UPLINK_SERVICE}"`;

/** The operator of an anchor stands in its name. */
function byOperator(aggregation: string, expr: string): string {
  return `${aggregation} by (operator) (${relabelled(expr, 'operator', '$1', 'target', 'anchor/([^/]+)/.+')})`;
}

export function lineHistoryPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'The line, over time',
    description: 'The verdict about the connection itself, which is a service like any other.',
    span: 24,
    height: 3,
  };
  return lanesPanel(about, verdictMappings()).withTarget(overTime(`${RECORDS.code}{${THE_LINE}}`, '{{service}}'));
}

export function lossPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Loss, by operator',
    description: 'Share of failed measurements of five minutes. All operators together: the line. One alone: that one.',
    span: 12,
    height: 8,
  };
  const lost = byOperator('avg', `1 - avg_over_time(probe_success{${ANCHORS}}[5m])`);
  return linesPanel(about, 'percentunit').max(1).withTarget(overTime(lost, '{{operator}}'));
}

export function operatorLatencyPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Latency, by operator',
    description: 'Time to connect to the nearest anchor of each operator.',
    span: 12,
    height: 8,
  };
  const nearest = byOperator('min', `probe_duration_seconds{${ANCHORS}}`);
  return linesPanel(about, 's').withTarget(overTime(nearest, '{{operator}}'));
}

export function anchorsTable(): table.PanelBuilder {
  const about = {
    title: 'Every anchor',
    description: 'An anchor that never worked, such as IPv6 on an IPv4 line, does not count.',
    span: 14,
    height: 8,
  };
  const each = (expr: string): string => `max by (target) (${expr})`;
  const shown = columns({
    target: 'Anchor',
    'Value #state': 'State',
    'Value #latency': 'Latency',
    'Value #hour': 'Loss, 1 hour',
    'Value #day': 'Loss, 24 hours',
  });
  return tablePanel(about)
    .withTarget(rows(each(`probe_success{${ANCHORS}}`), 'state'))
    .withTarget(rows(each(`probe_duration_seconds{${ANCHORS}}`), 'latency'))
    .withTarget(rows(each(`1 - avg_over_time(probe_success{${ANCHORS}}[1h])`), 'hour'))
    .withTarget(rows(each(`1 - avg_over_time(probe_success{${ANCHORS}}[24h])`), 'day'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Loss, 24 hours', 'falling')])
    .overrideByName('State', coloured(valueMappings({ 1: OK, 0: { ...BAD, text: 'FAILS' } })))
    .overrideByName('Latency', [{ id: 'unit', value: 's' }])
    .overrideByRegexp('/^Loss/', [
      { id: 'unit', value: 'percentunit' },
      { id: 'decimals', value: 1 },
    ]);
}

export function lineDowntimePanel(): bargauge.PanelBuilder {
  const about = {
    title: 'The line was down, last 30 days',
    description: 'Time without a connection, by whose fault it was.',
    span: 10,
    height: 8,
  };
  const seconds = `${samplesBy('party', `${THE_LINE}, party!="none"`, '30d')} * ${EVERY_S}`;
  return inPartyColours(barsPanel(about, 'dtdurations'))
    .noValue('never')
    .withTarget(now(`sort_desc(${seconds})`, '{{party}}'));
}
