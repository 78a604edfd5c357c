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
  /** Whether the message was meant for this conversation; one that was not is a stray. */
  hear(message: Buffer, talk: Conversation<T>): boolean;
  /** Strays drove us to another port, where nobody has been asked yet. Without it they are sat out where they come. */
  moved?(talk: Conversation<T>): void;
  /** What the deadline leaves; without it, the deadline is an error. */
  cutShort?(): T;
}

/** Nobody sends that many by mistake. Who does it to guess an answer has to find the next port first. */
export const MOST_STRAYS = 100;
/** So that a peer which floods whoever asks is not asked without end. */
const MOST_PORTS = 4;

/** `host` must be an address. The socket is closed before the promise settles; rejects with the deadline's reason, or the kernel's error. */
export function converse<T>(
  { host, port }: { host: string; port: number },
  { signal, clock }: Pick<ProbeContext, 'signal' | 'clock'>,
  { begin, hear, moved, cutShort }: Script<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancels: (() => void)[] = [];
    let open = true;
    let ports = 0;
    let socket = socketTo(host);
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
      send(bytes) {
        const from = socket;
        from.send(bytes, (error) => error !== null && from === socket && fail(error));
      },
      after: (ms, act) => cancels.push(clock.after(ms, act)),
      settle: (value) => end(() => resolve(value)),
    };
    /** On the socket of the moment, whose last strays are not counted for the next one. */
    const listen = (whenOpen: (talk: Conversation<T>) => void): void => {
      const mine = socket;
      let strays = 0;
      ports += 1;
      mine.on('error', (error) => mine === socket && fail(error));
      mine.on('connect', () => open && mine === socket && whenOpen(talk));
      mine.on('message', (message) => {
        if (!open || mine !== socket || hear(message, talk)) return;
        strays += 1;
        if (moved === undefined || strays < MOST_STRAYS || ports >= MOST_PORTS) return;
        socket = socketTo(host);
        mine.close();
        listen(moved);
      });
      mine.connect(port, host);
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort);
    listen(begin);
  });
}

/** Hosts are addresses here, so there is nothing to look up: Node's own lookup of one takes a turn of the loop to say so. */
const asWritten: dgram.SocketOptions['lookup'] = (address, _options, found) => found(null, address, net.isIP(address));

export const socketTo = (host: string): dgram.Socket =>
  dgram.createSocket({ type: net.isIPv6(host) ? 'udp6' : 'udp4', lookup: asWritten });
