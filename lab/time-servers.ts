// Time servers: NTP as RFC 5905 has a server answer a client, with the time of this machine, or another on demand.
import type dgram from 'node:dgram';
import type { Socket } from 'node:net';
import { reply } from './line.ts';
import { newOutlet, type Outlet, openForBoth } from './outlet.ts';
import type { Site } from './site.ts';

const PACKET_BYTES = 48;
/** Seconds from 1900 to 1970. */
const EPOCH_SECONDS = 2_208_988_800;
const SERVER = 0x24;
const STRATUM = 2;
/** How far our clock is ahead in the world where it is wrong: past the end of every certificate, not before its begin. */
export const WRONG_CLOCK_MS = 60 * 86_400_000;

export async function buildTimeServers(site: Site): Promise<void> {
  for (const { operator, at } of site.world.timeServers) {
    const refuse = (socket: Socket): void => void socket.destroy();
    const facts = { role: 'time', owner: operator, side: 'internet', address: site.addressOf(at) } as const;
    // The port is taken on TCP as well, so that nobody else is given it.
    const { outlet, datagrams } = await openForBoth(() => newOutlet({ ...facts, accept: refuse }));
    answerDatagrams(datagrams, outlet, () => Date.now() - (site.damage.active('clock_wrong') ? WRONG_CLOCK_MS : 0));
    site.outlets.push(outlet);
  }
}

function answerDatagrams(datagrams: dgram.Socket, outlet: Outlet, now: () => number): void {
  datagrams.on('message', (request, asker) => {
    if (outlet.state !== 'open' || request.length < PACKET_BYTES) return;
    const answer = Buffer.alloc(PACKET_BYTES);
    answer.writeUInt8(SERVER, 0);
    answer.writeUInt8(STRATUM, 1);
    answer.write('LAB', 12, 'latin1');
    request.copy(answer, 24, 40, 48);
    writeTime(answer, 32, now());
    writeTime(answer, 40, now());
    reply(outlet, answer, asker);
  });
}

function writeTime(packet: Buffer, at: number, unixMs: number): void {
  const seconds = Math.floor(unixMs / 1_000);
  packet.writeUInt32BE(seconds + EPOCH_SECONDS, at);
  packet.writeUInt32BE(Math.floor(((unixMs / 1_000 - seconds) % 1) * 2 ** 32), at + 4);
}
