// A conversation in datagrams with one peer, until somebody settles it or the deadline strikes. What is said is the asker's business.
// Connected, so that the kernel drops other senders and tells of a closed port.
import dgram from 'node:dgram';
import net from 'node:net';
import type { ProbeContext } from './probe.ts';

export interface Conversation<T> {
  send(bytes: Buffer): void;
  /** Acts after `ms`, unless the conversation has ended before. */
  after(ms: number, act: () => void): void;
  settle(value: T): void;
}

interface Script<T> {
  /** The peer can be spoken to. */
  begin(talk: Conversation<T>): void;
  hear(message: Buffer, talk: Conversation<T>): void;
  /** What the deadline leaves; without it, the deadline is an error. */
  cutShort?(): T;
}

/** `host` must be an address. The socket is closed before the promise settles; rejects with the deadline's reason, or the kernel's error. */
export function converse<T>(
  { host, port }: { host: string; port: number },
  { signal, clock }: Pick<ProbeContext, 'signal' | 'clock'>,
  { begin, hear, cutShort }: Script<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
    const cancels: (() => void)[] = [];
    let open = true;
    const end = (act: () => void): void => {
      if (!open) return;
      open = false;
      signal.removeEventListener('abort', onAbort);
      for (const cancel of cancels) cancel();
      socket.close();
      act();
    };
    const fail = (error: unknown): void => end(() => reject(error));
    const onAbort = (): void => (cutShort === undefined ? fail(signal.reason) : talk.settle(cutShort()));
    const talk: Conversation<T> = {
      send: (bytes) => socket.send(bytes, (error) => error !== null && fail(error)),
      after: (ms, act) => cancels.push(clock.after(ms, act)),
      settle: (value) => end(() => resolve(value)),
    };
    socket.on('error', fail);
    socket.on('message', (message) => hear(message, talk));
    socket.on('connect', () => open && begin(talk));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    socket.connect(port, host);
  });
}
