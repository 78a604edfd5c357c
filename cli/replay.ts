// `demarc replay`: plays scenarios side by side and says, for each, what was expected and what was said.
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { projectFile } from '../catalog/root.ts';
import { loadScenario, type Scenario } from '../lab/scenario.ts';
import { UserError } from '../map/user-error.ts';
import { type EmbeddedOptions, replayEmbedded } from '../replay/embedded.ts';
import { replayOnPrometheus } from '../replay/prometheus.ts';
import type { Engine, ReplayResult } from '../replay/result.ts';
import { sayText } from '../replay/score.ts';
import { replaySim } from '../replay/sim/engine.ts';
import { prometheusTools } from '../replay/tools.ts';
import { VOCABULARY } from '../replay/vocabulary.ts';
import { EXIT, paint, print, tell } from './terminal.ts';
import { version } from './version.ts';

export interface ReplayOptions {
  engine: Engine;
  speed: string;
  parallel: string;
  json?: boolean;
}

/** Scenarios that come with demarc are known by their ids. */
function builtInFile(id: string): string | null {
  const file = projectFile(`lab/scenarios/${path.basename(id)}.yml`);
  return path.basename(id) === id && existsSync(file) ? file : null;
}

function filesOf(names: readonly string[]): string[] {
  const given = names.length > 0 ? names : [projectFile('lab/scenarios')];
  return given.flatMap((name) => {
    if (!isFolder(name)) return [existsSync(name) ? name : (builtInFile(name) ?? name)];
    const files = readdirSync(name).filter((file) => file.endsWith('.yml'));
    const hint = 'give a folder of scenario files';
    if (files.length === 0) throw new UserError([{ place: name, what: 'holds no file that ends in .yml', hint }]);
    return files.sort().map((file) => path.join(name, file));
  });
}

/** Whatever else it is, a link that leads to itself among them, is told where it is read. */
function isFolder(name: string): boolean {
  return existsSync(name) && statSync(name).isDirectory();
}

/** All of them, or all that is wrong with any of them. */
function loadAll(files: readonly string[]): Scenario[] {
  const loaded = files.map((file) => {
    try {
      return loadScenario(file, VOCABULARY);
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
  });
  const problems = loaded.flatMap((one) => (one instanceof UserError ? one.problems : []));
  if (problems.length > 0) throw new UserError(problems);
  return loaded.flatMap((one) => (one instanceof UserError ? [] : [one]));
}

function numberOf(flag: string, text: string, most: number): number {
  const value = Number(text);
  if (value >= 1 && value <= most) return value;
  throw new UserError([{ place: flag, what: `${text} is out of range`, hint: `give a number from 1 to ${most}` }]);
}

/** Any would do; the same one gives the same replay. */
const SEED = 1;

/** Starting the worlds, and warming them up. */
const SETTING_UP_MS = 10_000;

const clock = (ms: number): string => `${(ms / 1000).toFixed(1).padStart(6)}s`;

function show(result: ReplayResult): void {
  const mark = result.passed ? paint('green', 'passed') : paint('red', 'FAILED');
  const time = result.timeToVerdictMs === null ? '' : `, right after ${(result.timeToVerdictMs / 1000).toFixed(1)} s`;
  print(`${mark} ${paint('bold', result.scenario)}: ${result.title}${time}`);
  const services = result.timeline.map(({ at, service, verdict }) => ({ at, who: service, what: sayText(verdict) }));
  // What a vendor is found in at the start is its ordinary state, and there are many.
  const changes = result.vendors.filter(({ at }) => at > 0);
  const vendors = changes.map(({ at, component, said }) => ({ at, who: component, what: said.row }));
  for (const { at, who, what } of [...services, ...vendors].sort((a, b) => a.at - b.at))
    print(paint('gray', `  ${clock(at)} ${who.padEnd(8)} ${what}`));
  for (const { service, from, to, want, got, met } of result.expectations) {
    if (!met)
      print(`  ${paint('red', 'expected')} ${service} from ${from / 1000} s to ${to / 1000} s: ${want}; said: ${got}`);
  }
  for (const [what, causes] of Object.entries(untold(result)))
    for (const cause of causes) print(`  ${paint('red', what)} ${cause}`);
  for (const claim of result.broken) print(`  ${paint('red', 'must never be said')} ${claim}`);
}

/** What is wrong with the messages, by what is wrong. */
function untold({ told }: ReplayResult): Record<string, readonly string[]> {
  if (told === undefined) return {};
  const { missing, extra, unended, repeated, recurred } = told;
  return {
    'nobody was told of': missing,
    'told for nothing at': extra,
    'no end was told of': unended,
    'told twice of': repeated,
    'told of again after its end': recurred,
  };
}

/** How long it will take, for whoever waits. */
function duration(scenarios: readonly Scenario[], engine: Engine, speed: number, parallel: number): string {
  if (engine === 'sim') return ', in virtual time';
  const longestMs = Math.max(...scenarios.map(({ endMs }) => endMs)) / speed + SETTING_UP_MS;
  return `, about ${Math.ceil((Math.ceil(scenarios.length / parallel) * longestMs) / 1000)} s`;
}

async function playOn(
  engine: Engine,
  scenarios: readonly Scenario[],
  options: EmbeddedOptions,
): Promise<ReplayResult[]> {
  switch (engine) {
    case 'sim':
      return replaySim(scenarios, { seed: SEED, onEvent: options.onEvent });
    case 'embedded':
      return replayEmbedded(scenarios, options);
    case 'prometheus':
      return replayOnPrometheus(scenarios, { ...options, tools: await prometheusTools(tell) });
  }
}

export async function replay(names: readonly string[], options: ReplayOptions): Promise<number> {
  const speed = numberOf('--speed', options.speed, 10);
  const parallel = numberOf('--parallel', options.parallel, 32);
  const scenarios = loadAll(filesOf(names));
  tell(
    `playing ${scenarios.length} scenario${scenarios.length === 1 ? '' : 's'} on ${options.engine}${duration(scenarios, options.engine, speed, parallel)}`,
  );
  const wide = Math.max(...scenarios.map(({ id }) => id.length));
  const onEvent = (id: string, at: number, text: string): void =>
    tell(paint('gray', `${clock(at)} ${id.padEnd(wide)} ${text}`, process.stderr));
  const results = await playOn(options.engine, scenarios, { speed, parallel, version: version(), onEvent });
  if (options.json) print(JSON.stringify(results, null, 2));
  else for (const result of results) show(result);
  const failed = results.filter(({ passed }) => !passed).length;
  if (!options.json) print(`${results.length - failed} of ${results.length} scenarios as expected`);
  return failed === 0 ? EXIT.fine : EXIT.failed;
}
