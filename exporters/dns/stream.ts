// A DNS question on a connection of its own, in the clear (RFC 1035 section 4.2.2) or over TLS (RFC 7858): a length, a message.
import type net from 'node:net';
import { addAbortSignal } from 'node:stream';
import type { Reason } from '../../catalog/reasons.ts';

/** The first message that comes back, or why there is none; errors of the connection are thrown. */
export async function overStream(socket: net.Socket, message: Buffer, signal: AbortSignal): Promise<Buffer | Reason> {
  addAbortSignal(signal, socket);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  socket.write(Buffer.concat([length, message]));
  return readFramed(socket);
}

async function readFramed(socket: net.Socket): Promise<Buffer | Reason> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let whole = Number.POSITIVE_INFINITY;
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (whole === Number.POSITIVE_INFINITY && bytes >= 2) whole = 2 + Buffer.concat(chunks).readUInt16BE(0);
    if (bytes >= whole) return Buffer.concat(chunks).subarray(2, whole);
  }
  return bytes === 0 ? 'connect_reset' : 'dns_malformed';
}
