// Hosts of the house that carry no service of the map: each a port of its own, and those that share something lost by one fault.
import type { Socket } from 'node:net';
import { answerAsRdp, greetAsSsh } from './greetings.ts';
import { addPort, type Site } from './site.ts';
import type { WorldHost } from './world.ts';

/** What a host shares with others: its system, its switch, and whose updates it takes. */
export const groupsOf = ({ kind, switch: hangsOn, updates }: WorldHost): string[] => [
  kind,
  hangsOn,
  ...(updates === undefined ? [] : [updates]),
];

/** How a fault finds a host: by what it shares with others, and by its place among those of its kind. */
export function likenessOf(
  host: WorldHost,
  fleet: readonly WorldHost[],
): { groups: readonly string[]; rank: readonly [index: number, count: number] } {
  const alike = fleet.filter(({ kind }) => kind === host.kind);
  return { groups: groupsOf(host), rank: [alike.indexOf(host), alike.length] };
}

/** By which administrators come in, and what is asked there: the port of the system where this machine lets us have it. */
const DOORS = {
  windows: { port: 3_389, accept: answerAsRdp },
  linux: { port: 22, accept: greetAsSsh },
} as const satisfies Record<WorldHost['kind'], { port: number; accept(socket: Socket): void }>;

/** Opens a port for every host, under what it has in common with others: a fault names them by that. */
export async function buildFleet(site: Site): Promise<void> {
  const fleet = site.world.fleet ?? [];
  for (const host of fleet) {
    const { groups, rank } = likenessOf(host, fleet);
    const facts = { role: 'fleet', owner: host.kind, side: 'lan', groups, rank: rank[0] / rank[1] } as const;
    const { port, accept } = DOORS[host.kind];
    await addPort(site, facts, host.at, accept, port);
  }
}
