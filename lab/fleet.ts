// Hosts of the house that carry no service of the map: each a port of its own, and all of one kind lost by one fault.
import { addPort, type Site } from './site.ts';

/** Opens a port for every host, under what it has in common with others: a fault names them by that. */
export async function buildFleet(site: Site): Promise<void> {
  for (const { at, kind } of site.world.fleet ?? []) {
    await addPort(site, { role: 'fleet', owner: kind, side: 'lan' }, at, (socket) => {
      socket.resume();
      socket.on('end', () => socket.end());
    });
  }
}
