// A QUIC server of one test, as far as the negotiation of the version: it answers whatever a test wants.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface QuicServer {
  port: number;
  heard: Buffer[];
}

export async function quicServer(answer: (datagram: Buffer) => Buffer | null): Promise<QuicServer> {
  const heard: Buffer[] = [];
  const socket = dgram.createSocket('udp4');
  socket.on('error', () => undefined);
  socket.on('message', (datagram, from) => {
    heard.push(datagram);
    const said = answer(datagram);
    if (said !== null) socket.send(said, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onTestFinished(async () => {
    await new Promise((closed) => socket.close(() => closed(undefined)));
  });
  return { port: socket.address().port, heard };
}

/** RFC 9000 section 17.2.1, read from the datagram by its own lengths. */
export function negotiation(datagram: Buffer, versions: readonly number[]): Buffer {
  const theirsEnd = 6 + (datagram[5] ?? 0);
  const theirs = datagram.subarray(5, theirsEnd);
  const ours = datagram.subarray(theirsEnd, theirsEnd + 1 + (datagram[theirsEnd] ?? 0));
  const list = Buffer.alloc(4 * versions.length);
  versions.forEach((version, index) => {
    list.writeUInt32BE(version, 4 * index);
  });
  return Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0]), ours, theirs, list]);
}
