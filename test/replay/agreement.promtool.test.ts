// The two engines are compared on whole scenarios, and a difference is counted; what must always hold is tried on many states.
import { describe, expect, it } from 'vitest';
import { builtInScenarios } from '../../lab/scenario.ts';
import { compareScenarios, compareStates } from '../../replay/agreement/engines.ts';
import { tryInvariants } from '../../replay/agreement/invariants.ts';
import { randomStates } from '../../replay/agreement/states.ts';

const PLAYED: ReadonlySet<string> = new Set(['cloudflare-2025-11-18']);

describe('the two engines', () => {
  it('say the same at every evaluation of a scenario', { timeout: 120_000 }, async () => {
    const scenarios = builtInScenarios().filter(({ id }) => PLAYED.has(id));
    expect(await compareScenarios(scenarios, 1)).toEqual({ compared: PLAYED.size, apart: 0 });
  });

  it('say the same of single states', { timeout: 120_000 }, async () => {
    expect(await compareStates(randomStates(50, 7))).toEqual({ compared: 50, apart: 0 });
  });
});

it('nobody is accused without proof, whatever the signals say', { timeout: 120_000 }, () => {
  const { states, accusing, broken } = tryInvariants(50_000, 20_261_122);
  expect(broken).toEqual([]);
  expect(accusing).toBeGreaterThan(states / 50);
});
