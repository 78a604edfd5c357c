// Probes of some roles, as the dashboards about one layer show them: state over time, latency, and a table of the newest.
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as statushistory from '@grafana/grafana-foundation-sdk/statushistory';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { signalMetric } from '../catalog/metrics.ts';
import type { SignalName } from '../catalog/signals.ts';
import { BAD, OK, UNKNOWN, valueMappings } from './colours.ts';
import { type HOPS, PROBED, relabelled, signalsOf } from './hops.ts';
import {
  cellsPanel,
  coloured,
  columns,
  lanesPanel,
  linesPanel,
  overTime,
  rows,
  sortedBy,
  type Titled,
  tablePanel,
} from './panels.ts';

const SIGNAL_STATES = valueMappings({ 1: OK, 0: BAD, [-1]: UNKNOWN });

const PROBE_STATES = valueMappings({ 1: OK, 0: { ...BAD, text: 'FAILS' } });

/** `matchers`: of the probes' series, without braces. Lanes are named without the role, which is the same for all. */
export function probeLanes(about: Titled, matchers: string): statetimeline.PanelBuilder {
  const named = relabelled(`probe_success{${matchers}}`, 'target', '$1', 'target', '[^/]+/(.+)');
  return lanesPanel(about, PROBE_STATES)
    .perPage(20)
    .withTarget(overTime(`min by (target) (${named})`, '{{target}}'));
}

/** `only`: an expression on (site, service) that a series must match, or nothing. */
function narrowed(only: string): string {
  return only === '' ? '' : ` and on (site, service) ${only}`;
}

/** `labels`: what makes a line; the legend tells them in this order. */
export function probeLatency(
  about: Titled,
  matchers: string,
  labels: readonly string[],
  only = '',
): timeseries.PanelBuilder {
  const slowest = `max by (${labels.join(', ')}) (probe_duration_seconds{${matchers}}${narrowed(only)})`;
  const legend = labels.map((label) => `{{${label}}}`).join(' ');
  return linesPanel(about, 's').withTarget(overTime(slowest, legend));
}

/** State, latency and reason of the newest measurement of each probe, failing ones first. */
export function probeTable(about: Titled, matchers: string): table.PanelBuilder {
  const shown = columns({
    target: 'Probe',
    service: 'Service',
    vendor: 'Vendor',
    'Value #state': 'State',
    'Value #latency': 'Latency',
    reason: 'Reason',
  });
  const labels = 'target, service, vendor';
  return tablePanel(about)
    .withTarget(rows(`min by (${labels}) (probe_success{${matchers}})`, 'state'))
    .withTarget(rows(`max by (${labels}) (probe_duration_seconds{${matchers}})`, 'latency'))
    .withTarget(rows(`max by (${labels}, reason) (demarc_probe_failure_info{${matchers}} == 1)`, 'reason'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('State', 'rising')])
    .overrideByName('State', coloured(PROBE_STATES))
    .overrideByName('Latency', [{ id: 'unit', value: 's' }]);
}

/** Signals over time, one row each. */
export function signalCells(
  about: Titled,
  names: readonly SignalName[],
  scope: string,
  only = '',
): statushistory.PanelBuilder {
  const all = `{__name__=~"${names.map(signalMetric).join('|')}", ${scope}}`;
  const named = relabelled(all, 'signal', '$1', '__name__', 'demarc_signal_(.+)');
  const states = `max by (site, service, signal) (${named})${narrowed(only)}`;
  return cellsPanel(about, SIGNAL_STATES).withTarget(overTime(states, '{{service}} {{signal}}'));
}

/** The signals of these hops over time, as far as the map has the hops; the others are unknown by design. */
export function hopCells(about: Titled, hops: typeof HOPS): statushistory.PanelBuilder {
  const signals = `max by (site, service, role, signal) (${signalsOf(hops)})`;
  const measured = `${signals} and on (site, service, role) ${PROBED}`;
  return cellsPanel(about, SIGNAL_STATES).withTarget(overTime(measured, '{{service}} {{signal}}'));
}
