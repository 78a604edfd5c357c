// Servers of one test on a free loopback port; gone, with all their connections, when the test ends.
import { once } from 'node:events';
import nodeHttp from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';

export interface LocalServer {
  port: number;
  /** Connections accepted so far. */
  accepted(): number;
  /** Connections still open. */
  open(): number;
}

/** Bytes to answer the first bytes of a connection with, or what to do with it. */
export type RawAnswer = string | Buffer | ((socket: net.Socket) => void);

/** Writes `answer` once something was received, and leaves the connection open. */
export function rawServer(answer: RawAnswer): Promise<LocalServer> {
  return started(
    net.createServer((socket) => {
      // Only who reads learns that the other side is gone.
      socket.resume();
      if (typeof answer === 'function') return answer(socket);
      socket.once('data', () => socket.write(answer));
    }),
  );
}

export function httpServer(listener: nodeHttp.RequestListener): Promise<LocalServer> {
  return started(nodeHttp.createServer(listener));
}

/** Answers every request over TLS, and counts them. */
export async function tlsServer(
  options: tls.TlsOptions,
  answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
): Promise<LocalServer & { requests(): number }> {
  let requests = 0;
  const server = tls.createServer(options, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => {
      requests += 1;
      socket.end(answer);
    });
  });
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return { ...(await started(server)), requests: () => requests };
}

export async function started(server: net.Server): Promise<LocalServer> {
  const sockets = new Set<net.Socket>();
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as net.AddressInfo).port, accepted: () => accepted, open: () => sockets.size };
}
