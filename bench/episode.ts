// One simulated episode at a time: what was said about every service, and when, beside what was true. For looking into a
// line of docs/accuracy.md: with the same `--episodes` and `--seed` these are the very episodes that run played.
import { parseArgs } from 'node:util';
import type { Observation } from '../exporters/observation.ts';
import { WORLDS } from '../lab/worlds.ts';
import { generateEpisodes } from '../replay/sim/generate-episodes.ts';
import { castOf } from '../replay/sim/primitives.ts';
import { type EpisodeRun, runEpisode } from '../replay/sim/run-episode.ts';
import { type EpisodeMarks, scoreEpisode } from '../replay/sim/score-episode.ts';
import { type Setting, settingOf } from '../replay/sim/setting.ts';
import { faultText } from '../replay/sim/sim-faults.ts';
import { STARTS_AT } from '../replay/sim/simulation.ts';
import type { Told } from '../replay/sim/telling.ts';
import { EPISODES, SEED } from './accuracy.ts';

const OPTIONS = {
  /** Part of the name, as the page has it: the fault, the two faults, or the trick. */
  name: { type: 'string' },
  world: { type: 'string' },
  /** Of all worlds together. */
  episodes: { type: 'string', default: EPISODES },
  seed: { type: 'string', default: SEED },
  /** Play no more than so many. */
  most: { type: 'string', default: '50' },
  /** Show what was measured of targets whose id begins so. */
  measured: { type: 'string' },
  /** Show those alone in which somebody was wrongly named. */
  wrong: { type: 'boolean', default: false },
  /** Show those alone in which a service was not judged right at the moment of scoring. */
  missed: { type: 'boolean', default: false },
} as const;

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const { name, world } = values;
  const [episodes = 0, seed = 0, most = 0] = [values.episodes, values.seed, values.most].map(Number);
  if (name === undefined || ![episodes, seed, most].every(Number.isInteger) || Math.min(episodes, most) < 1) {
    console.error('usage: npm run bench -- episode --name TEXT [--world NAME] [--most 50] [--wrong] [--missed]');
    return 2;
  }
  const worlds = [...WORLDS.keys()].filter((known) => world === undefined || known === world);
  let left = most;
  for (const setting of worlds.map(settingOf)) {
    const made = generateEpisodes(castOf(setting.world), Math.round(episodes / WORLDS.size), seed);
    for (const episode of made.filter((one) => one.name.includes(name)).slice(0, left)) {
      left -= 1;
      const seen: Observation[] = [];
      const played = await runEpisode(episode, setting, { onObservation: (one) => seen.push(one) });
      const marks = scoreEpisode(played, setting.world);
      if ((!values.wrong || blames(marks).length > 0) && (!values.missed || marks.cases.some(({ right }) => !right)))
        show(
          played,
          marks,
          setting,
          values.measured === undefined ? [] : seen.filter(({ target }) => target.startsWith(values.measured ?? '')),
        );
    }
  }
  if (left === most) console.error(`no episode has "${name}" in its name`);
  return left === most ? 2 : 0;
}

const blames = ({ falseVendor, wrongVendor, wrongOther }: EpisodeMarks): EpisodeMarks['wrongOther'] => [
  ...falseVendor,
  ...wrongVendor,
  ...wrongOther,
];

function show(
  { episode, sayings }: EpisodeRun,
  marks: EpisodeMarks,
  { world }: Setting,
  measured: readonly Observation[],
): void {
  const at = (ms: number): string => `${((ms - episode.onsetMs) / 1000).toFixed(1)} s`.padStart(9);
  console.log(
    `\n${episode.name}, in the ${world.name}, seed ${episode.seed}; scored ${at(episode.scoredAtMs).trim()} in`,
  );
  for (const { fault, fromMs, toMs } of episode.bouts)
    console.log(`${at(fromMs)} to ${at(toMs).trim()}  ${faultText(fault)}`);
  for (const { startedAt, durationMs, target, reason } of measured) {
    const began = startedAt - STARTS_AT;
    console.log(`${at(began)} to ${at(began + durationMs).trim()}  ${target} ${reason}`);
  }
  const wrong = blames(marks);
  for (const { service, truth, right } of marks.cases) {
    const own = sayings.filter(({ told }) => told.service === service);
    const accused = wrong.filter((one) => one.service === service).map((one) => one.at);
    if (truth === 'fine' && right && accused.length === 0) continue;
    console.log(`  ${service}: ${truth}, ${right ? 'judged right' : 'judged wrong'}`);
    const lines = own.map(({ at: when, told }) => ({ when, text: sayingText(told) }));
    for (const [index, { when, text }] of lines.entries()) {
      const mark = accused.includes(when) ? '  <- without cause' : '';
      if (text !== lines[index - 1]?.text || mark !== '') console.log(`  ${at(when)}  ${text}${mark}`);
    }
  }
}

function sayingText({ row, party, vendor, component, concurrent }: Told): string {
  const whom = [party, vendor, component].filter((part) => part !== null).join(' ');
  return `${row} (${whom})${concurrent.length === 0 ? '' : `, beside it ${concurrent.join(', ')}`}`;
}
