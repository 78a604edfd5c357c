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
    'put the SLA in',
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
    'SLA',
  ];
  return [
    heading('Vendor scorecard'),
    { kind: 'table', head, rows },
    paragraph(`As measured through your services, from one place. Minutes in which a service failed for another reason, or in
      which a vendor was only suspected, count neither way. demarc knows no vendor's SLA: put the published figure in, and
      compare it with the minutes above before you claim a credit.`),
    ...outageBlocks(scores),
  ];
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
