// A time server of one test on loopback UDP, which answers as it is told to, right or wrong.
import dgram from 'node:dgram';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

export interface Reply {
  leap?: number;
  version?: number;
  mode?: number;
  stratum?: number;
  /** Of a kiss-o'-death. */
  reference?: string;
  /** Instead of the number that was asked with. */
  origin?: Buffer;
  /** Unix milliseconds by the server's clock; null leaves the field empty. */
  received?: number | null;
  sent?: number | null;
  /** Bytes to send, from the 48 made of the above. */
  shape?: (packet: Buffer) => Buffer;
}

const EPOCH_MS = 2_208_988_800_000;

export function packetOf(request: Buffer, reply: Reply): Buffer {
  const { leap = 0, version = 4, mode = 4, stratum = 2, reference = '', received = 0, sent = 0 } = reply;
  const packet = Buffer.alloc(48);
  packet[0] = (leap << 6) | (version << 3) | mode;
  packet[1] = stratum;
  packet.write(reference, 12, 'latin1');
  (reply.origin ?? request.subarray(40, 48)).copy(packet, 24);
  writeTime(packet, 32, received);
  writeTime(packet, 40, sent);
  return reply.shape?.(packet) ?? packet;
}

function writeTime(packet: Buffer, at: number, ms: number | null): void {
  if (ms === null) return;
  const total = ms + EPOCH_MS;
  const seconds = Math.floor(total / 1000);
  packet.writeUInt32BE(((seconds % 2 ** 32) + 2 ** 32) % 2 ** 32, at);
  packet.writeUInt32BE(Math.floor(((total - seconds * 1000) / 1000) * 2 ** 32), at + 4);
}

export interface TimeServer {
  port: number;
  /** Datagrams received. */
  requests: Buffer[];
}

/** Sends what `replies` gives for each request, in order. */
export async function timeServer(replies: (request: Buffer) => Reply[], host = '127.0.0.1'): Promise<TimeServer> {
  const socket = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const requests: Buffer[] = [];
  socket.on('message', (request, from) => {
    requests.push(request);
    for (const reply of replies(request)) socket.send(packetOf(request, reply), from.port, from.address);
  });
  // Whoever asked may be gone by now.
  socket.on('error', () => undefined);
  onTestFinished(() => new Promise((closed) => socket.close(() => closed())));
  socket.bind(0, host);
  await once(socket, 'listening');
  return { port: socket.address().port, requests };
}
