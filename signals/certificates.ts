// Whether an invalid certificate is its host's alone. Something in between shows its own to whoever speaks TLS, and a clock that is
// wrong makes good ones look out of their time: so another must have held, for us and by our clock, while this one did not.
import type { State } from '../catalog/signals.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import { CERTIFICATE_BROKEN } from './classify.ts';
import { isClockRight } from './clock.ts';
import type { GuardSources } from './guard.ts';
import type { Meter } from './meter.ts';
import { type Reading, readOne } from './readings.ts';
import type { Track } from './tracks.ts';

const VENDORS_TO_COMPARE = 2;

/**
 * OK: while the certificate of `service` failed, hosts of others showed valid ones; or there is none to compare with, and the
 * clock is right as far as anybody can be asked.
 * BAD: at least two vendors' hosts show invalid ones too, and nobody's shows a valid one. UNKNOWN: neither, or no trouble.
 */
export function certificatesElsewhere(service: ServiceBinding, sources: GuardSources): State {
  const { plan, tracks } = sources;
  const { firstBad: broken = null, lastBad = null } = tracks.meter(service.edgeCertificate, 'valid') ?? {};
  if (broken === null || lastBad === null) return -1;
  const secured = securedControls(sources);
  if (secured.length === 0) return plan.timeServers.length === 0 || isClockRight(broken, sources) ? 1 : -1;
  const heard = secured.filter(({ target }) => (tracks.get(target)?.newest?.startedAt ?? 0) >= broken);
  const okSince = heard.flatMap(({ target }) => tracks.meter(target, 'works')?.okSince ?? []);
  if (okSince.length > 0) return okSince.some((since) => since < lastBad) ? 1 : -1;
  const refused = heard.filter(({ target }) => CERTIFICATE_BROKEN.has(tracks.get(target)?.newest?.reason ?? 'ok'));
  return new Set(refused.map(({ vendor }) => vendor)).size >= VENDORS_TO_COMPARE ? 0 : -1;
}

/** The certificate the origin itself serves. Out of its time it counts as broken once another held by the same clock. */
export function readOriginCertificate(service: ServiceBinding, sources: GuardSources): Reading {
  const reading = readOne(service.originCertificate, 'valid', sources);
  const mayBeClocks = reading.state === 0 && failedByTime(sources.tracks.get(service.originCertificate ?? ''));
  return mayBeClocks && !isClockTried(service, sources) ? { ...reading, state: -1 } : reading;
}

/** Where there is nobody to compare with, the clock is believed. A dead line is no such case: machines boot without one, and in 1970. */
function isClockTried({ originCertificate, edgeCertificate }: ServiceBinding, sources: GuardSources): boolean {
  const { tracks } = sources;
  const { firstBad = null, lastBad = null } = tracks.meter(originCertificate, 'valid') ?? {};
  const held = (meter: Meter | undefined): boolean =>
    (meter?.okSince ?? Number.POSITIVE_INFINITY) < (lastBad ?? 0) && (meter?.lastOk ?? 0) >= (firstBad ?? 0);
  const secured = securedControls(sources);
  if (secured.length === 0 && edgeCertificate === null) return true;
  return (
    held(tracks.meter(edgeCertificate, 'valid')) || secured.some(({ target }) => held(tracks.meter(target, 'works')))
  );
}

const securedControls = ({ plan, tracks }: GuardSources): GuardSources['plan']['controls'] =>
  plan.controls.filter(({ target }) => isSecured(tracks.get(target)));

function isSecured(track: Track | undefined): boolean {
  const newest = track?.newest ?? null;
  return newest?.kind === 'http' && newest.facts.tls === true;
}

/** Whether it was out of its time when it last failed, and nothing else. */
function failedByTime(track: Track | undefined): boolean {
  const failure = track?.lastFailure ?? null;
  return (
    failure?.kind === 'certificate' && failure.facts.checks.time === false && failure.facts.checks.hostname !== false
  );
}
