// The vendor guard: the three proofs without which nobody else is named. One set per service and vendor layer.

import type { State } from '../catalog/signals.ts';
import type { Timing } from '../catalog/timing.ts';
import type { Dependency, Plan, ServiceBinding } from '../map/plan-types.ts';
import type { Tracks } from './tracks.ts';
import type { Uplink } from './uplink.ts';
import { witnessOf } from './witness.ts';

export interface GuardState {
  state: State;
  evidence: string;
}

export interface Guards {
  uplink: GuardState;
  others: GuardState;
  witness: GuardState;
}

const NOTHING: GuardState = { state: -1, evidence: '' };
const UNASKED: Guards = { uplink: NOTHING, others: NOTHING, witness: NOTHING };

export interface GuardSources {
  plan: Plan;
  timing: Timing;
  tracks: Tracks;
  uplink: Uplink;
  now(): number;
}

/** The guard of `dependency` for a symptom of `service` that began at `t0`; all UNKNOWN while there is no symptom. */
export function guardsOf(
  service: ServiceBinding,
  dependency: Dependency | undefined,
  t0: number | null,
  sources: GuardSources,
): Guards {
  if (dependency === undefined || t0 === null) return UNASKED;
  const accused = sources.plan.vendors.get(dependency.vendor)?.operators ?? [];
  const state = sources.uplink.cleanSince(t0, accused);
  return {
    uplink: { state, evidence: sources.uplink.evidence() },
    others: othersOf(dependency, accused, t0, sources),
    witness: witnessOf(service, dependency, t0, sources),
  };
}

/** Shared operators make two vendors one for this purpose: nobody testifies about themselves. */
function related(vendor: string, accused: readonly string[], plan: Plan): boolean {
  return (plan.vendors.get(vendor)?.operators ?? []).some((operator) => accused.includes(operator));
}

/** OK: since `t0` a control of another vendor answered. */
export function othersOf(
  { vendor: tried }: Pick<Dependency, 'vendor'>,
  accused: readonly string[],
  t0: number,
  { plan, timing, tracks, now }: GuardSources,
): GuardState {
  const others = plan.controls.filter(({ vendor }) => vendor !== tried && !related(vendor, accused, plan));
  const since = Math.max(t0, now() - timing.staleIntervals * timing.intervalMs);
  const good = others.filter(
    ({ target }) => (tracks.meter(target, 'works')?.lastOk ?? 0) > since && tracks.state(target, 'works') !== 0,
  );
  if (good.length > 0) {
    const titles = [...new Set(good.map(({ vendor }) => plan.vendors.get(vendor)?.title ?? vendor))];
    return {
      state: 1,
      evidence: `${titles.join(', ')} answered after the failure began (${good.length} of ${others.length} controls)`,
    };
  }
  const known = others.filter(({ target }) => tracks.state(target, 'works') !== -1);
  const allBad = known.length > 0 && known.every(({ target }) => tracks.state(target, 'works') === 0);
  return allBad ? { state: 0, evidence: `no other vendor answers either (0 of ${known.length} controls)` } : NOTHING;
}
