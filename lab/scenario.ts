// Scenario files: what breaks when, and what must and must not be said about it. Faults are at world level, never at
// signal level, so that the same file can be played against anything that watches the lab.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { OWNER_OF_PARTY, PARTIES } from '../catalog/parties.ts';
import { projectFile } from '../catalog/root.ts';
import { VENDOR_STATUSES } from '../catalog/vendor-signals.ts';
import { problemsOf } from '../map/issues.ts';
import { type Problem, UserError } from '../map/user-error.ts';
import { readYaml, type YamlText } from '../map/yaml.ts';
import { Duration } from './duration.ts';
import type { Fault } from './lab.ts';
import { parseFault, publicFault } from './parse-fault.ts';
import type { World } from './world.ts';
import { worldNamed } from './worlds.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -, not starting with -');

/** Parts of a verdict; what is left out may be anything. */
const claim = {
  service: Name.optional(),
  party: z.enum(PARTIES).optional(),
  vendor: Name.optional(),
  component: Name.optional(),
  cause: z.string().min(1).optional(),
  /** Id of a row of the decision table. */
  row: z
    .string()
    .regex(/^[a-z_]+$/, 'must be the id of a row')
    .optional(),
};

const Expectation = z.strictObject({ ...claim, service: Name, from: Duration, to: Duration });

/** What must be said of a vendor itself. */
const VendorExpectation = z.strictObject({
  vendor: Name,
  component: Name,
  from: Duration,
  to: Duration,
  status: z.enum([...VENDOR_STATUSES]),
  /** Id of a row of the table about vendors. */
  row: z
    .string()
    .regex(/^[a-z_]+$/, 'must be the id of a row')
    .optional(),
  /** Services whose verdict names it; all of them. */
  hits: z.array(Name).optional(),
});

const Claim = z.strictObject(claim).refine((parts) => Object.keys(parts).length > 0, 'must say something');

const Alert = z.strictObject({
  owner: z.enum([...new Set(Object.values(OWNER_OF_PARTY))]).optional(),
  service: Name.optional(),
  vendor: Name.optional(),
  component: Name.optional(),
});

const Step = z
  .strictObject({
    at: Duration,
    /** Checked against the world by parseFault. */
    break: z.unknown().optional(),
    /** Name to heal it by. */
    as: Name.optional(),
    heal: Name.optional(),
  })
  .refine((step) => (step.break === undefined) !== (step.heal === undefined), 'must have either break or heal')
  .refine((step) => step.heal === undefined || step.as === undefined, 'as belongs to break');

const ScenarioFile = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -, not starting with -'),
  title: z.string().min(1).max(120),
  world: Name,
  timeline: z.array(Step).min(1),
  expect: z.array(Expectation).min(1),
  never: z.array(Claim).default([]),
  vendors: z.array(VendorExpectation).default([]),
  alert: Alert.optional(),
  forbid: z.array(Alert).default([]),
});

type ScenarioFile = z.output<typeof ScenarioFile>;

export type Claim = z.output<typeof Claim>;
export type AlertClaim = z.output<typeof Alert>;

/** Times are milliseconds from the start, which comes after a healthy warm-up. */
export type ScenarioStep = { atMs: number; break: Fault; as: string | null } | { atMs: number; heal: string };

export interface ScenarioExpectation extends Claim {
  service: string;
  fromMs: number;
  toMs: number;
}

export interface VendorExpectation extends Omit<z.output<typeof VendorExpectation>, 'from' | 'to'> {
  fromMs: number;
  toMs: number;
}

export interface Scenario {
  id: string;
  title: string;
  /** The comment at the top of the file: what happened, and what misleads. */
  story: string;
  world: string;
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

/** Reads and checks a scenario. Throws {@link UserError} with every problem found. */
export function loadScenario(file: string): Scenario {
  return parseScenario(readScenarioFile(file), path.basename(file));
}

function readScenarioFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const what = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
    throw new UserError([{ place: file, what, hint: 'give the path of a scenario file' }]);
  }
}

/** Checks the text of a scenario; `name` is put before every place. */
export function parseScenario(text: string, name: string): Scenario {
  const yaml = readYaml(name, text);
  if (yaml.problems.length > 0) throw new UserError(yaml.problems);
  const parsed = ScenarioFile.safeParse(yaml.value);
  if (!parsed.success) throw new UserError(problemsOf(parsed.error, ScenarioFile, yaml.place));
  const file = parsed.data;
  const world = worldNamed(file.world, yaml.place(['world']));
  const problems: Problem[] = [...serviceProblems(file, world, yaml), ...windowProblems(file, yaml)];
  const timeline = file.timeline.map((step, index) => stepOf(step, index, file, world, yaml, problems));
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
  return { id, title, story: storyOf(text), world: file.world, timeline, expect, never, vendors, alert, forbid, endMs };
}

function storyOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join(' ');
}

function serviceProblems(file: ScenarioFile, world: World, { place }: YamlText): Problem[] {
  // The connection itself is a service too, whatever the world.
  const known = [...world.services.map(({ name }) => name), 'uplink'];
  const mentioned: [path: PropertyKey[], service: string | undefined][] = [
    ...file.expect.map(({ service }, index): [PropertyKey[], string] => [['expect', index, 'service'], service]),
    ...file.never.map(({ service }, index): [PropertyKey[], string | undefined] => [
      ['never', index, 'service'],
      service,
    ]),
    ...file.forbid.map(({ service }, index): [PropertyKey[], string | undefined] => [
      ['forbid', index, 'service'],
      service,
    ]),
    [['alert', 'service'], file.alert?.service],
    ...file.vendors.flatMap(({ hits = [] }, index) =>
      hits.map((service): [PropertyKey[], string] => [['vendors', index, 'hits'], service]),
    ),
  ];
  return mentioned.flatMap(([at, service]) =>
    service === undefined || known.includes(service)
      ? []
      : [{ place: place(at), what: `no service ${service} in ${world.name}`, hint: `use one of ${known.join(', ')}` }],
  );
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
    const names = earlier.flatMap(({ as }) => as ?? []);
    if (!names.includes(step.heal)) {
      const hint = names.length === 0 ? 'name a break with as' : `use one of ${names.join(', ')}`;
      problems.push({
        place: yaml.place(['timeline', index, 'heal']),
        what: `nothing was broken as ${step.heal}`,
        hint,
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
