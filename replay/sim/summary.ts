// From the marks of many episodes to the numbers an evaluation is judged by.
import type { Confidence } from '../../catalog/parties.ts';
import { BASELINES, type Baseline } from './baselines.ts';
import { FAMILIES, type Family } from './episode.ts';
import type { Case, EpisodeMarks, WrongBlame } from './score-episode.ts';
import { groupBy, type Labelled, macroF1, mean, quantile } from './statistics.ts';

export interface FamilySummary {
  family: Family;
  episodes: number;
  /** Services that felt a fault, at the moment of scoring. */
  cases: number;
  right: number;
  unknown: number;
  /** Episodes in which somebody was wrongly named, at any time. */
  falseVendor: number;
  wrongVendor: number;
  wrongOther: number;
  /** Services that felt nothing and were said to be broken at the moment of scoring. */
  falseAlarms: number;
  idle: number;
}

export interface NamedSummary {
  name: string;
  cases: number;
  right: number;
  unknown: number;
  p50Ms: number | null;
  p95Ms: number | null;
  episodes: number;
  falseVendor: number;
  wrongVendor: number;
  wrongOther: number;
}

export interface Summary {
  episodes: number;
  families: readonly FamilySummary[];
  /** Of single faults whose truth leaves no choice. */
  single: {
    cases: number;
    accuracy: number;
    f1Cause: number;
    f1Party: number;
    unknown: number;
    p50Ms: number | null;
    p95Ms: number | null;
    p99Ms: number | null;
    never: number;
  };
  pair: { primaryInTruth: number; setF1: number | null; unknown: number };
  flips: { p50: number | null; p95: number | null; most: number };
  calibration: readonly { confidence: Confidence; said: number; right: number }[];
  baselines: readonly { baseline: Baseline; partyRight: number; falseVendor: Readonly<Record<Family, number>> }[];
  byFault: readonly NamedSummary[];
  byTrick: readonly NamedSummary[];
  /** Classes of wrong accusations, most frequent first. */
  wrong: readonly WrongClass[];
}

export interface WrongClass {
  said: string;
  truths: string;
  /** Episodes. */
  count: number;
  kind: 'vendor' | 'own or isp';
  example: string;
}

const felt = ({ truth }: Case): boolean => truth !== 'fine';
const count = <T>(values: readonly T[], holds: (value: T) => boolean): number => values.filter(holds).length;

export function summarize(marks: readonly EpisodeMarks[]): Summary {
  const of = (family: Family): EpisodeMarks[] => marks.filter(({ episode }) => episode.family === family);
  const pairCases = of('pair').flatMap(({ cases }) => cases.filter(felt));
  const flips = marks.flatMap(({ cases }) => cases.filter(felt).map((one) => one.flips));
  return {
    episodes: marks.length,
    families: FAMILIES.map((family) => familyOf(family, of(family))).filter(({ episodes }) => episodes > 0),
    single: singleOf(of('single')),
    pair: {
      primaryInTruth: count(pairCases, ({ right }) => right) / pairCases.length,
      setF1: mean(pairCases.flatMap(({ setF1 }) => setF1 ?? [])),
      unknown: count(pairCases, ({ unknown }) => unknown) / pairCases.length,
    },
    flips: { p50: quantile(flips, 0.5), p95: quantile(flips, 0.95), most: Math.max(0, ...flips) },
    calibration: calibrationOf(marks),
    baselines: BASELINES.map((baseline) => baselineOf(baseline, marks, of('single'))),
    byFault: [...groupBy(of('single'), ({ episode }) => episode.bouts[0]?.fault.kind ?? '')].map(([name, group]) =>
      namedOf(name, group),
    ),
    byTrick: [...groupBy(of('hostile'), ({ episode }) => episode.name)].map(([name, group]) => namedOf(name, group)),
    wrong: wrongOf(marks),
  };
}

function familyOf(family: Family, marks: readonly EpisodeMarks[]): FamilySummary {
  const cases = marks.flatMap((one) => one.cases);
  const idle = cases.filter((one) => !felt(one));
  return {
    family,
    ...tally(marks),
    falseAlarms: count(idle, ({ right }) => !right),
    idle: idle.length,
  };
}

function tally(marks: readonly EpisodeMarks[]) {
  const cases = marks.flatMap((one) => one.cases.filter(felt));
  return {
    episodes: marks.length,
    cases: cases.length,
    right: count(cases, ({ right }) => right),
    unknown: count(cases, ({ unknown }) => unknown),
    falseVendor: count(marks, ({ falseVendor }) => falseVendor.length > 0),
    wrongVendor: count(marks, ({ wrongVendor }) => wrongVendor.length > 0),
    wrongOther: count(marks, ({ wrongOther }) => wrongOther.length > 0),
  };
}

function namedOf(name: string, marks: readonly EpisodeMarks[]): NamedSummary {
  const times = marks.flatMap(({ cases }) => cases.filter(felt).flatMap(({ rightAfterMs }) => rightAfterMs ?? []));
  return { name, ...tally(marks), p50Ms: quantile(times, 0.5), p95Ms: quantile(times, 0.95) };
}

function singleOf(marks: readonly EpisodeMarks[]): Summary['single'] {
  const all = marks.flatMap(({ cases }) => cases);
  const cases = all.filter((one) => felt(one) && !one.open);
  const times = cases.flatMap(({ rightAfterMs }) => rightAfterMs ?? []);
  const demanded = all.filter((one) => !felt(one) || !one.open);
  return {
    cases: cases.length,
    accuracy: count(cases, ({ right }) => right) / cases.length,
    f1Cause: macroF1(demanded.map((one) => labelled(one, one.truth, one.said.row))),
    f1Party: macroF1(demanded.map((one) => labelled(one, one.party, one.said.party))),
    unknown: count(cases, ({ unknown }) => unknown) / cases.length,
    p50Ms: quantile(times, 0.5),
    p95Ms: quantile(times, 0.95),
    p99Ms: quantile(times, 0.99),
    never: cases.length - times.length,
  };
}

/** A right row about the wrong vendor is a class of its own, and so is the right party for the wrong reason. */
function labelled({ right }: Case, truth: string, said: string): Labelled {
  if (right) return { truth, said: truth };
  return { truth, said: said === truth ? `another ${said}` : said };
}

function calibrationOf(marks: readonly EpisodeMarks[]): Summary['calibration'] {
  const told = marks.flatMap(({ cases }) => cases.filter(({ said }) => said.party !== 'none'));
  return (['high', 'medium', 'low'] as const).map((confidence) => {
    const said = told.filter((one) => one.said.confidence === confidence);
    return { confidence, said: said.length, right: count(said, ({ right }) => right) };
  });
}

function baselineOf(baseline: Baseline, marks: readonly EpisodeMarks[], singles: readonly EpisodeMarks[]) {
  const scored = singles.flatMap(({ cases }) => cases).length;
  const right = singles.reduce((sum, one) => sum + (one.baselines.get(baseline)?.right ?? 0), 0);
  const blamed = (family: Family): number =>
    count(marks, (one) => one.episode.family === family && one.baselines.get(baseline)?.falseVendor === true);
  const falseVendor = {
    single: blamed('single'),
    pair: blamed('pair'),
    hostile: blamed('hostile'),
    quiet: blamed('quiet'),
  };
  return { baseline, partyRight: right / scored, falseVendor };
}

/** Each distinct fault of a truth once: flapping ones come many times. */
const distinct = (truths: string): string => [...new Set(truths.split('+'))].sort().join(' + ');

function wrongOf(marks: readonly EpisodeMarks[]): WrongClass[] {
  const found = new Map<string, WrongClass>();
  for (const one of marks) {
    const blames: WrongBlame[] = [...one.falseVendor, ...one.wrongVendor, ...one.wrongOther];
    const inEpisode = new Set<string>();
    for (const { service, at, party, row, vendor, truths } of blames) {
      const said = [party, vendor ?? '', row].filter((part) => part !== '').join(' ');
      const key = `${said}: ${distinct(truths)}`;
      if (inEpisode.has(key)) continue;
      inEpisode.add(key);
      const seconds = Math.round((at - one.episode.onsetMs) / 1000);
      const example = `${one.episode.name}: ${service}, ${seconds} s after the onset`;
      const known = found.get(key) ?? {
        said,
        truths: distinct(truths),
        count: 0,
        kind: party === 'vendor' ? 'vendor' : 'own or isp',
        example,
      };
      found.set(key, { ...known, count: known.count + 1 });
    }
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.said.localeCompare(b.said));
}
