// Who knows which names in a world: the authoritative servers, and the resolvers that ask them.

import { startSecuredDnsServer } from './dns-secured.ts';
import { type AnswerQuestion, startDnsServer } from './dns-server.ts';
import { answerFrom, type Zone } from './dns-zone.ts';
import { FAILURE, liar, recursor } from './recursor.ts';
import { resolution } from './resolution.ts';
import { metAt } from './scope.ts';
import { findOutlets, type Site } from './site.ts';

/** Of every zone. */
const SERIAL = 2_026_010_101;

/** How far the clock of the LAN's resolver can be behind: before all signatures were made. */
const BEHIND_MS = 60 * 86_400_000;

export async function buildNames(site: Site): Promise<void> {
  await buildNameServers(site);
  await buildResolvers(site);
}

async function buildNameServers(site: Site): Promise<void> {
  for (const { set, at, side = 'internet' } of site.world.nameServers) {
    for (const [index, octet] of at.entries()) {
      const zones = zonesOf(site, set, index > 0);
      const facts = { role: 'nameserver', owner: set, side, rank: index / at.length, recursive: false } as const;
      const answer: AnswerQuestion = (question, wish) => answerFrom(servedOf(site, zones), question, wish);
      site.outlets.push(await startDnsServer({ ...facts, address: site.addressOf(octet), answer }));
    }
  }
}

/** What is left when the zones of suspended accounts are taken away. */
function servedOf({ world, damage }: Site, zones: readonly Zone[]): Zone[] {
  const refused = world.services.filter(({ name }) => damage.active('dns_zone_refused', name)).map(({ zone }) => zone);
  return zones.filter(({ name }) => !refused.includes(name));
}

/** As a secondary has it that was told of no change for long. */
const STALE_SERIAL = SERIAL - 100;

/** The zones of one server of a set, as the faults leave them at each question. */
function zonesOf({ world, addressOf, damage, signers, repointed }: Site, set: string, isSecondary: boolean): Zone[] {
  const endpointAt = new Map(
    world.endpoints.flatMap((endpoint) => [endpoint.name, ...endpoint.siblings].map((host) => [host, endpoint])),
  );
  const serviceOf = new Map(world.services.map(({ host, name }) => [host, name]));
  const isStale = (service: string): boolean => isSecondary && damage.active('dns_secondary_stale', service);
  const isMoved = (service: string): boolean => isStale(service) || damage.active('dns_record_moved', service);
  const deleted = (host: string): boolean => damage.active('dns_record_missing', serviceOf.get(host) ?? '');
  const own = world.zones.filter((zone) => zone.set === set);
  const controls = world.dnsControls.filter(({ vendor }) => vendor === set).map(({ zone }) => ({ zone, hosts: {} }));
  return [...own, ...controls].map(
    ({ zone, hosts }: { zone: string; hosts: Readonly<Record<string, readonly number[]>> }) => ({
      name: zone,
      get serial() {
        const stale = world.services.some((service) => service.zone === zone && isStale(service.name));
        return stale ? STALE_SERIAL : SERIAL;
      },
      signer: () => signers.of(zone),
      servers: [`ns1.${set}-servers.test`, `ns2.${set}-servers.test`],
      names: () => Object.keys(hosts).filter((host) => !deleted(host)),
      addresses(name) {
        const at = hosts[name];
        if (at === undefined || deleted(name)) return null;
        if (isMoved(serviceOf.get(name) ?? '')) return [addressOf(world.former)];
        const moved = repointed.get(name);
        if (moved !== undefined) return moved;
        const endpoint = endpointAt.get(name);
        if (endpoint !== undefined && damage.active('endpoint_empty', endpoint.component, metAt(endpoint))) return [];
        return [...new Set(at.map(addressOf))];
      },
    }),
  );
}

async function buildResolvers(site: Site): Promise<void> {
  const { world, outlets } = site;
  const delegated = [...world.zones, ...world.dnsControls.map(({ vendor, zone }) => ({ zone, set: vendor }))];
  const delegations = delegated.map(({ zone, set }) => ({
    name: zone,
    servers: () => findOutlets(outlets, 'nameserver', set),
  }));
  const fromItsServers = recursor(delegations, site.patience.nameServerMs);
  const honest = resolution(site, fromItsServers);
  const own = { role: 'resolver', owner: '', side: 'lan', recursive: true } as const;
  const late = (): number => Date.now() - (site.damage.active('resolver_validation_broken') ? BEHIND_MS : 0);
  const answer = failing(site, liar(liesOf(site), resolution(site, fromItsServers, late)));
  outlets.push(await startDnsServer({ ...own, answer, address: site.addressOf(world.resolver) }));
  for (const { operator, at, over, identity } of world.publicResolvers) {
    const owned = { role: 'public_resolver', owner: operator, side: 'internet', recursive: true } as const;
    const answer = identity === undefined ? honest : named(identity, honest);
    const facts = { ...owned, answer, address: site.addressOf(at) };
    if (over === undefined) outlets.push(await startDnsServer(facts));
    else {
      const credentials = await site.authority.issue([resolverName(operator)]);
      outlets.push(await startSecuredDnsServer(facts, over, credentials));
    }
  }
}

/** Says who it is to whoever asks in the class for that (RFC 4892). */
const named =
  (identity: string, usual: AnswerQuestion): AnswerQuestion =>
  (question, wish) => {
    const { name, type, class: family } = question;
    if (family !== 'CH' || type !== 'TXT' || name.toLowerCase() !== 'id.server') return usual(question, wish);
    const record = { type, name, class: family, ttl: 0, data: identity } as const;
    return { rcode: 'NOERROR', authoritative: true, answers: [record], authorities: [] };
  };

/** A resolver whose settings are broken knows nothing, and says so. */
const failing =
  ({ damage }: Site, usual: AnswerQuestion): AnswerQuestion =>
  (question, wish) =>
    damage.strikes('resolver_failing') ? FAILURE : usual(question, wish);

/** What the certificate of a public resolver carries. */
export const resolverName = (operator: string): string => `dns.${operator}.test`;

/** What the resolver of the LAN says against better knowledge. */
function liesOf({ world, addressOf, damage }: Site): (name: string) => readonly string[] | null {
  const serviceOf = new Map(world.services.map(({ host, name }) => [host, name]));
  return (name) => {
    const service = serviceOf.get(name) ?? '';
    if (damage.active('resolver_rewrite', service)) return ['0.0.0.0'];
    if (damage.active('resolver_nodata', service)) return [];
    return damage.active('resolver_stale', service) ? [addressOf(world.former)] : null;
  };
}
