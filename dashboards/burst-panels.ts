// What bursts tell of the line and of the house: how much is lost, how long it takes, whether large packets pass.
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { relabelled } from './hops.ts';
import { linesPanel, overTime } from './panels.ts';
import { probeLanes } from './probe-panels.ts';
import { ON_SITE } from './scope.ts';

/** Bursts are named by their target, without the role. */
const byBurst = (series: string): string =>
  `max by (burst) (${relabelled(series, 'burst', '$1', 'target', '[^/]+/(.+)')})`;

const BURSTS = `${ON_SITE}, role="burst"`;

export function burstLossPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Loss of bursts',
    description:
      'Share of ten datagrams that did not come back, over five minutes. Your own resolver or router too: it is lost at home. All others together: the line.',
    span: 12,
    height: 8,
  };
  const lost = byBurst(`avg_over_time(demarc_burst_loss_ratio{${BURSTS}}[5m])`);
  return linesPanel(about, 'percentunit').max(1).withTarget(overTime(lost, '{{burst}}'));
}

export function burstDelayPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Delay and jitter of bursts',
    description:
      'Mean round trip, and the mean difference between one and the next. Both grow before a full line loses anything.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 's')
    .withTarget(overTime(byBurst(`demarc_burst_rtt_seconds{${BURSTS}, stat="mean"}`), '{{burst}}'))
    .withTarget(overTime(byBurst(`demarc_burst_jitter_seconds{${BURSTS}}`), '{{burst}} jitter', 'B'));
}

const LARGE = `${ON_SITE}, role="path_mtu"`;

export function largeDatagramsPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Packets of full size, over time',
    description:
      'Pings that may not be cut up, and QUIC in datagrams of 1472 bytes. Small ones pass and these do not: large packets are lost on the way.',
    span: 12,
    height: 6,
  };
  return probeLanes(about, LARGE);
}

export function pathMtuPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Largest packet known to pass',
    description:
      'Bytes, headers included. Ethernet carries 1500, DSL with PPPoE 1492, a tunnel less. Fewer than before: somebody on the way has put something between.',
    span: 12,
    height: 6,
  };
  return linesPanel(about, 'none').withTarget(overTime(byBurst(`demarc_path_mtu_bytes{${LARGE}}`), '{{burst}}'));
}
