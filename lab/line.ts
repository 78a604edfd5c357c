// The way to a place, where it is worse than a cable: what is said there comes late, or not at all if it is long.
import type dgram from 'node:dgram';
import type net from 'node:net';
import { Duplex } from 'node:stream';
import type { Outlet } from './outlet.ts';

export interface Line {
  /** How late what is said there arrives, milliseconds. */
  lateMs: number;
  /** Whether long packets are swallowed on the way. */
  isNarrow: boolean;
  /** Whether this very conversation is lost, by chance. */
  isLost: boolean;
}

export const CLEAR: Line = { lateMs: 0, isNarrow: false, isLost: false };

/** What every host must take in one piece (RFC 791), and so what a way that swallows more still carries. */
const LONGEST_BYTES = 576;

/** Hands a connection to whoever answers at a place, over the line as it is now. */
export function admit(socket: net.Socket, { line, accept }: Pick<Outlet, 'line' | 'accept'>): void {
  const { lateMs, isNarrow, isLost } = line();
  // Nobody reads it, and nobody ends it but the asker.
  if (isLost) return void socket.resume();
  const enter = (): void => accept(isNarrow ? narrowed(socket) : socket);
  if (lateMs === 0) enter();
  else setTimeout(enter, lateMs).unref();
}

/** Sends a datagram back over the line as it is now. */
export function reply(
  outlet: Pick<Outlet, 'line' | 'datagrams'>,
  message: Buffer,
  { port, address }: dgram.RemoteInfo,
): void {
  const { lateMs, isNarrow, isLost } = outlet.line();
  if (isLost || (isNarrow && message.length > LONGEST_BYTES)) return;
  const send = (): void => outlet.datagrams?.send(message, port, address);
  if (lateMs === 0) send();
  else setTimeout(send, lateMs).unref();
}

/** Whether a datagram comes through to a place. */
export const isHeard = ({ line }: Pick<Outlet, 'line'>, message: Buffer): boolean =>
  !line().isNarrow || message.length <= LONGEST_BYTES;

/** The same connection, which carries nothing any more after the first long thing that is said on it. */
function narrowed(socket: net.Socket): net.Socket {
  let isStuck = false;
  const way = new Duplex({
    read: () => socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      isStuck ||= chunk.length > LONGEST_BYTES;
      if (isStuck) done();
      else socket.write(chunk, done);
    },
    final: (done) => void (isStuck ? done() : socket.end(done)),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => void (way.push(chunk) || socket.pause()));
  socket.on('end', () => way.push(null));
  socket.on('close', () => way.destroy());
  way.on('error', () => socket.destroy());
  const { localAddress, remoteAddress } = socket;
  // Servers take any duplex stream for a connection, and ask it for no more than this.
  return Object.assign(way, { localAddress, remoteAddress }) as unknown as net.Socket;
}
