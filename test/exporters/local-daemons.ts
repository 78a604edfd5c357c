// What the probes of this machine's own daemons meet: programs that write, and servers at unix sockets. Gone with the test.
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder of the test's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'demarc-daemon-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that writes this, as `wg` and `tailscale` write to whoever runs them. */
export function program(output: string, code = 0): string {
  const file = path.join(temporaryFolder(), 'program');
  writeFileSync(`${file}.txt`, output);
  writeFileSync(file, `#!/bin/sh\ncat ${file}.txt\nexit ${code}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** A daemon at a unix socket, as the handler of its connections. */
export async function unixServer(serve: (socket: net.Socket) => void): Promise<string> {
  const file = path.join(temporaryFolder(), 'daemon.sock');
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  server.listen(file);
  await once(server, 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return file;
}

export function answeringAtSocket(body: string, code = 200): Promise<string> {
  const answer = `HTTP/1.1 ${code} X\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  return unixServer((socket) => socket.once('data', () => socket.end(answer)));
}
