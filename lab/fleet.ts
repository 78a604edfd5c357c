// Hosts of the house that carry no service of the map: each a port of its own, and those that share something lost by one fault.
import { addPort, type Site } from './site.ts';
import type { World } from './world.ts';

type Host = NonNullable<World['fleet']>[number];

/** How a fault finds a host: by its kind or its switch, and by its place among those of its kind. */
export function likenessOf(
  host: Host,
  fleet: readonly Host[],
): { groups: readonly string[]; rank: readonly [index: number, count: number] } {
  const alike = fleet.filter(({ kind }) => kind === host.kind);
  return { groups: [host.kind, host.switch], rank: [alike.indexOf(host), alike.length] };
}

/** Opens a port for every host, under what it has in common with others: a fault names them by that. */
export async function buildFleet(site: Site): Promise<void> {
  const fleet = site.world.fleet ?? [];
  for (const host of fleet) {
    const { groups, rank } = likenessOf(host, fleet);
    const facts = { role: 'fleet', owner: host.kind, side: 'lan', groups, rank: rank[0] / rank[1] } as const;
    await addPort(site, facts, host.at, (socket) => {
      socket.resume();
      socket.on('end', () => socket.end());
    });
  }
}
