// From meters to readings: what one target, or several together, say to one question at this instant.
import type { State } from '../catalog/signals.ts';
import type { Question } from './classify.ts';
import { describe } from './describe.ts';
import type { GuardSources } from './guard.ts';
import type { Meter } from './meter.ts';

export interface Reading {
  state: State;
  evidence: string;
  since: number | null;
  lastOk: number | null;
  lastBad: number | null;
}

export function bare(state: State, evidence = ''): Reading {
  return { state, evidence, since: null, lastOk: null, lastBad: null };
}

/** An OK whose newest measurement disagrees is no proof any more; a BAD must be disproven first. */
export function trusted(state: State, meter: Meter | undefined): State {
  return state === 1 && meter?.ring.at(-1) !== 1 ? -1 : state;
}

export function readOne(target: string | null, question: Question, { tracks }: GuardSources): Reading {
  const meter = tracks.meter(target, question);
  const state = trusted(tracks.state(target, question), meter);
  const newest = target === null ? null : tracks.get(target)?.newest;
  const failing = meter?.ring.filter((outcome) => outcome === 0).length ?? 0;
  const share = failing > 0 ? ` (${failing} of the last ${meter?.ring.length ?? 0} failed)` : '';
  return {
    state,
    evidence: newest ? describe(newest) + share : '',
    since: meter?.since ?? null,
    lastOk: meter?.lastOk ?? null,
    lastBad: meter?.lastBad ?? null,
  };
}

export interface Tally {
  good: number;
  bad: number;
  known: number;
  readings: Reading[];
}

export function tally(targets: readonly string[], question: Question, sources: GuardSources): Tally {
  return count(targets.map((target) => readOne(target, question, sources)));
}

export function count(readings: Reading[]): Tally {
  const good = readings.filter(({ state }) => state === 1).length;
  const bad = readings.filter(({ state }) => state === 0).length;
  return { good, bad, known: good + bad, readings };
}

export function composed(state: State, { good, bad, readings }: Tally, word: string): Reading {
  const telling = readings.find((reading) => reading.state === (state === 0 ? 0 : 1)) ?? readings[0];
  const said = telling?.evidence === undefined || telling.evidence === '' ? '' : `: ${telling.evidence}`;
  const newest = (key: 'since' | 'lastOk' | 'lastBad'): number | null =>
    readings.reduce<number | null>((latest, { [key]: at }) => (at !== null && at > (latest ?? 0) ? at : latest), null);
  return {
    state,
    evidence: readings.length === 0 ? '' : `${state === 0 ? bad : good} of ${readings.length} ${word}${said}`,
    since: newest('since'),
    lastOk: newest('lastOk'),
    lastBad: newest('lastBad'),
  };
}
