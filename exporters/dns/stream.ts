// A DNS question on a connection of its own, in the clear (RFC 1035 section 4.2.2) or over TLS (RFC 7858): a length, a message.
import type net from 'node:net';
import type { Reason } from '../../catalog/reasons.ts';

/** The first message that comes back, or why there is none; errors of the connection, which the deadline ends, are thrown. */
export function overStream(socket: net.Socket, message: Buffer): Promise<Buffer | Reason> {
  const framed = Buffer.allocUnsafe(2 + message.length);
  framed.writeUInt16BE(message.length);
  message.copy(framed, 2);
  const answer = readFramed(socket);
  socket.write(framed);
  return answer;
}

function readFramed(socket: net.Socket): Promise<Buffer | Reason> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let whole = Number.POSITIVE_INFINITY;
    const cutShort = (): void => resolve(bytes === 0 ? 'connect_reset' : 'dns_malformed');
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (whole === Number.POSITIVE_INFINITY && bytes >= 2) whole = 2 + Buffer.concat(chunks).readUInt16BE(0);
      if (bytes >= whole) resolve(Buffer.concat(chunks).subarray(2, whole));
    });
    socket.once('end', cutShort);
    socket.once('error', reject);
    socket.once('close', cutShort);
  });
}
