// The way through a SOCKS5 proxy (RFC 1928, RFC 1929): one request for one connection, by name where a name was asked for.

import net from 'node:net';
import type { Reason } from '../../catalog/reasons.ts';
import { readSecret } from '../secret.ts';
import { bytesFrom } from '../socket-bytes.ts';
import type { Auth } from './credentials.ts';
import { Refusal } from './refusal.ts';

const VERSION = 5;
const NO_AUTH = 0;
const PASSWORD = 2;
const PASSWORD_VERSION = 1;
const CONNECT = 1;
const ADDRESS_TYPE = { ip4: 1, name: 3, ip6: 4 } as const;
const BYTES_OF_TYPE: Readonly<Record<number, number>> = { [ADDRESS_TYPE.ip4]: 4, [ADDRESS_TYPE.ip6]: 16 };
const MOST_BYTES = 255;

/** RFC 1928 section 6: by its own rules; not got through; does not know what it was asked. */
const REASON_OF_REPLY: Readonly<Record<number, Reason>> = {
  1: 'proxy_gateway',
  2: 'proxy_denied',
  3: 'proxy_gateway',
  4: 'proxy_gateway',
  5: 'proxy_gateway',
  6: 'proxy_gateway',
};

/** Has the proxy at the other end connect: the socket leads there afterwards. Rejects with a {@link Refusal}. */
export async function connectBySocks(
  socket: net.Socket,
  { host, port }: { host: string; port: number },
  auth: Auth | undefined,
  signal: AbortSignal,
): Promise<void> {
  const methods = auth === undefined ? [NO_AUTH] : [NO_AUTH, PASSWORD];
  const reader = readerOf(socket, signal);
  socket.write(Buffer.from([VERSION, methods.length, ...methods]));
  const [version, method = -1] = await reader.take(2);
  if (version !== VERSION) throw new Refusal('proxy_protocol', 'not SOCKS5');
  if (method === PASSWORD && auth?.kind === 'basic') await showPassword(socket, auth, reader);
  else if (method !== NO_AUTH) throw new Refusal('proxy_denied', 'no way to say who we are');
  socket.write(
    Buffer.concat([Buffer.from([VERSION, CONNECT, 0]), addressOf(host), Buffer.from([port >> 8, port & 255])]),
  );
  const [again, reply = -1, , type = -1] = await reader.take(4);
  if (again !== VERSION) throw new Refusal('proxy_protocol', 'not SOCKS5');
  if (reply !== 0) throw new Refusal(REASON_OF_REPLY[reply] ?? 'proxy_protocol', `reply ${reply}`);
  // Where it connects from is nobody's business, but it stands before what the server says.
  const length = BYTES_OF_TYPE[type] ?? (type === ADDRESS_TYPE.name ? (await reader.take(1)).readUInt8(0) : null);
  if (length === null) throw new Refusal('proxy_protocol', `address of type ${type}`);
  await reader.take(length + 2);
  reader.giveBack();
}

async function showPassword(socket: net.Socket, auth: Extract<Auth, { kind: 'basic' }>, reader: Reader): Promise<void> {
  const [user, password] = [Buffer.from(auth.user), Buffer.from(await readSecret(auth.password))];
  if (password.length > MOST_BYTES || user.length > MOST_BYTES) throw new Refusal('local', 'too long for SOCKS');
  socket.write(
    Buffer.concat([Buffer.from([PASSWORD_VERSION, user.length]), user, Buffer.from([password.length]), password]),
  );
  const [, status] = await reader.take(2);
  if (status !== 0) throw new Refusal('proxy_denied', 'password');
}

/** A name stays one: the proxy looks it up. */
function addressOf(host: string): Buffer {
  const family = net.isIP(host);
  if (family === 4) return Buffer.from([ADDRESS_TYPE.ip4, ...host.split('.').map(Number)]);
  if (family === 6) return Buffer.from([ADDRESS_TYPE.ip6, ...bytesOfIpv6(host)]);
  const name = Buffer.from(host);
  return Buffer.concat([Buffer.from([ADDRESS_TYPE.name, name.length]), name]);
}

function bytesOfIpv6(address: string): number[] {
  const [head = '', tail] = new net.SocketAddress({ family: 'ipv6', address }).address.split('::');
  const groupsIn = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [before, after] = [groupsIn(head), groupsIn(tail ?? '')];
  const zeros = Array<string>(8 - before.length - after.length).fill('0');
  return [...before, ...zeros, ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}

/** Hands out what a socket says, so many bytes at a time. */
interface Reader {
  take(count: number): Promise<Buffer>;
  /** What came with the last of it is the next reader's. */
  giveBack(): void;
}

function readerOf(socket: net.Socket, signal: AbortSignal): Reader {
  let held: Buffer = Buffer.alloc(0);
  return {
    async take(count) {
      while (held.length < count) held = Buffer.concat([held, await bytesFrom(socket, signal)]);
      const taken = held.subarray(0, count);
      held = held.subarray(count);
      return taken;
    },
    giveBack() {
      if (held.length > 0) socket.unshift(held);
    },
  };
}
