// Which ports outside can be reached from here, and who answers there.
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import { BAD, OK, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import { lanesPanel, overTime } from './panels.ts';
import { ON_SITE } from './scope.ts';

/** What is asked outside anyway, by what is spoken there. */
const ASKED_ANYWAY = {
  anchor: 'anchors (TCP)',
  public_resolver: 'public resolvers (DNS)',
  time: 'time servers (NTP)',
  portal: 'known pages (HTTP)',
} as const;

export function portsPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Ports outside, over time',
    description:
      'Whether anybody who is asked on a port answers. One port silent, of several operators, while the others are open: a firewall, yours or of your ISP. QUIC need not answer everybody.',
    span: 24,
    height: 7,
  };
  const newest = (role: string): string => `probe_success{${ON_SITE}, role="${role}"}`;
  const doors = relabelled(newest('egress'), 'door', '$1', 'target', 'egress/([^/]+)/.+');
  const panel = lanesPanel(about, valueMappings({ 1: { ...OK, text: 'OPEN' }, 0: { ...BAD, text: 'SILENT' } }));
  for (const [index, [role, title]] of Object.entries(ASKED_ANYWAY).entries()) {
    panel.withTarget(overTime(`max(${newest(role)})`, title, 'ABCD'.charAt(index)));
  }
  return panel.withTarget(overTime(`max by (door) (${doors})`, '{{door}}', 'E'));
}

export function interceptionPanel(): statetimeline.PanelBuilder {
  const about = {
    title: 'Who answers as a public resolver',
    description:
      'Whether whoever answers at its address says who it is in its words. Where it is somebody else, a box on the way takes your questions: your router, or your ISP.',
    span: 24,
    height: 5,
  };
  const who = (identity: string): string => {
    const series = `demarc_dns_identity_info{${ON_SITE}, identity="${identity}"}`;
    return `max by (server) (${relabelled(series, 'server', '$1', 'target', 'interception/(.+)')})`;
  };
  const mappings = valueMappings({ 1: { ...OK, text: 'ITSELF' }, 0: { ...BAD, text: 'SOMEBODY ELSE' } });
  return lanesPanel(about, mappings).withTarget(overTime(`${who('expected')}\nor ${who('other')} - 1`, '{{server}}'));
}
