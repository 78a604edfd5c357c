// The registries of a world: the servers of the zone above every domain, and the record of each domain over RDAP.
import type { Question } from 'dns-packet';
import type { Respond } from './answer.ts';
import { startDnsServer } from './dns-server.ts';
import { answerFrom, type Zone, type ZoneAnswer } from './dns-zone.ts';
import { isBroken, isWithheld, nameServersOf, registeredAs, STRANGERS } from './registration.ts';
import { addHttp, type Site } from './site.ts';
import type { WorldRegistry } from './world.ts';

const DAY_MS = 86_400_000;
const DELEGATION_TTL = 5;

export async function buildRegistries(site: Site): Promise<void> {
  for (const registry of site.world.registries) {
    const facts = { role: 'registry', owner: registry.suffix, side: 'internet', recursive: false } as const;
    for (const [index, octet] of registry.at.entries()) {
      const rank = index / registry.at.length;
      const answer = (question: Question): ZoneAnswer => refer(site, registry, question);
      site.outlets.push(await startDnsServer({ ...facts, rank, address: site.addressOf(octet), answer }));
    }
    const place = { role: 'rdap', owner: registry.suffix, side: 'internet', at: [registry.rdap] } as const;
    await addHttp(site, place, record(site), null);
  }
}

/** What the servers of the zone above say: a referral, or that there is no such domain. */
function refer({ world, damage }: Site, { suffix }: WorldRegistry, question: Question): ZoneAnswer {
  const own: Zone = {
    name: suffix,
    serial: 2_026_010_101,
    servers: [`a.${suffix}-registry.test`],
    addresses: () => null,
    names: () => [],
  };
  const name = question.name.toLowerCase();
  const domain = registeredAs(world, name)?.domain;
  const servers = domain === undefined ? [] : nameServersOf(world, domain);
  if (domain === undefined || servers.length === 0 || isWithheld(world, domain, damage.active)) {
    return answerFrom([own], question);
  }
  const changed = isBroken(world, domain, 'delegation_changed', damage.active);
  const authorities = (changed ? STRANGERS : servers).map(
    (data) => ({ type: 'NS', name: domain, ttl: DELEGATION_TTL, data }) as const,
  );
  return { rcode: 'NOERROR', authoritative: false, answers: [], authorities };
}

/** RFC 9083, as far as it is read. */
function record({ world, damage }: Site): Respond {
  return ({ path }) => {
    const domain = /^\/domain\/([a-z0-9.-]+)$/.exec(path)?.[1] ?? '';
    const broken = (kind: Parameters<typeof isBroken>[2]): boolean => isBroken(world, domain, kind, damage.active);
    const headers = { 'content-type': 'application/rdap+json' };
    if (registeredAs(world, domain)?.domain !== domain || nameServersOf(world, domain).length === 0) {
      return { status: 404, headers, body: JSON.stringify({ errorCode: 404, title: 'Not Found' }) };
    }
    const ended = broken('domain_expired') || broken('domain_deleting');
    const endsAt = new Date(Date.now() + (ended ? -3 : 300) * DAY_MS).toISOString();
    const status = [
      ...(broken('domain_deleting') ? ['redemption period', 'pending delete'] : []),
      ...(broken('registrar_hold') ? ['client hold'] : []),
      ...(broken('registry_hold') ? ['server hold'] : []),
    ];
    const body = {
      objectClassName: 'domain',
      ldhName: domain,
      status: [...(status.length === 0 ? ['active'] : status), 'client transfer prohibited'],
      events: [{ eventAction: 'expiration', eventDate: endsAt }],
      nameservers: nameServersOf(world, domain).map((ldhName) => ({ objectClassName: 'nameserver', ldhName })),
      secureDNS: { delegationSigned: false },
    };
    return { status: 200, headers, body: JSON.stringify(body) };
  };
}
