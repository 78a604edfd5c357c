// Does every row, condition and guard of the tables matter to some test? Changes them one by one and looks who notices.
// Exit 1 when too many changes live on.
import { parseArgs } from 'node:util';
import { builtInScenarios } from '../lab/scenario.ts';
import { recordScenarios } from '../replay/mutation/recording.ts';
import { runMutation } from '../replay/mutation/run.ts';

/** The share of mutants that must be noticed. */
export const WANTED = 0.95;

const SEED = 1;

const OPTIONS = { json: { type: 'boolean', default: false } } as const;

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const start = performance.now();
  const report = runMutation(await recordScenarios(builtInScenarios(), SEED));
  const { fates, score, survivors, idle, unsound } = report;
  if (values.json) console.log(JSON.stringify(report, null, 2));
  else {
    const by = (kind: string): number => fates.filter(({ killer }) => killer?.startsWith(`${kind}:`)).length;
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const live = fates.length - idle.length;
    console.log(`${live} mutants that can matter, ${live - survivors.length} noticed: ${(100 * score).toFixed(1)} %`);
    console.log(
      `first noticed by a case ${by('case')}, by a maxim ${by('maxim')}, by a scenario ${by('scenario')}; ${seconds} s`,
    );
    for (const name of survivors) console.log(`lives on: ${name}`);
    for (const name of idle) console.log(`cannot matter: ${name}`);
    for (const id of unsound) console.log(`not borne out by the recording: ${id}`);
  }
  return score >= WANTED && unsound.length === 0 ? 0 : 1;
}
