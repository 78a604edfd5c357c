// The signals of the whole site at this instant: the prober, the way out, and the resolvers.
import type { SignalName, State } from '../catalog/signals.ts';
import { readClock } from './clock.ts';
import { describe } from './describe.ts';
import { readFleet } from './fleet.ts';
import type { GuardSources } from './guard.ts';
import type { Meter } from './meter.ts';
import { isPortalInQuestion, readPortal } from './portal.ts';
import { readPower } from './power.ts';
import { bare, type Reading } from './readings.ts';
import { symptomStart } from './service-signals.ts';
import { readUnchecked } from './signatures.ts';

/** Every signal of the site. `starved`: the prober itself is late. */
export function readSite(sources: GuardSources, starved: boolean): [SignalName, Reading][] {
  const { plan, uplink } = sources;
  const t0 = newestSymptom(sources);
  const ipv6 = uplink.ipv6(t0);
  return [
    ['prober', bare(starved ? 0 : 1)],
    ['gateway', fromMeter(plan.gateway, sources)],
    ['uplink', bare(uplinkState(t0, sources), uplink.evidence())],
    ['second_family', bare(ipv6, ipv6 === -1 ? '' : uplink.evidence(6))],
    ['fleet', readFleet(sources)],
    ['no_portal', readPortal(sources)],
    ['power', readPower(sources)],
    ['resolver', resolverReading(sources)],
    ['resolver_unchecked', readUnchecked(sources)],
    ['resolver_own', bare(plan.resolver === null ? -1 : plan.resolver.own ? 1 : 0)],
    ['other_resolvers', otherResolvers(t0, sources)],
    ['clock', readClock(clockSince(sources), sources)],
  ];
}

/** Time servers are asked rarely: until something fails, a few of their own intervals count. */
function clockSince(sources: GuardSources): number {
  const { plan, timing, tracks, now } = sources;
  const staleMs = plan.timeServers.map(({ target }) => tracks.get(target)?.staleMs ?? 0);
  const starts = plan.services
    .filter(({ kind }) => kind === 'map')
    .flatMap((service) => symptomStart(service, sources) ?? []);
  return Math.max(now() - Math.max(timing.staleIntervals * timing.intervalMs, ...staleMs), ...starts);
}

/** Since when evidence must have been asked for to count: the newest confirmed symptom, or a few intervals ago. */
function newestSymptom(sources: GuardSources): number {
  const { plan, timing, tracks, now } = sources;
  const starts = plan.services
    .filter(({ kind, user }) => kind === 'map' && tracks.state(user, 'works') === 0)
    .flatMap((service) => symptomStart(service, sources) ?? []);
  return Math.max(now() - timing.staleIntervals * timing.intervalMs, ...starts);
}

function uplinkState(t0: number, sources: GuardSources): State {
  const { uplink } = sources;
  if (uplink.down()) return isBeyondGateway(sources) && !isPortalInQuestion(sources) ? 0 : -1;
  return uplink.operatorsSince(t0) >= 2 && uplink.cleanSince(t0, []) !== 0 ? 1 : -1;
}

/**
 * Whether the silence of all anchors is the line's: the gateway answers, was not away lately, has answered after the silence
 * began and amid it. Without a gateway to ask there is nothing to place it by.
 */
function isBeyondGateway({ plan, timing, tracks, uplink, now }: GuardSources): boolean {
  const gateway = tracks.meter(plan.gateway, 'works');
  if (gateway === undefined || tracks.state(plan.gateway, 'works') !== 1) return true;
  const silent = plan.anchors
    .flatMap(({ target }) => tracks.meter(target, 'works') ?? [])
    .filter(({ state }) => state === 0);
  const { okSince, lastOk } = gateway;
  if (okSince === null || lastOk === null || wasAway(gateway, now() - timing.cleanWindowMs)) return false;
  if (!uplink.silentBesideGateway(okSince)) return false;
  return silent.every(({ badSince, lastBad }) => badSince !== null && lastOk > badSince && (lastBad ?? 0) > okSince);
}

/** Whether it came back from a failure after `from`, or answers with gaps. One answer that was lost is neither. */
function wasAway({ since, lastBad, ring }: Meter, from: number): boolean {
  if (lastBad === null || lastBad < from) return false;
  return (since ?? 0) > lastBad || ring.filter((outcome) => outcome === 0).length > 1;
}

/** A resolver that has just answered again is no proof of failure any more. */
function resolverReading(sources: GuardSources): Reading {
  const { plan, tracks } = sources;
  const target = plan.resolver?.target ?? null;
  const reading = fromMeter(target, sources);
  const back = reading.state === 0 && tracks.meter(target, 'works')?.okSince !== null;
  return back ? { ...reading, state: -1 } : reading;
}

/**
 * While yours works, that others answer is all there is to prove. Once it fails more is asked, since a resolver asks the outside
 * for you: others exonerate the line only if they answered before and after, and the line is proven clean since.
 */
function otherResolvers(t0: number, { plan, timing, tracks, uplink, now }: GuardSources): Reading {
  const { publicResolvers } = plan;
  const { firstBad = null, badSince = null } = tracks.meter(plan.resolver?.target ?? null, 'works') ?? {};
  const works = firstBad === null;
  const asked = Math.max(t0, firstBad ?? 0);
  const good = publicResolvers.filter(({ target }) => {
    const { lastOk = null, lastBad = null, okSince = null } = tracks.meter(target, 'works') ?? {};
    const throughout = okSince !== null && (works || okSince < (badSince ?? 0));
    return throughout && (lastOk ?? 0) > asked && (lastBad ?? 0) < now() - timing.holdDownMs;
  });
  const allBad =
    publicResolvers.length > 0 && publicResolvers.every(({ target }) => tracks.state(target, 'works') === 0);
  const proven = good.length > 0 && (works || uplink.cleanSince(asked, []) === 1);
  return bare(proven ? 1 : allBad ? 0 : -1, `${good.length} of ${publicResolvers.length} public resolvers answered`);
}

function fromMeter(target: string | null, { tracks }: GuardSources): Reading {
  const meter = tracks.meter(target, 'works');
  const { since = null, lastOk = null, lastBad = null } = meter ?? {};
  const newest = target === null ? null : tracks.get(target)?.newest;
  return { state: tracks.state(target, 'works'), evidence: newest ? describe(newest) : '', since, lastOk, lastBad };
}
