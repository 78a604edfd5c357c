// The scorecard against published figures, and what Prometheus adds to an incident.
import { describe, expect, it } from 'vitest';
import { loadCatalogue } from '../../map/vendors.ts';
import type { JournalEntry } from '../../status/journal-entry.ts';
import { type Report, reportOf } from '../../status/report.ts';
import { documentOf } from '../../status/report-document.ts';
import { enriched } from '../../status/report-prometheus.ts';
import { markdownOf } from '../../status/report-render.ts';
import { alive, leaning, minute, said, started } from './journal-lines.ts';

const SLA = { availability: 99.9, plan: 'any', source: 'https://sla.example/', checked: '2026-01-31' };

/** The services lean on a vendor that publishes a figure. */
function promising(entry: JournalEntry): JournalEntry {
  if (entry.kind !== 'map') return entry;
  return {
    ...entry,
    services: entry.services.map((one) => ({ ...one, uses: one.uses.map((use) => ({ ...use, sla: SLA })) })),
  };
}

/** Down for some minutes of a thousand. */
const story = (downMinutes: number): JournalEntry[] => [
  started(0),
  promising(leaning(0, { blog: ['cloudflare'] })),
  said(0, 'blog', 'fine'),
  said(101, 'blog', 'edge_failing', { vendor: 'cloudflare', since: 100 }),
  said(100 + downMinutes, 'blog', 'fine'),
  alive(0, 1_000),
];

const reportFor = (entries: readonly JournalEntry[]): Report =>
  reportOf(entries, { from: minute(0), to: minute(1_000) });
const textOf = (report: Report): string => markdownOf(documentOf(report));

describe('the scorecard', () => {
  it('sets what was measured against what was published, with its source and the raw numbers', () => {
    const report = reportFor(story(10));
    expect(report.vendors[0]).toMatchObject({ downMs: 600_000, sla: SLA, serviceMs: 600_000 });
    expect(report.vendors[0]?.allowedMs).toBeCloseTo(60_000);
    const text = textOf(report);
    expect(text).toContain('| 99.9 % (any) | 1.0 | missed by 9.0 min |');
    expect(text).toContain(
      '- cloudflare edge: 99.9 % for the plan "any", https://sla.example/, last compared: 2026-01-31',
    );
    expect(text).toContain('| cloudflare edge | 2026-03-05 01:40:00 | 2026-03-05 01:50:00 | 10 min | blog |');
  });

  it('says when a figure was kept, and when none is known', () => {
    expect(textOf(reportFor([...story(10).slice(0, 3), alive(0, 1_000)]))).toContain('| 1.0 | kept |');
    const unknown = story(10).map((entry) => (entry.kind === 'map' ? leaning(0, { blog: ['cloudflare'] }) : entry));
    expect(reportFor(unknown).vendors[0]).toMatchObject({ sla: null, allowedMs: null });
    expect(textOf(reportFor(unknown))).toContain('| - | - | - |');
  });

  it('takes figures from the catalogue only with their source', () => {
    const all = [...loadCatalogue()].flatMap(([vendor, { components }]) =>
      Object.entries(components).map(([name, { sla }]) => ({ component: `${vendor} ${name}`, sla })),
    );
    // None for a month is known for these on their own; whoever adds a component looks for its figure.
    expect(all.filter(({ sla }) => sla === undefined).map(({ component }) => component)).toEqual([
      ...['akamai edge', 'akamai dns', 'bunny edge', 'bunny dns', 'cloudflare dns', 'cloudflare tunnel', 'desec dns'],
      ...['digitalocean edge', 'digitalocean dns', 'digitalocean api', 'dnsimple dns', 'gandi dns'],
      ...['github-pages edge', 'github api', 'github git', 'hetzner dns', 'hetzner cloud-api', 'hetzner fsn1'],
      ...['hetzner nbg1', 'hetzner hel1', 'letsencrypt acme', 'netlify edge', 'ngrok edge', 'ngrok tunnel'],
      ...['ns1 dns', 'ovhcloud edge', 'ovhcloud dns', 'ovhcloud api', 'quad9 resolver', 'tailscale tunnel'],
      ...['vercel edge', 'vercel dns'],
    ]);
    for (const { component, sla } of all) {
      if (sla === undefined) continue;
      expect(sla.source, component).toMatch(/^https:\/\/[^/]+\/.+/);
      expect(sla.checked, component).toMatch(/^(never|20\d\d-\d\d-\d\d)$/);
      expect([99.9, 99.99, 100], component).toContain(sla.availability);
    }
  });
});

describe('what Prometheus adds', () => {
  /** Answers by what is asked for: minutes of the story, and values. */
  function prometheusWith(series: Record<string, readonly (readonly [number, number])[]>) {
    const asked: string[] = [];
    const ask = async (path: string): Promise<unknown> => {
      const query = new URL(path, 'http://x').searchParams.get('query') ?? '';
      asked.push(query);
      const [, values = []] = Object.entries(series).find(([name]) => query.includes(name)) ?? [];
      const result =
        values.length === 0 ? [] : [{ values: values.map(([at, value]) => [minute(at) / 1000, String(value)]) }];
      return { status: 'success', data: { resultType: 'matrix', result } };
    };
    return { ask, asked };
  }

  it.each([
    [
      'admitted late',
      [
        [90, 0],
        [100, 0],
        [141, 3],
      ],
      'Its status page admitted it 41 min after the first bad answer.',
    ],
    [
      'never admitted',
      [
        [90, 0],
        [105, 0],
        [139, 1],
      ],
      'Its status page said nothing of it until it was over.',
    ],
    ['not read', [], 'Its status page was not read meanwhile.'],
  ] as const)('is how late the status page was: %s', async (_, readings, sentence) => {
    const { ask } = prometheusWith({ demarc_vendor_status: readings, ALERTS: [[101, 1]] });
    const report = await enriched(reportFor(story(60)), ask);
    expect(textOf(report)).toContain(`The first alert fired 1 min after the first bad answer. ${sentence}`);
    expect(report.services).toEqual(reportFor(story(60)).services);
  });

  it('is that nobody was told', async () => {
    const { ask, asked } = prometheusWith({});
    expect(textOf(await enriched(reportFor(story(60)), ask))).toContain('No alert about it fired.');
    expect(asked[0]).toContain('site="home", service=~"blog"');
  });

  it('keeps names of the journal out of its questions', async () => {
    const evil = 'x"} or vector(1) # .*';
    const entries = story(60).map((entry) => (entry.kind === 'verdict' ? { ...entry, service: evil } : entry));
    const { ask, asked } = prometheusWith({});
    await enriched(reportFor(entries), ask);
    expect(asked[0]).toContain('service=~"x\\"\\\\} or vector\\\\(1\\\\) # \\\\.\\\\*"');
  });

  it('is asked for only when wanted, and the report says what is missing without', () => {
    expect(textOf(reportFor(story(60)))).toContain('a Prometheus that keeps it can be asked with --prometheus');
  });
});
