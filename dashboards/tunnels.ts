// Tunnels: whether the daemon lives, whether it is connected, whether the vendor's ports answer, and how others fare.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { probeLanes, probeLatency, signalCells } from './probe-panels.ts';
import { guardsPanel } from './proof-panels.ts';
import { HERE, ON_SITE } from './scope.ts';
import {
  connectionsPanel,
  daemonFailuresPanel,
  daemonsTable,
  registrationsPanel,
  TUNNELED,
  tunnelStates,
} from './tunnels-panels.ts';
import { UIDS } from './uids.ts';

export function tunnels(): DashboardBuilder {
  const story = {
    uid: UIDS.tunnels,
    title: 'Tunnels',
    description: 'The daemon, its connections, the ports it dials, and how other people’s tunnels at the vendor fare.',
    choices: ['service'],
    from: 'now-6h',
  } as const;
  const signals = {
    title: 'What the tunnel proves',
    description: 'Whether each daemon lives, and whether it is connected.',
    span: 14,
    height: 8,
  };
  const ports = {
    title: 'Ports the daemon dials',
    description: 'Asked from here. Silent ports beside a living uplink: your firewall, your ISP or the vendor.',
    span: 12,
    height: 5,
  };
  const others = {
    title: 'Other people’s tunnels',
    description: 'Hosts behind the same tunnel service that are not yours. If they fail too, it is not your daemon.',
    span: 12,
    height: 5,
  };
  const latency = {
    title: 'Latency through the tunnel',
    description: 'The service through the tunnel, the daemon’s own page, and the origin behind it.',
    span: 12,
    height: 8,
  };
  return board(story, [
    [null, [...tunnelStates(), daemonsTable(), connectionsPanel(), registrationsPanel()]],
    [
      'Whose fault',
      [
        signalCells(signals, ['tunnel_daemon', 'tunnel_ready'], HERE, TUNNELED),
        guardsPanel(['tunnel'], 10, 8),
        probeLanes(ports, `${ON_SITE}, role="tunnel_edge"`),
        probeLanes(others, `${ON_SITE}, role="control", component="tunnel"`),
      ],
    ],
    [
      'In detail',
      [
        daemonFailuresPanel(),
        probeLatency(latency, `${HERE}, role=~"service|tunnel|origin"`, ['service', 'role'], TUNNELED),
      ],
    ],
  ]);
}
