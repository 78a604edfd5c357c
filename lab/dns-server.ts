// A DNS server over UDP and TCP on one port. What it answers is its owner's business.
import type dgram from 'node:dgram';
import type { Socket } from 'node:net';
import dnsPacket, { type Packet } from 'dns-packet';
import type { Rcode, Wish, ZoneAnswer } from './dns-zone.ts';
import { isNameDenied } from './dnssec-sign.ts';
import { reply } from './line.ts';
import { newOutlet, type Outlet, openForBoth } from './outlet.ts';

export type AnswerQuestion = (question: dnsPacket.Question, wish: Wish) => ZoneAnswer | Promise<ZoneAnswer>;

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
const EXTENDED_ERROR_OPTION = 15;

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
  datagrams.on('message', async (message, asker) => {
    if (outlet.state !== 'open') return;
    const answer = await respond(message);
    if (answer !== null && outlet.state === 'open') reply(outlet, answer, asker);
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
  const asked = query.flags ?? 0;
  const extended = query.additionals?.find((record) => record.type === 'OPT');
  const wish = { signatures: extended?.flag_do === true, unchecked: (asked & dnsPacket.CHECKING_DISABLED) !== 0 };
  const { rcode, authoritative, authenticated, extendedError, ...said } = await answer(question, wish);
  const vouched = authenticated && (wish.signatures || (asked & dnsPacket.AUTHENTIC_DATA) !== 0);
  const flags =
    // Who takes no signatures is told of a missing name in the old words (RFC 9824 section 5).
    RCODES[!wish.signatures && isNameDenied(said.authorities) ? 'NXDOMAIN' : rcode] |
    (authoritative ? AUTHORITATIVE : 0) |
    (recursive ? RECURSION_AVAILABLE : 0) |
    (vouched ? dnsPacket.AUTHENTIC_DATA : 0) |
    (asked & (RECURSION_DESIRED | dnsPacket.CHECKING_DISABLED));
  const wanted = ({ type }: dnsPacket.Answer): boolean =>
    wish.signatures || type === question.type || (type !== 'RRSIG' && type !== 'NSEC');
  return dnsPacket.encode({
    type: 'response',
    ...(query.id === undefined ? {} : { id: query.id }),
    flags,
    questions: [question],
    answers: said.answers.filter(wanted),
    authorities: said.authorities.filter(wanted),
    additionals: extended === undefined ? [] : [extension(wish.signatures, extendedError)],
  });
}

/** What is said besides the plain protocol, and to be able to hear (RFC 6891). */
export function extension(signatures: boolean, error?: number): dnsPacket.OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: 1232,
    extendedRcode: 0,
    ednsVersion: 0,
    flags: signatures ? dnsPacket.DNSSEC_OK : 0,
    flag_do: signatures,
    options: error === undefined ? [] : [extendedErrorOption(error)],
  };
}

/** Its types know only the options it has names for; what it writes is any code with any bytes. */
function extendedErrorOption(error: number): dnsPacket.PacketOpt {
  const data = Buffer.alloc(2);
  data.writeUInt16BE(error);
  return { code: EXTENDED_ERROR_OPTION, data } as unknown as dnsPacket.PacketOpt;
}

/** null for what is no DNS message: servers drop it, as the world does. */
export function parse(message: Buffer): Packet | null {
  try {
    return dnsPacket.decode(message);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
