// The registries of a world: the servers of the zone above every domain, and the record of each domain over RDAP.
import type { Answer as DnsRecord, Question } from 'dns-packet';
import type { Respond } from './answer.ts';
import { type AnswerQuestion, startDnsServer } from './dns-server.ts';
import { answerFrom, soaOf, type Wish, type Zone, type ZoneAnswer } from './dns-zone.ts';
import { denied, type Signer, signed } from './dnssec-sign.ts';
import { DAYS_LEFT, inDays, isBroken, isWithheld, nameServersOf, registeredAs, STRANGERS } from './registration.ts';
import { addHttp, type Site } from './site.ts';
import type { WorldRegistry } from './world.ts';

const DELEGATION_TTL = 5;

export async function buildRegistries(site: Site): Promise<void> {
  for (const registry of site.world.registries) {
    const facts = { role: 'registry', owner: registry.suffix, side: 'internet', recursive: false } as const;
    for (const [index, octet] of registry.at.entries()) {
      const rank = index / registry.at.length;
      const answer: AnswerQuestion = (question, wish) => refer(site, registry, question, wish);
      site.outlets.push(await startDnsServer({ ...facts, rank, address: site.addressOf(octet), answer }));
    }
    const place = { role: 'rdap', owner: registry.suffix, side: 'internet', at: [registry.rdap] } as const;
    await addHttp(site, place, record(site), null);
  }
}

/** What the servers of the zone above say: a referral, or that there is no such domain. */
function refer(site: Site, { suffix }: WorldRegistry, question: Question, wish: Wish): ZoneAnswer {
  const { world, damage, signers } = site;
  const signer = wish.signatures ? signers.of(suffix) : undefined;
  const own: Zone = {
    name: suffix,
    serial: 2_026_010_101,
    signer: () => signers.of(suffix),
    servers: [`a.${suffix}-registry.test`],
    addresses: () => null,
    names: () => [],
  };
  const name = question.name.toLowerCase();
  const domain = registeredAs(world, name)?.domain;
  const servers = domain === undefined ? [] : nameServersOf(world, domain);
  if (domain === undefined || servers.length === 0 || isWithheld(world, domain, damage.active)) {
    return answerFrom([own], question, wish);
  }
  const changed = isBroken(world, domain, 'delegation_changed', damage.active);
  // Whoever takes a domain over takes its keys out, or nobody who validates would follow.
  const entries = changed ? [] : delegationSigners(site, domain);
  const proof = signer === undefined ? entries : proofOf(entries, domain, signer);
  if (question.type === 'DS' && name === domain) {
    if (entries.length > 0) return { rcode: 'NOERROR', authoritative: true, answers: proof, authorities: [] };
    const soa = signer === undefined ? [soaOf(own)] : signed([soaOf(own)], signer);
    return { rcode: 'NOERROR', authoritative: true, answers: [], authorities: [...soa, ...proof] };
  }
  const servants = (changed ? STRANGERS : servers).map(
    (data): DnsRecord => ({ type: 'NS', name: domain, ttl: DELEGATION_TTL, data }),
  );
  const authorities = [...servants, ...(signer === undefined ? [] : proof)];
  return { rcode: 'NOERROR', authoritative: false, answers: [], authorities };
}

/** What is published of the key of a domain; nothing where it is not signed. */
function delegationSigners({ signers }: Site, domain: string): DnsRecord[] {
  const data = signers.entry(domain);
  return data === undefined ? [] : [{ type: 'DS', name: domain, ttl: DELEGATION_TTL, data }];
}

/** The same signed, or the signed word that there is none: what a zone below is signed with is said by the one above alone. */
const proofOf = (entries: readonly DnsRecord[], domain: string, signer: Signer): DnsRecord[] =>
  entries.length > 0 ? signed(entries, signer) : denied([], domain, ['NS'], signer);

/** RFC 9083, as far as it is read. */
function record({ world, damage, signers }: Site): Respond {
  return ({ path }) => {
    const domain = /^\/domain\/([a-z0-9.-]+)$/.exec(path)?.[1] ?? '';
    const broken = (kind: Parameters<typeof isBroken>[2]): boolean => isBroken(world, domain, kind, damage.active);
    const headers = { 'content-type': 'application/rdap+json' };
    if (registeredAs(world, domain)?.domain !== domain || nameServersOf(world, domain).length === 0) {
      return { status: 404, headers, body: JSON.stringify({ errorCode: 404, title: 'Not Found' }) };
    }
    const ended = broken('domain_expired') || broken('domain_deleting');
    const endsAt = new Date(inDays(ended ? -3 : DAYS_LEFT)).toISOString();
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
      secureDNS: { delegationSigned: signers.entry(domain) !== undefined },
    };
    return { status: 200, headers, body: JSON.stringify(body) };
  };
}
