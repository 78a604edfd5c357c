// What must hold of every verdict, tried on random states: whatever the signals say, nobody else is named without proof, and
// knowing less never makes anybody guilty.
import { SIGNAL_NAMES } from '../../catalog/signals.ts';
import type { States } from '../../signals/signal.ts';
import { isGuarded } from '../../verdict/conjuncts.ts';
import { decide, holds } from '../../verdict/decide.ts';
import { serviceOffence } from '../mutation/run.ts';
import { pick, type Random, randomFrom } from '../sim/chance.ts';
import { drawStates } from './states.ts';

export interface InvariantReport {
  states: number;
  /** Of them, those in which somebody else was named. */
  accusing: number;
  /** One line for each state that broke an invariant. */
  broken: string[];
}

/** Tries so many states, the same ones for a seed. `onProgress` is told now and then how many are done. */
export function tryInvariants(
  count: number,
  seed: number,
  onProgress: (done: number) => void = () => undefined,
): InvariantReport {
  const random = randomFrom(seed);
  const broken: string[] = [];
  let accusing = 0;
  for (let done = 0; done < count; done += 1) {
    const states = drawStates(random);
    const row = decide(states);
    if (isGuarded(row)) accusing += 1;
    const why = serviceOffence(row.id, states) ?? guiltByForgetting(states, random);
    if (why !== null) broken.push(`${row.id}: ${why}: ${JSON.stringify(states)}`);
    if (done % PROGRESS_EVERY === 0) onProgress(done);
  }
  return { states: count, accusing, broken };
}

const PROGRESS_EVERY = 50_000;

/** What is accused once a signal is forgotten could have been accused before, were it not for a better explanation. */
function guiltByForgetting(states: States, random: Random): string | null {
  const forgotten = pick(random, SIGNAL_NAMES);
  const after = decide({ ...states, [forgotten]: -1 });
  if (!isGuarded(after) || holds(after, states)) return null;
  return `without ${forgotten}, ${after.id} accuses somebody`;
}
