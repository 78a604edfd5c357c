// Real silence on loopback: connection attempts to a walled address get no answer, not a refusal, and no root is needed.
// A thread listens with the smallest backlog and then blocks, so it never accepts; once the queue is full the kernel
// drops every further SYN (Linux: net/ipv4/tcp_input.c, a full accept queue).
import { once } from 'node:events';
import net from 'node:net';
import { Worker } from 'node:worker_threads';

export interface Place {
  address: string;
  port: number;
}

export interface Wall {
  /** Ends the silence of some places; the others stay silent throughout. */
  release(places: readonly Place[]): Promise<void>;
}

/** A thread that is ready to raise one wall, at once. */
export interface Mason {
  /** Nobody may be listening on these places. Rejects when one of them cannot be taken; the mason is then spent. */
  raise(places: readonly Place[]): Promise<Wall>;
}

// A string, because the thread must start both from the sources (through a transpiler) and from the build.
// It must not return to its event loop while anything is walled, or it would accept what waits in the queue.
const THREAD = `
const net = require('node:net');
const { parentPort, receiveMessageOnPort, workerData } = require('node:worker_threads');
const bell = new Int32Array(workerData.bell);
const servers = new Map();
function block() {
  parentPort.postMessage('listening');
  while (servers.size > 0) {
    Atomics.wait(bell, 0, 0);
    Atomics.store(bell, 0, 0);
    for (let order = receiveMessageOnPort(parentPort); order; order = receiveMessageOnPort(parentPort)) {
      for (const place of order.message) {
        servers.get(place).close();
        servers.delete(place);
      }
      parentPort.postMessage('released');
    }
  }
}
parentPort.once('message', (places) => {
  let missing = places.length;
  for (const { address, port } of places) {
    const server = net.createServer();
    servers.set(address + ' ' + port, server);
    server.listen({ host: address, port, backlog: 1 }, () => {
      missing -= 1;
      if (missing === 0) block();
    });
  }
});
parentPort.postMessage('ready');
`;

const FILLERS = 4;
/** A backlog of 1 holds two connections on Linux. */
const QUEUE = 2;
const FILL_LIMIT_MS = 200;

const keyOf = ({ address, port }: Place): string => `${address} ${port}`;

export async function hireMason(): Promise<Mason> {
  const memory = new SharedArrayBuffer(4);
  const thread = new Worker(THREAD, { eval: true, workerData: { bell: memory } });
  thread.unref();
  await once(thread, 'message');
  return {
    async raise(places) {
      thread.postMessage(places);
      await once(thread, 'message');
      const fillers = new Map<string, net.Socket[]>();
      await Promise.all(places.map(async (place) => fillers.set(keyOf(place), await fill(place))));
      return wallOf(thread, new Int32Array(memory), fillers);
    },
  };
}

/** A wall by a mason of its own. */
export async function raiseWall(places: readonly Place[]): Promise<Wall> {
  return (await hireMason()).raise(places);
}

function wallOf(thread: Worker, bell: Int32Array, fillers: Map<string, net.Socket[]>): Wall {
  return {
    async release(freed) {
      const keys = freed.map(keyOf);
      for (const key of keys) {
        for (const socket of fillers.get(key) ?? []) socket.destroy();
        fillers.delete(key);
      }
      const done = once(thread, fillers.size === 0 ? 'exit' : 'message');
      thread.postMessage(keys);
      Atomics.store(bell, 0, 1);
      Atomics.notify(bell, 0);
      await done;
    },
  };
}

/** Opens connections until the queue is full. The surplus ones stay unanswered, which is the point. */
async function fill(place: Place): Promise<net.Socket[]> {
  const sockets = Array.from({ length: FILLERS }, () => net.connect({ host: place.address, port: place.port }));
  await new Promise<void>((resolve) => {
    const limit = setTimeout(resolve, FILL_LIMIT_MS);
    let connected = 0;
    for (const socket of sockets) {
      socket.unref();
      // The wall closing resets its queue, and that is how a filler ends.
      socket.on('error', () => socket.destroy());
      socket.once('connect', () => {
        connected += 1;
        if (connected < QUEUE) return;
        clearTimeout(limit);
        resolve();
      });
    }
  });
  return sockets;
}
