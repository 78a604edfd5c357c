// What the authoritative servers know, and how they say it: RFC 1034 section 4.3.2, RFC 2308 for the negative answers.
import { randomInt } from 'node:crypto';
import net from 'node:net';
import type { Answer as DnsRecord, Question, SoaAnswer } from 'dns-packet';
import { type Signer, signAnswer } from './dnssec-sign.ts';

export interface Zone {
  /** Lower case, without the last dot; '' is the root. */
  name: string;
  serial: number;
  /** Names of the servers, for NS and SOA. */
  servers: readonly string[];
  /** Fully qualified name -> addresses of either family. An empty list is a name that exists without an address. */
  addresses(name: string): readonly string[] | null;
  /** Every name of the zone that exists. */
  names(): readonly string[];
  /** Who signs what is said of it, at this instant; undefined where nobody does. */
  signer(): Signer | undefined;
}

export type Rcode = 'NOERROR' | 'NXDOMAIN' | 'REFUSED' | 'SERVFAIL';

export interface ZoneAnswer {
  rcode: Rcode;
  authoritative: boolean;
  answers: DnsRecord[];
  authorities: DnsRecord[];
  /** Whether a resolver has seen a whole chain of signatures hold. */
  authenticated?: true;
  /** What a resolver found wrong (RFC 8914). */
  extendedError?: number;
}

/** How a question wants to be answered. */
export interface Wish {
  /** The DO bit: with signatures. */
  signatures: boolean;
  /** The CD bit: even if they do not hold. */
  unchecked: boolean;
}

/** Short, since nothing in the lab lives long. */
const TTL_SECONDS = 5;

const within = (name: string, zone: string): boolean => zone === '' || name === zone || name.endsWith(`.${zone}`);

/** The zone with the longest name that holds this one. */
export function closestZone<Z extends { name: string }>(zones: readonly Z[], name: string): Z | undefined {
  return zones.filter((zone) => within(name, zone.name)).sort((a, b) => b.name.length - a.name.length)[0];
}

/** The answer of a server that has these zones and no others. */
export function answerFrom(zones: readonly Zone[], question: Question, { signatures }: Wish): ZoneAnswer {
  const name = question.name.toLowerCase();
  const plain = plainAnswer(zones, name, question);
  const zone = closestZone(zones, name);
  const signer = signatures ? zone?.signer() : undefined;
  if (zone === undefined || signer === undefined || !plain.authoritative) return plain;
  return signAnswer(plain, name, typesOf(zone, name), signer);
}

function plainAnswer(zones: readonly Zone[], name: string, question: Question): ZoneAnswer {
  const { name: asked, type, class: family = 'IN' } = question;
  const zone = closestZone(zones, name);
  if (zone === undefined || family !== 'IN')
    return { rcode: 'REFUSED', authoritative: false, answers: [], authorities: [] };
  const answers = recordsOf(zone, asked, name, type);
  if (answers.length > 0) return { rcode: 'NOERROR', authoritative: true, answers, authorities: [] };
  const exists = name === zone.name || zone.names().some((other) => within(other, name));
  return { rcode: exists ? 'NOERROR' : 'NXDOMAIN', authoritative: true, answers: [], authorities: [soaOf(zone)] };
}

function recordsOf(zone: Zone, asked: string, name: string, type: Question['type']): DnsRecord[] {
  if (type === 'A' || type === 'AAAA')
    return turned(addressesOf(zone, name, type)).map((data) => ({ type, name: asked, ttl: TTL_SECONDS, data }));
  if (name !== zone.name) return [];
  if (type === 'SOA') return [soaOf(zone)];
  const key = type === 'DNSKEY' ? zone.signer()?.key.dnskey : undefined;
  if (key !== undefined) return [{ type: 'DNSKEY', name: asked, ttl: TTL_SECONDS, data: key }];
  if (type === 'NS') return zone.servers.map((data) => ({ type: 'NS', name: asked, ttl: TTL_SECONDS, data }));
  return [];
}

const FAMILY = { A: 4, AAAA: 6 } as const;

const addressesOf = (zone: Zone, name: string, type: keyof typeof FAMILY): string[] =>
  (zone.addresses(name) ?? []).filter((address) => net.isIP(address) === FAMILY[type]);

/** What a name of the zone can be asked for. */
const typesOf = (zone: Zone, name: string): string[] =>
  name === zone.name
    ? ['NS', 'SOA', 'DNSKEY']
    : (['A', 'AAAA'] as const).filter((type) => addressesOf(zone, name, type).length > 0);

/** Another one first each time, as real servers do, so that some clients meet every address. */
function turned(addresses: readonly string[]): string[] {
  const first = addresses.length < 2 ? 0 : randomInt(addresses.length);
  return [...addresses.slice(first), ...addresses.slice(0, first)];
}

export function soaOf({ name, serial, servers }: Zone): SoaAnswer {
  const mname = servers[0] ?? 'ns.invalid';
  const data = {
    mname,
    rname: 'hostmaster.commons.test',
    serial,
    refresh: 60,
    retry: 30,
    expire: 3_600,
    minimum: TTL_SECONDS,
  };
  return { type: 'SOA', name, ttl: TTL_SECONDS, data };
}
