// Which loopback addresses a lab lives on: one for each element where the system allows it, else 127.0.0.1 for all of them.
// IPv6 has one for all: there an element is known by its port alone.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import net from 'node:net';
import { UserError } from '../map/user-error.ts';
import { type At, LOOPBACK_V6 } from './world.ts';

/** Maps the place an element has in its world to an address that can be bound. */
export type AddressOf = (at: At) => string;

/** Fails early, and in words, where this machine has no IPv6. Throws {@link UserError}. */
export async function demandIpv6(world: string): Promise<void> {
  const server = net.createServer().listen({ host: LOOPBACK_V6, port: 0 });
  try {
    await once(server, 'listening');
    server.close();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== 'EADDRNOTAVAIL' && code !== 'EAFNOSUPPORT') throw error;
    const hint = 'play another world, or give the loopback interface its IPv6 address';
    throw new UserError([{ place: 'world', what: `${world} needs ${LOOPBACK_V6}, which this machine lacks`, hint }]);
  }
}

/** A third octet of its own keeps two labs on one machine apart. */
export async function findLoopback(): Promise<AddressOf> {
  const prefix = `127.20.${randomInt(1, 255)}`;
  const server = net.createServer().listen({ host: `${prefix}.1`, port: 0 });
  try {
    await once(server, 'listening');
    server.close();
    return (at) => (at === LOOPBACK_V6 ? at : `${prefix}.${at}`);
  } catch (error) {
    // macOS has only 127.0.0.1 until aliases are added.
    if ((error as NodeJS.ErrnoException).code !== 'EADDRNOTAVAIL') throw error;
    return (at) => (at === LOOPBACK_V6 ? at : '127.0.0.1');
  }
}
