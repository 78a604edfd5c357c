// Every scenario of the lab holds in virtual time too, whatever the phase of the probes.
import { describe, expect, it } from 'vitest';
import { builtInScenarios } from '../../lab/scenario.ts';
import { replaySim } from '../../replay/sim/engine.ts';

const SEEDS = [1, 2];

describe('scenarios in virtual time', () => {
  it.each(builtInScenarios().map((scenario) => [scenario.id, scenario] as const))('%s', async (_, scenario) => {
    for (const seed of SEEDS) {
      const [result] = await replaySim([scenario], { seed, onEvent: () => undefined });
      const { expectations = [], broken = [], passed = false } = result ?? {};
      const unmet = expectations.filter(({ met }) => !met);
      expect({ seed, passed, unmet, broken }).toEqual({ seed, passed: true, unmet: [], broken: [] });
    }
  });
});
