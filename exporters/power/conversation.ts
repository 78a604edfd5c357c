// Lines sent to a server and lines come back, one at a time, over a connection that may turn to TLS on the way.
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { Malformed } from '../malformed.ts';

/** All the variables of a UPS take a few KiB. */
const MOST_BYTES = 65_536;
const LONGEST_LINE = 1_024;

export interface Conversation {
  say(line: string): void;
  /** The next line of the server. Rejects when there will be none, and with {@link Malformed} when there is no end to it. */
  hear(): Promise<string>;
  /** Goes on in TLS. Call it when nothing is unheard. */
  secure(serverName: string, trust: readonly string[]): Promise<void>;
  end(): void;
}

/** Connects; the signal ends whatever is under way. */
export async function converse(host: string, port: number, signal: AbortSignal): Promise<Conversation> {
  let socket: net.Socket = net.connect({ host, port });
  const plain = socket;
  const onAbort = (): void => void plain.destroy(signal.reason);
  // An error may come when nobody waits any more; without a listener it would end the process.
  plain.on('error', () => undefined);
  try {
    await once(plain, 'connect', { signal });
  } catch (error) {
    plain.destroy();
    throw error;
  }
  signal.addEventListener('abort', onAbort);
  let lines = hearLines(plain);
  return {
    say: (line) => void socket.write(`${line}\n`),
    hear: () => lines.next(),
    async secure(serverName, trust) {
      lines.leave();
      // Names only: an address is no server name, but is checked all the same.
      const servername = net.isIP(serverName) === 0 ? serverName : '';
      const ca = [...tls.rootCertificates, ...trust];
      const secured = tls.connect({ socket: plain, servername, host: serverName, ca });
      secured.on('error', () => undefined);
      socket = secured;
      await once(secured, 'secureConnect', { signal });
      lines = hearLines(secured);
    },
    end() {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      plain.destroy();
    },
  };
}

interface Lines {
  next(): Promise<string>;
  leave(): void;
}

const hungUp = (): Error => Object.assign(new Error('the server hung up'), { code: 'ECONNRESET' });

function hearLines(socket: net.Socket): Lines {
  let unread = '';
  let bytes = 0;
  let failed: Error | null = null;
  let waiting: { resolve(line: string): void; reject(error: Error): void } | null = null;
  const serve = (): void => {
    if (waiting === null) return;
    const end = unread.indexOf('\n');
    if (end === -1 ? unread.length > LONGEST_LINE : end > LONGEST_LINE) fail(new Malformed('a line without end'));
    if (failed !== null) waiting.reject(failed);
    else if (end === -1) return;
    else {
      const line = unread.slice(0, end).replace(/\r$/, '');
      unread = unread.slice(end + 1);
      waiting.resolve(line);
    }
    waiting = null;
  };
  const fail = (error: Error): void => {
    failed ??= error;
  };
  const onData = (chunk: Buffer): void => {
    bytes += chunk.length;
    unread += chunk.toString('latin1');
    if (bytes > MOST_BYTES) {
      fail(new Malformed('an answer without end'));
      socket.destroy();
    }
    serve();
  };
  const onError = (error: Error): void => {
    fail(error);
    serve();
  };
  const onEnd = (): void => onError(hungUp());
  socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  return {
    next: () =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        serve();
      }),
    leave: () => void socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd),
  };
}
