// Ports outside that are asked only to see which of them can be reached from here. They are told, and judge nobody.
import { z } from 'zod';
import type { DemarcMap } from './load.ts';
import { Host, Name, Port } from './schema-words.ts';
import type { Targets } from './targets.ts';

export const EgressPeer = z.strictObject({
  host: Host.describe('Its name or address.'),
  port: Port.describe('The port it answers at.'),
  over: z.enum(['tcp', 'quic']).default('tcp').describe('What is spoken there; QUIC is asked over UDP.'),
  operator: Name.describe('Who runs it.'),
});

export type EgressPeer = z.output<typeof EgressPeer>;

/** What may leave changes seldom, and these are the ports of strangers. */
const PACE = { intervalMs: 120_000, gapMs: 30_000 };
/** What a frame of Ethernet carries of UDP over IPv4. */
const FULL_DATAGRAM = 1_472;

/** Every peer, and those that speak QUIC with datagrams of full size too. */
export function planEgress({ egress }: DemarcMap, targets: Targets): void {
  for (const peer of egress) addPeer(peer, targets);
  for (const { host, port, operator } of egress.filter(({ over }) => over === 'quic')) {
    const settings = { host, port, bytes: FULL_DATAGRAM };
    targets.add('path_mtu', `${operator}/quic-${host}`, 'quic', settings, {}, PACE);
  }
}

/** The transport and the port stand first in its name, by which the dashboards sort. */
export function addPeer({ host, port, over, operator }: EgressPeer, targets: Targets): void {
  targets.add('egress', `${over}-${port}/${operator}/${host}`, over, { host, port }, {}, PACE);
}
