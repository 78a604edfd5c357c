// What each probe of the plan would give, were it sent into the simulated world at this instant, and how long it would take.
// It stands in for the measurements only: scheduling, signals and table are the real ones.
import { parseServer } from '../../exporters/dns/endpoint.ts';
import { type DnsFacts, nothingRead } from '../../exporters/dns/facts.ts';
import type { Observation } from '../../exporters/observation.ts';
import type { Target } from '../../exporters/target.ts';
import { NO_TUNNEL_FACTS } from '../../exporters/tunnel-facts.ts';
import type { Outlet } from '../../lab/outlet.ts';
import { measureApi } from './api-model.ts';
import { measureCustom, measureShown } from './custom-model.ts';
import {
  connected,
  type End,
  FINE,
  located,
  type ModelOptions,
  placeAt,
  stamped,
  text,
  tripTo,
  type Wired,
} from './measuring.ts';
import { createNames, type NameAnswer, type ResolverAnswer, reasonOfName } from './names.ts';
import { measureOutside } from './outside-model.ts';
import { measurePing } from './ping-model.ts';
import { measurePortal } from './portal-model.ts';
import { measurePower } from './power-model.ts';
import { measureClock, measureRegistration, referral } from './registry-model.ts';
import { createReplies } from './replies.ts';
import { giveUp, isNarrow, RESENDS, roundTrip, spend, type Trip } from './trip.ts';
import { measureCertificate, measureHttp } from './web-model.ts';

/** A settled measurement: the observation as it will be, its duration being how long to wait for it. */
export type Measure = (target: Target) => Observation;

export function createModel(options: ModelOptions): Measure {
  const atPort = new Map<number, Outlet[]>();
  for (const place of options.places) atPort.set(place.port, [...(atPort.get(place.port) ?? []), place]);
  const names = createNames(options);
  const wired: Wired = { ...options, names, replies: createReplies({ ...options, names }), atPort };
  return (target) => {
    const startedAt = options.clock.now();
    switch (target.kind) {
      case 'tcp':
        return measureTcp(target, startedAt, wired);
      case 'dns':
        return measureDns(target, startedAt, wired);
      case 'http':
        return measureHttp(target, startedAt, wired);
      case 'certificate':
        return measureCertificate(target, startedAt, wired);
      case 'cloudflared':
        return measureTunnel(target, startedAt, wired);
      case 'tailscale':
      case 'wireguard':
      case 'ngrok':
      case 'frp':
        return measureDaemon(target, target.kind, startedAt, wired);
      case 'registration':
        return measureRegistration(target, startedAt, wired);
      case 'clock':
        return measureClock(target, startedAt, wired);
      case 'portal':
        return measurePortal(target, startedAt, wired);
      case 'outside':
        return measureOutside(target, startedAt, wired);
      case 'power':
        return measurePower(target, startedAt, wired);
      case 'identity':
      case 'acme':
        return measureShown(target, target.kind, startedAt, wired);
      case 'custom':
        return measureCustom(target, startedAt, wired);
      case 'ping':
        return measurePing(target, startedAt, wired);
      case 'api':
        return measureApi(target, startedAt, wired);
      case 'routing':
      case 'status':
      case 'train':
      case 'quic':
        throw new Error(`${target.kind} decides nothing, so it is not simulated`);
    }
  };
}

function measureTcp(target: Target, startedAt: number, wired: Wired): Observation {
  const host = text(target, 'host');
  const place = placeAt(Number(target.settings.port), wired, host);
  const trip = tripTo(place, target, wired);
  const name = located(trip, host, 'last_good', target, wired);
  const end = name.reason === 'ok' ? connected(trip, place, wired) : name;
  const refused = end.reason === 'connect_refused';
  const alive = refused && target.settings.aliveWhenRefused === true;
  const answer = refused ? 'refused' : end.reason === 'ok' ? 'accepted' : null;
  const address = name.reason === 'ok' ? place.address : null;
  return { kind: 'tcp', ...stamped(target, startedAt, trip, alive ? FINE : end), facts: { address, answer } };
}

const RCODES: Record<NameAnswer | 'servfail' | 'bogus', string> = {
  answer: 'NOERROR',
  nodata: 'NOERROR',
  nxdomain: 'NXDOMAIN',
  refused: 'REFUSED',
  servfail: 'SERVFAIL',
  bogus: 'SERVFAIL',
};

function measureDns(target: Target, startedAt: number, wired: Wired): Observation {
  const server = parseServer(text(target, 'server'));
  const place = placeAt(server?.port ?? 0, wired);
  const trip = tripTo(place, target, wired);
  const stuck = server?.secured !== undefined && isNarrow(place, wired.condition);
  const answer = stuck && !giveUp(trip) ? 'silent' : askServer(trip, place, target, wired);
  if (place.role === 'registry') return referral(target, startedAt, trip, answer, wired);
  const silent = answer === 'silent';
  const phase = answer === 'answer' ? null : silent ? 'request' : 'check';
  const facts: DnsFacts = {
    ...nothingRead(text(target, 'server')),
    rcode: silent ? null : RCODES[answer],
    shape: silent ? null : answer === 'answer' || answer === 'nodata' || answer === 'nxdomain' ? answer : 'error',
    authoritative: silent ? null : place.role === 'nameserver' && answer !== 'refused',
    nameServers: [],
  };
  const end: End = isWished(target, answer) ? FINE : { reason: reasonOfName(answer), phase };
  return { kind: 'dns', ...stamped(target, startedAt, trip, end), facts };
}

/** Where any word about a name will do, as long as it is one. */
function isWished({ settings: { expect } }: Target, answer: ResolverAnswer): boolean {
  const shapes = typeof expect === 'object' && expect !== null && 'shapes' in expect ? expect.shapes : null;
  return Array.isArray(shapes) && shapes.includes(answer);
}

function askServer(trip: Trip, place: Outlet, target: Target, wired: Wired): ResolverAnswer {
  const { condition, random, names } = wired;
  const [name, type] = [text(target, 'name'), text(target, 'type')];
  const deaf = condition.state(place) !== 'open';
  if (deaf || !roundTrip(trip, place, RESENDS.datagram, condition, random)) {
    giveUp(trip);
    return 'silent';
  }
  if (place.role === 'registry') return names.delegated(name) ? 'answer' : 'nxdomain';
  if (place.role === 'nameserver') return names.authoritative(name, type);
  if (place.role === 'resolver' && condition.strikes('resolver_failing')) return 'servfail';
  const unchecked = target.settings.unchecked === true;
  const { answer, ms } = names.recursive(name, { type, unchecked, own: place.role === 'resolver' });
  return spend(trip, ms) ? answer : 'silent';
}

const READY_CONNECTIONS = 4;

/** Other daemons fare as cloudflared does: what they say of it has the same meaning. */
function measureDaemon(
  target: Target,
  kind: 'tailscale' | 'wireguard' | 'ngrok' | 'frp',
  startedAt: number,
  wired: Wired,
): Observation {
  const { facts, ...said } = measureTunnel(target, startedAt, wired);
  const state = 'state' in facts && (facts.state === 'ready' || facts.state === 'not_ready') ? facts.state : null;
  return { ...said, kind, facts: { ...NO_TUNNEL_FACTS, state } };
}

function measureTunnel(target: Target, startedAt: number, wired: Wired): Observation {
  const place = placeAt(Number(new URL(text(target, 'url')).port), wired);
  const trip = tripTo(place, target, wired);
  const reached = connected(trip, place, wired);
  const up = wired.condition.tunnelUp();
  const answered = reached.reason === 'ok';
  const end: End = !answered ? reached : up ? FINE : { reason: 'tunnel_not_ready', phase: 'check' };
  const facts = {
    state: answered ? (up ? ('ready' as const) : ('not_ready' as const)) : null,
    readyConnections: answered ? (up ? READY_CONNECTIONS : 0) : null,
    registerFailures: null,
    version: null,
    smoothedRttMs: null,
  };
  return { kind: 'cloudflared', ...stamped(target, startedAt, trip, end), facts };
}
