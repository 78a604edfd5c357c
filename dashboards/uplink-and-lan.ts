// Uplink and LAN: whether the line itself is well, since every judgement about others rests on it.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { burstDelayPanel, burstLossPanel, largeDatagramsPanel, pathMtuPanel } from './burst-panels.ts';
import { interceptionPanel, portsPanel } from './egress-panels.ts';
import { batteryPanel, batteryRuntimePanel, powerLanes } from './power-panels.ts';
import { probeLanes, probeLatency } from './probe-panels.ts';
import { routesTable, visibilityPanel } from './route-panels.ts';
import { ON_SITE } from './scope.ts';
import { UIDS } from './uids.ts';
import { anchorsTable, lineDowntimePanel, lineHistoryPanel, lossPanel, operatorLatencyPanel } from './uplink-panels.ts';
import { healthPanels } from './verdict-panels.ts';

const ANCHORS = `${ON_SITE}, role="anchor"`;

export function uplinkAndLan(): DashboardBuilder {
  const story = {
    uid: UIDS.uplink,
    title: 'Uplink and LAN',
    description: 'Anchors of many operators, the gateway and the resolvers: whether it is the line.',
    choices: [],
    from: 'now-6h',
  } as const;
  const gateway = {
    title: 'Latency of the gateway',
    description: 'It lives in your house: if it is slow, so is everything behind it.',
    span: 12,
    height: 8,
  };
  const resolvers = {
    title: 'Latency of the resolvers',
    description: 'Yours, and public ones asked by address.',
    span: 12,
    height: 8,
  };
  const anchors = {
    title: 'Anchors, over time',
    description: 'The uplink is down only if every anchor of every operator is silent.',
    span: 24,
    height: 8,
  };
  const near = {
    title: 'Gateway and resolvers, over time',
    description: 'What is in your house, beside public resolvers.',
    span: 24,
    height: 6,
  };
  const hosts = {
    title: 'Hosts, over time',
    description:
      'Those under `hosts` in the map. Three of them, and three in ten, silent within ten minutes: one cause.',
    span: 24,
    height: 8,
  };
  const pages = {
    title: 'Pages whose answer is known, over time',
    description: 'Another answer than theirs is a portal’s, which stands between you and the internet.',
    span: 24,
    height: 4,
  };
  return board(story, [
    [null, [...healthPanels(), lineHistoryPanel(), lossPanel(), operatorLatencyPanel()]],
    ['Anchors', [probeLanes(anchors, ANCHORS), anchorsTable(), lineDowntimePanel()]],
    [
      'In the house',
      [
        probeLatency(gateway, `${ON_SITE}, role="gateway"`, ['target']),
        probeLatency(resolvers, `${ON_SITE}, role=~"resolver|public_resolver"`, ['target']),
        probeLanes(near, `${ON_SITE}, role=~"gateway|resolver|public_resolver"`),
        probeLanes(hosts, `${ON_SITE}, role="fleet"`),
      ],
    ],
    ['Bursts', [burstLossPanel(), burstDelayPanel(), largeDatagramsPanel(), pathMtuPanel()]],
    ['Ports outside', [portsPanel(), interceptionPanel(), probeLanes(pages, `${ON_SITE}, role="portal"`)]],
    ['Routes', [visibilityPanel(), routesTable()]],
    ['Power', [powerLanes(), batteryPanel(), batteryRuntimePanel()]],
  ]);
}
