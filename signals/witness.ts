// The second witness: another target of the accused that is not yours, worked before, broke with the symptom, and in its manner.
import type { Reason } from '../catalog/reasons.ts';
import type { Observation } from '../exporters/observation.ts';
import type { ControlBinding, Dependency, ServiceBinding } from '../map/plan-types.ts';
import { describe } from './describe.ts';
import type { GuardSources, GuardState } from './guard.ts';

/** How something fails. A control that answers 500 is no witness for an edge that cannot be connected. */
export type Manner = 'connection' | 'error' | 'certificate' | 'name' | 'other';

/** Manners that can be told from one's own trouble, and so be witnessed. */
export const TELLING: ReadonlySet<Manner> = new Set<Manner>(['connection', 'error', 'certificate']);

const CONNECTION: ReadonlySet<Reason> = new Set<Reason>([
  'timeout',
  'connect_refused',
  'connect_reset',
  'unreachable',
  'tls_handshake',
]);

export function mannerOf({ reason, phase }: Observation): Manner {
  if (phase === 'resolve' || reason.startsWith('dns_')) return 'name';
  if (reason === 'http_status') return 'error';
  if (CONNECTION.has(reason)) return 'connection';
  // Only time runs out for everybody at one vendor. Strangers' issuers and names are what something in between presents.
  return reason === 'tls_expired' || reason === 'tls_not_yet_valid' ? 'certificate' : 'other';
}

/** OK: enough controls broke with the symptom. BAD: all of them work. */
export function witnessOf(
  service: ServiceBinding,
  dependency: Dependency,
  t0: number,
  sources: GuardSources,
): GuardState {
  const { plan, tracks } = sources;
  const { vendor, component, layer } = dependency;
  const controls = plan.controls.filter((control) => control.vendor === vendor && control.component === component);
  const known = controls.filter(({ target }) => tracks.state(target, 'works') !== -1);
  const manners = layer === 'edge' ? mannersOf(service, t0, sources) : null;
  const broken = controls.filter((control) => brokeWith(control, t0, manners, sources));
  // One name server of several is a part that failed; one site of several is a site that failed.
  const enough = layer === 'dns' ? 2 * broken.length > known.length : 2 * broken.length >= known.length;
  const first = broken[0];
  if (first !== undefined && enough) {
    const failure = tracks.get(first.target)?.lastFailure;
    const said = failure ? `: ${describe(failure)}` : '';
    return { state: 1, evidence: `${broken.length} of ${controls.length} controls that are not yours fail too${said}` };
  }
  const working = controls.filter(
    ({ target }) => tracks.state(target, 'works') === 1 && (tracks.meter(target, 'works')?.lastOk ?? 0) > t0,
  );
  return working.length > 0 && working.length === controls.length
    ? { state: 0, evidence: `all ${controls.length} controls that are not yours work` }
    : { state: -1, evidence: '' };
}

/** The manners in which a service fails at its edge since `t0`. */
function mannersOf(service: ServiceBinding, t0: number, { tracks }: GuardSources): ReadonlySet<Manner> {
  const targets = [service.user, service.edge, service.edgeCertificate].filter((target) => target !== null);
  const failures = targets.flatMap((target) => tracks.get(target)?.lastFailure ?? []);
  const manners = failures.filter(({ startedAt }) => startedAt >= t0).map(mannerOf);
  return new Set(manners.filter((manner) => TELLING.has(manner)));
}

/** Hard BAD now, seen OK before, and broken within a day of the symptom. A control that rotted earlier convicts nobody. */
function brokeWith(
  { target }: ControlBinding,
  t0: number,
  manners: ReadonlySet<Manner> | null,
  { tracks, timing }: GuardSources,
): boolean {
  const meter = tracks.meter(target, 'works');
  const failure = tracks.get(target)?.lastFailure ?? null;
  if (meter === undefined || failure === null || tracks.state(target, 'works') !== 0) return false;
  if (meter.lastOk === null || meter.firstBad === null) return false;
  if (manners !== null && !manners.has(mannerOf(failure))) return false;
  return Math.abs(meter.firstBad - t0) <= timing.witnessWindowMs;
}
