// One service: what it is like now, which hop of its way is broken, and how it behaves at its edge and at its origin.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { VENDOR_LAYERS } from '../catalog/layers.ts';
import { board } from './board.ts';
import { viewsAgePanel, viewsPanel } from './elsewhere-panels.ts';
import { dependenciesPanel } from './long-view-panels.ts';
import { pathPanel } from './path-graph.ts';
import { evidencePanel, failingProbesPanel, guardsPanel } from './proof-panels.ts';
import { HERE } from './scope.ts';
import {
  againstPanel,
  answerPanels,
  generatorsPanel,
  phasesPanel,
  signalsPanel,
  statusCodesPanel,
} from './service-panels.ts';
import { UIDS } from './uids.ts';
import { historyPanel } from './verdict-panels.ts';

export function service(): DashboardBuilder {
  const story = {
    uid: UIDS.service,
    title: 'Service',
    description:
      'One service hop by hop: which link is broken, on what evidence, and how fast each part of the way is.',
    choices: ['oneService'],
    from: 'now-6h',
  } as const;
  return board(story, [
    [null, [...answerPanels(), historyPanel(4), pathPanel()]],
    [
      'Evidence',
      [signalsPanel(), evidencePanel(9, 13), failingProbesPanel(HERE, 14, 7), guardsPanel(VENDOR_LAYERS, 10, 7)],
    ],
    ['How it answers', [phasesPanel(), againstPanel(), statusCodesPanel(), generatorsPanel()]],
    ['Seen from elsewhere', [viewsPanel(), viewsAgePanel()]],
    ['Who runs it', [dependenciesPanel(24, 6)]],
  ]);
}
