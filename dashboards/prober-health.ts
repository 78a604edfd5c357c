// Prober health: whether demarc itself can be believed, and what it costs.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import {
  agePanel,
  buildPanel,
  clockPanel,
  crashesPanel,
  inFlightPanel,
  reasonsPanel,
  resultsPanel,
  rulesPanel,
  scrapesPanel,
  seriesPanel,
  wellPanels,
} from './prober-panels.ts';
import { proberPanel } from './timing-panels.ts';
import { UIDS } from './uids.ts';

export function proberHealth(): DashboardBuilder {
  const story = {
    uid: UIDS.prober,
    title: 'Prober health',
    description: 'Whether demarc itself can be believed: late probes, crashes, refused results, scrapes and rules.',
    choices: [],
    from: 'now-6h',
  } as const;
  return board(story, [
    [null, [...wellPanels(), proberPanel(12), inFlightPanel(), clockPanel()]],
    ['What it measures', [resultsPanel(), reasonsPanel(), agePanel(), crashesPanel()]],
    ['What Prometheus makes of it', [scrapesPanel(), rulesPanel(), seriesPanel(), buildPanel()]],
  ]);
}
