// How often is it right? Runs many simulated episodes and writes docs/accuracy.md from them.
// Exit 1 when a vendor was named that had no part in it.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Party } from '../catalog/parties.ts';
import { projectFile } from '../catalog/root.ts';
import { LEANING } from '../lab/worlds.ts';
import { accuracyPage, type QuietResult } from '../replay/sim/accuracy-page.ts';
import type { EpisodeMarks } from '../replay/sim/score-episode.ts';
import { summarize } from '../replay/sim/summary.ts';
import type { Job, JobResult } from './accuracy-jobs.ts';
import { shareAmongWorkers } from './worker-pool.ts';

const PAGE = 'docs/accuracy.md';
/** Shares of measurements that are lost while nothing is broken. */
const QUIET = [0.005, 0.02] as const;
const PROGRESS_EVERY = 500;
/** Episodes a thread plays before it asks for more. */
const PIECE = 25;

const OPTIONS = {
  episodes: { type: 'string', default: '10000' },
  seed: { type: 'string', default: '1' },
  /** Of every world, at each level of noise, in which nothing is broken. */
  hours: { type: 'string', default: '24' },
  /** Print the page instead of writing it. */
  print: { type: 'boolean', default: false },
} as const;

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const count = Number(values.episodes);
  const seed = Number(values.seed);
  const hours = Number(values.hours);
  if (![count, seed, hours].every(Number.isInteger) || count < 1 || hours < 1) {
    console.error('--episodes, --hours and --seed must be whole numbers, the first two above 0');
    return 2;
  }
  const marks = await playAll(Math.round(count / LEANING.length), seed);
  const summary = summarize(marks);
  const page = accuracyPage({ summary, quiet: await quietResults(seed, hours), seed });
  if (values.print) console.log(page);
  else writeFileSync(projectFile(PAGE), page);
  const blamed = marks.filter(({ falseVendor, wrongVendor }) => falseVendor.length + wrongVendor.length > 0).length;
  const right = (100 * summary.single.accuracy).toFixed(1);
  console.error(`${marks.length} episodes: ${right} % right at 60 s; a vendor wrongly named in ${blamed}`);
  return blamed === 0 ? 0 : 1;
}

const share = (jobs: readonly Job[], onDone: (result: JobResult) => void = () => undefined): Promise<JobResult[]> =>
  shareAmongWorkers(new URL('./accuracy-worker.js', import.meta.url), jobs, onDone);

/** `count` episodes of every world. */
async function playAll(count: number, seed: number): Promise<EpisodeMarks[]> {
  const jobs = LEANING.flatMap((world) =>
    Array.from({ length: Math.ceil(count / PIECE) }, (_, piece): Job => {
      const from = piece * PIECE;
      return { kind: 'episodes', world, count, seed, from, to: Math.min(count, from + PIECE) };
    }),
  );
  const start = performance.now();
  let done = 0;
  const results = await share(jobs, (result) => {
    const before = done;
    done += result.kind === 'episodes' ? result.marks.length : 0;
    if (Math.floor(done / PROGRESS_EVERY) === Math.floor(before / PROGRESS_EVERY)) return;
    const rate = (1000 * done) / (performance.now() - start);
    console.error(`${done} of ${count * LEANING.length} episodes, ${rate.toFixed(1)} a second`);
  });
  return results.flatMap((result) => (result.kind === 'episodes' ? result.marks : []));
}

/** Onsets of accusations while nothing is broken. */
async function quietResults(seed: number, hours: number): Promise<QuietResult[]> {
  const jobs = QUIET.flatMap((noise) => LEANING.map((world): Job => ({ kind: 'quiet', world, seed, noise, hours })));
  const results = await share(jobs);
  return QUIET.map((noise, index): QuietResult => {
    const own = results.slice(index * LEANING.length, (index + 1) * LEANING.length);
    const said = own.flatMap((result) => (result.kind === 'quiet' ? result.said : []));
    const times = (...parties: Party[]): number => said.filter((party) => parties.includes(party)).length;
    return { noise, hours: hours * LEANING.length, own: times('own', 'isp'), vendor: times('vendor') };
  });
}
