// How long things take: the way to the service, the world around it, and the prober itself.
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { linesPanel, overTime } from './panels.ts';
import { HERE, ON_SITE } from './scope.ts';

export function latencyPanel(): timeseries.PanelBuilder {
  const titled = {
    title: 'Latency on the way to the service',
    description: 'The slowest measurement of each kind of probe of the chosen services.',
    span: 12,
    height: 8,
  };
  const slowest = `max by (service, role) (probe_duration_seconds{${HERE}})`;
  return linesPanel(titled, 's').withTarget(overTime(slowest, '{{service}} {{role}}'));
}

export function surroundingsLatencyPanel(): timeseries.PanelBuilder {
  const titled = {
    title: 'Latency of everything else',
    description: 'The slowest anchor, resolver and vendor control. When all rise together, it is the line.',
    span: 12,
    height: 8,
  };
  const slowest = `max by (role, vendor) (probe_duration_seconds{${ON_SITE}, service=""})`;
  return linesPanel(titled, 's').withTarget(overTime(slowest, '{{role}} {{vendor}}'));
}

export function proberPanel(span: number): timeseries.PanelBuilder {
  const titled = {
    title: 'Is the prober itself well?',
    description:
      'How late probes start, and how long the event loop is held. A starved prober proves nothing by silence.',
    span,
    height: 8,
  };
  return linesPanel(titled, 's')
    .withTarget(overTime(`max(demarc_probe_start_lateness_seconds{${ON_SITE}})`, 'start of probes', 'lateness'))
    .withTarget(overTime(`max(demarc_event_loop_delay_seconds{${ON_SITE}})`, 'event loop, p99', 'delay'));
}
