// What a scenario demands of a verdict, held against one.
import { expect, it } from 'vitest';
import { parseScenario } from '../../lab/scenario.ts';
import { brokenIn, type Moment } from '../../replay/result.ts';
import { claimText, fits, score } from '../../replay/score.ts';

const SAID = {
  party: 'unknown',
  vendor: 'fastly',
  component: 'edge',
  cause: 'edge failing',
  row: 'edge_suspected',
} as const;

it.each([
  [{ row: 'edge_suspected' }, true],
  [{ row: 'edge_failing' }, false],
  [{ confidence: 'low' }, true],
  [{ confidence: 'medium' }, false],
  [{ party: 'unknown', vendor: 'fastly', confidence: 'high' }, false],
  [{ service: 'blog' }, false],
] as const)('%j fits a suspicion: %s', (claim, fit) => {
  expect(fits(claim, 'shop', SAID)).toBe(fit);
});

it('says how sure it must be', () => {
  expect(claimText({ party: 'own', row: 'resolver_down', confidence: 'high' })).toBe(
    'own: resolver_down: high confidence',
  );
});

const scenarioWith = (more: string): string => `
id: sample
title: A sample
world: homelab
timeline:
  - { at: 0s, break: { kind: origin_refused, target: blog }, as: process }
  - { at: 75s, heal: process }
expect:
  - { service: blog, from: 50s, to: 75s, party: own, row: origin_refused${more} }
`;

const OWN = {
  party: 'own',
  vendor: null,
  component: null,
  cause: 'origin process down',
  row: 'origin_refused',
} as const;
const TIMELINE: Moment[] = [{ at: 30_000, service: 'blog', verdict: OWN }];

it.each([
  ['', 30_000],
  [', visibleFrom: 12s', 18_000],
])('counts the time to the verdict from where it can be seen%s', (more, timeToVerdictMs) => {
  const result = score(parseScenario(scenarioWith(more), 'sample.yml'), 'sim', TIMELINE, []);
  expect(result).toMatchObject({ passed: true, timeToVerdictMs });
});

it.each<[string, Moment['broken'], boolean, string]>([
  ['shows the whole path', ['edge', 'origin', 'service'], true, 'own: origin_refused'],
  ['leaves a link out', ['service'], false, 'own: origin_refused, its evidence does not show broken: origin'],
  ['was seen by nobody', undefined, false, 'own: origin_refused, its evidence does not show broken: origin, service'],
])('holds evidence that %s against the path', (_, broken, met, got) => {
  const scenario = parseScenario(scenarioWith(', path: [origin, service]'), 'sample.yml');
  const moment: Moment = { ...TIMELINE[0], ...(broken && { broken }) } as Moment;
  expect(score(scenario, 'sim', [moment], []).expectations).toMatchObject([
    { met, got, want: 'own: origin_refused, by origin, service' },
  ]);
});

it('reads the broken links from what is printed', () => {
  const lines = ['origin_answer', 'edge_answer', 'service', 'recovering'].map((signal) => ({ signal, text: '' }));
  const evidence = lines.map((line, index) => ({ ...line, state: index === 1 ? ('ok' as const) : ('bad' as const) }));
  expect(brokenIn({ evidence })).toEqual(['origin', 'service']);
});

it('fails a verdict that is right and not sure enough', () => {
  const unsure: Moment[] = [{ at: 30_000, service: 'blog', verdict: { ...OWN, row: 'zone_not_served' } }];
  const wanting = scenarioWith(', confidence: high').replace(', row: origin_refused', '');
  const { passed, expectations } = score(parseScenario(wanting, 'sample.yml'), 'sim', unsure, []);
  expect({ passed, expectations }).toMatchObject({
    passed: false,
    expectations: [{ met: false, want: 'own: high confidence' }],
  });
});
