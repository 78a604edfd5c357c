// The memory of every target: its newest observation and one meter per question it answers.

import type { State } from '../catalog/signals.ts';
import { DEFAULT_TIMING, type Timing } from '../catalog/timing.ts';
import type { Observation } from '../exporters/observation.ts';
import type { Target } from '../exporters/target.ts';
import { proxyUrlOf } from '../map/forward-proxy.ts';
import type { Plan, Role } from '../map/plan-types.ts';
import { type Context, classify, type Question } from './classify.ts';
import { createMeter, feed, justFailed, type Meter, stateAt, wantsConfirmation } from './meter.ts';

export interface Track {
  id: string;
  context: Omit<Context, 'troubled' | 'passed'>;
  /** For DNS: the name asked about, whichever server is asked. */
  zone: string | null;
  /** URL of the forward proxy it is asked through; null: none. */
  proxy: string | null;
  meters: Map<Question, Meter>;
  newest: Observation | null;
  /** The newest one that was not as expected. */
  lastFailure: Observation | null;
  /** The newest one that was. */
  lastGood: Observation | null;
  /** A result counts as present for this long. */
  staleMs: number;
  /** A failure that took longer than this is our own: the process slept past the deadline, and whoever was asked gave up on it. */
  sleptMs: number;
}

export interface Tracks {
  get(id: string): Track | undefined;
  /** Takes an observation in; tells whether confirmation is wanted and whether a run of failures just began. */
  take(observation: Observation, starved: boolean): { confirm: boolean; failed: boolean };
  /** The confirmed, fresh state of a question; UNKNOWN for targets nobody planned. */
  state(id: string | null, question: Question): State;
  meter(id: string | null, question: Question): Meter | undefined;
  /** What is known of these targets, for the tracks of the next plan. */
  handOver(kept: ReadonlySet<string>): Track[];
  /** When each question was last seen OK, for the next start. */
  memory(): Record<string, number>;
}

/**
 * Questions whose answer can convict a vendor need three failures in a row; two are enough for your own things. A resolver asks
 * the outside for you, so that a bad line looks like its failure.
 */
const CONVICTING: ReadonlySet<string> = new Set([
  'resolver.works',
  'delegation.reachable',
  'nameserver.serves',
  'endpoint.record',
  'control.works',
  'custom.works',
  'custom.accepted',
  'edge.connect',
  'edge.answer',
  'service.answer',
  'tunnel.ready',
]);

const needed = (role: Role, question: Question): number => (CONVICTING.has(`${role}.${question}`) ? 3 : 2);

export function createTracks(
  plan: Plan,
  timing: Timing,
  now: () => number,
  remembered: Readonly<Record<string, number>>,
  past: readonly Track[] = [],
): Tracks {
  const known = new Map(past.map((track) => [track.id, track]));
  const tracks = new Map(
    plan.targets.map((target): [string, Track] => [target.id, known.get(target.id) ?? newTrack(target, plan, timing)]),
  );

  function meterFor(track: Track, question: Question): Meter {
    const before = track.meters.get(question);
    if (before !== undefined) return before;
    const meter = createMeter(needed(track.context.role, question), remembered[`${track.id}#${question}`] ?? null);
    track.meters.set(question, meter);
    return meter;
  }

  const meter = (id: string | null, question: Question): Meter | undefined =>
    id === null ? undefined : tracks.get(id)?.meters.get(question);

  /** Whether the forward proxy that failed this one has let requests to others pass since. */
  function passedOthers({ id, proxy, meters }: Track): boolean {
    const began = meters.get('carries')?.firstBad ?? null;
    if (proxy === null || began === null) return false;
    const others = (plan.proxied.get(proxy) ?? []).filter(({ target }) => target !== id);
    return others.some(({ target }) => {
      const { okSince = null, lastOk = null } = meter(target, 'carries') ?? {};
      return okSince !== null && (lastOk ?? 0) > began;
    });
  }

  return {
    get: (id) => tracks.get(id),
    take(observation, starved) {
      const track = tracks.get(observation.target);
      if (track === undefined) return { confirm: false, failed: false };
      track.newest = observation;
      if (observation.ok) track.lastGood = observation;
      else track.lastFailure = observation;
      if (!observation.ok && observation.durationMs > track.sleptMs) return { confirm: false, failed: false };
      const context = { ...track.context, troubled: isTroubled(track), passed: passedOthers(track) };
      const touched = Object.entries(classify(observation, context, starved)).map(([question, outcome]) => {
        const one = meterFor(track, question as Question);
        feed(one, outcome, observation.startedAt);
        return one;
      });
      return { confirm: touched.some(wantsConfirmation), failed: touched.some(justFailed) };
    },
    state(id, question) {
      const one = meter(id, question);
      const staleMs = id === null ? 0 : (tracks.get(id)?.staleMs ?? 0);
      return one === undefined ? -1 : stateAt(one, now(), staleMs);
    },
    meter,
    handOver: (kept) => [...tracks.values()].filter(({ id }) => kept.has(id)),
    memory() {
      const lasting = { ...remembered };
      for (const track of tracks.values()) {
        for (const [question, { lastOk }] of track.meters)
          if (lastOk !== null) lasting[`${track.id}#${question}`] = lastOk;
      }
      return lasting;
    },
  };
}

/** So many deadlines long: a busy machine is late by a part of one, and only one that stood still by more than another. */
const SLEPT_DEADLINES = 2;

const isTroubled = ({ meters }: Track): boolean => meters.get('works')?.ring.at(-1) === 0;

function newTrack(target: Target, plan: Plan, timing: Timing): Track {
  const { id, kind, labels, settings, gapMs, intervalMs, timeoutMs } = target;
  const layer = plan.vendors.get(labels.vendor)?.components[labels.component]?.layer ?? null;
  const named = settings.serverName !== undefined;
  const declared = plan.domains.some((domain) => domain.declared && domain.parents.includes(id));
  // What is asked gently has an interval of its own.
  const everyMs = gapMs === undefined ? timing.intervalMs : intervalMs;
  return {
    id,
    context: { role: labels.role as Role, layer, named, declared },
    proxy: proxyUrlOf(target),
    zone: kind === 'dns' && typeof settings.name === 'string' ? settings.name : null,
    meters: new Map(),
    newest: null,
    lastFailure: null,
    lastGood: null,
    staleMs: timing.staleIntervals * everyMs + timing.timeoutMs,
    // A lab at ten times the speed has no machine of ten times the speed.
    sleptMs: SLEPT_DEADLINES * Math.max(timeoutMs, DEFAULT_TIMING.timeoutMs),
  };
}
