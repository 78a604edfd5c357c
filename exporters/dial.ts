// One TCP connection to one address, for one purpose, and gone when that is served. For what is asked often and of many: each
// listener and each promise costs there. Several addresses, and TLS, are http/connection.ts's.
import net from 'node:net';
import { HungUp } from './socket-bytes.ts';

interface Place {
  /** Must be an address. */
  host: string;
  port: number;
}

/**
 * `use` is given the socket when it stands, and settles what it was for. The socket is destroyed before the promise settles;
 * rejects with the deadline's reason, or the kernel's error.
 */
export function dial<T>(
  { host, port }: Place,
  signal: AbortSignal,
  use: (socket: net.Socket, settle: (value: T) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    if (net.isIP(host) === 0) throw new Error(`not an address: ${host}`);
    if (signal.aborted) return reject(signal.reason);
    const socket = net.connect({ host, port, autoSelectFamily: false });
    let open = true;
    const end = (): boolean => {
      if (!open) return false;
      open = false;
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      return true;
    };
    const fail = (error: unknown): void => {
      if (end()) reject(error);
    };
    const settle = (value: T): void => {
      if (end()) resolve(value);
    };
    const onAbort = (): void => fail(signal.reason);
    signal.addEventListener('abort', onAbort);
    // Stays: an error that comes when nobody waits for it any more must not end the process.
    socket.on('error', fail);
    socket.on('close', () => open && fail(new HungUp()));
    socket.on('connect', () => use(socket, settle));
  });
}
