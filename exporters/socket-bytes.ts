// Reading a socket that somebody else will read on: what was not asked for yet stays in it.
import type net from 'node:net';

/** The other side has said all it will, and that is not enough. */
export class HungUp extends Error {
  readonly code = 'ECONNRESET';
  constructor() {
    super('hung up');
    this.name = 'HungUp';
  }
}

/**
 * All bytes that are there, as soon as there are any, without letting the socket flow. Rejects with its error, with that of a reset
 * when nothing more will come, and with the reason of the signal.
 */
export function bytesFrom(socket: net.Socket, signal: AbortSignal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      socket.off('readable', onReadable).off('error', onError).off('end', onEnd).off('close', onEnd);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onReadable = (): void => {
      const chunk: Buffer | null = socket.read();
      if (chunk !== null) settle(() => resolve(chunk));
    };
    const onError = (error: Error): void => settle(() => reject(error));
    const onEnd = (): void => settle(() => reject(new HungUp()));
    const onAbort = (): void => settle(() => reject(signal.reason));
    if (signal.aborted) return reject(signal.reason);
    if (socket.errored) return reject(socket.errored);
    socket.on('readable', onReadable).on('error', onError).on('end', onEnd).on('close', onEnd);
    signal.addEventListener('abort', onAbort);
  });
}
