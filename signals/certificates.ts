// Whether an invalid certificate is your host's alone. Something in between shows its own to whoever speaks TLS.
import type { State } from '../catalog/signals.ts';
import type { ServiceBinding } from '../map/plan-types.ts';
import { CERTIFICATE_BROKEN } from './classify.ts';
import type { GuardSources } from './guard.ts';
import type { Track } from './tracks.ts';

const VENDORS_TO_COMPARE = 2;

/**
 * OK: while the certificate of `service` failed, hosts of others showed valid ones; or there is none to compare with.
 * BAD: at least two vendors' hosts show invalid ones too, and nobody's shows a valid one. UNKNOWN: neither, or no trouble.
 */
export function certificatesElsewhere(service: ServiceBinding, { plan, tracks }: GuardSources): State {
  const { firstBad: broken = null, lastBad = null } = tracks.meter(service.edgeCertificate, 'valid') ?? {};
  if (broken === null || lastBad === null) return -1;
  const secured = plan.controls.filter(({ target }) => isSecured(tracks.get(target)));
  if (secured.length === 0) return 1;
  const heard = secured.filter(({ target }) => (tracks.get(target)?.newest?.startedAt ?? 0) > broken);
  const okSince = heard.flatMap(({ target }) => tracks.meter(target, 'works')?.okSince ?? []);
  if (okSince.length > 0) return okSince.some((since) => since < lastBad) ? 1 : -1;
  const refused = heard.filter(({ target }) => CERTIFICATE_BROKEN.has(tracks.get(target)?.newest?.reason ?? 'ok'));
  return new Set(refused.map(({ vendor }) => vendor)).size >= VENDORS_TO_COMPARE ? 0 : -1;
}

function isSecured(track: Track | undefined): boolean {
  const newest = track?.newest ?? null;
  return newest?.kind === 'http' && newest.facts.tls === true;
}
