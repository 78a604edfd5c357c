// Makes the episodes of an evaluation from a seed: single faults with their onset swept over the probe period, pairs of
// faults at four staggers, and hostile ones, made to mislead.
import { DEFAULT_TIMING } from '../../catalog/timing.ts';
import { pick, type Random, randomFrom, shuffled } from './chance.ts';
import { type Bout, type Episode, type Family, RECOVERY_MS, SCORE_AFTER_MS, WARM_UP_MS } from './episode.ts';
import { hostileFor } from './hostile.ts';
import type { Cast } from './primitives.ts';
import { faultText, type SimFault } from './sim-faults.ts';

const NOISE = 0.005;
const STAGGERS_MS = [0, 5_000, 20_000, 60_000] as const;
/** How long a fault lasts past the moment it is scored. */
const AFTER_SCORE_MS = 15_000;
/** Of all episodes; the rest is pairs. */
const SHARES = { single: 0.3, hostile: 0.35 } as const;

/**
 * `count` episodes of the world of `cast`. The same count and seed give the same episodes; those of a longer run differ from
 * the first.
 */
export function generateEpisodes(cast: Cast, count: number, seed: number): Episode[] {
  const random = randomFrom(seed);
  const singles = Math.round(count * SHARES.single);
  const hostile = Math.round(count * SHARES.hostile);
  const pairs = pairsOf(cast, random);
  const drafts = [
    ...Array.from({ length: singles }, (_, index) => single(index, cast, random)),
    ...Array.from({ length: count - singles - hostile }, (_, index) =>
      pair(pairs[index % pairs.length] as Pair, random),
    ),
    ...Array.from({ length: hostile }, (_, index) => hostileOne(index, cast, random)),
  ];
  return drafts.map((draft) => ({ ...draft, world: cast.world.name }));
}

type Draft = Omit<Episode, 'world'>;

function seedOf(random: Random): number {
  return Math.floor(random() * 2 ** 32);
}

/** The end of an episode whose bouts are these. */
function closing(bouts: readonly Bout[], scoredAtMs: number): number {
  return Math.max(scoredAtMs, ...bouts.map(({ toMs }) => toMs)) + RECOVERY_MS;
}

function build(family: Family, name: string, bouts: readonly Bout[], noise: number, random: Random): Draft {
  const onsetMs = Math.max(...bouts.map(({ fromMs }) => fromMs), 0);
  const scoredAtMs = onsetMs + SCORE_AFTER_MS;
  return { family, name, seed: seedOf(random), noise, bouts, onsetMs, scoredAtMs, endMs: closing(bouts, scoredAtMs) };
}

/** Onset in steps of a second across the period, and anywhere within each step. */
function single(index: number, { primitives }: Cast, random: Random): Draft {
  const fault = primitives[index % primitives.length] as SimFault;
  const round = Math.floor(index / primitives.length);
  const steps = DEFAULT_TIMING.intervalMs / 1_000;
  const fromMs = WARM_UP_MS + ((round % steps) + random()) * 1_000;
  const bout = { fault, fromMs, toMs: fromMs + SCORE_AFTER_MS + AFTER_SCORE_MS };
  return build('single', faultText(fault), [bout], NOISE, random);
}

interface Pair {
  faults: readonly [SimFault, SimFault];
  staggerMs: number;
}

/** All of them, in an order of its own, so that a short run is a fair sample. */
function pairsOf({ primitives }: Cast, random: Random): Pair[] {
  const pairs = primitives.flatMap((first, index) =>
    primitives
      .slice(index + 1)
      .flatMap((second) =>
        STAGGERS_MS.map(
          (staggerMs): Pair => ({ faults: random() < 0.5 ? [first, second] : [second, first], staggerMs }),
        ),
      ),
  );
  return shuffled(random, pairs);
}

/** The second heals first, last, or with the other. */
function pair({ faults: [first, second], staggerMs }: Pair, random: Random): Draft {
  const fromMs = WARM_UP_MS + random() * DEFAULT_TIMING.intervalMs;
  const later = fromMs + staggerMs;
  const end = later + SCORE_AFTER_MS + AFTER_SCORE_MS;
  const lag = pick(random, [-10_000, 0, 10_000]);
  const bouts = [
    { fault: first, fromMs, toMs: end + Math.max(0, lag) },
    { fault: second, fromMs: later, toMs: end + Math.max(0, -lag) },
  ];
  return build('pair', `${faultText(first)} + ${faultText(second)}`, bouts, NOISE, random);
}

function hostileOne(index: number, cast: Cast, random: Random): Draft {
  const recipes = hostileFor(cast);
  const recipe = recipes[index % recipes.length];
  if (recipe === undefined) throw new Error('there are no hostile episodes');
  const onsetMs = WARM_UP_MS + 20_000 + random() * DEFAULT_TIMING.intervalMs;
  const { bouts, noise = NOISE } = recipe.make(onsetMs, random, cast);
  const scoredAtMs = onsetMs + SCORE_AFTER_MS;
  const base = build('hostile', recipe.name, bouts, noise, random);
  return { ...base, onsetMs, scoredAtMs, endMs: closing(bouts, scoredAtMs) };
}

/** Nothing breaks: for counting false alarms per month. */
export function quietEpisode(world: string, hours: number, noise: number, seed: number): Episode {
  const endMs = hours * 3_600_000;
  return {
    world,
    family: 'quiet',
    name: `quiet, ${noise * 100} % noise`,
    seed,
    noise,
    bouts: [],
    onsetMs: endMs,
    scoredAtMs: endMs,
    endMs,
  };
}
