// Compares what was said in an episode with what was true, service by service. Pure: a run in, its marks out.
import type { Party } from '../../catalog/parties.ts';
import type { World } from '../../lab/world.ts';
import type { RowId } from '../../verdict/table.ts';
import { BASELINES, type Baseline } from './baselines.ts';
import type { Bout, Episode } from './episode.ts';
import type { EpisodeRun, Saying } from './run-episode.ts';
import type { Told } from './telling.ts';
import { type Truth, truthOf, UPLINK } from './truth.ts';

/** One service of one episode at the moment of scoring. */
export interface Case {
  service: string;
  /** Best row of the truth, `fine` when nothing was wrong; several faults are joined. */
  truth: string;
  party: Party;
  /** Whether more than one answer is right, or none can be demanded. */
  open: boolean;
  said: Told;
  right: boolean;
  unknown: boolean;
  /** From onset to the verdict being right until the moment of scoring; null when it was not. */
  rightAfterMs: number | null;
  /** Of {primary and concurrent} against what was injected and not masked; null when nothing is demanded. */
  setF1: number | null;
  /** Changes from one accusation to another. */
  flips: number;
}

/** Somebody was named who had nothing to do with it. */
export interface WrongBlame {
  service: string;
  at: number;
  party: Party;
  row: string;
  vendor: string | null;
  truths: string;
}

export interface BaselineMarks {
  /** Cases whose party was right. */
  right: number;
  falseVendor: boolean;
}

export interface EpisodeMarks {
  episode: Episode;
  cases: readonly Case[];
  /** A vendor was named for a service no vendor had broken. */
  falseVendor: readonly WrongBlame[];
  /** A vendor had broken the service, and another vendor or component was named. */
  wrongVendor: readonly WrongBlame[];
  /** You or the ISP were named without cause. */
  wrongOther: readonly WrongBlame[];
  baselines: ReadonlyMap<Baseline, BaselineMarks>;
}

const BLAMING: ReadonlySet<Party> = new Set<Party>(['own', 'isp', 'vendor', 'registrar', 'registry', 'ca']);

export function scoreEpisode(run: EpisodeRun, world: World): EpisodeMarks {
  const { episode, sayings } = run;
  const services = [...world.services.map(({ name }) => name), UPLINK];
  const felt = new Map(episode.bouts.map((bout) => [bout, truthOf(bout.fault, world)]));
  const truthsAt = (service: string, holds: (bout: Bout) => boolean): Truth[] =>
    episode.bouts.filter(holds).flatMap((bout) => felt.get(bout)?.get(service) ?? []);
  const at = episode.scoredAtMs;
  const cases: Case[] = [];
  const wrong: WrongBlame[] = [];
  const everOf = new Map<string, Truth[]>();
  for (const service of services) {
    const own = sayings.filter(({ told }) => told.service === service);
    const recently = truthsAt(service, ({ fromMs, toMs }) => fromMs <= at && toMs > at - LINGER_MS);
    const present = truthsAt(service, ({ fromMs, toMs }) => fromMs <= at && toMs > at);
    const ever = truthsAt(service, () => true);
    everOf.set(service, ever);
    cases.push(caseOf(service, present, recently, own, episode));
    wrong.push(...wrongBlames(service, ever, own));
  }
  const vendors = wrong.filter(({ party }) => party === 'vendor');
  const broken = (service: string): boolean => (everOf.get(service) ?? []).some(({ party }) => party === 'vendor');
  return {
    episode,
    cases,
    falseVendor: vendors.filter(({ service }) => !broken(service)),
    wrongVendor: vendors.filter(({ service }) => broken(service)),
    wrongOther: wrong.filter(({ party }) => party !== 'vendor'),
    baselines: new Map(BASELINES.map((name) => [name, baselineMarks(name, run, cases, everOf)])),
  };
}

/** A fault that ended this shortly before the moment of scoring may still rightly be spoken of. */
const LINGER_MS = 20_000;

function fits(truth: Truth, told: Told): boolean {
  const named = truth.vendor === null || (truth.vendor === told.vendor && truth.component === told.component);
  if (told.party === truth.party && named && (truth.rows.length === 0 || truth.rows.includes(told.row as RowId)))
    return true;
  return truth.maybe && (told.party === 'none' || told.party === 'unknown');
}

function isRight(told: Told, present: readonly Truth[], recently: readonly Truth[]): boolean {
  if (present.length === 0 && told.party === 'none') return true;
  if (recently.length > present.length && (told.party === 'none' || told.party === 'unknown')) return true;
  return recently.some((truth) => fits(truth, told));
}

function caseOf(
  service: string,
  present: readonly Truth[],
  recently: readonly Truth[],
  own: readonly Saying[],
  episode: Episode,
): Case {
  const said = own.filter(({ at }) => at <= episode.scoredAtMs).at(-1)?.told;
  if (said === undefined) throw new Error(`nothing was ever said about ${service}`);
  const right = isRight(said, present, recently);
  const lastWrong = own.findLastIndex(({ at, told }) => at <= episode.scoredAtMs && !isRight(told, present, recently));
  const firstRight = own[lastWrong + 1];
  const rightAfterMs = right && firstRight !== undefined ? Math.max(0, firstRight.at - episode.onsetMs) : null;
  return {
    service,
    truth: present.map(({ rows }) => rows[0] ?? 'open').join('+') || 'fine',
    party: present[0]?.party ?? 'none',
    open:
      present.length !== 1 || recently.length !== 1 || present.some(({ maybe, rows }) => maybe || rows.length === 0),
    said,
    right,
    unknown: !right && said.party === 'unknown',
    rightAfterMs,
    setF1: setF1(said, present),
    flips: flipsOf(own),
  };
}

/** Accusations only; two faults at once may be told one after the other. */
function flipsOf(own: readonly Saying[]): number {
  const rows = own.filter(({ told }) => BLAMING.has(told.party)).map(({ told }) => told.row);
  return rows.filter((row, index) => index > 0 && row !== rows[index - 1]).length;
}

function setF1(said: Told, present: readonly Truth[]): number | null {
  const masked = new Set(present.flatMap(({ masks }) => masks));
  const seen = present.filter(({ maybe, rows }) => !maybe && !rows.some((row) => masked.has(row)));
  const named = seen.filter(({ party }) => BLAMING.has(party));
  const truths = named.length > 0 ? named : seen;
  if (truths.length === 0 || present.some(({ maybe }) => maybe)) return null;
  const primary =
    truths.some(({ rows }) => rows.includes(said.row as RowId)) || BLAMING.has(said.party) ? [said.row] : [];
  const told = [...new Set([...primary, ...said.concurrent])] as RowId[];
  const found = truths.filter(({ rows }) => rows.some((row) => told.includes(row))).length;
  return told.length === 0 ? 0 : (2 * found) / (truths.length + told.length);
}

/** Accusations no fault of the episode explains, past ones included: a verdict may outlive its fault a little. */
function wrongBlames(service: string, ever: readonly Truth[], own: readonly Saying[]): WrongBlame[] {
  const seen = new Set<string>();
  return own.flatMap(({ at, told }): WrongBlame[] => {
    const { party, row, vendor, component } = told;
    if (!BLAMING.has(party) || ever.some((truth) => blames(truth, told))) return [];
    const key = `${row} ${vendor ?? ''} ${component ?? ''}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const truths = ever.map(({ rows, party: whose }) => rows[0] ?? whose).join('+') || 'fine';
    return [{ service, at, party, row, vendor, truths }];
  });
}

/** Whether naming this party, and this vendor, is covered by the fault; which row it was is another question. */
function blames(truth: Truth, { party, vendor, component }: Told): boolean {
  return truth.party === party && (party !== 'vendor' || (truth.vendor === vendor && truth.component === component));
}

function baselineMarks(
  name: Baseline,
  run: EpisodeRun,
  cases: readonly Case[],
  everOf: ReadonlyMap<string, readonly Truth[]>,
): BaselineMarks {
  const record = run.baselines.get(name);
  const right = cases.filter(({ service, party }) => record?.scored.get(service)?.party === party).length;
  const falseVendor = [...(record?.named ?? [])].some((said) => {
    const [service = ''] = said.split(' ');
    return !(everOf.get(service) ?? []).some(({ party }) => party === 'vendor');
  });
  return { right, falseVendor };
}
