// Lines sent to a server and lines come back, one at a time, over a connection that may turn to TLS on the way.
import type net from 'node:net';
import { beginTls, connectAny } from '../http/connection.ts';
import { protect } from '../http/protect.ts';
import { Malformed } from '../malformed.ts';
import type { ProbeContext } from '../probe.ts';
import { bytesFrom } from '../socket-bytes.ts';

/** All the variables of a UPS take a few KiB. */
const MOST_BYTES = 65_536;
const LONGEST_LINE = 1_024;

export interface Conversation {
  say(line: string): void;
  /** The next line of the server. Rejects when there will be none, and with {@link Malformed} when there is no end to it. */
  hear(): Promise<string>;
  /** Goes on in TLS, with whoever proves to be `name`; rejects with a `Refusal` of anybody else. */
  secure(name: string): Promise<void>;
  end(): void;
}

/** Connects to an address; the context's signal ends whatever is under way. */
export async function converse(address: string, port: number, context: ProbeContext): Promise<Conversation> {
  const { signal } = context;
  let socket: net.Socket = await connectAny([address], port, signal, () => undefined);
  let heard = '';
  let bytes = 0;
  return {
    say: (line) => void socket.write(`${line}\n`),
    async hear() {
      for (;;) {
        const end = heard.indexOf('\n');
        if ((end === -1 ? heard.length : end) > LONGEST_LINE) throw new Malformed('a line without end');
        if (end !== -1) {
          const line = heard.slice(0, end).replace(/\r$/, '');
          heard = heard.slice(end + 1);
          return line;
        }
        const more = await bytesFrom(socket, signal);
        bytes += more.length;
        if (bytes > MOST_BYTES) throw new Malformed('an answer without end');
        heard += more.toString('latin1');
      }
    },
    async secure(name) {
      // Whoever is in between may have put it there, to be taken for what comes protected: CVE-2011-0411.
      if (heard !== '') throw new Malformed('spoke on after its go-ahead');
      const secured = beginTls(socket, { name });
      socket = secured;
      await protect(secured, { name, verify: true }, context);
    },
    end: () => void socket.destroy(),
  };
}
