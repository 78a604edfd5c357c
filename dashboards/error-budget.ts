// The error budget split by whose downtime it was: what is left, what burns it, and what you would have without a vendor.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import {
  availabilityPanels,
  burnPanel,
  burnTable,
  downtimePanel,
  sharesPanel,
  spentPanel,
  withoutPanel,
} from './error-budget-panels.ts';
import { blamePanel } from './long-view-panels.ts';
import { UIDS } from './uids.ts';
import { historyPanel } from './verdict-panels.ts';

export function errorBudget(): DashboardBuilder {
  const story = {
    uid: UIDS.budget,
    title: 'Error budget: ours and theirs',
    description: 'Downtime of 30 days by whose fault it was, against an objective you choose.',
    choices: ['service', 'slo'],
    from: 'now-24h',
  } as const;
  return board(story, [
    [null, [...availabilityPanels(), sharesPanel(), blamePanel(8, 7)]],
    ['How fast it burns', [burnTable(), burnPanel(), spentPanel(), historyPanel(6)]],
    ['Without them', [withoutPanel(), downtimePanel()]],
  ]);
}
