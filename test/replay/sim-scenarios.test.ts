// Every scenario of the lab holds in virtual time too, and no row, condition or guard of the tables is there for nothing: every
// small change is noticed by somebody. All are played once for both.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { builtInScenarios, parseScenario } from '../../lab/scenario.ts';
import { type Recording, recordScenarios } from '../../replay/mutation/recording.ts';
import { runMutation } from '../../replay/mutation/run.ts';
import { replaySim } from '../../replay/sim/engine.ts';
import { TABLE } from '../../verdict/table.ts';

const SEED = 1;
const WANTED = 0.95;
/** A minute on a machine of its own. */
const SLOW_MS = 300_000;

let recordings: Recording[] = [];

beforeAll(async () => {
  recordings = await recordScenarios(builtInScenarios(), SEED);
}, SLOW_MS);

/** What remains where a map misses a link: whether a scenario passes through it is up to the phase of the probes. */
const BY_CHANCE: readonly string[] = ['unexplained'];

describe('scenarios in virtual time', () => {
  it.each(builtInScenarios().map(({ id }) => id))('%s', (id) => {
    const result = recordings.find(({ scenario }) => scenario.id === id)?.result;
    const { expectations = [], broken = [], passed = false } = result ?? {};
    const unmet = expectations.filter(({ met }) => !met);
    expect({ passed, unmet, broken }).toEqual({ passed: true, unmet: [], broken: [] });
  });

  it('say every row of the table between them', () => {
    const said = new Set(recordings.flatMap(({ result }) => result.timeline.map(({ verdict }) => verdict.row)));
    const unsaid = TABLE.map(({ id }) => id).filter((id) => !said.has(id) && !BY_CHANCE.includes(id));
    expect(unsaid).toEqual([]);
  });
});

it('notice nearly every change to a row, a condition or a guard', { timeout: SLOW_MS }, () => {
  const { score, survivors, unsound, fates } = runMutation(recordings);
  expect(unsound).toEqual([]);
  expect(fates.length).toBeGreaterThan(300);
  expect(score, survivors.join('\n')).toBeGreaterThanOrEqual(WANTED);
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
