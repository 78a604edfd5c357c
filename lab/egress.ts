// Places that are asked only to see whether their ports can be reached: some take a connection, some speak QUIC as far as its versions.
import type dgram from 'node:dgram';
import type { Socket } from 'node:net';
import { isHeard, reply } from './line.ts';
import { newOutlet, type Outlet, openForBoth } from './outlet.ts';
import { addPort, type Site } from './site.ts';

/** RFC 9000 and RFC 9369. */
const VERSIONS = [1, 0x6b3343cf];
/** Smaller datagrams begin nothing (RFC 9000 section 14.1). */
const LEAST_BYTES = 1_200;
const IS_LONG = 0x80;
const LONGEST_ID = 20;

export async function buildEgress(site: Site): Promise<void> {
  for (const { operator, at, over } of site.world.egress ?? []) {
    if (over === 'tcp') {
      await addPort(site, { role: 'egress', owner: operator, side: 'internet' }, at, (socket) => void socket.resume());
      continue;
    }
    const refuse = (socket: Socket): void => void socket.destroy();
    const facts = { role: 'quic', owner: operator, side: 'internet', address: site.addressOf(at) } as const;
    const { outlet, datagrams } = await openForBoth(() => newOutlet({ ...facts, accept: refuse }));
    answerDatagrams(datagrams, outlet);
    site.outlets.push(outlet);
  }
}

/** Tells its versions to whoever asks for one it does not have (RFC 9000 section 6). */
function answerDatagrams(datagrams: dgram.Socket, outlet: Outlet): void {
  datagrams.on('message', (inquiry, asker) => {
    if (
      outlet.state !== 'open' ||
      !isHeard(outlet, inquiry) ||
      inquiry.length < LEAST_BYTES ||
      (inquiry.readUInt8(0) & IS_LONG) === 0
    )
      return;
    if (VERSIONS.includes(inquiry.readUInt32BE(1))) return;
    const [toId, rest] = readId(inquiry.subarray(5));
    const [fromId] = readId(rest);
    if (toId.length > LONGEST_ID || fromId.length > LONGEST_ID) return;
    const list = Buffer.alloc(4 * VERSIONS.length);
    for (const [index, version] of VERSIONS.entries()) list.writeUInt32BE(version, 4 * index);
    const ids = [fromId, toId].flatMap((id) => [Buffer.from([id.length]), id]);
    reply(outlet, Buffer.concat([Buffer.from([IS_LONG, 0, 0, 0, 0]), ...ids, list]), asker);
  });
}

/** A connection id behind its length, and what follows it. */
function readId(bytes: Buffer): [id: Buffer, rest: Buffer] {
  const end = 1 + bytes.readUInt8(0);
  return [bytes.subarray(1, end), bytes.subarray(end)];
}
