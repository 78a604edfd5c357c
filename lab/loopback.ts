// Which loopback addresses a lab lives on: one for each element where the system allows it, else 127.0.0.1 for all of them.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';

/** Maps the last octet an element has in its world to an address that can be bound. */
export type AddressOf = (at: number) => string;

/** A third octet of its own keeps two labs on one machine apart. */
export async function findLoopback(): Promise<AddressOf> {
  const prefix = `127.20.${randomInt(1, 255)}`;
  const server = net.createServer().listen({ host: `${prefix}.1`, port: 0 });
  try {
    await once(server, 'listening');
    server.close();
    return (at) => `${prefix}.${at}`;
  } catch (error) {
    // macOS has only 127.0.0.1 until aliases are added.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') throw error;
    return () => '127.0.0.1';
  }
}
