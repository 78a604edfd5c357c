// Writes states of signals as the series a scrape would bring, and lists states worth trying.
import { signalMetric } from '../../catalog/metrics.ts';
import { SIGNAL_NAMES, type SignalName, type State, signalFact } from '../../catalog/signals.ts';
import type { States } from '../../signals/signal.ts';
import { conjunctsOf } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { pick, type Random, randomFrom } from '../sim/chance.ts';
import type { Series } from './promtool.ts';

/** What a series may say; undefined: there is no such series. */
export const VALUES: readonly (State | undefined)[] = [1, 0, -1, undefined];

export const SERVICE = 'web';

/** The series of one service at a site of its own, with labels that only some scrapes add. */
export function seriesOf(states: States, site: string, service = SERVICE): Series[] {
  const added = `job="demarc",instance="${site}:9815"`;
  const named = Object.entries(states) as [SignalName, State | undefined][];
  const signals = named.flatMap(([name, state]): Series[] => {
    const about = signalFact(name).subject === 'service' ? `,service="${service}"` : '';
    if (state === undefined) return [];
    return [{ series: `${signalMetric(name)}{site="${site}"${about},${added}}`, values: `${state}` }];
  });
  return [{ series: `demarc_service_info{site="${site}",service="${service}",${added}}`, values: '1' }, ...signals];
}

/** Beyond so many signals they are missing one at a time only: each more makes it four times as many. */
const ALL_MISSING_UP_TO = 6;

/** Every combination of values of the signals a row reads; the other signals do not exist. */
export function everyCombination(row: Row): States[] {
  const signals = [...new Set(conjunctsOf(row).map(({ signal }) => signal))];
  const few = signals.length <= ALL_MISSING_UP_TO;
  const values = few ? VALUES : VALUES.filter((value) => value !== undefined);
  const combinations = signals.reduce<States[]>(
    (known, signal) => known.flatMap((states) => values.map((value) => withState(states, signal, value))),
    [{}],
  );
  const missing = signals.map((signal) => withState(leastStates(row), signal, undefined));
  return few ? combinations : [...combinations, ...missing];
}

/** A copy with one signal changed; undefined takes it away. */
export function withState(states: States, signal: SignalName, value: State | undefined): States {
  const { [signal]: _, ...others } = states;
  return value === undefined ? others : { ...others, [signal]: value };
}

/** States under which a row holds: only what it reads, and UNKNOWN said outright where it wants no proof. */
export function leastStates(row: Row): States {
  const told = conjunctsOf(row).map(({ signal, demand }): [SignalName, State] => {
    if (demand === 'ok') return [signal, 1];
    return [signal, demand === 'bad' ? 0 : -1];
  });
  return Object.fromEntries(told);
}

/** The same on a line that works, unless the row says otherwise. */
export function typicalStates(row: Row): States {
  return { uplink: 1, ...leastStates(row) };
}

/** How many places of a state that fits a row are changed at most, so that most of it still fits. */
const MOST_CHANGES = 2;

/** Most fit a random row and are then changed in a few places: wholly random ones would hardly ever fulfil seven conditions. */
export function drawStates(random: Random): States {
  const lot = random();
  // With nothing else known, rows far down the table get their turn too.
  const states: Partial<Record<SignalName, State>> = lot < 0.8 ? anyStates(random) : { uplink: 1 };
  if (lot < 0.2) return states;
  Object.assign(states, leastStates(pick(random, TABLE)));
  for (let changes = Math.floor(random() * (MOST_CHANGES + 1)); changes > 0; changes -= 1)
    put(states, pick(random, SIGNAL_NAMES), anyValue(random));
  return states;
}

const anyValue = (random: Random): State | undefined => VALUES[Math.floor(random() * VALUES.length)];

function put(states: Partial<Record<SignalName, State>>, name: SignalName, value: State | undefined): void {
  if (value === undefined) delete states[name];
  else states[name] = value;
}

function anyStates(random: Random): Partial<Record<SignalName, State>> {
  const states: Partial<Record<SignalName, State>> = {};
  for (const name of SIGNAL_NAMES) put(states, name, anyValue(random));
  return states;
}

/** So many random states of all signals; a seed gives the same ones every time. */
export function randomStates(count: number, seed: number): States[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => drawStates(random));
}
