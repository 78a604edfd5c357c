// Which names lead outside, as the map has it: those of vendors, and of services behind an edge. Who gives such a name an address of
// the house, of this machine or of nowhere has forged it (DNS rebinding) or blocks it, unless the map says that the house has its own.
import { parseServer } from '../exporters/dns/endpoint.ts';
import type { Target } from '../exporters/target.ts';
import { isNear, isWithin } from './alert-path.ts';
import type { DemarcMap } from './load.ts';
import { isRegistered } from './registrable.ts';
import { hostOf } from './url-parts.ts';

export function leadsOutside({ file }: DemarcMap, targets: readonly Target[]): (name: string) => boolean {
  const fronted = Object.values(file.services).flatMap(({ url, edge }) => (edge === undefined ? [] : [hostOf(url)]));
  const vendors = targets.flatMap(({ labels, settings }) => (labels.vendor === '' ? [] : hostsIn(settings)));
  const hosts = [...fronted, ...vendors].map((host) => host.toLowerCase());
  const outside = new Set(hosts.filter((host) => isRegistered(host) && !isNear(host)));
  return (name) => outside.has(name) && !file.splitHorizon.some((domain) => isWithin(name, domain));
}

/** Whom a target is asked at. */
function hostsIn({ url, host, server }: Target['settings']): string[] {
  if (typeof url === 'string') return [hostOf(url)];
  if (typeof host === 'string') return [host];
  return typeof server === 'string' ? [parseServer(server)?.host ?? ''] : [];
}
