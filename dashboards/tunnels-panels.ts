// The tunnel daemon as it reports itself, for the services that have one.
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { signalMetric } from '../catalog/metrics.ts';
import { type SignalName, signalFact } from '../catalog/signals.ts';
import { BAD, PARTY, type Shown, signalMappings } from './colours.ts';
import { linesPanel, now, overTime, pilesPanel, statPanel } from './panels.ts';
import { HERE } from './scope.ts';

/** 1 for every service with a tunnel; the signals of the others are unknown by design. */
export const TUNNELED = `group by (site, service) (probe_success{${HERE}, role="tunnel"})`;

function statePanel(title: string, signal: SignalName, bad: Shown): stat.PanelBuilder {
  const about = { title, description: signalFact(signal).help, span: 8, height: 4 };
  const state = `max by (site, service) (${signalMetric(signal)}{${HERE}}) and on (site, service) ${TUNNELED}`;
  return statPanel(about, signalMappings(bad), 'named').withTarget(now(state, '{{service}}'));
}

export function tunnelStates(): stat.PanelBuilder[] {
  return [
    statePanel('Daemon', 'tunnel_daemon', { text: 'DEAD', colour: PARTY.own.colour }),
    statePanel('Connected', 'tunnel_ready', { ...BAD, text: 'NOT CONNECTED' }),
    statePanel('Ports of the vendor', 'tunnel_edge', { ...BAD, text: 'SILENT' }),
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
  return linesPanel(about, 'none').withTarget(
    overTime(`max by (service) (demarc_tunnel_register_failures{${HERE}})`, '{{service}}'),
  );
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
