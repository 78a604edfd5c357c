// Forty days of a journal: quiet weeks, an outage of a vendor, one of one's own, a night nobody looked, and one going on.
import type { JournalEntry } from '../../status/journal-entry.ts';
import { NOW, PLAN } from './fake-scenes.ts';
import { alive, leaning, START, said, started, stopped } from './journal-lines.ts';

const DAY = 24 * 60;

/** Minute of the story's present. */
const PRESENT = Math.floor((NOW - START) / 60_000);

const SERVICES = PLAN.services.map(({ name }) => name);

const uses = Object.fromEntries(
  PLAN.services.map(({ name, dependencies }) => [name, dependencies.map(({ vendor }) => vendor)]),
);

const NAMED = {
  headline: "blog is down, and it is Cloudflare's edge, not you.",
  because: 'Its edge fails, on your host and on others.',
};

/** The first day nobody saw is before it: 50 of the 90 days have no data. */
export const STORY: readonly JournalEntry[] = [
  started(-40 * DAY),
  leaning(-40 * DAY, uses),
  ...SERVICES.map((service) => said(-40 * DAY, service, 'fine')),
  alive(-40 * DAY, -20 * DAY),
  stopped(-20 * DAY),
  started(-19 * DAY),
  ...SERVICES.map((service) => said(-19 * DAY, service, 'fine')),
  said(-10 * DAY + 600, 'blog', 'confirming', { since: -10 * DAY + 599 }),
  said(-10 * DAY + 601, 'blog', 'edge_failing', { vendor: 'cloudflare', since: -10 * DAY + 599, more: NAMED }),
  said(-10 * DAY + 721, 'blog', 'fine', { more: { headline: 'blog answers.' } }),
  said(-3 * DAY + 60, 'photos', 'origin_refused', {
    since: -3 * DAY + 59,
    more: { headline: 'photos is down, and it is your own origin process.' },
  }),
  said(-3 * DAY + 89, 'photos', 'fine', { more: { headline: 'photos answers.' } }),
  said(PRESENT - 4, 'blog', 'edge_failing', { vendor: 'cloudflare', since: PRESENT - 4, more: NAMED }),
  alive(-19 * DAY, PRESENT),
];
