// The models of the probes that speak TLS and HTTP: what they would meet at edges, origins and endpoints.
import net from 'node:net';
import type { CertificateFacts } from '../../exporters/certificate/facts.ts';
import type { HttpFacts } from '../../exporters/http/facts.ts';
import { isAmong, type StatusCodes } from '../../exporters/http/status-codes.ts';
import type { Measurement, Observation, ObservationOf } from '../../exporters/observation.ts';
import type { Target } from '../../exporters/target.ts';
import type { Outlet } from '../../lab/outlet.ts';
import { wayOutOf } from '../../map/forward-proxy.ts';
import {
  connected,
  type End,
  FINE,
  located,
  placeAt,
  stamped,
  text,
  tripTo,
  trueTime,
  type Wired,
} from './measuring.ts';
import { passProxy, toldByProxy } from './proxy-model.ts';
import { giveUp, isNarrow, RESENDS, roundTrip, silence, spend, type Trip } from './trip.ts';

const NO_ANSWER = { status: null, generator: null, vendorCode: null, pop: null, httpVersion: null };
const UNSEEN = { time: null, hostname: null, trusted: null, completeChain: null };
const DAY_MS = 86_400_000;

/** The family a probe insists on; undefined: whichever the name has. */
function familyOf({ settings: { family } }: Target): 4 | 6 | undefined {
  return family === 'ip4' ? 4 : family === 'ip6' ? 6 : undefined;
}

export function measureHttp(target: Target, startedAt: number, wired: Wired): ObservationOf<'http'> {
  const url = new URL(text(target, 'url'));
  const place = placeAt(Number(url.port), wired, url.hostname, familyOf(target));
  const trip = tripTo(place, target, wired);
  const measured = converse(trip, target, url, place, startedAt, wired);
  return { kind: 'http', ...stamped(target, startedAt, trip, measured), facts: measured.facts };
}

function converse(
  trip: Trip,
  target: Target,
  url: URL,
  place: Outlet,
  startedAt: number,
  wired: Wired,
): End & Pick<Measurement<HttpFacts>, 'facts'> {
  const tls = url.protocol === 'https:';
  const facts: HttpFacts = {
    ...NO_ANSWER,
    address: null,
    stamped: null,
    bodyBytes: null,
    serverDate: null,
    age: null,
    tls,
    certificateNotAfter: null,
  };
  const proxy = wayOutOf(target);
  if (proxy !== null) facts.proxyStatus = null;
  const ended = (end: End) => ({ ...end, facts });
  const onward = (end: End) => ended(proxy === null ? end : toldByProxy(end));
  const passed = proxy === null ? FINE : passProxy(trip, proxy, url.hostname, wired);
  if (passed.reason !== 'ok') return ended(passed);
  const mode = target.settings.resolve === 'last_good' ? 'last_good' : 'fresh';
  const name = located(trip, url.hostname, mode, target, wired);
  if (name.reason !== 'ok') return onward(name);
  const wanted = familyOf(target);
  if (wanted !== undefined && wanted !== net.isIP(place.address))
    return ended({ reason: 'no_address', phase: 'resolve' });
  facts.address = place.address;
  const reached = reachedAs(url.hostname, trip, place, wired);
  if (reached.reason !== 'ok') return onward(reached);
  const secured = tls ? shakeHands(trip, target, url.hostname, place, wired) : FINE;
  if (secured.reason !== 'ok') return ended(secured);
  const { saying, ms } = wired.replies.ask(place, url);
  const heard = roundTrip(trip, place, RESENDS.segment, wired.condition, wired.random) && spend(trip, ms);
  if (!heard) return ended({ reason: 'timeout', phase: silence(trip, 'processing') });
  Object.assign(facts, wired.replies.read(target, place, saying), {
    httpVersion: '1.1',
    bodyBytes: 512,
    serverDate: trueTime(startedAt + trip.spentMs, wired),
  });
  const expected = (target.settings.expect as { status?: StatusCodes } | undefined)?.status ?? [200];
  const fitting = facts.status !== null && isAmong(facts.status, expected);
  return ended(fitting ? FINE : { reason: 'http_status', phase: 'check' });
}

/** Where a name leads: to the place itself, unless the resolver lies about it. */
function reachedAs(host: string, trip: Trip, place: Outlet, wired: Wired): End {
  switch (wired.names.lieAbout(host)) {
    case 'stale':
      return { reason: 'timeout', phase: silence(trip, 'connect') };
    case 'rewritten':
      // 0.0.0.0 is this very machine, where nobody listens on that port.
      return { reason: 'connect_refused', phase: 'connect' };
    case 'nodata':
    case null:
      return connected(trip, place, wired);
  }
}

function certificateExpired(host: string, { role, owner, address }: Outlet, { condition, world }: Wired): boolean {
  if (condition.active('clock_wrong') !== undefined) return true;
  if (role === 'origin') return condition.active('origin_certificate_expired', owner) !== undefined;
  if (role !== 'edge' && role !== 'edge_control') return false;
  if (condition.active('edge_certificate_expired', owner, { role, address }) !== undefined) return true;
  const service = world.services.find((one) => one.host === host);
  return service !== undefined && condition.active('edge_certificate_expired', service.name) !== undefined;
}

/** TLS up to the certificate: whether one was shown at all. */
function greeted(trip: Trip, place: Outlet, { condition, random }: Wired): End {
  const isEdge = place.role === 'edge' || place.role === 'edge_control';
  if (isEdge && condition.strikes('edge_resets', place.owner, place)) return { reason: 'connect_reset', phase: 'tls' };
  const heard = isNarrow(place, condition) ? giveUp(trip) : roundTrip(trip, place, RESENDS.segment, condition, random);
  return heard ? FINE : { reason: 'timeout', phase: 'tls' };
}

function isIntercepted({ side }: Outlet, { condition }: Wired): boolean {
  return side === 'internet' && condition.active('intercepted') !== undefined;
}

function shakeHands(trip: Trip, target: Target, host: string, place: Outlet, wired: Wired): End {
  const end = greeted(trip, place, wired);
  if (end.reason !== 'ok' || target.settings.tlsVerify === false) return end;
  if (isIntercepted(place, wired)) return { reason: 'tls_untrusted', phase: 'tls' };
  return certificateExpired(host, place, wired) ? { reason: 'tls_expired', phase: 'tls' } : FINE;
}

/** Whether the issuer's list lets a certificate stand; null when it cannot be had, or is old. */
function wordOfList({ role, owner }: Outlet, { condition, places }: Wired): boolean | null {
  const list = places.find((place) => place.role === 'revocations');
  const isHad = list !== undefined && condition.state(list) === 'open';
  if (!isHad || condition.active('revocation_list_expired') !== undefined) return null;
  return role !== 'origin' || condition.active('certificate_revoked', owner) === undefined;
}

export function measureCertificate(target: Target, startedAt: number, wired: Wired): Observation {
  const host = text(target, 'host');
  const place = placeAt(Number(target.settings.port), wired, host);
  const trip = tripTo(place, target, wired);
  const name = located(trip, host, 'last_good', target, wired);
  const reached = name.reason === 'ok' ? reachedAs(host, trip, place, wired) : name;
  const shown = reached.reason === 'ok' ? greeted(trip, place, wired) : reached;
  const seen = shown.reason === 'ok';
  const expired = certificateExpired(host, place, wired);
  const trusted = !isIntercepted(place, wired);
  const notRevoked = trusted && target.settings.revocation === 'list' ? wordOfList(place, wired) : null;
  const facts: CertificateFacts = {
    address: place.address,
    notBefore: seen ? startedAt - (expired ? 91 : 30) * DAY_MS : null,
    notAfter: seen ? startedAt + (expired ? -DAY_MS / 24 : 60 * DAY_MS) : null,
    checks: seen ? { time: !expired, hostname: true, trusted, completeChain: true, notRevoked } : UNSEEN,
    fingerprint: null,
    issuer: null,
    chainLength: seen ? 2 : null,
    protocol: seen ? 'TLSv1.3' : null,
  };
  const flaw = trusted ? (expired ? 'tls_expired' : notRevoked === false ? 'tls_revoked' : null) : 'tls_untrusted';
  const judged: End = flaw === null ? FINE : { reason: flaw, phase: 'check' };
  return { kind: 'certificate', ...stamped(target, startedAt, trip, seen ? judged : shown), facts };
}
