// `demarc generate PART...`: the parts asked for, on stdout or into a folder, or whether the files there are current.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { nearest } from '../map/issues.ts';
import { loadMap } from '../map/load.ts';
import { checkSecrets } from '../map/secret-files.ts';
import { type Problem, UserError } from '../map/user-error.ts';
import type { MapSource, Setting } from '../parts/part.ts';
import { isPart, PARTS, type PartName } from '../parts/registry.ts';
import { EXIT, paint, print, tell } from './terminal.ts';
import { version } from './version.ts';
import { wrap } from './wrap.ts';
import { checkFiles, writeFiles } from './written-files.ts';

export interface PartOptions {
  check?: boolean;
  map?: string;
  out?: string;
  target?: string;
  namespace?: string;
  label?: readonly string[];
  image?: string;
  hostNetwork?: boolean;
}

/** The parts by name with a line each, for `--help`. */
export function listOfParts(): string {
  const width = Math.max(...Object.keys(PARTS).map((name) => name.length));
  return Object.entries(PARTS)
    .flatMap(([name, { about }]) => wrap(`  ${name.padEnd(width)}  `, about))
    .join('\n');
}

export function generateParts(names: readonly string[], options: PartOptions): number {
  const { check = false, out } = options;
  const parts = knownParts(names);
  if (check && out === undefined) {
    throw new UserError([{ place: '--check', what: 'goes with --out', hint: 'name the folder of the files' }]);
  }
  const setting = settingOf(options);
  const files = filesOf(parts, setting);
  if (out !== undefined && check)
    return checkFiles(out, files, `differs from what would be made now, run it again without --check`);
  warnOf(parts, setting);
  if (out === undefined) return printFiles(files);
  const written = writeFiles(out, files);
  for (const name of files.keys()) print(`${written.includes(name) ? 'wrote' : 'current:'} ${path.join(out, name)}`);
  return EXIT.fine;
}

function knownParts(names: readonly string[]): PartName[] {
  const unknown = names.filter((name) => !isPart(name));
  if (unknown.length === 0) return names.filter(isPart);
  throw new UserError(
    unknown.map((name) => {
      const guess = nearest(name, Object.keys(PARTS));
      const hint = guess === undefined ? 'demarc generate --help lists them' : `did you mean ${guess}?`;
      return { place: name, what: 'is no part', hint };
    }),
  );
}

const LABEL =
  /^(?:[a-z0-9.-]{1,253}\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?=(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/;

/** What an option may look like, and how to write it. */
const SHAPES = {
  target: [/^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9._-]{1,253}):\d{1,5}$/, 'is not host:port', 'e.g. nas.lan:9815'],
  namespace: [/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'is no name of a namespace', 'e.g. monitoring'],
  image: [/^[a-z0-9][\w.:/@-]{0,254}$/, 'is no name of an image', 'e.g. registry.lan/demarc:0.1.0'],
  label: [LABEL, 'is no label of Kubernetes', 'write it like release=kube-prometheus-stack'],
} as const;

function settingOf(options: PartOptions): Setting {
  const { target, namespace = 'monitoring', image = `demarc:${version()}`, label = [], map, hostNetwork } = options;
  const given: [keyof typeof SHAPES, string][] = [
    ...(target === undefined ? [] : ([['target', target]] satisfies [['target', string]])),
    ['namespace', namespace],
    ['image', image],
    ...label.map((one): ['label', string] => ['label', one]),
  ];
  const problems = given.flatMap(([name, value]): Problem[] => {
    const [shape, what, hint] = SHAPES[name];
    return shape.test(value) ? [] : [{ place: `--${name}`, what: `${value} ${what}`, hint }];
  });
  if (problems.length > 0) throw new UserError(problems);
  return {
    source: map === undefined ? null : readSource(map),
    target: target ?? null,
    namespace,
    labels: Object.fromEntries(label.map((one) => one.split('=', 2) as [string, string])),
    image,
    hostNetwork: hostNetwork === true,
  };
}

function readSource(file: string): MapSource {
  const map = loadMap(file);
  const folder = path.dirname(path.resolve(file));
  const trusted = map.file.trust.map((name): [string, string] => [
    name,
    readFileSync(path.resolve(folder, name), 'utf8'),
  ]);
  return { map, files: new Map([['demarc.yaml', readFileSync(file, 'utf8')], ...trusted]) };
}

/** All problems of all parts at once. */
function filesOf(parts: readonly PartName[], setting: Setting): Map<string, string> {
  const problems: Problem[] = [];
  const files = new Map<string, string>();
  for (const name of parts) {
    try {
      for (const [file, text] of PARTS[name].files(setting)) files.set(file, text);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, place: `${name} ${problem.place}` })));
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return files;
}

function warnOf(parts: readonly PartName[], { source }: Setting): void {
  if (source === null || !parts.some((name) => name.startsWith('alertmanager'))) return;
  for (const { place, what, hint } of [...source.map.alertPath, ...checkSecrets(source.map.file.notify)])
    tell(`${paint('yellow', 'warning', process.stderr)} ${place}: ${what}, ${hint}`);
}

/** One file as it is; several only where YAML lets them follow each other, as `kubectl apply -f -` reads them. */
function printFiles(files: ReadonlyMap<string, string>): number {
  const together = files.size === 1 || [...files.keys()].every((name) => name.endsWith('.yaml'));
  if (!together) {
    const what = `is missing: ${[...files.keys()].join(', ')} are several files`;
    throw new UserError([{ place: '--out', what, hint: 'name a folder for them' }]);
  }
  process.stdout.write([...files.values()].join('---\n'));
  return EXIT.fine;
}
