// The tunnel daemon as it reports itself, for the services that have one.
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { signalMetric } from '../catalog/metrics.ts';
import { type SignalName, signalFact } from '../catalog/signals.ts';
import { BAD, OK, PARTY, type Shown, signalMappings, valueMappings } from './colours.ts';
import {
  coloured,
  columns,
  linesPanel,
  now,
  overTime,
  pilesPanel,
  rows,
  sortedBy,
  statPanel,
  tablePanel,
} from './panels.ts';
import { HERE } from './scope.ts';

const DAEMONS = `${HERE}, role="tunnel"`;

/** 1 for every service with a tunnel; the signals of the others are unknown by design. */
export const TUNNELED = `group by (site, service) (probe_success{${DAEMONS}})`;

/** 1 for those of them whose far end is a vendor's. */
const ENDING_AT_A_VENDOR = `group by (site, service) (demarc_dependency_info{${HERE}, layer="tunnel"})`;

function statePanel(title: string, signal: SignalName, bad: Shown, of = TUNNELED): stat.PanelBuilder {
  const about = { title, description: signalFact(signal).help, span: 8, height: 4 };
  const state = `max by (site, service) (${signalMetric(signal)}{${HERE}}) and on (site, service) ${of}`;
  return statPanel(about, signalMappings(bad), 'named').withTarget(now(state, '{{service}}'));
}

export function tunnelStates(): stat.PanelBuilder[] {
  return [
    statePanel('Daemon', 'tunnel_daemon', { text: 'DEAD', colour: PARTY.own.colour }),
    statePanel('Connected', 'tunnel_ready', { ...BAD, text: 'NOT CONNECTED' }),
    statePanel('Ports of the vendor', 'tunnel_edge', { ...BAD, text: 'SILENT' }, ENDING_AT_A_VENDOR),
  ];
}

export function connectionsPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Connections to the edge',
    description: 'As the daemon reports them. Four is usual; fewer is a warning, none is an outage.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 'none').withTarget(
    overTime(`max by (service) (demarc_tunnel_ready_connections{${HERE}})`, '{{service}}'),
  );
}

export function registrationsPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Failed registrations',
    description: 'Since the daemon started. A staircase while connections are missing means that the vendor refuses.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 'none')
    .noValue('none failed')
    .withTarget(overTime(`max by (service) (demarc_tunnel_register_failures{${HERE}})`, '{{service}}'));
}

export function daemonFailuresPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Why the tunnel’s probes fail',
    description: 'Refused: the daemon is dead. Not ready: it lives without a connection.',
    span: 12,
    height: 8,
  };
  const failing = `sum by (role, reason) (demarc_probe_failure_info{${HERE}, role=~"tunnel|service"} and on (site, service) ${TUNNELED})`;
  return pilesPanel(about, 'none').withTarget(overTime(failing, '{{role}} {{reason}}'));
}

/** Each daemon in its own words, whatever its kind. */
export function daemonsTable(): table.PanelBuilder {
  const about = {
    title: 'Every daemon',
    description:
      'What each kind can tell: cloudflared, ngrok and frp of connections, WireGuard of handshakes, Tailscale of its key and of warnings.',
    span: 24,
    height: 7,
  };
  const shown = columns({
    service: 'Service',
    kind: 'Daemon',
    'Value #state': 'State',
    'Value #connections': 'Connections',
    'Value #handshake': 'Last handshake',
    'Value #key': 'Key ends',
    'Value #warnings': 'Warnings',
    ailment: 'It says',
    reason: 'Reason',
  });
  const told = (metric: string, more = ''): string => `max by (service, kind${more}) (${metric}{${DAEMONS}})`;
  const panel = tablePanel(about)
    .withTarget(rows(told('probe_success'), 'state'))
    .withTarget(rows(told('demarc_tunnel_ready_connections'), 'connections'))
    .withTarget(rows(`${told('demarc_tunnel_last_handshake_timestamp_seconds')} * 1000`, 'handshake'))
    .withTarget(rows(`${told('demarc_tunnel_key_expiry_timestamp_seconds')} * 1000`, 'key'))
    .withTarget(rows(told('demarc_tunnel_warnings'), 'warnings'))
    .withTarget(rows(told('demarc_tunnel_ailment_info', ', ailment'), 'ailment'))
    .withTarget(rows(`${told('demarc_probe_failure_info', ', reason')} == 1`, 'reason'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('State', 'rising')])
    .overrideByName('State', coloured(valueMappings({ 1: OK, 0: BAD })));
  for (const column of ['Last handshake', 'Key ends']) {
    panel.overrideByName(column, [{ id: 'unit', value: 'dateTimeFromNow' }]);
  }
  return panel;
}
