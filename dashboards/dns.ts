// DNS: the resolver you use, the name servers of your zones, and what exactly they answer.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import {
  answersPanel,
  dnsStates,
  phasesPanel,
  reasonsPanel,
  serialsPanel,
  shapesPanel,
  signaturesPanel,
} from './dns-panels.ts';
import { probeLanes, probeLatency, probeTable, signalCells } from './probe-panels.ts';
import { HERE, ON_SITE } from './scope.ts';
import { UIDS } from './uids.ts';

const RESOLVERS = `${ON_SITE}, role=~"resolver|public_resolver"`;

const NAME_SERVERS = `${HERE}, role="nameserver"`;

export function dns(): DashboardBuilder {
  const story = {
    uid: UIDS.dns,
    title: 'DNS',
    description: 'The resolver you use, the name servers of your zones, and what exactly they answer.',
    choices: ['service'],
    from: 'now-6h',
  } as const;
  const servers = {
    title: 'Name servers of your zones',
    description: 'Every server asked directly, without a resolver in between.',
    span: 14,
    height: 9,
  };
  const signals = {
    title: 'What the name servers prove',
    description: 'Whether they answer at all, answer for your zone, and have an address for your name.',
    span: 10,
    height: 9,
  };
  const overTime = {
    title: 'Name servers, over time',
    description: 'One silent server is an inconvenience; all of one vendor are an outage.',
    span: 24,
    height: 9,
  };
  const resolvers = {
    title: 'Your resolver beside public ones',
    description: 'All are asked by address. If only yours is slow or silent, the line is not to blame.',
    span: 8,
    height: 9,
  };
  const latency = {
    title: 'Latency of name servers',
    description: 'The slowest server of each zone.',
    span: 8,
    height: 9,
  };
  const proof = signalCells(signals, ['nameservers', 'nameservers_reachable', 'record'], HERE);
  return board(story, [
    [null, [...dnsStates(), probeTable(servers, NAME_SERVERS), proof]],
    ['Over time', [probeLanes(overTime, NAME_SERVERS), shapesPanel(), reasonsPanel()]],
    [
      'How fast',
      [
        probeLatency(resolvers, RESOLVERS, ['target']),
        probeLatency(latency, NAME_SERVERS, ['service', 'vendor']),
        phasesPanel(),
      ],
    ],
    ['In detail', [answersPanel(), serialsPanel(), signaturesPanel()]],
  ]);
}
