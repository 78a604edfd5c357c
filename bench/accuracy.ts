// How often is it right? Runs many simulated episodes and writes docs/accuracy.md from them.
// Exit 1 when a vendor was named that had no part in it.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Party } from '../catalog/parties.ts';
import { projectFile } from '../catalog/root.ts';
import { LEANING } from '../lab/worlds.ts';
import { accuracyPage, type QuietResult } from '../replay/sim/accuracy-page.ts';
import { generateEpisodes, quietEpisode } from '../replay/sim/generate-episodes.ts';
import { castOf } from '../replay/sim/primitives.ts';
import { runEpisode } from '../replay/sim/run-episode.ts';
import { type EpisodeMarks, scoreEpisode } from '../replay/sim/score-episode.ts';
import { type Setting, settingOf } from '../replay/sim/setting.ts';
import { summarize } from '../replay/sim/summary.ts';

const PAGE = 'docs/accuracy.md';
const QUIET = [
  { noise: 0.005, hours: 24 },
  { noise: 0.02, hours: 24 },
] as const;
const PROGRESS_EVERY = 500;

const OPTIONS = {
  episodes: { type: 'string', default: '10000' },
  seed: { type: 'string', default: '1' },
  /** Print the page instead of writing it. */
  print: { type: 'boolean', default: false },
} as const;

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const count = Number(values.episodes);
  const seed = Number(values.seed);
  if (!Number.isInteger(count) || count < 1 || !Number.isInteger(seed)) {
    console.error('--episodes and --seed must be whole numbers, the first above 0');
    return 2;
  }
  const settings = LEANING.map(settingOf);
  const marks: EpisodeMarks[] = [];
  for (const setting of settings) marks.push(...(await playAll(Math.round(count / settings.length), seed, setting)));
  const summary = summarize(marks);
  const page = accuracyPage({ summary, quiet: await quietResults(seed, settings), seed });
  if (values.print) console.log(page);
  else writeFileSync(projectFile(PAGE), page);
  const blamed = marks.filter(({ falseVendor, wrongVendor }) => falseVendor.length + wrongVendor.length > 0).length;
  const right = (100 * summary.single.accuracy).toFixed(1);
  console.error(`${marks.length} episodes: ${right} % right at 60 s; a vendor wrongly named in ${blamed}`);
  return blamed === 0 ? 0 : 1;
}

async function playAll(count: number, seed: number, setting: Setting): Promise<EpisodeMarks[]> {
  const marks: EpisodeMarks[] = [];
  const start = performance.now();
  for (const episode of generateEpisodes(castOf(setting.world), count, seed)) {
    marks.push(scoreEpisode(await runEpisode(episode, setting), setting.world));
    if (marks.length % PROGRESS_EVERY > 0) continue;
    const rate = (1000 * marks.length) / (performance.now() - start);
    console.error(`${setting.world.name}: ${marks.length} of ${count}, ${rate.toFixed(1)} a second`);
  }
  return marks;
}

/** Onsets of accusations while nothing is broken. */
async function quietResults(seed: number, settings: readonly Setting[]): Promise<QuietResult[]> {
  const results: QuietResult[] = [];
  for (const { noise, hours } of QUIET) {
    const said: Party[] = [];
    for (const setting of settings) {
      const { sayings } = await runEpisode(quietEpisode(setting.world.name, hours, noise, seed), setting);
      said.push(...sayings.map(({ told }) => told.party));
    }
    const count = (...parties: Party[]): number => said.filter((party) => parties.includes(party)).length;
    results.push({ noise, hours: hours * settings.length, own: count('own', 'isp'), vendor: count('vendor') });
  }
  return results;
}
