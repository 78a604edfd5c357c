// `demarc why cloudflare`: what is known of a vendor, component by component, whether or not a service leans on it.
import { z } from 'zod';
import { CONFIDENCES } from '../catalog/parties.ts';
import { VENDOR_STATUSES, type VendorStatus } from '../catalog/vendor-signals.ts';
import { FEED_STATES } from '../exporters/status/facts.ts';
import { pageSayingText } from '../status/page-saying.ts';
import { durationText, parseTime } from '../status/time-text.ts';
import type { VendorVerdict } from '../verdict/vendor-verdict.ts';
import { paint } from './terminal.ts';
import { wrap } from './wrap.ts';

const Saying = z.object({
  state: z.enum(FEED_STATES),
  readAt: z.string(),
  troubleSince: z.string().nullable(),
  admittedAt: z.string().nullable(),
});

/** What /api/v1/vendors answers. */
export const VendorsAnswer = z.object({
  vendors: z.array(
    z.object({
      site: z.string(),
      vendor: z.string(),
      component: z.string(),
      vendorTitle: z.string(),
      componentTitle: z.string(),
      status: z.enum([...VENDOR_STATUSES]),
      party: z.enum(['vendor', 'none', 'unknown']),
      cause: z.string(),
      row: z.string(),
      code: z.number(),
      confidence: z.enum([...CONFIDENCES]),
      headline: z.string(),
      because: z.string(),
      since: z.string().nullable(),
      evidence: z.array(z.object({ signal: z.string(), state: z.enum(['ok', 'bad', 'unknown']), text: z.string() })),
      action: z.string(),
      usedBy: z.array(z.string()),
      hits: z.array(z.string()),
      suspectedBy: z.array(z.string()),
      statusPage: z.string().nullable(),
      says: Saying.nullable().default(null),
    }),
  ),
});

/** Components of `cloudflare`, or the one of `cloudflare/edge`; none when nobody of that name is known. */
export function componentsNamed(vendors: readonly VendorVerdict[], name: string): VendorVerdict[] {
  return vendors.filter(({ vendor, component }) => name === vendor || name === `${vendor}/${component}`);
}

/** A vendor that is failing while no service of yours says so: nothing else would tell. */
export function isSilentTrouble({ status, hits }: VendorVerdict): boolean {
  return (status === 'failing' || status === 'partial') && hits.length === 0;
}

const COLOURS = {
  ok: 'green',
  failing: 'red',
  partial: 'red',
  suspected: 'yellow',
  unknown: 'yellow',
} as const satisfies Record<VendorStatus, string>;

const MARKS = { ok: 'ok', bad: 'BAD', unknown: '?' } as const;

const MARK_WIDTH = 7;

function usesOf({ usedBy, hits, suspectedBy }: VendorVerdict): string {
  if (usedBy.length === 0) return 'used by no service of the map';
  const marked = usedBy.map((name) =>
    hits.includes(name) ? `${name} (hit)` : suspectedBy.includes(name) ? `${name} (down, unexplained)` : name,
  );
  return `used by ${marked.join(', ')}`;
}

/** The answer about one component, line by line; quiet about what is fine. */
export function vendorLines(verdict: VendorVerdict, now: number): string[] {
  const { status, headline, row, confidence, since, evidence, because, action, statusPage, says } = verdict;
  const began = parseTime(since);
  const lasting = began === null ? '' : `${status} for ${durationText(now - began)}, `;
  const seen = evidence.flatMap(({ state, text }) => wrap(`  ${MARKS[state].padEnd(MARK_WIDTH)}`, text));
  return [
    ...wrap('', headline).map((line) => paint(['bold', COLOURS[status]], line)),
    paint('gray', `${lasting}confidence ${confidence}, row ${row}`),
    ...wrap('  ', usesOf(verdict)),
    ...seen,
    ...(status === 'ok' ? [] : [...wrap('  ', because), ...wrap('  Do: ', action)]),
    ...(says === null ? [] : wrap('  ', pageSayingText(says, now))),
    ...(status === 'ok' || statusPage === null ? [] : [`  ${statusPage}`]),
  ];
}
