// Every scenario of the lab holds in virtual time too.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { builtInScenarios, parseScenario } from '../../lab/scenario.ts';
import { replaySim } from '../../replay/sim/engine.ts';
import { TABLE } from '../../verdict/table.ts';

const SEED = 1;
const said = new Set<string>();

/** What remains where a map misses a link: whether a scenario passes through it is up to the phase of the probes. */
const BY_CHANCE: readonly string[] = ['unexplained'];

describe('scenarios in virtual time', () => {
  it.each(builtInScenarios().map((scenario) => [scenario.id, scenario] as const))('%s', async (_, scenario) => {
    const [result] = await replaySim([scenario], { seed: SEED, onEvent: () => undefined });
    const { expectations = [], broken = [], passed = false, timeline = [] } = result ?? {};
    for (const { verdict } of timeline) said.add(verdict.row);
    const unmet = expectations.filter(({ met }) => !met);
    expect({ passed, unmet, broken }).toEqual({ passed: true, unmet: [], broken: [] });
  });

  it('say every row of the table between them', () => {
    const unsaid = TABLE.map(({ id }) => id).filter((id) => !said.has(id) && !BY_CHANCE.includes(id));
    expect(unsaid).toEqual([]);
  });
});

describe('an edge that lets a request through now and then', () => {
  it.each([2, 3, 4, 5, 6, 7, 8])('stays accused in run %i', async (seed) => {
    const scenario = builtInScenarios().filter(({ id }) => id === 'cloudflare-2019-07-02');
    const [result] = await replaySim(scenario, { seed, onEvent: () => undefined });
    expect(result?.expectations.filter(({ met }) => !met)).toEqual([]);
  });
});

it('fails a scenario that expects what is not so', async () => {
  const text = readFileSync(projectFile('lab/scenarios/origin-refused.yml'), 'utf8');
  const wrong = text
    .replace(/^looksLike: .*\n/m, '')
    .replace('party: own, row: origin_refused', 'party: isp, row: uplink_down');
  const [result] = await replaySim([parseScenario(wrong, 'wrong.yml')], { seed: 1, onEvent: () => undefined });
  expect(result?.passed).toBe(false);
  expect(result?.expectations.filter(({ met }) => !met)).toMatchObject([{ service: 'blog', want: 'isp: uplink_down' }]);
});
