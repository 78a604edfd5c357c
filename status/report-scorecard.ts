// The vendor scorecard in words: availability as measured, and the raw times a credit claim needs.
import type { Block } from './report-document.ts';
import { heading, paragraph, timeText } from './report-document.ts';
import type { Score } from './report-vendors.ts';
import { durationText } from './time-text.ts';
import { shareText } from './words.ts';

const titleOf = ({ vendorTitle, componentTitle }: Score): string => `${vendorTitle} ${componentTitle}`;

const minutes = (ms: number): string => (ms / 60_000).toFixed(1);

export function vendorBlocks(scores: readonly Score[]): Block[] {
  if (scores.length === 0) return [];
  const rows = scores.map((score) => [
    score.month,
    titleOf(score),
    shareText(score.availability),
    minutes(score.downMs),
    minutes(score.measuredMs),
    String(score.outages.length),
    minutes(score.serviceMs),
    score.suspectedMs === 0 ? '-' : minutes(score.suspectedMs),
    ...slaCells(score),
  ]);
  const head = [
    'Month',
    'Vendor',
    'Available',
    'Minutes down',
    'Minutes measured',
    'Outages',
    'Minutes of your services',
    'Minutes suspected',
    'Published SLA',
    'Minutes it allows',
    'Against it',
  ];
  return [
    heading('Vendor scorecard'),
    { kind: 'table', head, rows },
    paragraph(`As measured through your services, from one place. Minutes in which a service failed for another reason, or in
      which a vendor was only suspected, count neither way. A published SLA often holds for a paid plan only, and each counts
      downtime in its own way: read it before you claim a credit. Where none stands, the catalogue knows of none.`),
    ...sourceBlocks(scores),
    ...outageBlocks(scores),
  ];
}

function slaCells({ sla, allowedMs, downMs }: Score): string[] {
  if (sla === null || allowedMs === null) return ['-', '-', '-'];
  const over = downMs - allowedMs;
  // A month in which nothing was measured is left out before, so what is kept was measured.
  return [
    `${sla.availability} % (${sla.plan})`,
    minutes(allowedMs),
    over > 0 ? `missed by ${minutes(over)} min` : 'kept',
  ];
}

/** Where each figure was published, once. */
function sourceBlocks(scores: readonly Score[]): Block[] {
  const lines = scores.flatMap((score) =>
    score.sla === null
      ? []
      : [
          `${titleOf(score)}: ${score.sla.availability} % for the plan "${score.sla.plan}", ${score.sla.source}, last compared: ${score.sla.checked}`,
        ],
  );
  return lines.length === 0 ? [] : [{ kind: 'list', items: [...new Set(lines)] }];
}

function outageBlocks(scores: readonly Score[]): Block[] {
  const rows = scores.flatMap((score) =>
    score.outages.map(({ from, to, services }) => [
      titleOf(score),
      timeText(from),
      timeText(to),
      durationText(to - from),
      services.join(', '),
    ]),
  );
  if (rows.length === 0) return [];
  const head = ['Vendor', 'From (UTC)', 'To (UTC)', 'Lasted', 'Services'];
  return [
    { kind: 'subheading', text: 'Raw times for a credit claim' },
    { kind: 'table', head, rows },
  ];
}
