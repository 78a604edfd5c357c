// Whether the power in the house is on, by what its UPSes say, and whether its failure may be why something fell silent.
import type { GuardSources } from './guard.ts';
import type { Meter } from './meter.ts';
import { bare, composed, type Reading, readOne } from './readings.ts';

/** How long a UPS that fell silent while on battery is believed to be without power. Longer than any battery lasts. */
const LAST_WORD_MS = 24 * 3_600_000;

/** BAD when one UPS has lost the line; OK when all that are known have it. */
export function readPower(sources: GuardSources): Reading {
  const { plan } = sources;
  const readings = plan.power.map((target) => readUps(target, sources));
  const bad = readings.filter(({ state }) => state === 0).length;
  const good = readings.filter(({ state }) => state === 1).length;
  const state = bad > 0 ? 0 : good > 0 && good === readings.length ? 1 : -1;
  const counted = { good, bad, known: good + bad, readings };
  return composed(state, counted, state === 0 ? 'without power of the line' : 'with power of the line');
}

/** What it said last holds while it is silent: its server may have been shut down for want of power. */
function readUps(target: string, sources: GuardSources): Reading {
  const reading = readOne(target, 'works', sources);
  const meter = sources.tracks.meter(target, 'works');
  if (reading.state !== -1 || meter === undefined || !isLastWord(meter, sources)) return reading;
  return { ...reading, state: 0, evidence: 'the UPS fell silent while it had no power of the line' };
}

const isLastWord = ({ state, lastResult }: Meter, { now }: GuardSources): boolean =>
  state === 0 && lastResult !== null && now() - lastResult <= LAST_WORD_MS;

/** `t0`: the start of the symptom. The UPS is asked once in a while, so that its word may come a little late. */
export function readPowerExplains(t0: number | null, sources: GuardSources): Reading {
  const { plan, timing, tracks } = sources;
  const lost = plan.power
    .filter((target) => readUps(target, sources).state === 0)
    .flatMap((target) => tracks.meter(target, 'works')?.firstBad ?? []);
  if (t0 === null || lost.length === 0) return bare(-1);
  const lateMs = Math.min(...lost) - t0;
  if (lateMs > timing.staleIntervals * timing.intervalMs) return bare(0, `the power failed ${words(lateMs)} later`);
  return bare(1, lateMs < 0 ? `the power failed ${words(-lateMs)} before` : 'the power failed with it');
}

const words = (ms: number): string => (ms < 120_000 ? `${Math.round(ms / 1_000)} s` : `${Math.round(ms / 60_000)} min`);
