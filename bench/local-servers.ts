// The targets of the measurements, as a process of its own: the cheapest servers that still answer correctly,
// on a few loopback addresses, and two that never answer. Run by startHelper().
import dgram from 'node:dgram';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createAuthority } from '../lab/authority.ts';
import { beHelper } from './pinned.ts';
import { type LocalServers, SERVER_NAME } from './probe-kinds.ts';

/** Several, so that closed connections in TIME_WAIT do not use up the ports towards one. */
const ADDRESSES =
  process.platform === 'linux' ? [1, 2, 3, 4, 5, 6, 7, 8].map((last) => `127.0.0.${last}`) : ['127.0.0.1'];
const BODY = 'x'.repeat(2_000);
const ANSWER = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`;
const BACKLOG = 4_096;

async function listen(server: net.Server, host: string, port: number): Promise<number> {
  server.listen({ host, port, backlog: BACKLOG });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** One server per address, all at the port the first one found. */
async function everywhere(make: () => net.Server): Promise<number> {
  let port = 0;
  for (const address of ADDRESSES) port = await listen(make(), address, port);
  return port;
}

function answerHttp(socket: net.Socket): void {
  socket.on('error', () => socket.destroy());
  socket.once('data', () => socket.end(ANSWER));
}

/** The question back with one address record; whatever else was sent is left out. */
function dnsAnswer(query: Buffer): Buffer {
  const questionEnd = query.indexOf(0, 12) + 5;
  const head = Buffer.from([query[0] ?? 0, query[1] ?? 0, 0x85, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1]);
  return Buffer.concat([head, query.subarray(12, questionEnd), record]);
}

function answerDnsStream(socket: net.Socket): void {
  socket.on('error', () => socket.destroy());
  socket.once('data', (framed) => {
    const answer = dnsAnswer(framed.subarray(2));
    socket.end(Buffer.concat([Buffer.from([answer.length >> 8, answer.length & 0xff]), answer]));
  });
}

async function bindDatagrams(
  address: string,
  port: number,
  onQuery: (query: Buffer) => Buffer | null,
): Promise<number> {
  const socket = dgram.createSocket({ type: 'udp4', recvBufferSize: 4 << 20 });
  socket.on('message', (query, { address: from, port: fromPort }) => {
    const answer = onQuery(query);
    if (answer !== null) socket.send(answer, fromPort, from);
  });
  socket.bind(port, address);
  await once(socket, 'listening');
  return socket.address().port;
}

async function open(): Promise<LocalServers> {
  const authority = await createAuthority();
  const credentials = await authority.issue([SERVER_NAME]);
  const secure = (): net.Server =>
    tls.createServer({ ...credentials, ALPNProtocols: ['http/1.1'] }, answerHttp).on('tlsClientError', () => undefined);
  const dns = await everywhere(() => net.createServer(answerDnsStream));
  for (const address of ADDRESSES) await bindDatagrams(address, dns, dnsAnswer);
  const ports = {
    http: await everywhere(() => net.createServer(answerHttp)),
    https: await everywhere(secure),
    dns,
    silentHttp: await everywhere(() => net.createServer((socket) => void socket.on('error', () => socket.destroy()))),
    silentDns: await bindDatagrams('127.0.0.1', 0, () => null),
  };
  return { addresses: ADDRESSES, ports, authority: authority.pem };
}

beHelper(open);
