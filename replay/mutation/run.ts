// Which mutants are noticed, by what, and which live on.
import { GUARDED_PARTIES } from '../../catalog/parties.ts';
import type { State } from '../../catalog/signals.ts';
import { conjunctsOf } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { type VendorRow, vendorConjunctsOf } from '../../verdict/vendor-row.ts';
import { VENDOR_TABLE } from '../../verdict/vendor-table.ts';
import type { Moment, VendorMoment } from '../result.ts';
import { score } from '../score.ts';
import type { Case } from './case.ts';
import { CASES } from './cases.ts';
import { MAXIMS, VENDOR_MAXIMS } from './maxims.ts';
import { decideByMutant, type Entry, type Mutant, mutantsOf, type NamedStates, placeBy } from './mutants.ts';
import type { Recording } from './recording.ts';
import { VENDOR_CASES } from './vendor-cases.ts';

export interface Fate {
  mutant: string;
  /** Name of the scenario, case or rule that notices it; null for a survivor. */
  killer: string | null;
}

export interface MutationReport {
  fates: Fate[];
  /** Of all mutants that can matter, the share that is noticed. */
  score: number;
  survivors: string[];
  /** Changes that no state was found to tell from the table as it is: they cannot matter. */
  idle: string[];
  /** Scenarios, and maxims, that the table as it is does not keep on the recording; must be empty. */
  unsound: string[];
}

const ROWS: readonly Row[] = TABLE;
const VENDOR_ROWS: readonly VendorRow[] = VENDOR_TABLE;

export const SERVICE_ENTRIES: readonly Entry[] = ROWS.map((row) => ({
  id: row.id,
  conditions: conjunctsOf(row).map(({ signal, demand }, index) => ({
    name: signal,
    demand,
    guard: index >= Object.keys(row.when).length,
  })),
}));

export const VENDOR_ENTRIES: readonly Entry[] = VENDOR_ROWS.map((row) => ({
  id: row.id,
  conditions: vendorConjunctsOf(row).map(({ condition, demand }, index) => ({
    name: condition,
    demand,
    guard: index >= Object.keys(row.when).length,
  })),
}));

const rowOf = new Map(ROWS.map((row) => [row.id, row]));
const vendorRowOf = new Map(VENDOR_ROWS.map((row) => [row.id, row]));

/** The maxim a verdict about a service is against. */
export function serviceOffence(id: string, states: NamedStates): string | null {
  const row = rowOf.get(id);
  return row === undefined ? 'nothing is said' : (MAXIMS.find(({ offends }) => offends(row, states))?.why ?? null);
}

/** The maxim a verdict about a vendor is against. */
export function vendorOffence(id: string, states: NamedStates): string | null {
  const row = vendorRowOf.get(id);
  return row === undefined
    ? 'nothing is said'
    : (VENDOR_MAXIMS.find(({ offends }) => offends(row, states))?.why ?? null);
}

type Decide = (states: NamedStates) => string;

function serviceMoments({ plan, services }: Recording, decide: Decide): Moment[] {
  return services.map(({ at, subject, states }) => {
    const row = rowOf.get(decide(states));
    const names = row?.party === 'unknown' || (GUARDED_PARTIES as readonly string[]).includes(row?.party ?? '');
    const dependency = plan.services
      .find(({ name }) => name === subject)
      ?.dependencies.find(({ layer }) => names && layer === row?.layer);
    const { party = 'unknown', cause = 'none', id = 'none' } = row ?? {};
    const verdict = {
      party,
      cause,
      row: id,
      vendor: dependency?.vendor ?? null,
      component: dependency?.component ?? null,
    };
    return { at, service: subject, verdict };
  });
}

function vendorMoments({ vendors }: Recording, decide: Decide): VendorMoment[] {
  return vendors.map(({ at, subject, states, hits }) => {
    const row = vendorRowOf.get(decide(states));
    return { at, component: subject, said: { status: row?.status ?? 'unknown', row: row?.id ?? 'none', hits } };
  });
}

const STATES: readonly State[] = [1, 0, -1];

/** A line that works and a wait that is over, as mostly; and the least that meets a row. */
function metBy({ conditions }: Entry): NamedStates {
  const told = conditions.map(({ name, demand }): [string, State] => [
    name,
    demand === 'ok' || demand === 'not_bad' ? 1 : demand === 'bad' || demand === 'not_ok' ? 0 : -1,
  ]);
  return { uplink: 1, settled: 1, ...Object.fromEntries(told) };
}

/** States that meet a row but for one condition, for each condition, in every way; and those in which two rows hold. */
export function nearMisses(entries: readonly Entry[], without: NamedStates = {}): NamedStates[] {
  return entries.flatMap((entry) => {
    const met = { ...without, ...metBy(entry) };
    const changed = entry.conditions.flatMap(({ name }) => STATES.map((state) => ({ ...met, [name]: state })));
    const both = entries.map((other) => ({ ...metBy(other), ...met }));
    return [met, ...changed, ...both];
  });
}

const IDLE = 'idle';

/** Every way the line, the gateway and the service can be: with these a change is looked for that nobody noticed. */
const LINES: readonly NamedStates[] = STATES.flatMap((uplink) =>
  STATES.flatMap((gateway) => STATES.map((service) => ({ uplink, gateway, service }))),
);

interface Judged {
  entries: readonly Entry[];
  /** The place of the entry that decides, and its name. */
  placeAsIs(states: NamedStates): number;
  asIs: Decide;
  near: readonly NamedStates[];
  /** Why what is said in these states is against a maxim; null when it is not. */
  offence(id: string, states: NamedStates): string | null;
  /** The recordings in which there were these states. */
  reached: ReadonlyMap<NamedStates, readonly Recording[]>;
  cases: readonly Case[];
  passes(recording: Recording, decide: Decide): boolean;
}

function fateOf(mutant: Mutant, judged: Judged): Fate {
  const { name } = mutant;
  const { entries, placeAsIs, asIs, near, offence: offenceOf, reached, cases, passes } = judged;
  const decide = remembering((states) => decideByMutant(mutant, entries, placeAsIs(states), states));
  const broken = cases.find(({ states, row: wanted }) => decide(states) !== wanted);
  if (broken !== undefined) return { mutant: name, killer: `case: ${broken.why}` };
  const offence = near.map((states) => offenceOf(decide(states), states)).find((why) => why !== null);
  if (offence !== undefined) return { mutant: name, killer: `maxim: ${offence}` };
  const concerned = new Set(
    [...reached].flatMap(([states, recordings]) => (decide(states) === asIs(states) ? [] : recordings)),
  );
  const failing = [...concerned].find((recording) => !passes(recording, decide));
  if (failing !== undefined) return { mutant: name, killer: `scenario: ${failing.scenario.id}` };
  const differs = (states: NamedStates): boolean => {
    const place = placeBy(entries, states);
    return decideByMutant(mutant, entries, place, states) !== entries[place]?.id;
  };
  const told = near.some((states) => LINES.some((line) => differs({ ...states, ...line })));
  return { mutant: name, killer: told ? null : IDLE };
}

/** Remembers every answer: the same states are asked about again and again. */
function remembering<T extends string | number>(answer: (states: NamedStates) => T): (states: NamedStates) => T {
  const known = new Map<NamedStates, T>();
  return (states) => {
    const said = known.get(states) ?? answer(states);
    known.set(states, said);
    return said;
  };
}

/** The table as it is: what it says, and which of its entries does. */
function asIsBy(entries: readonly Entry[]): Pick<Judged, 'entries' | 'placeAsIs' | 'asIs'> {
  const placeAsIs = remembering((states) => placeBy(entries, states));
  return { entries, placeAsIs, asIs: (states) => entries[placeAsIs(states)]?.id ?? '' };
}

function reachedIn(recordings: readonly Recording[], list: 'services' | 'vendors'): Map<NamedStates, Recording[]> {
  const reached = new Map<NamedStates, Set<Recording>>();
  for (const recording of recordings) {
    for (const { states } of recording[list]) reached.set(states, (reached.get(states) ?? new Set()).add(recording));
  }
  return new Map([...reached].map(([states, met]) => [states, [...met]]));
}

/** Makes every mutant of both tables and looks for what notices it. */
export function runMutation(recordings: readonly Recording[]): MutationReport {
  const services = asIsBy(SERVICE_ENTRIES);
  const vendors = asIsBy(VENDOR_ENTRIES);
  const shown = new Map(recordings.map((one) => [one, vendorMoments(one, vendors.asIs)]));
  const spoken = new Map(recordings.map((one) => [one, serviceMoments(one, services.asIs)]));
  const judgedServices: Judged = {
    ...services,
    near: nearMisses(SERVICE_ENTRIES),
    offence: serviceOffence,
    reached: reachedIn(recordings, 'services'),
    cases: CASES,
    passes: (one, decide) => score(one.scenario, 'sim', serviceMoments(one, decide), shown.get(one) ?? []).passed,
  };
  const judgedVendors: Judged = {
    ...vendors,
    near: nearMisses(VENDOR_ENTRIES),
    offence: vendorOffence,
    reached: reachedIn(recordings, 'vendors'),
    cases: VENDOR_CASES,
    passes: (one, decide) => score(one.scenario, 'sim', spoken.get(one) ?? [], vendorMoments(one, decide)).passed,
  };
  const unsound = recordings
    .filter((one) => !judgedServices.passes(one, services.asIs))
    .map(({ scenario }) => scenario.id);
  // A maxim the table itself offends would notice everything.
  for (const { near, offence, asIs } of [judgedServices, judgedVendors])
    unsound.push(...new Set(near.flatMap((states) => offence(asIs(states), states) ?? [])));
  const fates = [judgedServices, judgedVendors].flatMap((judged) =>
    mutantsOf(judged.entries).map((mutant) => fateOf(mutant, judged)),
  );
  const survivors = fates.filter(({ killer }) => killer === null).map(({ mutant }) => mutant);
  const idle = fates.filter(({ killer }) => killer === IDLE).map(({ mutant }) => mutant);
  return { fates, score: 1 - survivors.length / (fates.length - idle.length), survivors, idle, unsound };
}
