// Whether the name servers that a zone above names serve the zone, each at every address: what a resolver stumbles over now and then,
// and nobody notices, as the others still answer. It is told, and judges nobody.
import net from 'node:net';
import { isPublic } from '../http/reach.ts';
import { type ProbeContext, ResolveError } from '../probe.ts';
import type { DnsAnswer } from './answer.ts';
import type { Server } from './endpoint.ts';
import { type Exchange, exchange } from './exchange.ts';
import type { DelegationFault, DelegationFlaw } from './facts.ts';
import type { Question, QuestionType } from './question.ts';

/** Name servers that are asked, and addresses of each. */
const MOST_SERVERS = 8;
const MOST_ADDRESSES = 4;

/** What a server of the zone above says. */
type Above = Pick<DnsAnswer, 'nameServers' | 'glue'>;

/** One name server at one address. */
interface Place {
  name: string;
  address: string;
}

interface Looked extends Place {
  flaw: DelegationFlaw | null;
  /** Name servers of the zone by its own word; null where it does not say. */
  own: readonly string[] | null;
}

/** `above`: what a server of the zone above says about `zone`. Ends with the deadline of the context. */
export async function flawsOf(
  zone: string,
  above: Above,
  parent: Server,
  context: ProbeContext,
): Promise<DelegationFault[]> {
  const apex = zone.toLowerCase().replace(/(?<=.)\.$/, '');
  const named = above.nameServers.slice(0, MOST_SERVERS);
  const found = await Promise.all(named.map((name) => addressesOf(name, above, parent, context)));
  const places = found.flatMap(({ places: known }) => known);
  const ask = askFrom(parent.port, context);
  const looked = await Promise.all(places.map((place) => look(apex, place, ask)));
  const faults = [
    ...found.flatMap(({ fault }) => fault ?? []),
    ...looked.flatMap(({ flaw, name, address }) => (flaw === null ? [] : [{ flaw, name, address }])),
    ...differences(above.nameServers, looked),
    ...(await staleGlue(apex, above, looked, ask)),
    ...(inOneNetwork(places) ? [{ flaw: 'one_network', name: apex, address: null } as const] : []),
  ];
  for (const { flaw, name, address } of faults)
    context.trace?.step(`${flaw}: ${name}${address ? ` at ${address}` : ''}`);
  return faults;
}

/** By the glue that came along, else by its name; whoever is outside leads nobody to addresses inside. */
async function addressesOf(
  name: string,
  above: Above,
  parent: Server,
  { resolver, signal }: ProbeContext,
): Promise<{ places: Place[]; fault: DelegationFault | null }> {
  const nowhere = { places: [], fault: { flaw: 'no_address', name, address: null } as const };
  try {
    const glued = glueOf(name, above);
    const known = glued.length > 0 ? glued : await resolver.resolve(name, 'last_good', signal);
    const allowed = known.filter((address) => !isPublic(parent.host) || isPublic(address)).slice(0, MOST_ADDRESSES);
    if (allowed.length === 0) return nowhere;
    return { places: allowed.map((address) => ({ name, address })), fault: null };
  } catch (error) {
    if (error instanceof ResolveError) return nowhere;
    throw error;
  }
}

const glueOf = (name: string, { glue }: Above): string[] =>
  glue.filter((record) => record.name === name).map(({ data }) => data);

type Ask = (place: Place, name: string, type: QuestionType, transport?: 'udp' | 'tcp') => Promise<Exchange>;

/** At the port of the server above: in the world there is only one, in a lab any. */
function askFrom(port: number, context: ProbeContext): Ask {
  return ({ address }, name, type, transport = 'udp') => {
    const question: Question = { name, type, recursion: false };
    return exchange({ host: address, port }, question, transport, context);
  };
}

async function look(zone: string, place: Place, ask: Ask): Promise<Looked> {
  const flawed = (flaw: DelegationFlaw): Looked => ({ ...place, flaw, own: null });
  const soa = await ask(place, zone, 'SOA');
  if (soa.answer === null) return flawed('silent');
  if (!soa.answer.authoritative || soa.answer.shape !== 'answer') return flawed('lame');
  const [byStream, servers] = await Promise.all([ask(place, zone, 'SOA', 'tcp'), ask(place, zone, 'NS')]);
  const own = servers.answer?.shape === 'answer' ? servers.answer.nameServers : null;
  return { ...place, flaw: byStream.answer === null ? 'no_tcp' : null, own };
}

/** Between what is said above and what the zone says of itself. */
function differences(above: readonly string[], looked: readonly Looked[]): DelegationFault[] {
  const own = new Set(looked.flatMap(({ own: names }) => names ?? []));
  if (own.size === 0) return [];
  const missing = (flaw: DelegationFlaw, names: Iterable<string>, others: ReadonlySet<string>): DelegationFault[] =>
    [...names].filter((name) => !others.has(name)).map((name) => ({ flaw, name, address: null }));
  return [...missing('not_in_zone', above, own), ...missing('not_in_parent', own, new Set(above))];
}

/** Glue that the zone itself does not confirm: resolvers go by the one or by the other. */
async function staleGlue(zone: string, above: Above, looked: readonly Looked[], ask: Ask): Promise<DelegationFault[]> {
  const witness = looked.find(({ own }) => own !== null);
  if (witness === undefined) return [];
  const glued = new Set(above.glue.map(({ name }) => name));
  const inside = [...glued].filter((name) => `.${name}`.endsWith(`.${zone}`) && above.nameServers.includes(name));
  const faults = await Promise.all(
    inside.flatMap((name) =>
      ([4, 6] as const).map(async (family): Promise<DelegationFault[]> => {
        const said = glueOf(name, above).filter((address) => net.isIP(address) === family);
        const told = await ask(witness, name, family === 4 ? 'A' : 'AAAA');
        if (told.answer === null || told.answer.shape === 'error') return [];
        const own = told.answer.matching.map(({ data }) => data);
        const same = said.length === own.length && said.every((address) => own.includes(address));
        return same ? [] : [{ flaw: 'glue_differs', name, address: said[0] ?? own[0] ?? null }];
      }),
    ),
  );
  return faults.flat();
}

/** All behind one router, as far as addresses tell: of IPv4 one network of 256. Whoever has IPv6 too is not judged by it. */
function inOneNetwork(places: readonly Place[]): boolean {
  const networks = new Set(
    places.map(({ address }) => (net.isIPv4(address) ? address.replace(/\.\d+$/, '') : address)),
  );
  return places.length > 0 && networks.size === 1;
}
