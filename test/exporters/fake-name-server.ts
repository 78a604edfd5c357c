// A name server on loopback, UDP and TCP on one port, that answers whatever a test wants. Sound answers are written
// with dns-packet, so that our own reader is checked against another writer; hostile ones byte by byte.
import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import { type Answer, AUTHORITATIVE_ANSWER, type DecodedPacket, decode, encode } from 'dns-packet';
import { onTestFinished } from 'vitest';

export type Via = 'udp' | 'tcp';

export interface Asked {
  bytes: Buffer;
  packet: DecodedPacket;
  via: Via;
  /** The port it came from. */
  port: number;
  /** In lower case. */
  name: string;
  type: string;
  /** Whether the question came with an OPT record. */
  edns: boolean;
}

/** What to send back: one message, several, or nothing. */
export type Serve = (asked: Asked) => Buffer | readonly Buffer[] | null;

export interface NameServer {
  port: number;
  /** `host:port` */
  at: string;
  asked: Asked[];
  /** Where UDP questions came from, each port once. */
  ports: Set<number>;
}

/** `tcp`: what is done with who connects; `false`: nobody can. Left out: they are served. `host` and `port`: where it listens. */
export async function nameServer(
  serve: Serve,
  over: { tcp?: false | ((socket: net.Socket) => void); host?: string; port?: number } = {},
): Promise<NameServer> {
  const asked: Asked[] = [];
  const answer = (bytes: Buffer, via: Via, from: number): readonly Buffer[] => {
    const one = describeQuery(bytes, via, from);
    asked.push(one);
    const messages = serve(one) ?? [];
    return Buffer.isBuffer(messages) ? [messages] : messages;
  };
  const serveStream = (socket: net.Socket): void => {
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      for (const message of answer(received.subarray(2), 'tcp', socket.remotePort ?? 0)) socket.write(framed(message));
    });
  };
  const tcp = net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.resume();
    (over.tcp || serveStream)(socket);
  });
  const { host = '127.0.0.1' } = over;
  const { udp, port } = await bindBoth(tcp, host, over.port ?? 0);
  const ports = new Set<number>();
  udp.on('message', (bytes, from) => {
    ports.add(from.port);
    for (const message of answer(bytes, 'udp', from.port)) udp.send(message, from.port, from.address);
  });
  if (over.tcp === false) tcp.close();
  onTestFinished(async () => {
    tcp.close();
    await new Promise((closed) => udp.close(() => closed(undefined)));
  });
  return { port, at: `${host}:${port}`, asked, ports };
}

/** The kernel hands out a TCP port; the same number may be taken for UDP, so it is tried again. */
async function bindBoth(tcp: net.Server, host: string, wanted: number): Promise<{ udp: dgram.Socket; port: number }> {
  for (;;) {
    tcp.listen(wanted, host);
    await once(tcp, 'listening');
    const { port } = tcp.address() as net.AddressInfo;
    const udp = dgram.createSocket('udp4');
    try {
      udp.bind(port, host);
      await once(udp, 'listening');
      udp.on('error', () => undefined);
      return { udp, port };
    } catch (error) {
      if (wanted !== 0) throw error;
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    }
  }
}

function describeQuery(bytes: Buffer, via: Via, port: number): Asked {
  const packet = decode(bytes);
  const question = packet.questions?.[0];
  if (question === undefined) throw new Error('a query without a question');
  const edns = packet.additionals?.some((record) => record.type === 'OPT') ?? false;
  return { bytes, packet, via, port, name: question.name.toLowerCase(), type: question.type, edns };
}

/** A message with its length in front, as DNS over TCP wants it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

export interface Reply {
  rcode?: number;
  authoritative?: boolean;
  truncated?: boolean;
  answers?: Answer[];
  authorities?: Answer[];
  additionals?: Answer[];
}

/** A sound answer to the query. */
export function reply({ packet }: Asked, { rcode = 0, authoritative, truncated, ...sections }: Reply = {}): Buffer {
  const flags = rcode | (authoritative ? AUTHORITATIVE_ANSWER : 0) | (truncated ? 0x200 : 0) | 0x180;
  const { id = 0, questions = [] } = packet;
  return encode({ type: 'response', id, flags, questions, ...sections });
}

/** The query as if its name had been written so: who answers that has lost the case of its letters. */
export function inCase(asked: Asked, rewrite: (name: string) => string): Asked {
  const questions = asked.packet.questions?.map((question) => ({ ...question, name: rewrite(question.name) }));
  return { ...asked, packet: { ...asked.packet, ...(questions && { questions }) } };
}

export const inLowerCase = (asked: Asked): Asked => inCase(asked, (name) => name.toLowerCase());

/** Header and question of the query as an answer, then `records` as they are. Counts: answer, authority, additional. */
export function rawReply(asked: Asked, records: Buffer, counts: readonly number[] = [1, 0, 0], flags = 0x8180): Buffer {
  const start = Buffer.from(asked.bytes.subarray(0, asked.bytes.length - (asked.edns ? 11 : 0)));
  start.writeUInt16BE(flags, 2);
  counts.forEach((count, index) => {
    start.writeUInt16BE(count, 6 + 2 * index);
  });
  return Buffer.concat([start, records]);
}

/** One record with any bytes as name and data, however wrong. */
export function rawRecord(
  name: Buffer,
  type: number,
  data: Buffer,
  { ttl = 60, length = data.length, ofClass = 1 } = {},
) {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(ofClass, 2);
  fixed.writeUInt32BE(ttl, 4);
  fixed.writeUInt16BE(length, 8);
  return Buffer.concat([name, fixed, data]);
}

/** Labels in wire form, each taken byte by byte. */
export function wireName(...labels: string[]): Buffer {
  const parts = labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label, 'latin1')]);
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** A compression pointer. */
export function pointer(to: number): Buffer {
  return Buffer.from([0xc0 | (to >> 8), to & 0xff]);
}

/** Where the asked name stands in every answer. */
export const ASKED_NAME = pointer(12);

export function a(name: string, data = '192.0.2.1', ttl = 60): Answer {
  return { type: 'A', name, data, ttl, class: 'IN' };
}

/** The asked name's address, if that is of the asked family. */
export function pointing({ name, type }: Asked, data: string): Answer[] {
  return type === (data.includes(':') ? 'AAAA' : 'A') ? [{ type, name, data, ttl: 60, class: 'IN' }] : [];
}

/** To whatever is asked. */
export const answered: Serve = (asked) => reply(asked, { answers: [a(asked.name)] });

export function cname(name: string, data: string, ttl = 60): Answer {
  return { type: 'CNAME', name, data, ttl, class: 'IN' };
}

/** The first record starts here when `example.org` was asked for. */
export const FIRST = 29;
export const ADDRESS = Buffer.from([192, 0, 2, 1]);

/** `example.org`, then so many CNAMEs, then an address. */
export function chain(hops: number) {
  const name = (hop: number) => (hop === 0 ? 'example.org' : `hop${hop}.test`);
  const aliases = Array.from({ length: hops }, (_, hop) => cname(name(hop), name(hop + 1)));
  return [...aliases, a(name(hops))];
}

/** Labels of so many bytes, without an end. */
export function longName(bytes: number): Buffer {
  return Buffer.concat(Array.from({ length: Math.floor(bytes / 50) }, () => wireName('x'.repeat(49)).subarray(0, 50)));
}

/** A record whose data is a chain of pointers, each at the one before, and addresses whose name is its last link. */
export function pointers(links: number, addresses: number): Buffer {
  const start = FIRST + 12;
  const chained = Array.from({ length: links }, (_, link) => pointer(link === 0 ? 12 : start + 2 * (link - 1)));
  const owner = pointer(start + 2 * (links - 1));
  const records = Array.from({ length: addresses }, () => rawRecord(owner, 1, ADDRESS));
  return Buffer.concat([rawRecord(ASKED_NAME, 999, Buffer.concat(chained)), ...records]);
}
