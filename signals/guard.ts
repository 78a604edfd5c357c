// The vendor guard: the three proofs without which nobody else is named. One set per service and vendor layer.

import type { VendorLayer } from '../catalog/layers.ts';
import type { State } from '../catalog/signals.ts';
import type { Timing } from '../catalog/timing.ts';
import type { Dependency, Plan, ServiceBinding } from '../map/plan-types.ts';
import { silentOver } from './ipv6.ts';
import { failingMeters } from './layer-meters.ts';
import type { Track, Tracks } from './tracks.ts';
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
  // Silence over one family is the line's own until anchors have answered over that family.
  const newest = service.user === null ? null : sources.tracks.get(service.user)?.lastFailure;
  const over = silentOver(newest);
  const state = sources.uplink.cleanSince(t0, accused, over);
  const witness = witnessOf(service, dependency, t0, sources);
  const own = Math.max(...failingMeters(service, dependency.layer, sources).map(({ lastBad }) => lastBad ?? 0));
  const failedAt = Math.min(own, witness.failedAt);
  return {
    uplink: { state, evidence: sources.uplink.evidence(over) },
    others: othersOf({ ...dependency, failedAt }, accused, t0, sources),
    witness,
  };
}

/** Shared operators make two vendors one for this purpose: nobody testifies about themselves. */
function related(vendor: string, accused: readonly string[], plan: Plan): boolean {
  return (plan.vendors.get(vendor)?.operators ?? []).some((operator) => accused.includes(operator));
}

/** What is seen through TLS is exonerated by what is seen through TLS: whoever meddles with it leaves plain ports alone. */
function speaksLike(layer: VendorLayer | undefined, track: Track | undefined): boolean {
  if (layer !== 'edge' && layer !== 'tunnel') return true;
  const newest = track?.newest ?? null;
  return newest?.kind === 'http' && newest.facts.tls === true;
}

/** Whom others are to exonerate the line for, and when it last failed. */
export interface Tried {
  vendor: string;
  layer: VendorLayer | undefined;
  failedAt: number;
}

/**
 * OK: since `t0` a control of another vendor answered, and went on answering while the tried still failed: at the end of a
 * common trouble, the first to be well again must not convict the last.
 */
export function othersOf(
  { vendor: tried, layer, failedAt }: Tried,
  accused: readonly string[],
  t0: number,
  sources: GuardSources,
): GuardState {
  const { plan, timing, tracks, now } = sources;
  const others = plan.controls.filter(({ vendor }) => vendor !== tried && !related(vendor, accused, plan));
  const since = Math.max(t0, now() - timing.staleIntervals * timing.intervalMs);
  const steadySince = now() - timing.cleanWindowMs;
  const good = others.filter(({ target }) => {
    const { lastOk = null, lastBad = null, okSince = null } = tracks.meter(target, 'works') ?? {};
    const steady = okSince !== null && okSince < failedAt && (lastBad ?? 0) < steadySince;
    return steady && (lastOk ?? 0) > since && speaksLike(layer, tracks.get(target));
  });
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
