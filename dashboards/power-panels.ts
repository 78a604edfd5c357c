// The power in the house, as its UPSes tell of it.
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { BAD, OK, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import { lanesPanel, linesPanel, overTime } from './panels.ts';
import { ON_SITE } from './scope.ts';

/** A UPS is named by its target, without the role. */
function byUps(aggregation: 'min' | 'max', metric: string): string {
  return `${aggregation} by (ups) (${relabelled(`${metric}{${ON_SITE}}`, 'ups', '$1', 'target', 'power/(.+)')})`;
}

export function powerLanes(): statetimeline.PanelBuilder {
  const about = {
    title: 'Power, over time',
    description:
      'Where each UPS gets its power from. A line that is cut while one is on battery may be yours to repair.',
    span: 24,
    height: 4,
  };
  const states = valueMappings({ 1: { ...OK, text: 'LINE' }, 0: { ...BAD, text: 'BATTERY' } });
  return lanesPanel(about, states).withTarget(overTime(byUps('min', 'demarc_power_on_line'), '{{ups}}'));
}

export function batteryPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Battery, and load',
    description: 'Charge of the battery, and the share of what the UPS can carry that hangs on it.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 'percentunit')
    .withTarget(overTime(byUps('min', 'demarc_power_battery_charge_ratio'), '{{ups}} charge'))
    .withTarget(overTime(byUps('max', 'demarc_power_load_ratio'), '{{ups}} load', 'B'));
}

export function batteryRuntimePanel(): timeseries.PanelBuilder {
  const about = {
    title: 'How long the battery lasts',
    description: 'As the UPS reckons; with an old battery it is less.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 's').withTarget(overTime(byUps('min', 'demarc_power_battery_runtime_seconds'), '{{ups}}'));
}
