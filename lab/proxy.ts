// The forward proxy of the house: it lets everybody out who asks, by CONNECT or for a whole URL, unless it wants a password
// nobody has, and at once, unless it is slow. It knows the world's names by itself.
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Damage } from './damage.ts';
import type { Met } from './scope.ts';
import { addPort, type Site } from './site.ts';
import type { World } from './world.ts';

interface Outward {
  /** Where a name leads, or a literal. */
  addressOf(host: string): string;
  damage: Damage;
  /** For a connection, milliseconds. */
  patienceMs: number;
}

const REASON: Readonly<Record<number, string>> = http.STATUS_CODES as Record<number, string>;
const HTTP_PORT = 80;

export async function buildProxy({ world, ...site }: Site): Promise<void> {
  if (world.proxy === undefined) return;
  const known = frontsOf(world, site.addressOf);
  const addressOf = (host: string): string => known.get(host) ?? host.replace(/^\[|\]$/g, '');
  const outward: Outward = { addressOf, damage: site.damage, patienceMs: site.patience.edgeMs };
  const server = http.createServer((request, response) => void passOn(request, response, outward));
  server.on('connect', (request, socket) => void openTunnel(request, socket, outward));
  // Half a request concerns nobody.
  server.on('clientError', (_, socket) => socket.destroy());
  const facts = { role: 'proxy', owner: '', side: 'lan' } as const;
  await addPort({ world, ...site }, facts, world.proxy, (socket) => void server.emit('connection', socket));
}

/** The first address of every name. */
function frontsOf({ zones }: World, addressOf: Site['addressOf']): Map<string, string> {
  const hosts = zones.flatMap((zone) => Object.entries(zone.hosts));
  return new Map(hosts.flatMap(([host, [at]]) => (at === undefined ? [] : [[host, addressOf(at)]])));
}

/** Waits as long as the proxy takes for this host; false where it wants a password. */
async function admits(host: string, { damage }: Outward): Promise<boolean> {
  const met: Met = { role: 'proxy', address: '', host };
  const lateMs = damage.delayMs('proxy_slow', undefined, met);
  if (lateMs > 0) await delay(lateMs);
  return !damage.strikes('proxy_denies', undefined, met);
}

/** A request in plain HTTP, which names the whole URL. */
async function passOn(request: http.IncomingMessage, response: http.ServerResponse, outward: Outward): Promise<void> {
  const say = (status: number): void => void response.writeHead(status, { connection: 'close' }).end();
  request.resume();
  const { method, headers, url = '' } = request;
  const { hostname, port, pathname, search } = new URL(url, 'http://nobody.test');
  if (!(await admits(hostname, outward))) {
    say(407);
    return;
  }
  const onward = http.request({
    host: outward.addressOf(hostname),
    port: port || HTTP_PORT,
    path: pathname + search,
    method,
    headers,
    agent: false,
    timeout: outward.patienceMs,
  });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, { ...answer.headers, connection: 'close' });
    answer.pipe(response);
  });
  onward.on('timeout', () => onward.destroy(new Error('too late')));
  onward.on('error', () => (response.headersSent ? response.destroy() : say(504)));
  onward.end();
}

async function openTunnel({ url }: http.IncomingMessage, socket: Duplex, outward: Outward): Promise<void> {
  const say = (status: number): void => {
    socket.end(`HTTP/1.1 ${status} ${REASON[status]}\r\nConnection: close\r\n\r\n`);
  };
  socket.on('error', () => socket.destroy());
  const { hostname, port } = new URL(`http://${url}`);
  if (!(await admits(hostname, outward))) {
    say(407);
    return;
  }
  const onward = net.connect({ host: outward.addressOf(hostname), port: Number(port || HTTP_PORT) });
  let stands = false;
  onward.setTimeout(outward.patienceMs, () => onward.destroy(new Error('too late')));
  onward.on('connect', () => {
    stands = true;
    onward.setTimeout(0);
    socket.write(`HTTP/1.1 200 ${REASON[200]}\r\n\r\n`);
    onward.pipe(socket).pipe(onward);
  });
  onward.on('error', () => (stands ? socket.destroy() : say(504)));
  socket.on('close', () => onward.destroy());
}
