// The report over small stories: what counts, what does not, and what happens at the edges of the window.
import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../status/journal-entry.ts';
import { type Impact, type Report, reportOf } from '../../status/report.ts';
import { documentOf } from '../../status/report-document.ts';
import { htmlOf, markdownOf } from '../../status/report-render.ts';
import { monthsIn } from '../../status/report-vendors.ts';
import { shareText } from '../../status/words.ts';
import { alive, at, leaning, lost, minute, said, started, stopped } from './journal-lines.ts';

function reportFor(story: readonly JournalEntry[], from: number, to: number): Report {
  const sorted = [...story].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return reportOf(sorted, { from: minute(from), to: minute(to) });
}

const MINUTE = 60_000;

/** Up, down and without data, in minutes. */
function minutesOf(report: Report, service: string): [number, number, number] {
  const impact = report.services.find((one) => one.service === service) as Impact;
  return [impact.upMs / MINUTE, impact.downMs / MINUTE, impact.noDataMs / MINUTE];
}

/** Ten minutes down in a watched hour: noticed after one minute, named after two. */
const STORY: readonly JournalEntry[] = [
  started(0),
  leaning(0, { blog: ['cloudflare'], shop: ['fastly'], wiki: ['cloudflare'] }),
  said(0, 'blog', 'fine'),
  alive(0, 60),
  said(21, 'blog', 'confirming', { since: 20 }),
  said(22, 'blog', 'edge_failing', { vendor: 'cloudflare', since: 20 }),
  said(29, 'blog', 'recovering', { since: 20 }),
  said(30, 'blog', 'fine'),
];

describe('an incident', () => {
  it('runs from the first bad answer to the verdict that it is over', () => {
    const report = reportFor(STORY, 0, 60);
    expect(minutesOf(report, 'blog')).toEqual([50, 10, 0]);
    const [event] = report.events;
    expect(event).toMatchObject({ from: minute(20), to: minute(30), main: { row: 'edge_failing' } });
    expect(event?.incidents[0]).toMatchObject({ end: 'recovered', noticedMs: MINUTE, namedMs: 2 * MINUTE });
  });

  it('counts confirming and recovering to what was confirmed', () => {
    expect(reportFor(STORY, 0, 60).services[0]?.byParty).toEqual({ vendor: 10 * MINUTE });
  });

  it('stays unproven when nothing was ever confirmed', () => {
    const report = reportFor(
      [started(0), said(0, 'blog', 'fine'), said(5, 'blog', 'confirming'), said(6, 'blog', 'fine'), alive(0, 10)],
      0,
      10,
    );
    expect(report.services[0]?.byParty).toEqual({ unknown: MINUTE });
    expect(report.events[0]?.incidents[0]?.namedMs).toBeNull();
  });

  it('may change whose it is', () => {
    const report = reportFor(
      [...STORY.slice(0, 6), said(26, 'blog', 'origin_refused', { since: 20 }), said(30, 'blog', 'fine')],
      0,
      60,
    );
    expect(report.services[0]?.byParty).toEqual({ vendor: 6 * MINUTE, own: 4 * MINUTE });
    expect(report.events).toHaveLength(1);
  });

  it('does not reach back behind the verdict before it', () => {
    const story = [started(0), said(0, 'blog', 'fine'), said(5, 'blog', 'origin_error', { since: -100 }), alive(0, 10)];
    expect(minutesOf(reportFor(story, 0, 10), 'blog')).toEqual([0, 10, 0]);
  });

  it('of several services with one cause at one time is one event', () => {
    const story = [
      ...STORY,
      said(0, 'wiki', 'fine'),
      said(24, 'wiki', 'edge_failing', { vendor: 'cloudflare', since: 23 }),
      said(35, 'wiki', 'fine'),
    ];
    const { events } = reportFor(story, 0, 60);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ from: minute(20), to: minute(35) });
    expect(events[0]?.incidents.map(({ service }) => service)).toEqual(['blog', 'wiki']);
  });
});

describe('the edges of the window', () => {
  it.each([
    ['begins within the incident', 25, 60, [30, 5, 0]],
    ['ends within the incident', 0, 25, [20, 5, 0]],
    ['lies within the incident', 22, 28, [0, 6, 0]],
    ['begins where it ends', 30, 60, [30, 0, 0]],
    ['ends where it begins', 0, 20, [20, 0, 0]],
    ['begins before the journal', -40, 60, [50, 10, 40]],
    ['reaches into the future of the journal', 0, 90, [50, 10, 30]],
  ] as const)('%s', (_, from, to, expected) => {
    expect(minutesOf(reportFor(STORY, from, to), 'blog')).toEqual(expected);
  });

  it.each([
    ['still open at its end', 0, 25, 'open'],
    ['already open at its start', 25, 60, 'recovered'],
  ] as const)('an incident %s is told with its real start', (_, from, to, end) => {
    expect(reportFor(STORY, from, to).events[0]).toMatchObject({ from: minute(20), incidents: [{ end }] });
  });

  it('leaves out incidents that only touch it', () => {
    expect(reportFor(STORY, 30, 60).events).toEqual([]);
    expect(reportFor(STORY, 0, 20).events).toEqual([]);
  });

  it('is open while the last sign of life is fresh', () => {
    const { events } = reportFor([...STORY.slice(0, 3), alive(0, 24), ...STORY.slice(4, 6)], 0, 25);
    expect(events[0]?.incidents[0]).toMatchObject({ end: 'open' });
  });
});

describe('time without data', () => {
  it('is no uptime: a process that was killed', () => {
    const story = [
      started(0),
      said(0, 'blog', 'fine'),
      alive(0, 10),
      started(40),
      said(40, 'blog', 'fine'),
      alive(40, 60),
    ];
    expect(minutesOf(reportFor(story, 0, 60), 'blog')).toEqual([30, 0, 30]);
  });

  it('is no uptime: a machine that slept', () => {
    const story = [started(0), said(0, 'blog', 'fine'), alive(0, 10), alive(50, 51), alive(50, 60)];
    expect(minutesOf(reportFor(story, 0, 60), 'blog')).toEqual([20, 0, 40]);
  });

  it('is no uptime: an orderly end, even a short one', () => {
    const story = [
      started(0),
      said(0, 'blog', 'fine'),
      alive(0, 9),
      stopped(10),
      started(11),
      said(12, 'blog', 'fine'),
      alive(11, 20),
    ];
    expect(minutesOf(reportFor(story, 0, 20), 'blog')).toEqual([18, 0, 2]);
  });

  it('is no uptime: entries that were lost', () => {
    const story = [started(0), said(0, 'blog', 'fine'), alive(0, 60), lost(10), said(30, 'blog', 'fine')];
    expect(minutesOf(reportFor(story, 0, 60), 'blog')).toEqual([40, 0, 20]);
  });

  it.each(['no_result', 'data_missing', 'prober_starved'] as const)('is no uptime: %s', (row) => {
    const story = [started(0), said(0, 'blog', 'fine'), said(10, 'blog', row), alive(0, 20)];
    const report = reportFor(story, 0, 20);
    expect(minutesOf(report, 'blog')).toEqual([10, 0, 10]);
    expect(report.events).toEqual([]);
  });

  it('bears no signs of life for an hour although the disk was full: they are told together', () => {
    const story = [started(0), said(0, 'blog', 'fine'), alive(0, 60)];
    expect(minutesOf(reportFor(story, 0, 60), 'blog')).toEqual([60, 0, 0]);
  });

  it('within an incident neither ends it nor counts', () => {
    const story = [
      started(0),
      said(0, 'blog', 'fine'),
      said(10, 'blog', 'origin_error'),
      alive(0, 15),
      started(20),
      said(20, 'blog', 'origin_error'),
      said(25, 'blog', 'fine'),
      alive(20, 30),
    ];
    const report = reportFor(story, 0, 30);
    expect(minutesOf(report, 'blog')).toEqual([15, 10, 5]);
    expect(report.events[0]?.incidents).toMatchObject([{ noDataMs: 5 * MINUTE, end: 'recovered' }]);
  });

  it('hides the end of an incident', () => {
    const story = [
      started(0),
      said(0, 'blog', 'fine'),
      said(10, 'blog', 'origin_error'),
      alive(0, 15),
      started(20),
      said(20, 'blog', 'fine'),
      alive(20, 30),
    ];
    expect(reportFor(story, 0, 30).events[0]?.incidents).toMatchObject([{ to: minute(15), end: 'unseen' }]);
  });

  it('is all there is of an empty journal', () => {
    const report = reportFor([], 0, 60);
    expect(report).toMatchObject({ services: [], events: [], vendors: [] });
    expect(markdownOf(documentOf(report))).toContain('Nothing was seen to fail.');
  });
});

describe('the vendor scorecard', () => {
  const scoreOf = (report: Report, vendor: string) => report.vendors.find((score) => score.vendor === vendor);

  it('measures a vendor through the services that lean on it', () => {
    const report = reportFor([...STORY, said(0, 'shop', 'fine')], 0, 60);
    expect(scoreOf(report, 'cloudflare')).toMatchObject({
      month: '2026-03',
      measuredMs: 60 * MINUTE,
      downMs: 10 * MINUTE,
      availability: 50 / 60,
      serviceMs: 10 * MINUTE,
      outages: [{ from: minute(20), to: minute(30), services: ['blog'] }],
    });
    expect(scoreOf(report, 'fastly')).toMatchObject({ downMs: 0, availability: 1, outages: [] });
  });

  it('counts two services at once as one outage, but as minutes of both', () => {
    const wiki = [
      said(0, 'wiki', 'fine'),
      said(25, 'wiki', 'edge_failing', { vendor: 'cloudflare', since: 25 }),
      said(35, 'wiki', 'fine'),
    ];
    expect(scoreOf(reportFor([...STORY, ...wiki], 0, 60), 'cloudflare')).toMatchObject({
      downMs: 15 * MINUTE,
      serviceMs: 20 * MINUTE,
      outages: [{ services: ['blog', 'wiki'] }],
    });
  });

  it('takes failures of your own for no testimony', () => {
    const story = [
      started(0),
      leaning(0, { blog: ['cloudflare'] }),
      said(0, 'blog', 'fine'),
      said(20, 'blog', 'origin_refused'),
      said(40, 'blog', 'fine'),
      alive(0, 60),
    ];
    expect(scoreOf(reportFor(story, 0, 60), 'cloudflare')).toMatchObject({ measuredMs: 40 * MINUTE, downMs: 0 });
  });

  it('takes a suspicion for neither', () => {
    const story = [
      started(0),
      leaning(0, { blog: ['cloudflare'] }),
      said(0, 'blog', 'fine'),
      said(20, 'blog', 'edge_suspected', { vendor: 'cloudflare' }),
      said(40, 'blog', 'fine'),
      alive(0, 60),
    ];
    expect(scoreOf(reportFor(story, 0, 60), 'cloudflare')).toMatchObject({
      measuredMs: 40 * MINUTE,
      suspectedMs: 20 * MINUTE,
      availability: 1,
    });
  });

  it('cuts at the ends of months', () => {
    const end = Date.parse('2026-04-02T00:00:00Z');
    expect(monthsIn({ from: minute(0), to: end }).map(({ month, from, to }) => [month, from, to])).toEqual([
      ['2026-03', minute(0), Date.parse('2026-04-01T00:00:00Z')],
      ['2026-04', Date.parse('2026-04-01T00:00:00Z'), end],
    ]);
    const april = (Date.parse('2026-04-01T00:00:00Z') - minute(0)) / MINUTE;
    const story = [
      started(april - 60),
      leaning(april - 60, { blog: ['cloudflare'] }),
      said(april - 60, 'blog', 'fine'),
      said(april - 10, 'blog', 'edge_failing', { vendor: 'cloudflare', since: april - 10 }),
      said(april + 20, 'blog', 'fine'),
      alive(april - 60, april + 60),
    ];
    const { vendors } = reportFor(story, april - 60, april + 60);
    expect(vendors.map(({ month, downMs }) => [month, downMs / MINUTE])).toEqual([
      ['2026-03', 10],
      ['2026-04', 20],
    ]);
  });
});

describe('how it is told', () => {
  it('never rounds up to 100 %', () => {
    expect(shareText(0.9999999)).toBe('99.999 %');
    expect(shareText(1)).toBe('100.000 %');
    expect(shareText(null)).toBe('not measured');
  });

  it('is the same in Markdown and HTML', () => {
    const blocks = documentOf(reportFor(STORY, 0, 60));
    const markdown = markdownOf(blocks);
    expect(markdown).toContain('- 2026-03-05 00:20:00: blog failed for 10 min: edge failing (cloudflare/edge).');
    expect(markdown).toContain('| blog | 83.333 % | 10 min | 10 min | 1 | - |');
    expect(markdown).toContain('Where none stands, the catalogue knows of none.');
    const page = htmlOf(blocks);
    expect(page).toContain('<h2>Incident 1: edge failing</h2>');
    expect(page).toContain('<td>83.333 %</td>');
    expect(page).not.toContain('<script');
  });

  it('lets no text of a peer become markup', () => {
    const hostile = { headline: '<img src=x onerror=alert(1)> | [a](javascript:b)\n# c' };
    const story = [
      started(0),
      said(0, 'blog', 'fine'),
      said(1, 'blog', 'origin_error', { more: hostile }),
      alive(0, 5),
    ];
    const blocks = documentOf(reportFor(story, 0, 5));
    expect(htmlOf(blocks)).not.toContain('<img');
    expect(markdownOf(blocks)).toContain('\\<img src=x onerror=alert(1)\\> \\| \\[a\\](javascript:b) # c');
  });

  it('ends with how it was measured', () => {
    expect(markdownOf(documentOf(reportOf([], { from: minute(0), to: minute(1) }, 2)))).toContain(
      '2 lines of the journal could not be read.',
    );
    expect(at(0)).toBe('2026-03-05T00:00:00.000Z');
  });
});
