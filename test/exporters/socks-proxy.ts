// A SOCKS5 proxy on loopback (RFC 1928, RFC 1929): connects to where names lead, tells what it was asked, may want a password.
import net from 'node:net';
import { started } from './local-server.ts';

export interface SocksServer {
  port: number;
  /** Connections still open. */
  open(): number;
  /** `host:port` of each request, the host as it came. */
  asked: readonly string[];
}

interface Manners {
  /** `user:password` that it wants. */
  wants?: string;
  /** What it says in place of a connection. */
  reply?: number;
  /** Where names lead; loopback addresses lead to themselves. */
  hosts?: Readonly<Record<string, string>>;
}

export async function socksProxy({ wants, reply, hosts = {} }: Manners = {}): Promise<SocksServer> {
  const asked: string[] = [];
  const server = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    void serve(socket).catch(() => socket.destroy());
  });

  async function serve(socket: net.Socket): Promise<void> {
    const read = reader(socket);
    const [, count = 0] = await read(2);
    const methods = await read(count);
    const method = wants === undefined ? 0 : 2;
    if (!methods.includes(method)) return void socket.end(Buffer.from([5, 0xff]));
    socket.write(Buffer.from([5, method]));
    if (wants !== undefined && !(await isKnown(socket, read))) return;
    const [, , , type = 0] = await read(4);
    const host = await hostIn(type, read);
    const port = (await read(2)).readUInt16BE(0);
    asked.push(`${host}:${port}`);
    // An address of its own, as a name, so that all forms of it are met.
    const says = (code: number): Buffer => Buffer.from([5, code, 0, 3, 4, ...Buffer.from('here'), 0, 80]);
    if (reply !== undefined) return void socket.end(says(reply));
    const onward = net.connect({ host: hosts[host] ?? host, port });
    onward.on('error', () => socket.end(says(5)));
    onward.on('connect', () => {
      socket.write(says(0));
      onward.pipe(socket).pipe(onward);
    });
    socket.on('close', () => onward.destroy());
    // Only who reads learns that the other side is gone.
    onward.on('close', () => socket.resume());
  }

  async function isKnown(socket: net.Socket, read: (count: number) => Promise<Buffer>): Promise<boolean> {
    const user = await read((await read(2)).readUInt8(1));
    const password = await read((await read(1)).readUInt8(0));
    const known = `${user}:${password}` === wants;
    socket.write(Buffer.from([1, known ? 0 : 1]));
    if (!known) socket.end();
    return known;
  }

  return { ...(await started(server)), asked };
}

async function hostIn(type: number, read: (count: number) => Promise<Buffer>): Promise<string> {
  if (type === 1) return [...(await read(4))].join('.');
  if (type === 4) return (await read(16)).toString('hex');
  return (await read((await read(1)).readUInt8(0))).toString();
}

function reader(socket: net.Socket): (count: number) => Promise<Buffer> {
  return async (count) => {
    for (;;) {
      const bytes: Buffer | null = count === 0 ? Buffer.alloc(0) : socket.read(count);
      if (bytes !== null) return bytes;
      await new Promise((resolve) => socket.once('readable', resolve));
    }
  };
}
