// Whether the clock of this machine is right, by time servers and by the Date of web servers that are not yours.
// A wrong clock makes good certificates look expired, so nobody else may be named for one while it is not known to be right.
import type { State } from '../catalog/signals.ts';
import type { Observation } from '../exporters/observation.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import type { GuardSources } from './guard.ts';
import { bare, type Reading } from './readings.ts';

/** Below it, no certificate is misjudged for longer than that. */
export const WRONG_MS = 30_000;
const SOURCES_NEEDED = 3;
const OPERATORS_NEEDED = 2;
/** The Date header knows no fractions of a second. */
const GRAIN_MS = 1_000;

/** Milliseconds by which true time is ahead of ours, as one source has it. */
interface Told {
  operator: string;
  offsetMs: number;
}

/** How far true time is ahead of our clock, by what was measured since `t0`; null when too few tell. */
export function clockOffset(t0: number, sources: GuardSources): number | null {
  const told = toldSince(t0, sources);
  const operators = [...new Set(told.map(({ operator }) => operator))];
  if (told.length < SOURCES_NEEDED || operators.length < OPERATORS_NEEDED) return null;
  const ofOne = (name: string): number[] => told.flatMap((one) => (one.operator === name ? one.offsetMs : []));
  return median(operators.map((operator) => median(ofOne(operator))));
}

/** Whether it is known to be right, by what was measured since `t0`. */
export function isClockRight(t0: number, sources: GuardSources): boolean {
  const offset = clockOffset(t0, sources);
  return offset !== null && Math.abs(offset) <= WRONG_MS;
}

/** `t0`: only what was asked for since then counts. */
export function readClock(t0: number, sources: GuardSources): Reading {
  const offset = clockOffset(t0, sources);
  const state: State = offset === null ? -1 : Math.abs(offset) > WRONG_MS ? 0 : 1;
  return bare(state, offset === null ? '' : `the clock of this machine is ${words(offset)}`);
}

/** Whether the certificate users see is within its time by true time. UNKNOWN while the clock is not known to be wrong. */
export function readExplained({ edgeCertificate }: ServiceBinding, t0: number, sources: GuardSources): Reading {
  const newest = edgeCertificate === null ? undefined : sources.tracks.get(edgeCertificate)?.newest;
  if (newest?.kind !== 'certificate') return bare(-1);
  const { notBefore, notAfter, checks } = newest.facts;
  if (notBefore === null || notAfter === null || checks.time !== false) return bare(-1);
  const offset = clockOffset(t0, sources);
  if (offset === null || Math.abs(offset) <= WRONG_MS) return bare(-1);
  const trueTime = newest.startedAt + offset;
  const within = trueTime >= notBefore && trueTime < notAfter;
  return bare(within ? 1 : 0, `by true time the certificate is ${within ? 'within' : 'out of'} its time`);
}

function toldSince(t0: number, { plan, tracks }: GuardSources): Told[] {
  const servers = plan.timeServers.flatMap(({ target, operator }): Told[] => {
    const newest = freshOf(tracks.get(target), t0);
    const offsetMs = newest?.kind === 'clock' ? newest.facts.offsetMs : null;
    return offsetMs === null ? [] : [{ operator, offsetMs }];
  });
  const pages = plan.controls.flatMap(({ target, vendor }): Told[] => {
    const newest = freshOf(tracks.get(target), t0);
    if (newest?.kind !== 'http' || newest.facts.serverDate === null || (newest.facts.age ?? 0) > 0) return [];
    const seenAt = newest.startedAt + newest.durationMs;
    return [{ operator: vendor, offsetMs: newest.facts.serverDate + GRAIN_MS / 2 - seenAt }];
  });
  return [...servers, ...pages];
}

function freshOf(track: { newest: Observation | null } | undefined, t0: number): Observation | null {
  const newest = track?.newest ?? null;
  return newest !== null && newest.startedAt > t0 ? newest : null;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

function words(offsetMs: number): string {
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  const unit = seconds >= 172_800 ? [86_400, 'days'] : seconds >= 7_200 ? [3_600, 'hours'] : [1, 's'];
  const amount = Math.round(seconds / Number(unit[0]));
  return seconds <= 1 ? 'right' : `${amount} ${unit[1]} ${offsetMs > 0 ? 'behind' : 'ahead'}`;
}
