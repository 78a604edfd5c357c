// Scenario files: what breaks when, and what must and must not be said about it. Faults are at world level, never at
// signal level, so that the same file can be played against anything that watches the lab.
import { readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { projectFile } from '../catalog/root.ts';
import { problemsOf } from '../map/issues.ts';
import { type Problem, UserError } from '../map/user-error.ts';
import { readYaml, type YamlText } from '../map/yaml.ts';
import { extended, extensionProblems } from './extend.ts';
import type { Fault } from './lab.ts';
import { parseFault, publicFault } from './parse-fault.ts';
import { claimProblems, type Vocabulary } from './scenario-claims.ts';
import {
  type AlertClaim,
  type Claim,
  type Link,
  type Noise,
  type Remembered,
  ScenarioFile,
  type Step,
  type VendorExpectation as VendorClaim,
} from './scenario-file.ts';
import type { World } from './world.ts';
import { worldNamed } from './worlds.ts';

/** Times are milliseconds from the start, which comes after a healthy warm-up. */
export type ScenarioStep = { atMs: number; break: Fault; as: string | null } | { atMs: number; heal: string };

export interface ScenarioExpectation extends Claim {
  service: string;
  fromMs: number;
  toMs: number;
  /** When anybody could see it first; with the last break before the verdict when left out. */
  visibleFrom?: number | undefined;
  /** From the cause to the effect: what the evidence must show broken. */
  path?: readonly Link[] | undefined;
}

export interface VendorExpectation extends Omit<z.output<typeof VendorClaim>, 'from' | 'to'> {
  fromMs: number;
  toMs: number;
}

export interface Scenario {
  id: string;
  title: string;
  /** The comment at the top of the file: what happened, and what misleads. */
  story: string;
  /** For a failure of yours: the vendor it is easily taken for. */
  looksLike: string | null;
  /** With what the scenario adds to it. */
  world: World;
  /** What fails for no reason at all; null: nothing. */
  noise: Noise | null;
  /** null: demarc has watched a healthy world for a while. Else it starts at 0, into what is broken then, remembering this. */
  history: readonly Remembered[] | null;
  timeline: readonly ScenarioStep[];
  /** Within its window, every verdict about the service must be this. */
  expect: readonly ScenarioExpectation[];
  /** No verdict, at any time, may be one of these. */
  never: readonly Claim[];
  /** Within its window, every verdict about the vendor's component must be this. Others may not be accused. */
  vendors: readonly VendorExpectation[];
  /** An alert that must be received at least once. */
  alert: AlertClaim | null;
  /** Alerts that must not be received. */
  forbid: readonly AlertClaim[];
  /** When the last expectation or step is over. */
  endMs: number;
}

/** Every scenario that comes with the lab, by file name. */
export function builtInScenarios(): Scenario[] {
  const folder = projectFile('lab/scenarios');
  const files = readdirSync(folder).filter((file) => file.endsWith('.yml'));
  return files.sort().map((file) => loadScenario(path.join(folder, file)));
}

/** Reads and checks a scenario, and its words too where they are given. Throws {@link UserError} with every problem found. */
export function loadScenario(file: string, words?: Vocabulary): Scenario {
  return parseScenario(readScenarioFile(file), path.basename(file), words);
}

/** Longer than any that will do: what is refused for its length need not be read whole. */
const READ_AT_MOST = 4 * 1024 * 1024;

function readScenarioFile(file: string): string {
  const refused = (what: string, hint: string): UserError => new UserError([{ place: file, what, hint }]);
  try {
    const { size } = statOf(file, refused);
    if (size > READ_AT_MOST) throw refused('is larger than 1 MiB', 'split it or remove what it does not need');
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (error instanceof TypeError) throw refused('is not UTF-8', 'save it as UTF-8 text');
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw refused(what, ASK_FOR_FILE);
  }
}

const ASK_FOR_FILE = 'give the path of a scenario file, or the id of one that is built in';

/** Of a file alone: a pipe or a device may never end. */
function statOf(file: string, refused: (what: string, hint: string) => UserError): Stats {
  const found = statSync(file);
  if (!found.isFile()) throw refused('is not a file', ASK_FOR_FILE);
  return found;
}

/** Checks the text of a scenario; `name` is put before every place. */
export function parseScenario(text: string, name: string, words?: Vocabulary): Scenario {
  const yaml = readYaml(name, text);
  if (yaml.problems.length > 0) throw new UserError(yaml.problems);
  const parsed = ScenarioFile.safeParse(yaml.value);
  if (!parsed.success) throw new UserError(problemsOf(parsed.error, ScenarioFile, yaml.place));
  const file = parsed.data;
  const base = worldNamed(file.world, yaml.place(['world']));
  const unfit = extensionProblems(file.extend, base, (path) => yaml.place(['extend', ...path]));
  if (unfit.length > 0) throw new UserError(unfit);
  const world = extended(base, file.extend, file.id);
  const problems: Problem[] = [
    ...claimProblems(file, world, yaml, words),
    ...windowProblems(file, yaml),
    ...historyProblems(file, world, yaml),
    ...likenessProblems(file, world, yaml),
  ];
  const timeline = byTime(file.timeline.flatMap((step, index) => stepsOf(step, index, file, world, yaml, problems)));
  if (problems.length > 0) throw new UserError(problems);
  const { id, title, never, forbid } = file;
  const timed = <T extends { from: number; to: number }>({ from: fromMs, to: toMs, ...said }: T) => ({
    ...said,
    fromMs,
    toMs,
  });
  const expect = file.expect.map(timed);
  const vendors = file.vendors.map(timed);
  const endMs = Math.max(...[...expect, ...vendors].map(({ toMs }) => toMs), ...timeline.map(({ atMs }) => atMs));
  const alert = file.alert ?? null;
  const story = storyOf(text);
  const history = file.history ?? null;
  const noise = file.noise ?? null;
  const looksLike = file.looksLike ?? null;
  return { id, title, story, looksLike, world, noise, history, timeline, expect, never, vendors, alert, forbid, endMs };
}

function storyOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join(' ');
}

function historyProblems({ history = [] }: ScenarioFile, world: World, { place }: YamlText): Problem[] {
  const known = controlsOf(world);
  return history.flatMap(({ vendor, component, control }, index): Problem[] => {
    const count = known.get(`${vendor}/${component}`);
    const hint = `use one of ${[...known.keys()].join(', ')}`;
    if (count === undefined)
      return [
        { place: place(['history', index]), what: `${world.name} has no control of ${vendor}/${component}`, hint },
      ];
    if (control === undefined || control < count) return [];
    const last = `count from 0 to ${count - 1}`;
    return [{ place: place(['history', index, 'control']), what: `${vendor}/${component} has ${count}`, hint: last }];
  });
}

/** It must be somebody here, and what is said must be yours, and never theirs. */
function likenessProblems({ looksLike, expect, never }: ScenarioFile, world: World, { place }: YamlText): Problem[] {
  if (looksLike === undefined) return [];
  const at = place(['looksLike']);
  const known = world.statusPages.map(({ vendor }) => vendor);
  if (!known.includes(looksLike))
    return [{ place: at, what: `${looksLike} is not in this world`, hint: `use ${known.join(' or ')}` }];
  const banned = never.some(({ party, vendor }) => party === 'vendor' || vendor === looksLike);
  return [
    ...(expect.some(({ party }) => party === 'own')
      ? []
      : [{ place: at, what: 'nothing of yours is expected', hint: 'expect a verdict with party: own' }]),
    ...(banned ? [] : [{ place: at, what: 'may still be accused', hint: `add { vendor: ${looksLike} } to never` }]),
  ];
}

/** How many controls the map of this world has of each component. */
function controlsOf({ edges, dnsControls, tunnel, endpoints }: World): Map<string, number> {
  const counts = new Map<string, number>();
  const count = (vendor: string, component: string, more: number): void => {
    const name = `${vendor}/${component}`;
    if (more > 0) counts.set(name, (counts.get(name) ?? 0) + more);
  };
  for (const { vendor, controls } of edges) count(vendor, 'edge', controls.length);
  for (const { vendor } of dnsControls) count(vendor, 'dns', 1);
  for (const { vendor, component, siblings } of endpoints) count(vendor, component, 2 * siblings.length);
  count(tunnel.vendor, 'tunnel', tunnel.canaries.length);
  return counts;
}

function windowProblems(file: ScenarioFile, { place }: YamlText): Problem[] {
  return (['expect', 'vendors'] as const).flatMap((key) =>
    file[key].flatMap(({ from, to }, index) =>
      from < to
        ? []
        : [{ place: place([key, index, 'to']), what: 'is not after from', hint: 'give a window that lasts' }],
    ),
  );
}

/** Repairs that come by themselves fall between the steps as written. */
const byTime = (steps: readonly ScenarioStep[]): ScenarioStep[] => [...steps].sort((a, b) => a.atMs - b.atMs);

/** A step, and the repair it brings with it. */
function stepsOf(
  step: z.output<typeof Step>,
  index: number,
  file: ScenarioFile,
  world: World,
  yaml: YamlText,
  problems: Problem[],
): ScenarioStep[] {
  const first = stepOf(step, index, file, world, yaml, problems);
  if (step.until === undefined || !('break' in first)) return [first];
  const as = `step-${index}`;
  return [
    { ...first, as },
    { atMs: step.until, heal: as },
  ];
}

/** The names of what is broken after these steps. */
function brokenAfter(steps: ScenarioFile['timeline']): string[] {
  const last = (name: string): number => steps.findLastIndex(({ as, heal }) => as === name || heal === name);
  return steps.flatMap(({ as }, index) => (as !== undefined && last(as) === index ? [as] : []));
}

function stepOf(
  step: z.output<typeof Step>,
  index: number,
  file: ScenarioFile,
  world: World,
  yaml: YamlText,
  problems: Problem[],
): ScenarioStep {
  const atMs = step.at;
  const earlier = file.timeline.slice(0, index);
  if (earlier.some(({ at }) => at > atMs)) {
    problems.push({
      place: yaml.place(['timeline', index, 'at']),
      what: 'is before an earlier step',
      hint: 'order the steps by time',
    });
  }
  if (step.heal !== undefined) {
    const names = brokenAfter(earlier);
    if (!names.includes(step.heal)) {
      const again = earlier.some(({ heal }) => heal === step.heal);
      const hint = again ? 'leave this one out' : `use one of ${names.join(', ')}`;
      problems.push({
        place: yaml.place(['timeline', index, 'heal']),
        what: again ? `${step.heal} was healed before` : `nothing was broken as ${step.heal}`,
        hint: names.length === 0 && !again ? 'name a break with as' : hint,
      });
    }
    return { atMs, heal: step.heal };
  }
  try {
    const fault = publicFault(parseFault(step.break, world, yaml.place(['timeline', index, 'break'])));
    return { atMs, break: fault, as: step.as ?? null };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
    return { atMs, heal: '' };
  }
}
