// What must make no difference: which of two vendors has which name, and at what time of day something happens.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Observation } from '../../exporters/observation.ts';
import type { Told } from '../../replay/sim/telling.ts';
import { recordedRuns, SETTING, verdictsOver } from './recorded-runs.ts';

const { plan } = SETTING;
const EPISODES = 24;
const SEED = 5;

/** Two that both run things of this world. */
const NAMES = ['cloudflare', 'aws'] as const;
const EITHER = new RegExp(`\\b(${NAMES.join('|')})\\b`, 'g');

/** Each name in place of the other in every text within, ids of targets included. */
function swapped<T>(value: T): T {
  if (typeof value === 'string') return value.replace(EITHER, (name) => NAMES[name === NAMES[0] ? 1 : 0]) as T;
  if (value instanceof Map) return new Map([...value].map((entry) => swapped(entry))) as T;
  if (value instanceof Set) return new Set([...value].map((entry) => swapped(entry))) as T;
  if (Array.isArray(value)) return value.map((entry) => swapped(entry)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map((entry) => swapped(entry))) as T;
}

const HOUR_MS = 3_600_000;

const later = (observation: Observation): Observation => ({
  ...observation,
  startedAt: observation.startedAt + HOUR_MS,
});

let runs: { recorded: Observation[]; told: (readonly Told[])[] }[] = [];

beforeAll(async () => {
  const all = await recordedRuns(EPISODES, SEED, () => true);
  runs = all.map((recorded) => ({ recorded, told: verdictsOver(recorded) }));
});

describe('recorded runs', () => {
  it('name each of the two vendors at some time', () => {
    const named = new Set(runs.flatMap(({ told }) => told.flat().map(({ vendor }) => vendor)));
    expect([...named]).toEqual(expect.arrayContaining([...NAMES]));
  });

  it('are judged alike when the vendors change names, each by its new one', () => {
    const renamed = swapped(plan);
    for (const { recorded, told } of runs) expect(verdictsOver(swapped(recorded), renamed)).toEqual(swapped(told));
  });

  it('are judged alike an hour later', () => {
    for (const { recorded, told } of runs) expect(verdictsOver(recorded.map(later))).toEqual(told);
  });
});
