// The signals of one service at this instant, composed from meters. No timing rules of its own besides the settling time.
import { VENDOR_LAYERS, type VendorLayer } from '../catalog/layers.ts';
import { GUARDS, guardSignal, type SignalName, type State } from '../catalog/signals.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import { certificatesElsewhere, readOriginCertificate } from './certificates.ts';
import type { Question } from './classify.ts';
import { readExplained } from './clock.ts';
import { readDomain } from './domain-signals.ts';
import { readForwardProxy } from './forward-proxy.ts';
import { type GuardSources, guardsOf } from './guard.ts';
import { isVague, readSilentByIpv6, silentOver } from './ipv6.ts';
import type { Meter } from './meter.ts';
import { needsMet } from './needs.ts';
import { readEdgeElsewhere, readElsewhereHeard, readOutside } from './outside.ts';
import { readPowerExplains } from './power.ts';
import { bare, composed, count, type Reading, readOne, tally } from './readings.ts';
import { readRoutes } from './routes.ts';
import { areMost } from './share.ts';
import { readFelt } from './signatures.ts';

export type Readings = Map<SignalName, Reading>;

/** Start of the running symptom of a service, soft failures included; null while it works. */
export function symptomStart(service: ServiceBinding, { tracks, uplink, plan }: GuardSources): number | null {
  if (service.kind === 'map') return tracks.meter(service.user, 'works')?.firstBad ?? null;
  if (!uplink.down()) return null;
  const starts = plan.anchors.flatMap(({ target }) => tracks.meter(target, 'works')?.firstBad ?? []);
  return starts.length > 0 ? Math.max(...starts) : null;
}

/** Every service signal of one service. */
export function readService(service: ServiceBinding, sources: GuardSources, startedAt: number): Readings {
  const readings: Readings = new Map();
  const t0 = symptomStart(service, sources);
  const put = (name: SignalName, reading: Reading): void => void readings.set(name, reading);
  put('power_explains', readPowerExplains(t0, sources));
  if (service.kind === 'uplink') readUplinkService(t0, sources, startedAt, put);
  else readMapService(service, t0, sources, startedAt, put);
  put('second_family_silent', readSilentByIpv6(service, sources));
  put('routes', readRoutes(service, sources));
  for (const layer of VENDOR_LAYERS) {
    const dependency = service.dependencies.find((one) => one.layer === layer);
    const guards = guardsOf(service, dependency, t0, sources);
    for (const guard of GUARDS) put(guardSignal(layer, guard), bare(guards[guard].state, guards[guard].evidence));
  }
  return readings;
}

type Put = (name: SignalName, reading: Reading) => void;

/** Nothing for three intervals is missing data, but not before there could have been any. */
function dataState(lastResult: number | null, startedAt: number, { timing, now }: GuardSources): State {
  const staleMs = timing.staleIntervals * timing.intervalMs + timing.timeoutMs;
  if (lastResult !== null && now() - lastResult <= staleMs) return 1;
  return now() - Math.max(startedAt, lastResult ?? 0) > staleMs ? 0 : -1;
}

function settledState(t0: number | null, { timing, now }: GuardSources): State {
  return t0 !== null && now() - t0 < timing.settleMs ? 0 : 1;
}

/** Failing for sure, yet the newest answer was good. */
const isBack = (meter: Meter | undefined): boolean => meter?.state === 0 && meter.okSince !== null;

const recoveringState = (meter: Meter | undefined): State => (isBack(meter) ? 1 : 0);

function readUplinkService(t0: number | null, sources: GuardSources, startedAt: number, put: Put): void {
  const { plan, tracks, uplink } = sources;
  const results = plan.anchors.flatMap(({ target }) => tracks.meter(target, 'works')?.lastResult ?? []);
  const answering = plan.anchors.filter(({ target }) => tracks.state(target, 'works') === 1);
  const operators = new Set(answering.map(({ operator }) => operator));
  put(
    'data',
    bare(
      plan.anchors.length === 0 ? -1 : dataState(results.length > 0 ? Math.max(...results) : null, startedAt, sources),
    ),
  );
  put('settled', bare(settledState(t0, sources)));
  const broken = plan.anchors.some(({ target }) => tracks.state(target, 'works') === 0);
  const state: State = uplink.down() ? 0 : operators.size >= 2 ? 1 : broken ? 0 : -1;
  const back = plan.anchors.some(({ target }) => recoveringState(tracks.meter(target, 'works')) === 1);
  put('recovering', bare(state === 0 && (back || answering.length > 0) ? 1 : 0));
  put('needs_met', bare(1));
  put('beyond_uplink', bare(1));
  put('behind_uplink', bare(1));
  put('service', { ...bare(state, uplink.evidence()), since: t0 });
}

function readMapService(
  service: ServiceBinding,
  t0: number | null,
  sources: GuardSources,
  startedAt: number,
  put: Put,
): void {
  const { plan, tracks } = sources;
  const one = (target: string | null, question: Question): Reading => readOne(target, question, sources);
  put('data', bare(dataState(tracks.meter(service.user, 'works')?.lastResult ?? null, startedAt, sources)));
  put('settled', bare(settledState(t0, sources)));
  put('recovering', bare(recoveringState(tracks.meter(service.user, 'works'))));
  put('service', {
    ...one(service.user, 'works'),
    state: tracks.state(service.user, 'works'),
    since: t0 ?? tracks.meter(service.user, 'works')?.since ?? null,
  });
  put('forward_proxy', readForwardProxy(service, sources));
  put('forward_proxy_own', bare(service.proxy === null ? -1 : service.proxy.own ? 1 : 0));
  put('needs_met', bare(needsMet(service, t0, sources)));
  put('beyond_uplink', bare(service.beyondUplink ? 1 : 0));
  for (const [name, reading] of readDomain(service, sources)) put(name, reading);
  put('keys_above', readFelt(service, plan.domains.find(({ name }) => name === service.domain)?.keys ?? [], sources));
  put('zone_signatures', readFelt(service, service.signed, sources));
  put('zone_signer_own', bare(service.signed.length === 0 ? -1 : service.signerOwn ? 1 : 0));
  put('nameservers', readServers(service.nameservers, 'serves', sources));
  put('nameservers_reachable', readReachable(service.nameservers, sources));
  put('zone_own', bare(service.nameservers.length === 0 ? -1 : leansOn(service, 'dns') ? 0 : 1));
  put('record', readRecord(service.nameservers, sources));
  put('endpoint_record', readAll(service.endpoint, 'record', sources));
  put('edge_connect', one(service.edge, 'connect'));
  put('edge_answer', readEdgeAnswer(service, sources));
  put('edge_delivers', readDelivery(service, sources));
  put('prober_welcome', one(service.user, 'welcome'));
  put('edge_certificate', one(service.edgeCertificate, 'valid'));
  put('edge_certificate_stands', one(service.edgeCertificate, 'stands'));
  put('edge_certificate_own', bare(service.edgeCertificate === null ? -1 : service.edgeCertificateOwn ? 1 : 0));
  put('certificates_elsewhere', bare(certificatesElsewhere(service, sources)));
  put('clock_explains', readExplained(service, t0 ?? 0, sources));
  put('origin_certificate', readOriginCertificate(service, sources));
  put('tunnel_daemon', one(service.tunnel, 'alive'));
  put('tunnel_ready', one(service.tunnel, 'ready'));
  put('tunnel_edge', readAll(service.tunnelEdge, 'works', sources));
  put('host', readOwn(service.host, 'works', service.hostNear, sources));
  put('origin_connect', readConnect(service.origin, sources));
  put('origin_answer', readOwn(service.origin, 'answer', service.hostNear, sources));
  put('origin_behind_cache', readBehindCache(service, sources));
  put('outside', readOutside(service, t0, sources));
  put('edge_elsewhere', readEdgeElsewhere(service, t0, sources));
  put('elsewhere_heard', readElsewhereHeard(service, t0, sources));
  put('behind_uplink', bare(service.behindUplink ? 1 : 0));
  const accepted = service.credentials.map((target) => one(target, 'accepted'));
  put('custom_own', readEvery([...service.customOwn.map((target) => one(target, 'works')), ...accepted]));
  put('custom_vendor', readEvery(service.customVendor.map((target) => one(target, 'works'))));
}

/** Silence once says nothing of whether the origin accepts connections, and so does not shake the proof that it does. */
function readConnect(target: string | null, sources: GuardSources): Reading {
  const reading = readOne(target, 'connect', sources);
  const wasSilent = sources.tracks.meter(target, 'connect')?.ring.at(-1) === -1;
  return wasSilent ? { ...reading, state: sources.tracks.state(target, 'connect') } : reading;
}

/** What users get is the better witness: an edge's own path can stay green while its customers burn (Cloudflare, 2025-12-05). */
function readEdgeAnswer(service: ServiceBinding, sources: GuardSources): Reading {
  const users = readOne(service.user, 'answer', sources);
  const path = readOne(service.edge, 'answer', sources);
  // A tunnel that no edge stands before is not hidden by one.
  if (service.edge === null) return bare(service.tunnel === null ? -1 : 1);
  return users.state === 0 ? users : path.state === 0 ? path : users.state === 1 ? users : path;
}

/** Only an origin that was well since the edge complained leaves something between the two to look at. */
function readDelivery({ user, edge, origin }: ServiceBinding, sources: GuardSources): Reading {
  if (edge === null) return bare(-1);
  const reading = readOne(user, 'delivers', sources);
  const { tracks } = sources;
  const since = tracks.meter(user, 'delivers')?.firstBad ?? Number.POSITIVE_INFINITY;
  const wellSince = (tracks.meter(origin, 'answer')?.lastOk ?? 0) > since;
  return reading.state === 0 && !wellSince ? { ...reading, state: -1 } : reading;
}

/** BAD: a copy was served after the origin, asked directly, began to fail. */
function readBehindCache({ user, origin, hostNear }: ServiceBinding, sources: GuardSources): Reading {
  const { tracks } = sources;
  const newest = user === null ? null : (tracks.get(user)?.newest ?? null);
  if (origin === null || newest?.kind !== 'http' || !newest.ok) return bare(-1);
  const broken = (['connect', 'answer'] as const)
    .map((question) => ({ question, reading: readOwn(origin, question, hostNear, sources) }))
    .find(({ reading }) => reading.state === 0);
  if (broken === undefined) return bare(1);
  const { cache } = newest.facts;
  const began = tracks.meter(origin, broken.question)?.firstBad ?? Number.POSITIVE_INFINITY;
  const copied = (cache === 'hit' || cache === 'stale') && newest.startedAt > began;
  return { ...broken.reading, state: copied ? 0 : -1 };
}

/**
 * Something of yours. What stands beyond the line is silent with it, and at its return comes back after it: its silence counts
 * only if the line was proven clean since it began.
 */
function readOwn(target: string | null, question: Question, near: boolean, sources: GuardSources): Reading {
  const { tracks, uplink } = sources;
  const reading = readOne(target, question, sources);
  const failure = target === null ? null : (tracks.get(target)?.lastFailure ?? null);
  if (near || reading.state !== 0 || failure === null || !isVague(failure.reason)) return reading;
  const began = tracks.meter(target, question)?.firstBad ?? failure.startedAt;
  return uplink.cleanSince(began, [], silentOver(failure)) === 1 ? reading : { ...reading, state: -1 };
}

/** BAD when all are, OK when any is. */
function readAll(targets: readonly string[], question: Question, sources: GuardSources): Reading {
  const counted = tally(targets, question, sources);
  const state: State = counted.good > 0 ? 1 : counted.bad > 0 && counted.bad === targets.length ? 0 : -1;
  return composed(state, counted, state === 0 ? 'fail' : 'answer');
}

/** BAD when any is, OK when all are. */
function readEvery(readings: Reading[]): Reading {
  const counted = count(readings);
  const state: State = counted.bad > 0 ? 0 : readings.length > 0 && counted.good === readings.length ? 1 : -1;
  return composed(state, counted, state === 0 ? 'signals of your own bad' : 'signals of your own good');
}

/** Of those that do not serve the zone, if there are any: one that serves it says nothing of why the others do not. */
function readReachable(targets: readonly string[], sources: GuardSources): Reading {
  const unserving = targets.filter((target) => sources.tracks.meter(target, 'serves')?.ring.at(-1) === 0);
  return readAll(unserving.length > 0 ? unserving : targets, 'reachable', sources);
}

const leansOn = ({ dependencies }: ServiceBinding, wanted: VendorLayer): boolean =>
  dependencies.some(({ layer }) => layer === wanted);

/** BAD when most do not serve the zone. One that has just answered again is no proof of failure any more. */
function readServers(targets: readonly string[], question: Question, sources: GuardSources): Reading {
  const counted = tally(targets, question, sources);
  const { good } = counted;
  const back = targets.filter((target) => isBack(sources.tracks.meter(target, question))).length;
  const state: State = areMost(counted.bad - back, targets.length) ? 0 : good > 0 ? 1 : -1;
  return composed(state, counted, state === 0 ? 'name servers fail' : 'name servers answer');
}

/** BAD when two servers, or the only one, say with authority that there is no address and none says there is. */
function readRecord(targets: readonly string[], sources: GuardSources): Reading {
  const counted = tally(targets, 'record', sources);
  const agreed = counted.bad >= Math.min(2, targets.length) && counted.bad > 0 && counted.good === 0;
  return composed(
    agreed ? 0 : counted.good > 0 ? 1 : -1,
    counted,
    agreed ? 'name servers say there is no address' : 'name servers have it',
  );
}
