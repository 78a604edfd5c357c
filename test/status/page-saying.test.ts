// What a vendor's status page says, as a sentence: and how late it said it.
import { expect, it } from 'vitest';
import { pageSayingText } from '../../status/page-saying.ts';

const NOW = Date.UTC(2026, 2, 1, 12);
const before = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString();

it.each([
  ['no trouble', null, null, 'Its status page says major outage.'],
  [
    'not yet',
    before(12),
    null,
    'Its status page says major outage. It has told of no trouble since the first failure here, 12 min ago.',
  ],
  [
    'late',
    before(90),
    before(17),
    'Its status page says major outage. It first told of trouble 1 h 13 min after the first failure here.',
  ],
  [
    'first',
    before(17),
    before(20),
    'Its status page says major outage. It first told of trouble 3 min before the first failure here.',
  ],
])('%s', (_, troubleSince, admittedAt, said) => {
  expect(pageSayingText({ state: 'major', readAt: before(1), troubleSince, admittedAt }, NOW)).toBe(said);
});
