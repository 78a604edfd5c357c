// Names in the simulated world: what authoritative servers say, what a resolver makes of it, and what the prober remembers.
import net from 'node:net';
import type { Reason } from '../../catalog/reasons.ts';
import { plainHost } from '../../exporters/http/connection.ts';
import { attemptOf, patienceOf } from '../../exporters/resolver.ts';
import { closestZone } from '../../lab/dns-zone.ts';
import type { FaultKind } from '../../lab/faults.ts';
import type { Outlet } from '../../lab/outlet.ts';
import { patienceAt } from '../../lab/patience.ts';
import { isBroken, isWithheld, type Registered, registeredAs } from '../../lab/registration.ts';
import { metAt } from '../../lab/scope.ts';
import { hasWrongKey, isExpired } from '../../lab/signature-faults.ts';
import { type At, LOOPBACK_V6, type World } from '../../lab/world.ts';
import type { Random } from './chance.ts';
import type { Condition } from './condition.ts';
import { lateMs, spend, survives, type Trip } from './trip.ts';

/** What is said about a name; `refused` and `silent` are the server's, not the name's. */
export type NameAnswer = 'answer' | 'nodata' | 'nxdomain' | 'refused';

export type ResolverAnswer = NameAnswer | 'servfail' | 'bogus' | 'silent';

/** What a resolver is asked besides the name. */
export interface Asked {
  type: string;
  /** Whether no signature is to be checked. */
  unchecked: boolean;
  /** Whether it is the LAN's resolver, which may have a clock of its own. */
  own: boolean;
}

/** Addresses of whichever family, asked for by two questions. */
const EITHER = 'A or AAAA';

/** As programs ask at home. */
const PLAINLY: Asked = { type: EITHER, unchecked: false, own: true };

/** What the LAN's resolver may say against better knowledge. */
export type Lie = 'stale' | 'rewritten' | 'nodata';

export interface Names {
  /** The family of the addresses a name is reached by: IPv4, unless it has none of that. Of an address its own. */
  familyOf(host: string): 4 | 6;
  lieAbout(name: string): Lie | null;
  /** Whether the registry's servers know a domain. Their own zone they do. */
  delegated(domain: string): boolean;
  /** What the servers of its zone say about `name`, if they can be reached. */
  authoritative(name: string, type: string): NameAnswer;
  /** What a resolver that is itself well says, and how long it takes. */
  recursive(name: string, asked?: Asked): { answer: ResolverAnswer; ms: number };
  /** The prober's own look-up over the LAN's resolver. A reason instead of `ok` when there is no address. */
  lookUp(trip: Trip, name: string, mode: 'fresh' | 'last_good', deadlineMs: number): Reason;
}

export interface NamesOptions {
  world: World;
  places: readonly Outlet[];
  condition: Condition;
  random: Random;
}

/** The record that leads to an element. */
const typeOf = (at: At): string => (at === LOOPBACK_V6 ? 'AAAA' : 'A');

/** What a name is taken to have of which the world says nothing. */
const ANYWHERE: ReadonlySet<string> = new Set(['A', 'AAAA']);

/** Every world has the one. */
const RESOLVERS = 1;

/** How often a resolver asks each name server before it goes on to the next. */
const TRIES = 2;

const REASON_OF_ANSWER: Record<ResolverAnswer, Reason> = {
  answer: 'ok',
  nodata: 'dns_nodata',
  nxdomain: 'dns_nxdomain',
  refused: 'dns_refused',
  servfail: 'dns_servfail',
  bogus: 'dns_bogus',
  silent: 'dns_timeout',
};

export const reasonOfName = (answer: ResolverAnswer): Reason => REASON_OF_ANSWER[answer];

export function createNames({ world, places, condition, random }: NamesOptions): Names {
  const zones = [
    ...world.zones.map(({ zone, set }) => ({ name: zone, set })),
    ...world.dnsControls.map(({ zone, vendor }) => ({ name: zone, set: vendor })),
  ];
  const serversOf = new Map<string, Outlet[]>();
  for (const place of places) {
    if (place.role === 'nameserver') serversOf.set(place.owner, [...(serversOf.get(place.owner) ?? []), place]);
  }
  const serviceAt = new Map(world.services.map(({ host, name }) => [host, name]));
  const endpointAt = new Map(
    world.endpoints.flatMap((endpoint) => [endpoint.name, ...endpoint.siblings].map((host) => [host, endpoint])),
  );
  const hostsAt = new Map(
    world.zones.flatMap(({ hosts }) =>
      Object.entries(hosts).map(([host, at]) => [host, new Set(at.map(typeOf))] as const),
    ),
  );
  const resolver = places.find(({ role }) => role === 'resolver');
  const registryServers = places.filter(({ role }) => role === 'registry');
  const suffixes = new Set(world.registries.map(({ suffix }) => suffix));
  const registered = new Map<string, Registered | null>();
  const remembered = new Set<string>();
  const { nameServerMs } = patienceAt(1);
  const zoneOf = new Map<string, { name: string; set: string }>();

  function zoneFor(name: string): { name: string; set: string } {
    const known = zoneOf.get(name);
    if (known !== undefined) return known;
    const found = closestZone(zones, name);
    if (found === undefined) throw new Error(`no zone holds ${name}`);
    zoneOf.set(name, found);
    return found;
  }

  function authoritative(name: string, type: string): NameAnswer {
    const zone = zoneFor(name);
    if (
      world.services.some((service) => service.zone === zone.name && condition.active('dns_zone_refused', service.name))
    )
      return 'refused';
    if (type !== 'A' && type !== 'AAAA' && type !== EITHER) return 'answer';
    const service = serviceAt.get(name);
    if (service !== undefined && condition.active('dns_record_missing', service) !== undefined) return 'nxdomain';
    const endpoint = endpointAt.get(name);
    const isEmptied = endpoint && condition.active('endpoint_empty', endpoint.component, metAt(endpoint)) !== undefined;
    if (isEmptied) return 'nodata';
    return type === EITHER || (hostsAt.get(name) ?? ANYWHERE).has(type) ? 'answer' : 'nodata';
  }

  function registeredName(name: string): Registered | null {
    const known = registered.get(name);
    if (known !== undefined) return known;
    const found = registeredAs(world, name);
    registered.set(name, found);
    return found;
  }

  const activeOn = (kind: FaultKind, service: string): boolean => condition.active(kind, service) !== undefined;

  /** What the registry's servers make of a name before its own are asked; null: they refer to those. */
  function above(name: string): { answer: ResolverAnswer; ms: number } | null {
    const found = registeredName(name);
    if (found === null && !suffixes.has(name)) return null;
    const servers = registryServers.filter(({ owner }) => owner === (found?.registry.suffix ?? name));
    if (servers.every((server) => condition.state(server) !== 'open'))
      return { answer: 'servfail', ms: 2 * nameServerMs };
    return found !== null && isWithheld(world, found.domain, activeOn) ? { answer: 'nxdomain', ms: 10 } : null;
  }

  const isAtHome = (name: string): boolean =>
    (serversOf.get(zoneFor(name).set) ?? []).some(({ side }) => side === 'lan');

  /** Whether a resolver that validates refuses what it finds: for the zone above, for the zone itself, or for its own clock. */
  function isRefused(name: string, { type, unchecked, own }: Asked): boolean {
    if (unchecked) return false;
    const zone = registeredName(name)?.domain ?? null;
    // The zones above are signed everywhere, also those nobody of the map is registered in.
    if (own && condition.active('resolver_validation_broken') !== undefined) return !isAtHome(name);
    if (zone === null && !suffixes.has(name)) return false;
    if (condition.active('registry_signatures_broken') !== undefined) return true;
    return zone !== null && type !== 'DS' && (isExpired(world, zone, activeOn) || hasWrongKey(world, zone, activeOn));
  }

  function recursive(name: string, asked = PLAINLY): { answer: ResolverAnswer; ms: number } {
    const found =
      above(name) ?? (isSaidAbove(name, asked) ? { answer: 'answer', ms: 10 } : fromItsServers(name, asked));
    const said = found.answer === 'servfail' || !isRefused(name, asked) ? found.answer : 'bogus';
    return { answer: said, ms: found.ms };
  }

  /** The zone above alone answers for itself, and for the keys it publishes. */
  const isSaidAbove = (name: string, { type }: Asked): boolean => suffixes.has(name) || type === 'DS';

  function fromItsServers(name: string, { type }: Asked): { answer: ResolverAnswer; ms: number } {
    let ms = 0;
    for (const server of serversOf.get(zoneFor(name).set) ?? []) {
      if (condition.state(server) !== 'open') {
        ms += nameServerMs;
        continue;
      }
      const heard = Array.from({ length: TRIES }, () => survives(server, condition, random)).indexOf(true);
      ms += heard === -1 ? TRIES * nameServerMs : heard * nameServerMs + 10 + lateMs(server, condition, random);
      if (heard === -1) continue;
      const answer = authoritative(name, type === 'A' || type === 'AAAA' ? type : EITHER);
      if (answer !== 'refused') return { answer, ms };
    }
    return { answer: 'servfail', ms };
  }

  function lieAbout(name: string): Lie | null {
    const domain = condition.active('delegation_changed') === undefined ? undefined : registeredName(name)?.domain;
    if (domain !== undefined && isBroken(world, domain, 'delegation_changed', activeOn)) return 'rewritten';
    const service = serviceAt.get(name);
    if (service === undefined) return null;
    if (condition.active('resolver_rewrite', service) !== undefined) return 'rewritten';
    if (condition.active('resolver_nodata', service) !== undefined) return 'nodata';
    const isStale = (['resolver_stale', 'dns_record_moved'] as const).some((kind) => activeOn(kind, service));
    return isStale ? 'stale' : null;
  }

  /** A lie needs nobody to be asked. */
  function answered(name: string): { answer: ResolverAnswer; ms: number } {
    if (condition.strikes('resolver_failing')) return { answer: 'servfail', ms: 0 };
    const lie = lieAbout(name);
    return lie === null ? recursive(name) : { answer: lie === 'nodata' ? 'nodata' : 'answer', ms: 0 };
  }

  return {
    familyOf(host) {
      const literal = net.isIP(plainHost(host));
      if (literal !== 0) return literal === 6 ? 6 : 4;
      return (hostsAt.get(host) ?? ANYWHERE).has('A') ? 4 : 6;
    },
    delegated: (domain) => !isWithheld(world, domain, activeOn),
    authoritative,
    recursive,
    lieAbout,
    lookUp(trip, name, mode, deadlineMs) {
      const isKnown = mode === 'last_good' && remembered.has(name);
      const attemptMs = isKnown ? patienceOf(deadlineMs) : attemptOf(deadlineMs, RESOLVERS);
      const silent = resolver === undefined || condition.state(resolver) !== 'open' || trip.lost;
      const { answer, ms } = silent ? { answer: 'silent' as const, ms: attemptMs } : answered(name);
      const late = ms >= attemptMs;
      if (!spend(trip, Math.min(ms, attemptMs))) return 'dns_timeout';
      if (answer === 'answer' && !late) {
        remembered.add(name);
        return 'ok';
      }
      return isKnown ? 'ok' : late ? 'dns_timeout' : reasonOfName(answer);
    },
  };
}
