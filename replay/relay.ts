// A way to a server that can be cut: connections over it end, and new ones are refused until it is mended.
import { once } from 'node:events';
import net from 'node:net';
import { freePort } from './process.ts';

export interface Relay {
  /** Of the server, over this way. */
  url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Opens a way to an HTTP server. */
export async function openRelay(to: string): Promise<Relay> {
  const { hostname, port } = new URL(to);
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const onward = net.connect(Number(port), hostname);
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      open.add(one);
      one.pipe(other);
      // Whichever side ends, by an error or not, ends the other.
      one.on('error', () => one.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  });
  const own = await freePort();
  async function mend(): Promise<void> {
    if (server.listening) return;
    server.listen(own, '127.0.0.1');
    await once(server, 'listening');
  }
  await mend();
  return {
    url: `http://127.0.0.1:${own}`,
    mend,
    async cut() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
