// A DNS server over UDP and TCP on one port. What it answers is its owner's business.
import type dgram from 'node:dgram';
import type { Socket } from 'node:net';
import dnsPacket, { type Packet } from 'dns-packet';
import type { Rcode, ZoneAnswer } from './dns-zone.ts';
import { newOutlet, type Outlet, openForBoth } from './outlet.ts';

export type AnswerQuestion = (question: dnsPacket.Question) => ZoneAnswer | Promise<ZoneAnswer>;

export interface DnsServerFacts {
  role: Outlet['role'];
  owner: string;
  side: Outlet['side'];
  address: string;
  rank?: number;
  /** Whether to say "recursion available". */
  recursive: boolean;
  answer: AnswerQuestion;
}

const RCODES: Record<Rcode, number> = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3, REFUSED: 5 };
const RECURSION_AVAILABLE = 1 << 7;
const RECURSION_DESIRED = 1 << 8;
const AUTHORITATIVE = 1 << 10;

/** Opens the server on a port it finds free for both protocols. */
export async function startDnsServer(facts: DnsServerFacts): Promise<Outlet> {
  const { recursive, answer, ...place } = facts;
  const respond = responder(recursive, answer);
  const { outlet, datagrams } = await openForBoth(() => {
    const made: Outlet = newOutlet({ ...place, accept: (socket) => serveStream(socket, respond, made) });
    return made;
  });
  serveDatagrams(datagrams, respond, outlet);
  return outlet;
}

/** null: nothing is said. */
export type RespondTo = (message: Buffer) => Promise<Buffer | null>;

export const responder =
  (recursive: boolean, answer: AnswerQuestion): RespondTo =>
  (message) =>
    respondTo(message, recursive, answer);

function serveDatagrams(datagrams: dgram.Socket, respond: RespondTo, outlet: Outlet): void {
  datagrams.on('message', async (message, { address, port }) => {
    if (outlet.state !== 'open') return;
    const reply = await respond(message);
    if (reply !== null && outlet.state === 'open' && outlet.datagrams !== null) datagrams.send(reply, port, address);
  });
}

/** Messages on TCP carry their length in two bytes before them (RFC 1035, 4.2.2). */
export function serveStream(socket: Socket, respond: RespondTo, outlet: Outlet): void {
  let pending = Buffer.alloc(0);
  socket.on('data', async (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
      const end = 2 + pending.readUInt16BE(0);
      const message = pending.subarray(2, end);
      pending = pending.subarray(end);
      const reply = await respond(message);
      if (reply === null || outlet.state !== 'open' || !socket.writable) return;
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    }
  });
  socket.on('end', () => socket.end());
}

async function respondTo(message: Buffer, recursive: boolean, answer: AnswerQuestion): Promise<Buffer | null> {
  const query = parse(message);
  const question = query?.questions?.[0];
  if (query?.type !== 'query' || question === undefined) return null;
  const { rcode, authoritative, answers, authorities } = await answer(question);
  const flags =
    RCODES[rcode] |
    (authoritative ? AUTHORITATIVE : 0) |
    (recursive ? RECURSION_AVAILABLE : 0) |
    ((query.flags ?? 0) & RECURSION_DESIRED);
  const asksExtended = query.additionals?.some(({ type }) => type === 'OPT') === true;
  return dnsPacket.encode({
    type: 'response',
    ...(query.id === undefined ? {} : { id: query.id }),
    flags,
    questions: [question],
    answers,
    authorities,
    additionals: asksExtended ? [EXTENDED] : [],
  });
}

const EXTENDED: dnsPacket.Answer = {
  type: 'OPT',
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** null for what is no DNS message: servers drop it, as the world does. */
export function parse(message: Buffer): Packet | null {
  try {
    return dnsPacket.decode(message);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
