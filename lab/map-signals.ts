// What the map of a world reads of a service besides its answers: how its parts are, how what it needs answers its calls, and
// whether those it trusts are there.
import { type SignalInputs, trustOf, urlOf } from './bystanders.ts';
import type { Outlet } from './outlet.ts';
import { onlyOutlet } from './site.ts';
import type { WorldEndpoint, WorldService } from './world.ts';

export function signalsOf(
  service: WorldService,
  endpoint: WorldEndpoint | undefined,
  outlets: readonly Outlet[],
): SignalInputs {
  return {
    ...partsOf(service, endpoint, outlets),
    ...callsOf(service, endpoint, outlets),
    ...trustOf(service, outlets),
  };
}

/** What the document about its parts says, and whose each part is. */
function partsOf(
  { name, tells, queues }: WorldService,
  endpoint: WorldEndpoint | undefined,
  outlets: readonly Outlet[],
): SignalInputs {
  if (!tells) return {};
  const url = `${urlOf(onlyOutlet(outlets, 'parts', name))}/parts`;
  const database = { url, pointer: '/parts/database', good: { equals: ['up'] } };
  const own = queues ? { database, queue: { url, pointer: '/queue', good: { atMost: 100 } } } : { database };
  if (endpoint === undefined) return own;
  const { vendor, component } = endpoint;
  return { ...own, breaker: { owner: vendor, url, pointer: `/breakers/${component}`, good: { equals: ['closed'] } } };
}

/** How the endpoint answers its own calls. */
function callsOf(
  { calls }: WorldService,
  endpoint: WorldEndpoint | undefined,
  outlets: readonly Outlet[],
): SignalInputs {
  if (calls === undefined || endpoint === undefined) return {};
  const url = `${urlOf(onlyOutlet(outlets, 'endpoint', endpoint.component))}/ping`;
  const call = { url, second: { headers: { 'x-account': 'second' } } };
  return { calls: { owner: endpoint.vendor, every: `${calls}s`, call } };
}
