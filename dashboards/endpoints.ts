// APIs and identity: what your services need from vendors, and whether an error of yours is only the echo of theirs.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import {
  cyclingPanel,
  endpointAnswersPanel,
  endpointShapesPanel,
  NEEDY,
  needsPanel,
  needsStates,
  siblingsPanel,
} from './endpoints-panels.ts';
import { probeLanes, probeLatency, signalCells } from './probe-panels.ts';
import { guardsPanel } from './proof-panels.ts';
import { HERE } from './scope.ts';
import { callsPanel, ownSignalsPanel, ownSignalsTable } from './signal-panels.ts';
import { UIDS } from './uids.ts';

const ENDPOINTS = `${HERE}, role="endpoint"`;

export function endpoints(): DashboardBuilder {
  const story = {
    uid: UIDS.endpoints,
    title: 'APIs and identity',
    description:
      'What your services need from vendors’ APIs and identity providers, and whether your error is only the echo of theirs.',
    choices: ['service'],
    from: 'now-6h',
  } as const;
  const echo = {
    title: 'Cause and echo',
    description: 'If the endpoint goes bad before your origin’s answer does, the origin is not the one to repair.',
    span: 14,
    height: 8,
  };
  const servers = {
    title: 'Endpoints at their own name servers, over time',
    description: 'The vendor’s name servers asked directly: OK only with an address.',
    span: 24,
    height: 5,
  };
  const latency = {
    title: 'Latency of the endpoints’ name servers',
    description: 'The slowest server of each endpoint.',
    span: 12,
    height: 8,
  };
  return board(story, [
    [null, [...needsStates(), needsPanel()]],
    [
      'Over time',
      [
        signalCells(echo, ['endpoint_record', 'needs_met', 'origin_connect', 'origin_answer', 'service'], HERE, NEEDY),
        guardsPanel(['endpoint'], 10, 8),
        probeLanes(servers, ENDPOINTS),
      ],
    ],
    [
      'What the vendor answers',
      [
        endpointShapesPanel(),
        endpointAnswersPanel(),
        siblingsPanel(),
        probeLatency(latency, ENDPOINTS, ['vendor', 'component']),
        cyclingPanel(),
      ],
    ],
    ['Signals of your own', [ownSignalsPanel(), callsPanel(), ownSignalsTable()]],
  ]);
}
