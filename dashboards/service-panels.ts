// One service in numbers: what it answers, how long each phase takes, and whether the edge or the origin is slow or wrong.
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as statushistory from '@grafana/grafana-foundation-sdk/statushistory';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { RECORDS } from '../alerts/records.ts';
import { BAD, NO_DATA, OK, UNKNOWN, valueMappings, verdictMappings } from './colours.ts';
import { DOWN, shareOfEach } from './downtime.ts';
import { HOPS } from './hops.ts';
import { codeLanes, linesPanel, now, numberPanel, overTime, pilesPanel, statPanel, steps } from './panels.ts';
import { hopCells } from './probe-panels.ts';
import { HERE } from './scope.ts';

/** A strip: the verdict, since when, the newest answer, its latency, how much of the time it was fine, and the way out. */
export function answerPanels(): stat.PanelBuilder[] {
  const about = (title: string, description: string, span: number) => ({ title, description, span, height: 4 });
  const user = `{${HERE}, role="service"}`;
  const verdict = about('Verdict', 'Whose fault it is, at this moment.', 8);
  const since = about('Since', 'When the present state began.', 4);
  const status = about('Status code', 'Of the newest answer a user would have got.', 3);
  const latency = about('Latency', 'Of the newest answer a user would have got.', 3);
  const fine = about('Fine', 'Share of the judged time on this page that the service was fine.', 3);
  const failover = about('Failover', 'Whether the second path the map names would carry the service now.', 3);
  return [
    statPanel(verdict, verdictMappings(), 'named').withTarget(now(`${RECORDS.code}{${HERE}}`, '{{service}}')),
    numberPanel(since, 'dateTimeFromNow', 'named').withTarget(
      now(`max by (service) (demarc_verdict_since_timestamp_seconds{${HERE}}) * 1000`, '{{service}}'),
    ),
    numberPanel(status, 'none', 'named')
      .thresholds(steps(NO_DATA.colour, [400, BAD.colour]))
      .withTarget(now(`max by (service) (probe_http_status_code${user})`, '{{service}}')),
    numberPanel(latency, 's', 'named').withTarget(
      now(`max by (service) (probe_duration_seconds${user})`, '{{service}}'),
    ),
    numberPanel(fine, 'percentunit', 'named')
      .decimals(2)
      .withTarget(now(`1 - ${shareOfEach(DOWN, '$__range')}`, '{{service}}')),
    statPanel(
      failover,
      valueMappings({ 1: { ...OK, text: 'READY' }, 0: { ...BAD, text: 'NOT READY' }, [-1]: UNKNOWN }),
      'named',
    )
      .noValue('none in map')
      .withTarget(now(`min by (service) (demarc_failover_ready{${HERE}})`, '{{service}}')),
  ];
}

export function signalsPanel(): statushistory.PanelBuilder {
  const about = {
    title: 'Every signal of the way, over time',
    description: 'Which hop went bad first. Hops that are not in the map are left out.',
    span: 15,
    height: 13,
  };
  return hopCells(about, HOPS);
}

export function phasesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Latency by phase',
    description: 'Where the time of a user’s request goes, from asking for the address to the last byte.',
    span: 12,
    height: 8,
  };
  const phases = `max by (service, phase) (probe_http_duration_seconds{${HERE}, role="service"})`;
  return pilesPanel(about, 's').withTarget(overTime(phases, '{{service}} {{phase}}'));
}

export function againstPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Edge against origin',
    description: 'What a user waits for, beside the edge’s own path and the origin asked directly.',
    span: 12,
    height: 8,
  };
  const slowest = `max by (service, role) (probe_duration_seconds{${HERE}, role=~"service|edge|origin"})`;
  return linesPanel(about, 's').withTarget(overTime(slowest, '{{service}} {{role}}'));
}

export function statusCodesPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Status codes',
    description: 'What the service, its edge and its origin answered. An error at the edge only is not the origin’s.',
    span: 12,
    height: 8,
  };
  const codes = `max by (service, role) (probe_http_status_code{${HERE}})`;
  return codeLanes(about).withTarget(overTime(codes, '{{service}} {{role}}'));
}

export function generatorsPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Who wrote the errors',
    description: 'Probes of the service that got an error, by its writer. The writer of an error is not its culprit.',
    span: 12,
    height: 8,
  };
  const written = `sum by (generator) (demarc_http_error_generator_info{${HERE}})`;
  return pilesPanel(about, 'none').withTarget(overTime(written, '{{generator}}'));
}
