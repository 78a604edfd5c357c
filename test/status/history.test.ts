// What is kept of 90 days: enough for the page and the feed, whatever the journal says and however long it runs.
import { describe, expect, it } from 'vitest';
import { availabilityOf, daysOf, keptWork } from '../../status/days.ts';
import { changesIn, DAY_MS, keepHistory } from '../../status/history.ts';
import { timeline, timelineKey } from '../../status/timeline.ts';
import { STORY } from './fake-history.ts';
import { NOW } from './fake-scenes.ts';
import { alive, minute, said, started } from './journal-lines.ts';

const HOUR = 3_600_000;

describe('the history', () => {
  it('keeps signs of life as one, and no evidence', () => {
    const history = keepHistory([started(0), said(0, 'blog', 'fine')], () => minute(2_000));
    for (let n = 1; n < 2_000; n += 1) history.add(alive(0, n));
    history.add(said(2_000, 'blog', 'origin_refused'));
    expect(history.entries().map(({ kind }) => kind)).toEqual(['start', 'verdict', 'alive', 'verdict']);
    expect(history.entries().at(-1)).toMatchObject({ evidence: [] });
  });

  it('forgets what is older than its window, but not how the window began', () => {
    const old = -200 * 24 * 60;
    const past = [started(old), said(old, 'blog', 'origin_refused'), said(old + 1, 'blog', 'fine'), alive(old, 60)];
    const kept = keepHistory(past, () => minute(60)).entries();
    expect(kept.map((entry) => (entry.kind === 'verdict' ? entry.row : entry.kind))).toEqual([
      'start',
      'fine',
      'alive',
    ]);
    expect(
      daysOf(kept, minute(60))
        .get('blog')
        ?.every(({ upMs }) => upMs > 0),
    ).toBe(true);
  });
});

describe('the days', () => {
  const days = daysOf(STORY, NOW);

  it('are ninety, the last of them today', () => {
    const blog = days.get('blog') ?? [];
    expect(blog).toHaveLength(90);
    expect([blog[0]?.name, blog.at(-1)?.name]).toEqual(['2025-12-06', '2026-03-05']);
  });

  it('have the minutes of each party, and no minute nobody saw', () => {
    const on = (service: string, name: string) => days.get(service)?.find((day) => day.name === name);
    expect(on('blog', '2026-02-23')).toMatchObject({
      downMs: 122 * 60_000,
      byParty: { vendor: 122 * 60_000 },
      noDataMs: 0,
    });
    expect(on('photos', '2026-03-02')?.byParty).toEqual({ own: 30 * 60_000 });
    expect(on('blog', '2026-02-13')).toMatchObject({ upMs: 0, downMs: 0, noDataMs: DAY_MS });
    expect(on('blog', '2025-12-31')).toMatchObject({ upMs: 0, noDataMs: DAY_MS });
    expect(on('blog', '2026-03-05')).toMatchObject({ downMs: 4 * 60_000 });
  });

  it('give an availability of the measured time alone', () => {
    expect(availabilityOf(days.get('wiki') ?? [])).toBe(1);
    expect(availabilityOf([])).toBeNull();
  });

  it('are worked out anew only when something was added', () => {
    let entries = [...STORY];
    const kept = keptWork(
      () => entries,
      () => NOW,
      daysOf,
    );
    expect(kept()).toBe(kept());
    const before = kept();
    entries = [...entries, alive(0, 134)];
    expect(kept()).not.toBe(before);
  });
});

describe('the strip', () => {
  const markup = (service: string) => timeline(service, daysOf(STORY, NOW).get(service) ?? []).markup;
  const bars = (text: string) =>
    [...text.matchAll(/<rect class="(\w+)" x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/g)].map(
      ([, look = '', x = '', y = '', height = '']) => ({ look, x, top: Number(y), height: Number(height) }),
    );

  it('tells by height, and says the same in words', () => {
    const text = markup('blog');
    // The strip is 14 high: what is not at the top of it stands that much lower.
    const tops = new Map(
      bars(text)
        .map(({ look, top }) => [look, top])
        .reverse() as [string, number][],
    );
    expect(tops).toEqual(
      new Map([
        ['nodata', 13],
        ['ok', 9],
        ['vendor', 0],
      ]),
    );
    expect(text).toContain('90 days: 38 fine, 2 with failures and 50 without data.');
    expect(text).toContain('<li>2026-02-23: down for 2 h 2 min: 2 h 2 min a vendor&#39;s</li>');
    expect(text).toMatch(/role="img" aria-label="blog, 90 days: 38 fine/);
  });

  it('tells whose it was by the pieces of a bar, not by its colour, and explains them', () => {
    const whose = {
      origin_refused: ['own', 1],
      uplink_down: ['isp', 2],
      edge_failing: ['vendor', 3],
      unexplained: ['unknown', 6],
    } as const;
    const story = (Object.keys(whose) as (keyof typeof whose)[]).flatMap((row, index) => {
      const at = index * 24 * 60;
      return [started(at), said(at, 'blog', row, { since: at }), said(at + 60, 'blog', 'fine'), alive(at, at + 120)];
    });
    const days = daysOf(story, minute(4 * 24 * 60)).get('blog') ?? [];
    const failed = bars(timeline('blog', days).markup).filter(({ look }) => look !== 'ok' && look !== 'nodata');
    const columns = new Map<string, typeof failed>();
    for (const bar of failed) columns.set(bar.x, [...(columns.get(bar.x) ?? []), bar]);
    expect([...columns.values()].map((pieces) => [pieces[0]?.look, pieces.length])).toEqual(Object.values(whose));
    for (const pieces of columns.values())
      for (const [index, { top }] of pieces.entries())
        if (index > 0) expect(top).toBeGreaterThan((pieces[index - 1]?.top ?? 0) + (pieces[index - 1]?.height ?? 0));
    const key = timelineKey().markup;
    expect(key.split('<li>').map((item) => [bars(item).length, /<\/svg>([^<]+)/.exec(item)?.[1]])).toEqual([
      [0, undefined],
      [1, 'yours'],
      [2, 'your ISP&#39;s'],
      [3, 'a vendor&#39;s'],
      [6, 'unproven'],
    ]);
    expect(timelineKey({ open: true }).markup).not.toContain('yours');
  });

  it('weighs little when little happened', () => {
    expect(markup('wiki').length).toBeLessThan(1_200);
  });

  it('tells strangers how long, and not whose', () => {
    const text = timeline('Blog', daysOf(STORY, NOW).get('blog') ?? [], { open: true }).markup;
    expect(text).toContain('2026-02-23: down for 2 h 2 min');
    expect(text).not.toContain('vendor');
  });
});

describe('the changes', () => {
  it('are news only: no restart, no doubt that passed, no first sight of what is fine', () => {
    const changes = changesIn(STORY, 10).map(({ entry }) => `${entry.service} ${entry.row}`);
    expect(changes).toEqual([
      'blog edge_failing',
      'photos fine',
      'photos origin_refused',
      'blog fine',
      'blog edge_failing',
    ]);
    expect(changesIn(STORY, 2)).toHaveLength(2);
    expect(changesIn([started(0), said(0, 'blog', 'origin_refused')], 9)).toHaveLength(1);
  });

  it('have all fine hours counted once', () => {
    const up =
      daysOf(STORY, NOW)
        .get('wiki')
        ?.reduce((sum, { upMs }) => sum + upMs, 0) ?? 0;
    expect(Math.round(up / HOUR)).toBe(Math.round((39 * 24 * HOUR + (NOW - minute(0))) / HOUR));
  });
});
