// Writes states of signals as the series a scrape would bring, and lists states worth trying.
import fc from 'fast-check';
import { signalMetric } from '../../catalog/metrics.ts';
import { SIGNAL_NAMES, type SignalName, type State, signalFact } from '../../catalog/signals.ts';
import type { States } from '../../signals/signal.ts';
import { conjunctsOf } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import type { Series } from './promtool.ts';

/** What a series may say; undefined: there is no such series. */
export const VALUES: readonly (State | undefined)[] = [1, 0, -1, undefined];

export const SERVICE = 'web';

/** The series of one service at a site of its own, with labels that only some scrapes add. */
export function seriesOf(states: States, site: string): Series[] {
  const added = `job="demarc",instance="${site}:9815"`;
  const named = Object.entries(states) as [SignalName, State | undefined][];
  const signals = named.flatMap(([name, state]): Series[] => {
    const service = signalFact(name).subject === 'service' ? `,service="${SERVICE}"` : '';
    if (state === undefined) return [];
    return [{ series: `${signalMetric(name)}{site="${site}"${service},${added}}`, values: `${state}` }];
  });
  return [{ series: `demarc_service_info{site="${site}",service="${SERVICE}",${added}}`, values: '1' }, ...signals];
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

const anyValue = fc.constantFrom(...VALUES);

const anyStates = fc
  .tuple(...SIGNAL_NAMES.map(() => anyValue))
  .map(
    (values): States =>
      Object.fromEntries(values.flatMap((value, i) => (value === undefined ? [] : [[nameAt(i), value]]))),
  );

function nameAt(index: number): SignalName {
  const name = SIGNAL_NAMES[index];
  if (name === undefined) throw new Error(`no signal ${index}`);
  return name;
}

/**
 * Random states of all signals, the same ones every time. Most are made to fit a random row and then changed in a few
 * places: wholly random ones would hardly ever fulfil a row of seven conditions.
 */
export function randomStates(count: number, seed: number): States[] {
  const fitting = fc
    .tuple(
      anyStates,
      fc.constantFrom(...TABLE),
      fc.array(fc.tuple(fc.constantFrom(...SIGNAL_NAMES), anyValue), { maxLength: 2 }),
    )
    .map(([states, row, changes]) =>
      changes.reduce<States>((known, [name, value]) => withState(known, name, value), {
        ...states,
        ...leastStates(row),
      }),
    );
  // With nothing else known, rows far down the table get their turn too.
  const bare = fc
    .tuple(fc.constantFrom(...TABLE), fc.array(fc.tuple(fc.constantFrom(...SIGNAL_NAMES), anyValue), { maxLength: 2 }))
    .map(([row, changes]) =>
      changes.reduce<States>((known, [name, value]) => withState(known, name, value), typicalStates(row)),
    );
  const mixed = fc.oneof(
    { weight: 1, arbitrary: anyStates },
    { weight: 3, arbitrary: fitting },
    { weight: 1, arbitrary: bare },
  );
  return fc.sample(mixed, { numRuns: count, seed });
}
