// The second witness: another target of the accused that is not yours, worked before, broke with the symptom, and in its manner.
import { type Reason, SILENT_REASONS } from '../catalog/reasons.ts';
import type { Observation } from '../exporters/observation.ts';
import type { Dependency, ServiceBinding, ValidatedBinding } from '../map/plan-types.ts';
import { describe } from './describe.ts';
import { heldBack, recordOf } from './domain-signals.ts';
import type { GuardSources, GuardState } from './guard.ts';
import { convicts } from './lone-witness.ts';
import { areMost } from './share.ts';
import { readValidated, refusedOf } from './signatures.ts';

/** How something fails. A control that answers 500 is no witness for an edge that cannot be connected. */
export type Manner = 'connection' | 'error' | 'certificate' | 'name' | 'other';

/** Manners that can be told from one's own trouble, and so be witnessed; the ones that say most first. */
export const TELLING: ReadonlySet<Manner> = new Set<Manner>(['certificate', 'error', 'connection']);

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

/** A thing of the accused that can fail on its own: a page, or a zone with all servers that were asked for it. */
export interface Site {
  targets: readonly string[];
  broken: boolean;
}

export interface WitnessState extends GuardState {
  /** When a broken witness last failed, Unix ms; Infinity when none is broken. */
  failedAt: number;
}

/** OK: enough of the accused's sites broke with the symptom. BAD: all of them work. */
export function witnessOf(
  service: ServiceBinding,
  dependency: Dependency,
  t0: number,
  sources: GuardSources,
): WitnessState {
  const { tracks } = sources;
  const { layer } = dependency;
  const confessed = layer === 'registry' || layer === 'registration' ? confessionOf(service, layer, sources) : null;
  if (confessed !== null) return { ...confessed, failedAt: Number.POSITIVE_INFINITY };
  const signed =
    layer === 'registry' || layer === 'dns' ? signedWitness(service, layer, dependency, t0, sources) : null;
  if (signed !== null) return signed;
  const controls = witnessesFor(service, dependency, sources);
  const manners = layer === 'edge' ? mannersOf(service, t0, sources) : null;
  const sites = sitesOf(controls, (target) => brokeWith(target, dependency, t0, manners, sources), sources);
  const known = sites.filter(({ targets }) => targets.some((target) => tracks.state(target, 'works') !== -1));
  const broken = known.filter((site) => site.broken);
  const first = broken[0]?.targets[0];
  const others = known.filter((site) => !site.broken);
  const alone = broken.length === 1 && !others.some((site) => failedToo(site, t0, manners, sources));
  const enough = 2 * broken.length >= known.length;
  if (first !== undefined && enough && (!alone || convicts(first, others, service, dependency, t0, sources))) {
    const failure = tracks.get(first)?.lastFailure;
    const said = failure ? `: ${describe(failure)}` : '';
    const evidence = `${broken.length} of ${sites.length} controls that are not yours fail too${said}`;
    const failures = broken.flatMap(({ targets }) =>
      targets.flatMap((one) => tracks.meter(one, 'works')?.lastBad ?? []),
    );
    return { state: 1, evidence, failedAt: Math.max(...failures) };
  }
  const working = sites.filter(({ targets }) => targets.some((target) => works(target, t0, sources)));
  return working.length > 0 && working.length === sites.length
    ? { state: 0, evidence: `all ${sites.length} controls that are not yours work`, failedAt: Number.POSITIVE_INFINITY }
    : { state: -1, evidence: '', failedAt: Number.POSITIVE_INFINITY };
}

/** Wrong signatures are witnessed by other zones of the same signer alone. null: yours are not refused. */
function signedWitness(
  service: ServiceBinding,
  layer: 'registry' | 'dns',
  { vendor, component }: Dependency,
  t0: number,
  sources: GuardSources,
): WitnessState | null {
  const refused = refusedOf(service, layer, sources);
  if (refused.length === 0) return null;
  const sites = sources.plan.signedControls
    .filter((one) => one.vendor === vendor && one.component === component)
    .map(({ validated }) => ({ validated, reading: readValidated(validated, sources) }));
  const known = sites.filter(({ reading }) => reading.state !== -1);
  const broken = sites.filter(({ validated }) => wereRefusedWith(validated, t0, sources));
  const [first] = broken;
  // What the zone above signs nobody else can have broken; a zone of somebody at your vendor may have a trouble of its own.
  const together = layer === 'registry' || broken.length > 1 || !isOlder(first?.validated, refused, sources);
  if (first !== undefined && 2 * broken.length >= known.length && together) {
    const evidence = `${broken.length} of ${sites.length} zones of theirs are refused too: ${first.reading.evidence}`;
    return { state: 1, evidence, failedAt: Math.max(...broken.map(({ reading }) => reading.lastBad ?? 0)) };
  }
  const accepted = sites.filter(({ reading }) => reading.state === 1 && (reading.lastOk ?? 0) > t0);
  const all = accepted.length > 0 && accepted.length === sites.length;
  const evidence = all ? `all ${sites.length} zones of theirs that are not yours are accepted` : '';
  return { state: all ? 0 : -1, evidence, failedAt: Number.POSITIVE_INFINITY };
}

/** Refused now, seen accepted, and refused first within a day of the symptom. */
function wereRefusedWith(validated: readonly ValidatedBinding[], t0: number, sources: GuardSources): boolean {
  const { tracks, timing } = sources;
  if (readValidated(validated, sources).state !== 0) return false;
  return validated.every(({ checked }) => {
    const { lastOk = null, firstBad = null } = tracks.meter(checked, 'works') ?? {};
    return lastOk !== null && firstBad !== null && Math.abs(firstBad - t0) <= timing.witnessWindowMs;
  });
}

/** Whether theirs were refused while yours were still accepted. */
function isOlder(
  theirs: readonly ValidatedBinding[] = [],
  yours: readonly ValidatedBinding[],
  { tracks }: GuardSources,
): boolean {
  const worked = Math.max(...yours.map(({ checked }) => tracks.meter(checked, 'works')?.lastOk ?? 0));
  return theirs.some(({ checked }) => (tracks.meter(checked, 'works')?.firstBad ?? 0) < worked);
}

/** The controls of the accused component. While an endpoint's name is found, other names that are found prove nothing. */
function witnessesFor(
  { endpoint }: ServiceBinding,
  { vendor, component, layer }: Dependency,
  { plan, tracks }: GuardSources,
): readonly string[] {
  const found = layer === 'endpoint' && endpoint.some((target) => tracks.state(target, 'record') === 1);
  return plan.controls
    .filter((control) => control.vendor === vendor && control.component === component)
    .map(({ target }) => target)
    .filter((target) => !found || tracks.get(target)?.zone === null);
}

/** Servers of one zone are one site: it is broken when they fail as your own zone's would have to. */
function sitesOf(targets: readonly string[], isBroken: (target: string) => boolean, { tracks }: GuardSources): Site[] {
  const byName = new Map<string, string[]>();
  for (const target of targets) {
    const name = tracks.get(target)?.zone ?? target;
    byName.set(name, [...(byName.get(name) ?? []), target]);
  }
  return [...byName.values()].map((alike) => ({
    targets: alike,
    broken: areMost(alike.filter(isBroken).length, alike.length),
  }));
}

/** Asked after the symptom began, and good. */
function works(target: string, t0: number, { tracks }: GuardSources): boolean {
  return tracks.state(target, 'works') === 1 && (tracks.meter(target, 'works')?.lastOk ?? 0) > t0;
}

/** Works again, but answered with the very errors since the symptom began: what comes and goes does so everywhere. */
function failedToo(
  { targets }: Site,
  t0: number,
  manners: ReadonlySet<Manner> | null,
  { tracks }: GuardSources,
): boolean {
  return targets.some((target) => {
    const failure = tracks.get(target)?.lastFailure ?? null;
    if (manners === null || failure === null || failure.startedAt < t0) return false;
    return !SILENT_REASONS.has(failure.reason) && manners.has(mannerOf(failure));
  });
}

/** Explicit answers beat silence: where a failure says what it is, witnesses must fail by the same. */
function strongest(manners: ReadonlySet<Manner>): ReadonlySet<Manner> {
  const found = [...TELLING].find((manner) => manners.has(manner));
  return new Set(found === undefined ? [] : [found]);
}

/**
 * A hold is about one domain alone, so no other can witness it; the registry's own record does, apart from its name servers.
 * null: it shows no hold, so a registry is judged by its controls.
 */
function confessionOf(
  service: ServiceBinding,
  layer: 'registry' | 'registration',
  sources: GuardSources,
): GuardState | null {
  const record = recordOf(service, sources);
  const state = heldBack(record, layer === 'registry' ? ['serverHold'] : ['clientHold']);
  if (record !== null && state === 0) return { state: 1, evidence: `the registry's own record: ${describe(record)}` };
  if (layer === 'registry') return null;
  return { state: state === 1 ? 0 : -1, evidence: state === 1 ? 'the registry knows of no hold by the registrar' : '' };
}

/** The manners in which a service fails at its edge since `t0`. */
function mannersOf(service: ServiceBinding, t0: number, { tracks }: GuardSources): ReadonlySet<Manner> {
  const targets = [service.user, service.edge, service.edgeCertificate].filter((target) => target !== null);
  const failures = targets.flatMap((target) => tracks.get(target)?.lastFailure ?? []);
  return strongest(new Set(failures.filter(({ startedAt }) => startedAt >= t0).map(mannerOf)));
}

/** Hard BAD now, seen OK before, and broken within a day of the symptom. A control that rotted earlier convicts nobody. */
function brokeWith(
  target: string,
  { vendor }: Dependency,
  t0: number,
  manners: ReadonlySet<Manner> | null,
  { plan, tracks, timing, uplink }: GuardSources,
): boolean {
  const meter = tracks.meter(target, 'works');
  const failure = tracks.get(target)?.lastFailure ?? null;
  if (meter === undefined || failure === null || tracks.state(target, 'works') !== 0) return false;
  const { firstBad, badSince, lastBad, lastOk } = meter;
  if (lastOk === null || firstBad === null || lastBad === null) return false;
  if (manners !== null && !manners.has(mannerOf(failure))) return false;
  if (Math.abs(firstBad - t0) > timing.witnessWindowMs) return false;
  // A dead line silences everybody; it does not answer in between.
  const accused = plan.vendors.get(vendor)?.operators ?? [];
  return !SILENT_REASONS.has(failure.reason) || uplink.answeredBetween(badSince ?? lastBad, lastBad, accused);
}
