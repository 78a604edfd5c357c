// What DNS servers answered: the state of what every name depends on, the shape of the answers, and their contents.
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { signalMetric } from '../catalog/metrics.ts';
import { type SignalName, signalFact } from '../catalog/signals.ts';
import { BAD, type Shown, signalMappings } from './colours.ts';
import { columns, linesPanel, now, overTime, pilesPanel, rows, sortedBy, statPanel, tablePanel } from './panels.ts';
import { HERE, ON_SITE } from './scope.ts';

function statePanel(title: string, signal: SignalName, bad: Shown, span: number): stat.PanelBuilder {
  const { subject, help } = signalFact(signal);
  const scope = subject === 'site' ? ON_SITE : HERE;
  const legend = subject === 'site' ? title : '{{service}}';
  return statPanel(
    { title, description: help, span, height: 4 },
    signalMappings(bad),
    subject === 'site' ? 'plain' : 'named',
  ).withTarget(now(`min by (${subject === 'site' ? 'site' : 'service'}) (${signalMetric(signal)}{${scope}})`, legend));
}

export function dnsStates(): stat.PanelBuilder[] {
  return [
    statePanel('Your resolver', 'resolver', BAD, 4),
    statePanel('Other resolvers', 'other_resolvers', BAD, 4),
    statePanel('Zone answered for', 'nameservers', BAD, 8),
    statePanel('Name has an address', 'record', BAD, 8),
  ];
}

export function shapesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Shape of the answers',
    description:
      'Name servers and endpoints by what they say. `nodata` is an answer without an error and without an address.',
    span: 12,
    height: 9,
  };
  const shapes = `sum by (role, shape) (demarc_dns_shape_info{${HERE}})`;
  return pilesPanel(about, 'none').withTarget(overTime(shapes, '{{role}} {{shape}}'));
}

export function answersPanel(): table.PanelBuilder {
  const about = {
    title: 'Newest answers',
    description:
      'Records in each section of the newest answer of every server of your zones, and how long the shortest-lived may be kept.',
    span: 14,
    height: 8,
  };
  const by = (metric: string): string => `max by (target, service) (${metric}{${HERE}})`;
  const shown = columns({
    target: 'Question',
    service: 'Service',
    shape: 'Shape',
    'Value #answers': 'Answers',
    'Value #authority': 'Authority',
    'Value #additional': 'Additional',
    'Value #ttl': 'TTL',
  });
  return tablePanel(about)
    .withTarget(rows(`max by (target, service, shape) (demarc_dns_shape_info{${HERE}} == 1)`, 'shape'))
    .withTarget(rows(by('probe_dns_answer_rrs'), 'answers'))
    .withTarget(rows(by('probe_dns_authority_rrs'), 'authority'))
    .withTarget(rows(by('probe_dns_additional_rrs'), 'additional'))
    .withTarget(rows(by('demarc_dns_answer_ttl_seconds'), 'ttl'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Question', 'rising')])
    .overrideByName('TTL', [{ id: 'unit', value: 'dtdurations' }]);
}

export function serialsPanel(): table.PanelBuilder {
  const about = {
    title: 'Serials',
    description: 'Of zones asked for their SOA. Servers of one zone that differ for long have lost their primary.',
    span: 10,
    height: 8,
  };
  const serials = `max by (target, vendor) (probe_dns_serial{${ON_SITE}})`;
  return tablePanel(about)
    .withTarget(rows(serials))
    .transformations([
      ...columns({ target: 'Server', vendor: 'Vendor', Value: 'Serial' }),
      sortedBy('Server', 'rising'),
    ]);
}

export function signaturesPanel(): table.PanelBuilder {
  const about = {
    title: 'DNSSEC signatures',
    description:
      'When the first signature of each signed zone ends. Validating resolvers lose the zone at that moment.',
    span: 24,
    height: 6,
  };
  const ends = `max by (target, service, vendor) (demarc_dns_signatures_end_timestamp_seconds{${HERE}, role="zone"})`;
  return tablePanel(about)
    .withTarget(rows(`${ends} - time()`))
    .transformations([
      ...columns({ target: 'Server', service: 'Service', vendor: 'Vendor', Value: 'Left' }),
      sortedBy('Left', 'rising'),
    ])
    .unit('s');
}

export function reasonsPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Failed questions, by reason',
    description: 'Of all DNS probes. Timeouts say nothing about who; SERVFAIL and REFUSED were said by a server.',
    span: 12,
    height: 9,
  };
  const failed = `sum by (reason) (increase(demarc_probe_results_total{${ON_SITE}, kind="dns", reason!="ok"}[$__rate_interval]))`;
  return pilesPanel(about, 'none').withTarget(overTime(`${failed} > 0`, '{{reason}}'));
}

export function phasesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Slowest question, by role',
    description: 'Controls are zones of other people at the same vendors.',
    span: 8,
    height: 9,
  };
  const slowest = `max by (role) (sum by (role, target) (probe_dns_duration_seconds{${ON_SITE}}))`;
  return linesPanel(about, 's').withTarget(overTime(slowest, '{{role}}'));
}
