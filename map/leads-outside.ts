// Which names lead outside, as the map has it: those of vendors, of registries and of who watches from elsewhere, and of services
// behind an edge. Who gives such a name an address of the house, of this machine or of nowhere has forged it (DNS rebinding) or blocks it, unless the map says that the house has its own.
import { parseServer } from '../exporters/dns/endpoint.ts';
import type { Target } from '../exporters/target.ts';
import { isNear, isWithin } from './alert-path.ts';
import type { DemarcMap } from './load.ts';
import type { Role } from './plan-types.ts';
import { isRegistered } from './registrable.ts';
import { hostOf } from './url-parts.ts';

/** What is asked of people outside who are no vendors of the map. */
const OF_STRANGERS: ReadonlySet<string> = new Set<Role>(['registration', 'outside', 'route']);

export function leadsOutside({ file }: DemarcMap, targets: readonly Target[]): (name: string) => boolean {
  const fronted = Object.values(file.services).flatMap(({ url, edge }) => (edge === undefined ? [] : [hostOf(url)]));
  const strangers = targets.flatMap(({ labels, settings }) =>
    labels.vendor !== '' || OF_STRANGERS.has(labels.role) ? hostsIn(settings) : [],
  );
  const hosts = [...fronted, ...strangers].map((host) => host.toLowerCase());
  const outside = new Set(hosts.filter((host) => isRegistered(host) && !isNear(host)));
  return (name) => outside.has(name) && !file.splitHorizon.some((domain) => isWithin(name, domain));
}

/** Whom a target is asked at. */
function hostsIn({ url, host, server }: Target['settings']): string[] {
  if (typeof url === 'string') return [hostOf(url)];
  if (typeof host === 'string') return [host];
  return typeof server === 'string' ? [parseServer(server)?.host ?? ''] : [];
}
