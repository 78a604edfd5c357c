// The pieces an evaluation is cut into, so that every core has something to do. What a piece gives depends on nothing but itself.
import type { Party } from '../catalog/parties.ts';
import type { Episode } from '../replay/sim/episode.ts';
import { generateEpisodes, quietEpisode } from '../replay/sim/generate-episodes.ts';
import { castOf } from '../replay/sim/primitives.ts';
import { runEpisode } from '../replay/sim/run-episode.ts';
import { type EpisodeMarks, scoreEpisode } from '../replay/sim/score-episode.ts';
import { type Setting, settingOf } from '../replay/sim/setting.ts';

/** Episodes `from` up to, not including, `to` of the `count` that the seed makes of a world. */
export interface EpisodesJob {
  kind: 'episodes';
  world: string;
  count: number;
  seed: number;
  from: number;
  to: number;
}

/** So many hours in which nothing is broken. */
export interface QuietJob {
  kind: 'quiet';
  world: string;
  seed: number;
  noise: number;
  hours: number;
}

export type Job = EpisodesJob | QuietJob;

/** Of a quiet job: whose every saying was. */
export type JobResult = { kind: 'episodes'; marks: EpisodeMarks[] } | { kind: 'quiet'; said: Party[] };

/** Plays jobs one after the other; worlds and episodes are made once and kept for the next. */
export function createPlayer(): (job: Job) => Promise<JobResult> {
  const settings = new Map<string, Setting>();
  const episodes = new Map<string, Episode[]>();

  function settingFor(world: string): Setting {
    const setting = settings.get(world) ?? settingOf(world);
    settings.set(world, setting);
    return setting;
  }

  function episodesFor({ count, seed }: EpisodesJob, { world }: Setting): Episode[] {
    const key = `${world.name} ${count} ${seed}`;
    const made = episodes.get(key) ?? generateEpisodes(castOf(world), count, seed);
    episodes.set(key, made);
    return made;
  }

  return async (job) => {
    const setting = settingFor(job.world);
    if (job.kind === 'quiet') {
      const episode = quietEpisode(job.world, job.hours, job.noise, job.seed);
      const { sayings } = await runEpisode(episode, setting);
      return { kind: 'quiet', said: sayings.map(({ told }) => told.party) };
    }
    const marks: EpisodeMarks[] = [];
    for (const episode of episodesFor(job, setting).slice(job.from, job.to))
      marks.push(scoreEpisode(await runEpisode(episode, setting), setting.world));
    return { kind: 'episodes', marks };
  };
}
