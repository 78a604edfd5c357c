// Vendors' endpoints that services need: whether they have an address, and how their siblings fare.
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { signalMetric } from '../catalog/metrics.ts';
import { type SignalName, signalFact } from '../catalog/signals.ts';
import { BAD, OK, PARTY, signalMappings, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import {
  codeLanes,
  coloured,
  columns,
  lanesPanel,
  linesPanel,
  now,
  overTime,
  pilesPanel,
  rows,
  sortedBy,
  statPanel,
  tablePanel,
} from './panels.ts';
import { HERE, ON_SITE, TITLES } from './scope.ts';

/** 1 for every service that needs an endpoint. */
export const NEEDY = `group by (site, service) (demarc_dependency_info{${HERE}, layer="endpoint"})`;

function statePanel(title: string, signal: SignalName): stat.PanelBuilder {
  const about = { title, description: signalFact(signal).help, span: 12, height: 4 };
  const state = `max by (site, service) (${signalMetric(signal)}{${HERE}}) and on (site, service) ${NEEDY}`;
  return statPanel(about, signalMappings(BAD), 'named').withTarget(now(state, '{{service}}'));
}

export function needsStates(): stat.PanelBuilder[] {
  return [statePanel('Endpoint has an address', 'endpoint_record'), statePanel('Needs met', 'needs_met')];
}

export function needsPanel(): table.PanelBuilder {
  const about = {
    title: 'Who needs what',
    description: 'Services of the map with an endpoint, and what the controls of that endpoint say.',
    span: 24,
    height: 5,
  };
  const needs = [
    'max by (service, vendor_title, component_title) (',
    `  max by (site, service, vendor, component) (demarc_dependency_info{${HERE}, layer="endpoint"})`,
    '  * on (site, vendor, component) group_left (vendor_title, component_title)',
    `  (${TITLES} * on (site, vendor, component) group_left () max by (site, vendor, component) (demarc_vendor_component_state{${ON_SITE}}))`,
    ')',
  ].join('\n');
  const shown = columns({
    service: 'Service',
    vendor_title: 'Vendor',
    component_title: 'Endpoint',
    Value: 'Its controls',
  });
  return tablePanel(about)
    .withTarget(rows(needs))
    .transformations([...shown, sortedBy('Service', 'rising')])
    .overrideByName('Its controls', coloured(signalMappings({ text: 'FAILING', colour: PARTY.vendor.colour })));
}

export function endpointShapesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Shape of the answers',
    description: '`nodata` is the name without an address and without an error: a check for NOERROR alone stays green.',
    span: 12,
    height: 8,
  };
  const shapes = `sum by (vendor, component, shape) (demarc_dns_shape_info{${HERE}, role="endpoint"})`;
  return pilesPanel(about, 'none').withTarget(overTime(shapes, '{{vendor}} {{component}} {{shape}}'));
}

export function endpointAnswersPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Addresses in the answers',
    description: 'Records in the answer section of each name server. Falling to zero is the incident of 2025-10-20.',
    span: 12,
    height: 8,
  };
  const answers = `max by (target) (probe_dns_answer_rrs{${HERE}, role="endpoint"})`;
  return linesPanel(about, 'none').withTarget(overTime(answers, '{{target}}'));
}

/** Series of the controls of the endpoints that services need, named by what stands behind the component in their target. */
function ofSiblings(metric: string): string {
  const controls = relabelled(
    `${metric}{${ON_SITE}, role="control"}`,
    'target',
    '$1',
    'target',
    'control/[^/]+/[^/]+/(.+)',
  );
  return `${controls}\nand on (site, vendor, component) demarc_dependency_info{${HERE}, layer="endpoint"}`;
}

export function siblingsPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Siblings of the endpoints',
    description: 'Other names and ports of the same component, which are not yours: the second witness.',
    span: 12,
    height: 8,
  };
  return lanesPanel(about, valueMappings({ 1: OK, 0: { ...BAD, text: 'FAILS' } })).withTarget(
    overTime(`min by (target) (${ofSiblings('probe_success')})`, '{{target}}'),
  );
}

export function cyclingPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Errors in turns',
    description:
      'Status codes of the siblings. A broken platform answers 503, 500, 403 and 401 in turns: a 403 among 503s is not your key.',
    span: 24,
    height: 5,
  };
  return codeLanes(about).withTarget(
    overTime(`max by (target) (${ofSiblings('probe_http_status_code')})`, '{{target}}'),
  );
}
