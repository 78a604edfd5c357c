// Certificates as they are served: time left, and each check on its own, since one fault often hides another.
import * as common from '@grafana/grafana-foundation-sdk/common';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { signalMetric } from '../catalog/metrics.ts';
import { BAD, OK, PARTY, valueMappings } from './colours.ts';
import {
  coloured,
  columns,
  lanesPanel,
  linesPanel,
  now,
  numberPanel,
  overTime,
  rows,
  sortedBy,
  statPanel,
  steps,
  tablePanel,
} from './panels.ts';
import { HERE } from './scope.ts';

const END = `demarc_certificate_not_after_timestamp_seconds{${HERE}}`;

const PASSES = valueMappings({ 1: OK, 0: { ...BAD, text: 'FAILS' } });

/** The checks, by what people call them. */
const CHECKS = { time: 'In time', hostname: 'Names the host', trusted: 'Trusted', completeChain: 'Chain complete' };

export function soonestPanels(): stat.PanelBuilder[] {
  const days = { title: 'Ends first', description: 'Time until the first certificate ends.', span: 8, height: 4 };
  const job = {
    title: 'Renewal is the job of',
    description: 'For the certificate users see, as the map says or as the vendor behind the edge manages it.',
    span: 8,
    height: 4,
  };
  const failing = { title: 'Failed checks', description: 'Over all certificates, now.', span: 8, height: 4 };
  const unhealthy = `sum(demarc_certificate_check{${HERE}} == bool 0)`;
  return [
    numberPanel(days, 's', 'plain').withTarget(now(`min(${END} - time())`, 'ends first')),
    statPanel(job, valueMappings({ 1: PARTY.own, 0: PARTY.vendor }), 'named')
      .colorMode(common.BigValueColorMode.Value)
      .withTarget(now(`max by (service) (${signalMetric('edge_certificate_own')}{${HERE}} >= 0)`, '{{service}}')),
    numberPanel(failing, 'none', 'plain')
      .thresholds(steps(OK.colour, [1, PARTY.own.colour]))
      .withTarget(now(unhealthy, 'failed checks')),
  ];
}

export function checksTable(): table.PanelBuilder {
  const about = {
    title: 'Every certificate',
    description: 'Each check is made on its own: an expired certificate may also name the wrong host.',
    span: 14,
    height: 8,
  };
  const named = Object.fromEntries(Object.entries(CHECKS).map(([check, title]) => [`Value #${check}`, title]));
  const shown = columns({ target: 'Certificate', service: 'Service', 'Value #end': 'Ends', ...named });
  const panel = tablePanel(about)
    .withTarget(rows(`min by (target, service) (${END}) * 1000`, 'end'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Ends', 'rising')])
    .overrideByName('Ends', [{ id: 'unit', value: 'dateTimeFromNow' }]);
  for (const [check, title] of Object.entries(CHECKS)) {
    panel
      .withTarget(rows(`min by (target, service) (demarc_certificate_check{${HERE}, check="${check}"})`, check))
      .overrideByName(title, coloured(PASSES));
  }
  return panel;
}

export function remainingPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Time left',
    description: 'A saw: each jump is a renewal. A line that only falls is nobody’s job yet.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 's').withTarget(overTime(`min by (target) (${END} - time())`, '{{target}}'));
}

export function checksPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Certificates with all checks passed',
    description: 'The worst check of each certificate, over time.',
    span: 12,
    height: 8,
  };
  const worst = `min by (target) (demarc_certificate_check{${HERE}})`;
  return lanesPanel(about, PASSES).perPage(20).withTarget(overTime(worst, '{{target}}'));
}

export function httpExpiryPanel(): table.PanelBuilder {
  const about = {
    title: 'As the HTTP probes saw it',
    description: 'The end of the certificate on the connection of each HTTP probe. It differs where addresses do.',
    span: 24,
    height: 7,
  };
  const ends = `min by (target, service) (probe_ssl_earliest_cert_expiry{${HERE}, kind="http"}) * 1000`;
  return tablePanel(about)
    .withTarget(rows(ends))
    .transformations([...columns({ target: 'Probe', service: 'Service', Value: 'Ends' }), sortedBy('Ends', 'rising')])
    .overrideByName('Ends', [{ id: 'unit', value: 'dateTimeFromNow' }]);
}
