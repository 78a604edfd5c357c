// Does the second path of a service share its fate with the first one? A question about the map alone: nothing is asked.
import { dependenciesOf } from './bind-service.ts';
import type { MapFile } from './schema.ts';
import { hostOf } from './url-parts.ts';
import type { Problem } from './user-error.ts';

/** What could keep a second path from working on the very day the first one fails, and who would not be told. */
export function secondPathProblems(file: MapFile, place: (path: readonly PropertyKey[]) => string): Problem[] {
  const named = Object.entries(file.services).flatMap(([name, service]): Problem[] => {
    const { failover, url } = service;
    if (failover === undefined) return [];
    const at = place(['services', name, 'failover']);
    const hint = 'name a path that shares nothing with the first one, such as an address of your own line';
    if (failover.url === url || (hostOf(failover.url) === hostOf(url) && failover.host === undefined))
      return [{ place: at, what: 'leads where url leads', hint }];
    return dependenciesOf(service).some(({ vendor }) => vendor === failover.vendor)
      ? [{ place: at, what: `needs ${failover.vendor}, as the first path does: both go when it fails`, hint }]
      : [];
  });
  const program = file.notify?.failover;
  const paths = Object.values(file.services).filter(({ failover }) => failover !== undefined);
  return program === undefined || paths.length > 0
    ? named
    : [{ place: place(['notify', 'failover']), what: 'is never told anything', hint: 'give a service a failover' }];
}
