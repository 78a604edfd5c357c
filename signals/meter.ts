// One question about one target, debounced: soft failures are confirmed before they count, and so is recovery.
// Nagios' soft and hard states, with a ring for targets that fail only partly.
import type { State } from '../catalog/signals.ts';

/** What one observation says: OK, BAD, or that the question cannot be answered at the moment. */
export type Outcome = 1 | 0 | -1;

export interface Meter {
  /** Confirmed state, staleness not considered. */
  state: State;
  /** How often in a row BAD must be seen to count. Three where a vendor could be convicted, two elsewhere. */
  readonly badNeeded: number;
  /** Newest outcomes, oldest first. */
  ring: Outcome[];
  /** Wall ms at which the newest measurement with this outcome started. */
  lastOk: number | null;
  lastBad: number | null;
  lastResult: number | null;
  /** Start of the run of OKs that is not broken yet; null while the newest outcome is another. */
  okSince: number | null;
  /** The same for failures in a row. */
  badSince: number | null;
  /** Start of the newest run of failures: the symptom's t0. Kept while the run is soft, null after recovery. */
  firstBad: number | null;
  /** Since when `state` holds. */
  since: number | null;
  /** Whether an OK was seen within the present BAD; then recovery takes longer. */
  flapped: boolean;
}

const RING = 8;
/** Of the newest eight, so many failures count as BAD even when they are not in a row. */
const RING_BAD = 5;
const OK_NEEDED = 2;
const OK_NEEDED_AFTER_FLAPPING = 4;
const UNKNOWN_NEEDED = 2;

export function createMeter(badNeeded: number, lastOk: number | null): Meter {
  return {
    state: -1,
    badNeeded,
    ring: [],
    lastOk,
    lastBad: null,
    lastResult: null,
    okSince: null,
    badSince: null,
    firstBad: null,
    since: null,
    flapped: false,
  };
}

/** How many of the newest outcomes are `outcome`, without a break. */
function streak({ ring }: Meter, outcome: Outcome): number {
  const broken = ring.findLastIndex((one) => one !== outcome);
  return ring.length - 1 - broken;
}

function settle(meter: Meter): State {
  if (streak(meter, 0) >= meter.badNeeded) return 0;
  if (meter.state !== 0 && meter.ring.filter((one) => one === 0).length >= RING_BAD) return 0;
  const okNeeded = meter.state === 0 ? (meter.flapped ? OK_NEEDED_AFTER_FLAPPING : OK_NEEDED) : 1;
  if (streak(meter, 1) >= okNeeded) return 1;
  if (streak(meter, -1) >= UNKNOWN_NEEDED) return -1;
  return meter.state;
}

/** Takes in one outcome of a measurement begun at `startedAt`. */
export function feed(meter: Meter, outcome: Outcome, startedAt: number): void {
  meter.ring = [...meter.ring, outcome].slice(-RING);
  meter.lastResult = startedAt;
  meter.okSince = outcome === 1 ? (meter.okSince ?? startedAt) : null;
  meter.badSince = outcome === 0 ? (meter.badSince ?? startedAt) : null;
  if (outcome === 1) meter.lastOk = startedAt;
  if (outcome === 0) {
    meter.lastBad = startedAt;
    meter.firstBad ??= startedAt;
    if (meter.state === 0 && meter.ring.at(-2) === 1) meter.flapped = true;
  }
  const before = meter.state;
  meter.state = settle(meter);
  if (meter.state === 1 && outcome === 1) recover(meter, before);
  if (meter.state !== before) meter.since = meter.state === 0 ? meter.firstBad : startedAt;
}

/** A symptom ends with a success that counts; one success between soft failures keeps the run only while the ring is uneasy. */
function recover(meter: Meter, before: State): void {
  const uneasy = before !== 0 && meter.ring.filter((one) => one === 0).length >= 2;
  if (uneasy) return;
  meter.firstBad = null;
  meter.flapped = false;
  if (before === 0) meter.ring = meter.ring.slice(-OK_NEEDED);
}

/** Whether the newest outcome disagrees with the confirmed state, so that one more measurement is wanted soon. */
export function wantsConfirmation(meter: Meter): boolean {
  const newest = meter.ring.at(-1);
  if (newest === 0) return meter.state !== 0;
  return newest === 1 && meter.state === 0;
}

/** Whether this is the first failure of a run: the moment to ask every witness. */
export function justFailed(meter: Meter): boolean {
  return meter.ring.at(-1) === 0 && meter.ring.at(-2) !== 0;
}

/** The state at `now`: what has not been measured for `staleMs` is UNKNOWN, whatever it was. */
export function stateAt(meter: Meter, now: number, staleMs: number): State {
  if (meter.lastResult === null || now - meter.lastResult > staleMs) return -1;
  return meter.state;
}
