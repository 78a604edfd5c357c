// A resolver of the world: finds the servers of a name's zone, asks them over UDP, and says SERVFAIL when none answers.
// It remembers nothing, as if every TTL had just run out, so that a dead name server is felt at once.
import { randomInt } from 'node:crypto';
import dnsPacket, { type OptAnswer, type Packet, type Question } from 'dns-packet';
import { type AnswerQuestion, extension, parse } from './dns-server.ts';
import { closestZone, type Rcode, type ZoneAnswer } from './dns-zone.ts';
import { datagramsFor } from './outlet.ts';
import type { Place } from './wall.ts';

export interface Delegation {
  /** Zone; '' is the root. */
  name: string;
  servers: () => readonly Place[];
}

const USABLE_RCODES: Record<number, Rcode | undefined> = { 0: 'NOERROR', 3: 'NXDOMAIN' };

/** Resolves within a world whose delegations are these. */
export function recursor(
  delegations: readonly Delegation[],
  nameServerMs: number,
): (question: Question) => Promise<ZoneAnswer> {
  return async (question) => {
    const servers = closestZone(delegations, question.name.toLowerCase())?.servers() ?? [];
    return (await firstUsable(servers, question, 2 * nameServerMs)) ?? FAILURE;
  };
}

export const FAILURE: ZoneAnswer = { rcode: 'SERVFAIL', authoritative: false, answers: [], authorities: [] };

/** Asks one server after the other, each until the limit, since an answer that comes late is an answer. null: none came. */
export function firstUsable(
  servers: readonly Place[],
  question: Question,
  limitMs: number,
): Promise<ZoneAnswer | null> {
  return new Promise((resolve) => {
    let waiting = servers.length;
    if (waiting === 0) resolve(null);
    let next = 0;
    let pace: NodeJS.Timeout | undefined;
    const finish = (answer: ZoneAnswer | null): void => {
      clearTimeout(pace);
      next = servers.length;
      resolve(answer);
    };
    const askNext = async (): Promise<void> => {
      clearTimeout(pace);
      const server = servers[next];
      if (server === undefined) return;
      const leftMs = limitMs * (1 - next / servers.length);
      next += 1;
      pace = setTimeout(() => void askNext(), limitMs / servers.length);
      const answer = usable(await askServer(server, question, leftMs, [extension(true)]));
      waiting -= 1;
      if (answer !== null || waiting === 0) finish(answer);
      else void askNext();
    };
    void askNext();
  });
}

function usable(reply: Packet | null): ZoneAnswer | null {
  const rcode = USABLE_RCODES[(reply?.flags ?? 0) & 0xf];
  if (reply === null || rcode === undefined) return null;
  const { answers = [], authorities = [] } = reply;
  return { rcode, authoritative: false, answers, authorities };
}

/** A resolver that answers some names with addresses of its own, or none, and asks `honest` about all others. */
export function liar(lie: (name: string) => readonly string[] | null, honest: AnswerQuestion): AnswerQuestion {
  return async (question, wish) => {
    const said = lie(question.name.toLowerCase());
    if (said === null) return honest(question, wish);
    const answers: ZoneAnswer['answers'] =
      question.type === 'A' ? said.map((data) => ({ type: 'A', name: question.name, ttl: 2, data })) : [];
    return { rcode: 'NOERROR', authoritative: false, answers, authorities: [] };
  };
}

/** One question over UDP, with what is said besides it. null: no answer in time. */
export function askServer(
  { address, port }: Place,
  question: Question,
  patienceMs: number,
  additionals: OptAnswer[] = [],
): Promise<Packet | null> {
  const id = randomInt(65_536);
  const socket = datagramsFor(address);
  return new Promise((resolve) => {
    const finish = (reply: Packet | null): void => {
      clearTimeout(limit);
      socket.close();
      resolve(reply);
    };
    const limit = setTimeout(() => finish(null), patienceMs);
    socket.on('error', () => finish(null));
    socket.on('message', (message) => {
      const reply = parse(message);
      if (reply?.type === 'response' && reply.id === id) finish(reply);
    });
    socket.send(
      dnsPacket.encode({ type: 'query', id, flags: dnsPacket.RECURSION_DESIRED, questions: [question], additionals }),
      port,
      address,
    );
  });
}

/** Addresses of a name, asked at one resolver. Empty when there are none or it does not answer. */
export async function lookUp(resolver: Place, name: string, patienceMs: number): Promise<string[]> {
  const reply = await askServer(resolver, { type: 'A', name }, patienceMs);
  return (reply?.answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : []));
}
