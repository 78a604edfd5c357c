// The first dashboard: whose fault it is now, since when, on what evidence, and who is usually to blame.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { meaningsPanel } from './help-panels.ts';
import { blamePanel, certificatesPanel, dependenciesPanel, probesPanel, vendorsPanel } from './long-view-panels.ts';
import { alertsPanel, culpritsPanel, evidencePanel, failingProbesPanel } from './proof-panels.ts';
import { HERE_OR_SITE, ON_SITE } from './scope.ts';
import { statusPagesPanel } from './status-page-panels.ts';
import { latencyPanel, proberPanel, surroundingsLatencyPanel } from './timing-panels.ts';
import { UIDS } from './uids.ts';
import { headlinePanel, healthPanels, historyPanel } from './verdict-panels.ts';

export function isItMeOrThem(): DashboardBuilder {
  const story = {
    uid: UIDS.overview,
    title: 'Is it me or them?',
    description: 'Whose fault it is, since when, and on what evidence.',
    choices: ['service'],
    from: 'now-6h',
  } as const;
  return board(story, [
    [null, [headlinePanel(), ...healthPanels(), culpritsPanel(), alertsPanel(), historyPanel(8)]],
    [
      'Evidence',
      [evidencePanel(9, 12), failingProbesPanel(HERE_OR_SITE, 15, 12), probesPanel(), vendorsPanel(ON_SITE, 12, 12)],
    ],
    [
      'How it runs',
      [latencyPanel(), surroundingsLatencyPanel(), certificatesPanel(8, 8), blamePanel(8, 8), proberPanel(8)],
    ],
    ['What it means', [dependenciesPanel(12, 8), statusPagesPanel(12), meaningsPanel()]],
  ]);
}
