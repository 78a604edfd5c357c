// Finds out what only this machine can tell: gateway, resolvers, and the name servers of zones the map gives none for.
import type { Clock } from '../exporters/clock.ts';
import { parseServer } from '../exporters/dns/endpoint.ts';
import { exchange, type Wiring } from '../exporters/dns/exchange.ts';
import { systemServers } from '../exporters/resolver.ts';
import { zonesAboveToFind } from './bind-domains.ts';
import { endpointZone } from './bind-service.ts';
import { findGateway } from './gateway.ts';
import type { DemarcMap } from './load.ts';
import type { Surroundings } from './plan.ts';

const ATTEMPT_MS = 2_000;

/** Resolvers to ask, `address:port`: the map's, else this machine's. */
export function resolversOf({ file }: DemarcMap, system = systemServers()): string[] {
  return file.resolver === 'auto' ? system : [file.resolver.address];
}

/** Zones whose name servers must be found by asking. */
export function zonesToFind(map: DemarcMap): string[] {
  const { file, vendors } = map;
  const zones = Object.values(file.services).flatMap(({ dns, needs }) => {
    const own = dns !== undefined && dns.servers === undefined ? [dns.zone] : [];
    const endpoint = needs && vendors.get(needs.vendor)?.components[needs.component]?.endpoint;
    return endpoint && endpoint.servers === undefined ? [...own, endpointZone(endpoint)] : own;
  });
  return [...new Set([...zones, ...zonesAboveToFind(map)])];
}

/** Asks around once. What cannot be found stays out; the plan then simply lacks those targets. */
export async function lookAround(map: DemarcMap, clock: Clock): Promise<Surroundings> {
  const resolvers = resolversOf(map);
  const found = await Promise.all(
    zonesToFind(map).map(
      async (zone) => [zone, await nameserversOf(zone, resolvers, { clock, trust: map.trust })] as const,
    ),
  );
  return {
    gateway: map.file.gateway === 'auto' ? findGateway() : null,
    resolvers,
    nameservers: new Map(found.filter(([, servers]) => servers.length > 0)),
  };
}

type Asking = Pick<Wiring, 'clock' | 'trust'>;

/** Host names of a zone's authoritative servers; the zones above are tried when the name itself is no zone. */
async function nameserversOf(zone: string, resolvers: readonly string[], asking: Asking): Promise<string[]> {
  const parents = zone.split('.').map((_, index, labels) => labels.slice(index).join('.'));
  for (const name of parents.filter((parent) => parent.includes('.') || parent === zone)) {
    for (const resolver of resolvers) {
      const servers = await askNameservers(name, resolver, asking);
      if (servers.length > 0) return servers;
    }
  }
  return [];
}

async function askNameservers(name: string, resolver: string, asking: Asking): Promise<string[]> {
  const server = parseServer(resolver);
  if (server === null) return [];
  const deadline = new AbortController();
  const cancel = asking.clock.after(ATTEMPT_MS, () => deadline.abort());
  try {
    const { answer } = await exchange(server, { name, type: 'NS', recursion: true }, 'udp', {
      signal: deadline.signal,
      ...asking,
    });
    return answer?.matching.map(({ data }) => data.replace(/\.$/, '')) ?? [];
  } finally {
    cancel();
  }
}
