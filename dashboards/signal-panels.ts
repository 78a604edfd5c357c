// Signals of the user's own: values of their applications, identity providers, and the authorities their certificates come from.
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import { BAD, OK, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import { coloured, columns, lanesPanel, overTime, rows, sortedBy, tablePanel } from './panels.ts';
import { probeLanes } from './probe-panels.ts';
import { HERE } from './scope.ts';

const SIGNALS = `${HERE}, role="custom"`;

export function ownSignalsPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Signals of your own, over time',
    description: 'Values of your applications, identity providers and ACME directories, as the map names them.',
    span: 24,
    height: 6,
  };
  return probeLanes(about, SIGNALS).noValue('none in map');
}

/** A signal is named by its target, without role and service. */
function bySignal(metric: string, more = ''): string {
  const named = relabelled(`${metric}{${SIGNALS}}`, 'signal', '$1', 'target', 'custom/[^/]+/(.+)');
  return `max by (service, signal, vendor, kind${more}) (${named})`;
}

export function ownSignalsTable(): table.PanelBuilder {
  const about = {
    title: 'Every signal of your own',
    description:
      'Newest value where it is a number or a truth; of identity providers how many keys they show, and when the first one ends.',
    span: 24,
    height: 6,
  };
  const shown = columns({
    service: 'Service',
    signal: 'Signal',
    kind: 'Asked as',
    vendor: 'About',
    'Value #state': 'State',
    'Value #value': 'Value',
    'Value #keys': 'Keys',
    'Value #end': 'First key ends',
    reason: 'Reason',
  });
  return tablePanel(about)
    .withTarget(rows(bySignal('probe_success'), 'state'))
    .withTarget(rows(bySignal('demarc_custom_value'), 'value'))
    .withTarget(rows(bySignal('demarc_identity_keys'), 'keys'))
    .withTarget(rows(`${bySignal('demarc_identity_keys_expiry_timestamp_seconds')} * 1000`, 'end'))
    .withTarget(rows(`${bySignal('demarc_probe_failure_info', ', reason')} == 1`, 'reason'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('State', 'rising')])
    .overrideByName('State', coloured(valueMappings({ 1: OK, 0: BAD })))
    .overrideByName('First key ends', [{ id: 'unit', value: 'dateTimeFromNow' }]);
}

export function callsPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'API calls as you make them, over time',
    description:
      'The first credential, the second, and another region. Served with the second only: your key or account. Elsewhere only: the region.',
    span: 24,
    height: 5,
  };
  const served = relabelled(`demarc_api_call_success{${SIGNALS}}`, 'signal', '$1', 'target', 'custom/(.+)');
  return lanesPanel(about, valueMappings({ 1: { ...OK, text: 'SERVED' }, 0: { ...BAD, text: 'DENIED' } }))
    .noValue('no calls in map')
    .withTarget(overTime(`min by (signal, call) (${served})`, '{{signal}} {{call}}'));
}

export function authoritiesPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Where certificates are renewed, over time',
    description: 'Whether the ACME directory can be read. Without it nothing is issued; what you have holds on.',
    span: 24,
    height: 4,
  };
  const read = relabelled(`demarc_acme_directory_ok{${SIGNALS}}`, 'signal', '$1', 'target', 'custom/(.+)');
  return lanesPanel(about, valueMappings({ 1: OK, 0: { ...BAD, text: 'UNREADABLE' } }))
    .noValue('no ACME directory in map')
    .withTarget(overTime(`min by (signal) (${read})`, '{{signal}}'));
}
