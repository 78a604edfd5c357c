// A DNS question on a connection of its own, in the clear (RFC 1035 section 4.2.2) or over TLS (RFC 7858): a length, a message.
import type net from 'node:net';
import type { Reason } from '../../catalog/reasons.ts';

/** The first message that comes back, or why there is none; errors of the connection, which the deadline ends, are thrown. */
export function overStream(socket: net.Socket, message: Buffer): Promise<Buffer | Reason> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    askOn(socket, message, resolve);
  });
}

/** As {@link overStream}, for whoever looks after errors himself. What is settled more than once counts the first time. */
export function askOn(socket: net.Socket, message: Buffer, settle: (answer: Buffer | Reason) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let whole = Number.POSITIVE_INFINITY;
  const received = (): Buffer => (chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
  const cutShort = (): void => settle(bytes === 0 ? 'connect_reset' : 'dns_malformed');
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (whole === Number.POSITIVE_INFINITY && bytes >= 2) whole = 2 + received().readUInt16BE(0);
    if (bytes >= whole) settle(received().subarray(2, whole));
  });
  socket.on('end', cutShort);
  socket.on('close', cutShort);
  const framed = Buffer.allocUnsafe(2 + message.length);
  framed.writeUInt16BE(message.length);
  message.copy(framed, 2);
  socket.write(framed);
}
