// One vendor: how it looks from here, what failed at it, and what of that was your downtime.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { vendorsPanel } from './long-view-panels.ts';
import { OF_VENDOR } from './scope.ts';
import { publicationLagPanel, statusLanes, statusPagesPanel, statusTable } from './status-page-panels.ts';
import { UIDS } from './uids.ts';
import {
  availabilityPanel,
  controlLatencyPanel,
  controlsPanel,
  customersPanel,
  damagePanel,
  failuresPanel,
  statesPanel,
  writersPanel,
} from './vendor-panels.ts';

export function vendor(): DashboardBuilder {
  const story = {
    uid: UIDS.vendor,
    title: 'Vendor',
    description: 'Vendors as measured from here: their components now and over months, and the downtime they caused.',
    choices: ['vendor'],
    from: 'now-6h',
  } as const;
  return board(story, [
    [null, [statesPanel(), vendorsPanel(OF_VENDOR, 24, 7), availabilityPanel(), damagePanel()]],
    ['Controls', [controlsPanel(), failuresPanel(), writersPanel(), controlLatencyPanel()]],
    ['What it says of itself', [statusTable(), statusPagesPanel(10), statusLanes(), publicationLagPanel()]],
    ['Who depends on it', [customersPanel()]],
  ]);
}
