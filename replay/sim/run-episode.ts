// Plays one episode and writes down what was said about every service, and what the baselines would have said.
import type { Observation } from '../../exporters/observation.ts';
import { BASELINES, type Baseline, type Blame, createBaselines } from './baselines.ts';
import type { Episode } from './episode.ts';
import type { Setting } from './setting.ts';
import type { SimFault } from './sim-faults.ts';
import { startSimulation } from './simulation.ts';
import type { Told } from './telling.ts';

/** From `at` on, until the next one of the same service. */
export interface Saying {
  at: number;
  told: Told;
}

export interface BaselineRecord {
  /** By service, at the moment of scoring. */
  scored: ReadonlyMap<string, Blame>;
  /** `service vendor`, for every vendor ever named. */
  named: ReadonlySet<string>;
}

export interface EpisodeRun {
  episode: Episode;
  sayings: readonly Saying[];
  baselines: ReadonlyMap<Baseline, BaselineRecord>;
  observations: number;
}

export interface RunOptions {
  /** Wall time at the start, Unix milliseconds. */
  startsAt?: number;
  onObservation?(observation: Observation): void;
}

interface Step {
  at: number;
  act: 'break' | 'heal';
  fault: SimFault;
}

function stepsOf({ bouts }: Episode): Step[] {
  return bouts
    .flatMap(({ fault, fromMs, toMs }): Step[] => [
      { at: fromMs, act: 'break', fault },
      { at: toMs, act: 'heal', fault },
    ])
    .sort((a, b) => a.at - b.at);
}

const BASELINE_EVERY_MS = 1_000;

export async function runEpisode(episode: Episode, setting: Setting, options: RunOptions = {}): Promise<EpisodeRun> {
  const sayings: Saying[] = [];
  const last = new Map<string, Told>();
  const baselines = createBaselines(setting.plan);
  const scored = new Map<Baseline, Map<string, Blame>>(BASELINES.map((name) => [name, new Map()]));
  const named = new Map<Baseline, Set<string>>(BASELINES.map((name) => [name, new Set()]));
  let observations = 0;
  let judgedAt = Number.NEGATIVE_INFINITY;

  const simulation = startSimulation({
    setting,
    seed: episode.seed,
    noise: episode.noise,
    reconnect: 'real',
    longWatched: true,
    ...(options.startsAt === undefined ? {} : { startsAt: options.startsAt }),
    onTold(at, told) {
      for (const one of told) {
        // The same states give the same object, so identity is enough.
        if (last.get(one.service) === one) continue;
        last.set(one.service, one);
        sayings.push({ at, told: one });
      }
      if (at - judgedAt >= BASELINE_EVERY_MS) judgeBaselines(at);
    },
    onObservation(observation) {
      observations += 1;
      baselines.note(observation);
      options.onObservation?.(observation);
    },
  });

  function judgeBaselines(at: number): void {
    judgedAt = at;
    for (const baseline of BASELINES) {
      for (const service of setting.plan.services) {
        const { vendor } = baselines.judge(baseline, service);
        if (vendor !== null) named.get(baseline)?.add(`${service.name} ${vendor}`);
      }
    }
  }

  const steps = stepsOf(episode);
  const until = async (at: number): Promise<void> => {
    for (let step = steps[0]; step !== undefined && step.at <= at; step = steps[0]) {
      steps.shift();
      await simulation.clock.runUntil(step.at);
      simulation[step.act](step.fault);
    }
    await simulation.clock.runUntil(at);
  };
  await until(episode.scoredAtMs);
  for (const baseline of BASELINES) {
    for (const service of setting.plan.services)
      scored.get(baseline)?.set(service.name, baselines.judge(baseline, service));
  }
  await until(episode.endMs);
  const record = (name: Baseline): BaselineRecord => ({
    scored: scored.get(name) ?? new Map(),
    named: named.get(name) ?? new Set(),
  });
  return { episode, sayings, baselines: new Map(BASELINES.map((name) => [name, record(name)])), observations };
}
