// Whether the forward proxy that a service is asked through lets anything pass. What it says of one server that it does not
// reach counts for nothing by itself: only a proxy that reaches nobody has failed.
import type { ProxiedTarget, ServiceBinding } from '../map/plan-types.ts';
import type { GuardSources } from './guard.ts';
import { bare, type Reading, readOne } from './readings.ts';

/** So many servers must be out of reach through it, and none within. */
const HOSTS_TO_BE_NOBODY = 2;

export function readForwardProxy({ user, proxy }: ServiceBinding, sources: GuardSources): Reading {
  if (proxy === null) return bare(-1);
  const passes = readOne(user, 'passes', sources);
  if (passes.state === 1) return passes;
  if (passes.state === 0) return proxy.near || lineIsClean(user, sources) ? passes : { ...passes, state: -1 };
  // It needs the line to reach anybody, wherever it stands.
  const reachesNobody = isOutOfReach(sources.plan.proxied.get(proxy.url) ?? [], sources);
  return { ...passes, state: reachesNobody && lineIsClean(user, sources) ? 0 : -1 };
}

/** Since the proxy began to fail. */
function lineIsClean(user: string | null, { tracks, uplink }: GuardSources): boolean {
  const began = tracks.meter(user, 'carries')?.firstBad ?? null;
  return began !== null && uplink.cleanSince(began, []) === 1;
}

function isOutOfReach(proxied: readonly ProxiedTarget[], { tracks }: GuardSources): boolean {
  const known = proxied.filter(({ target }) => tracks.state(target, 'carries') !== -1);
  const hosts = new Set(known.map(({ host }) => host));
  return hosts.size >= HOSTS_TO_BE_NOBODY && known.every(({ target }) => tracks.state(target, 'carries') === 0);
}
