// Episodes of the model recorded once, so that what was measured can be told again to other plans, or changed.
import type { Observation } from '../../exporters/observation.ts';
import type { Plan } from '../../map/plan-types.ts';
import type { Episode } from '../../replay/sim/episode.ts';
import { generateEpisodes } from '../../replay/sim/generate-episodes.ts';
import { castOf } from '../../replay/sim/primitives.ts';
import { runEpisode } from '../../replay/sim/run-episode.ts';
import { settingOf } from '../../replay/sim/setting.ts';
import { createTeller, type Told } from '../../replay/sim/telling.ts';
import { createSignalEngine } from '../../signals/engine.ts';

export const SETTING = settingOf('homelab');

const { plan, timing, world } = SETTING;
const STEP_MS = 2_000;

/** What was measured in each of those of `count` episodes that are wanted. */
export async function recordedRuns(
  count: number,
  seed: number,
  isWanted: (episode: Episode) => boolean,
): Promise<Observation[][]> {
  const runs: Observation[][] = [];
  for (const episode of generateEpisodes(castOf(world), count, seed).filter(isWanted)) {
    const recorded: Observation[] = [];
    await runEpisode(episode, SETTING, { onObservation: (observation) => recorded.push(observation) });
    runs.push(recorded);
  }
  return runs;
}

/** All verdicts at every step of a recorded run, as the map behind `watched` has it judged. */
export function verdictsOver(observations: readonly Observation[], watched: Plan = plan): (readonly Told[])[] {
  let now = observations[0]?.startedAt ?? 0;
  const engine = createSignalEngine({ plan: watched, timing, now: () => now });
  const tell = createTeller(watched);
  const steps: (readonly Told[])[] = [];
  let spokenAt = now;
  for (const observation of observations) {
    now = Math.max(now, observation.startedAt + observation.durationMs);
    engine.observe(observation);
    if (now - spokenAt < STEP_MS) continue;
    spokenAt = now;
    steps.push(tell(engine.read()));
  }
  return steps;
}
