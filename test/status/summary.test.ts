// The one sentence for the whole site.
import { describe, expect, it } from 'vitest';
import { listOf, summarise } from '../../status/summary.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { SCENES } from './fake-monitor.ts';
import { verdictOf } from './fake-scenes.ts';

const fine = (service: string) => verdictOf(service, 'fine', []);

function edgeDown(service: string, more: Partial<Verdict> = {}): Verdict {
  const headline = `${service} is down, and it is Cloudflare's edge, not you.`;
  return verdictOf(service, 'edge_failing', [], { vendor: 'cloudflare', component: 'edge', headline, ...more });
}

describe('summarise', () => {
  it.each<[string, Verdict[], string]>([
    ['no service', [fine('uplink')], 'The uplink answers; no service is in the map yet.'],
    ['one service', [fine('blog'), fine('uplink')], 'All fine: blog answers.'],
    ['three services', [...'abc'].map(fine), 'All fine: 3 services answer.'],
    ['one down', [edgeDown('blog'), fine('wiki')], "blog is down, and it is Cloudflare's edge, not you."],
    [
      'three down for one cause',
      [edgeDown('blog'), edgeDown('wiki'), edgeDown('shop'), fine('uplink')],
      "blog, wiki and shop are down, and it is Cloudflare's edge, not you.",
    ],
    [
      'many down for one cause',
      [...'abcdefg'].map((name) => edgeDown(name)),
      "a, b, c, d and 3 more are down, and it is Cloudflare's edge, not you.",
    ],
    ['a headline of another build', [edgeDown('a', { headline: 'Ouch: a.' }), edgeDown('b')], 'Ouch: a.'],
  ])('%s', (_, verdicts, sentence) => {
    expect(summarise(verdicts, 'uplink', true).sentence).toBe(sentence);
  });

  it('names the uplink once, and what it takes along', () => {
    const summary = summarise(SCENES.uplinkDown.verdicts, 'uplink', true);
    expect(summary).toMatchObject({
      tone: 'isp',
      sentence: 'The uplink is down, and it is your ISP, not you.',
      note: 'It takes blog, wiki and photos with it.',
      others: [],
    });
  });

  it('joins what nothing is known about, the uplink among it', () => {
    const unknown = (service: string) =>
      verdictOf(service, 'no_result', [], { headline: `Nothing is known about ${service}: no result yet.` });
    const { sentence } = summarise([unknown('blog'), unknown('wiki')], 'uplink', true);
    expect(sentence).toBe('Nothing is known about blog and wiki: no result yet.');
  });

  it('has its own words for what passes by itself', () => {
    const row = (id: 'confirming' | 'recovering') => summarise([verdictOf('blog', id, [])], 'uplink', true).word;
    expect([row('confirming'), row('recovering')]).toEqual(['Being checked', 'Recovering']);
  });

  it('puts what only you can repair before what you wait for', () => {
    const own = verdictOf('photos', 'origin_refused', [], { headline: 'photos is down, and it is your origin.' });
    const summary = summarise([edgeDown('blog'), own], 'uplink', true);
    expect(summary.sentence).toBe('photos is down, and it is your origin.');
    expect(summary.others.map((group) => group.sentence)).toEqual([
      "blog is down, and it is Cloudflare's edge, not you.",
    ]);
  });

  it('keeps apart equal rows about different vendors', () => {
    const summary = summarise([edgeDown('blog'), edgeDown('shop', { vendor: 'fastly' })], 'uplink', true);
    expect(summary.others).toHaveLength(1);
  });

  it('is never green without data', () => {
    const silent = verdictOf('blog', 'data_missing', [], { headline: 'Nothing is known about blog.' });
    expect(summarise([silent, fine('wiki')], 'uplink', true)).toMatchObject({ tone: 'nodata' });
    expect(summarise([fine('blog')], 'uplink', false)).toMatchObject({ tone: 'nodata' });
    expect(summarise([], 'uplink', true)).toMatchObject({ tone: 'nodata' });
  });

  it('reports a failure even before everything has been measured', () => {
    expect(summarise([edgeDown('blog')], 'uplink', false).tone).toBe('vendor');
  });

  it('dates a trouble from its first service and peace from its last', () => {
    const [early, late] = ['2026-03-05T01:00:00.000Z', '2026-03-05T02:00:00.000Z'];
    const down = [
      edgeDown('a', { since: late }),
      edgeDown('b', { since: early }),
      edgeDown('c', { since: 'nonsense' }),
    ];
    expect(summarise(down, 'uplink', true).since).toBe(early);
    const well = [early, late].map((since) => ({ ...fine('a'), since }));
    expect(summarise(well, 'uplink', true).since).toBe(late);
  });
});

it.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('listOf(%j)', (words, text) => {
  expect(listOf(words)).toBe(text);
});
