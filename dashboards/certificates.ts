// What ends by a date: certificates and registrations of domains, how long each still holds, and whose job its renewal is.
import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { checksPanel, checksTable, httpExpiryPanel, remainingPanel, soonestPanels } from './certificates-panels.ts';
import { domainCells, domainStatusTable, domainsTable, registeredPanel } from './domains-panels.ts';
import { HOPS } from './hops.ts';
import { certificatesPanel } from './long-view-panels.ts';
import { hopCells, probeLatency } from './probe-panels.ts';
import { HERE } from './scope.ts';
import { authoritiesPanel } from './signal-panels.ts';
import { UIDS } from './uids.ts';

const CERTIFICATES = ['edge_certificate', 'origin_certificate'];

export function certificates(): DashboardBuilder {
  const story = {
    uid: UIDS.certificates,
    title: 'Certificates and domains',
    description: 'How long certificates and domains still hold, which check one fails, and whose job the renewal is.',
    choices: ['service'],
    from: 'now-7d',
  } as const;
  const signals = {
    title: 'What the certificates prove',
    description: 'For users and at the origin: within its time, and naming the host.',
    span: 12,
    height: 8,
  };
  const latency = {
    title: 'Latency of the handshakes',
    description: 'How long it took to read each certificate.',
    span: 12,
    height: 8,
  };
  return board(story, [
    [null, [...soonestPanels(), checksTable(), certificatesPanel(10, 8)]],
    [
      'Over time',
      [
        remainingPanel(),
        hopCells(
          signals,
          HOPS.filter(({ role }) => CERTIFICATES.includes(role)),
        ),
        checksPanel(),
        probeLatency(latency, `${HERE}, role=~"${CERTIFICATES.join('|')}"`, ['service', 'role']),
        httpExpiryPanel(),
      ],
    ],
    ['Renewal', [authoritiesPanel()]],
    ['Domains', [domainsTable(), domainStatusTable(), registeredPanel(), domainCells()]],
  ]);
}
