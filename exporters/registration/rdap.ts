// Reads the RDAP object of one domain (RFC 9083), as far as it matters to whoever depends on the name.
import { domainToASCII } from 'node:url';
import { z } from 'zod';
import { isAskable } from '../dns/question.ts';
import { readJson } from '../http/bounded-json.ts';
import { instantOf } from '../instant.ts';
import { inShape, Malformed } from '../malformed.ts';
import { EPP_STATUSES, type EppStatus, eppStatusOf } from './epp-status.ts';
import type { RegistrationFacts } from './facts.ts';

const MAX_NAME_SERVERS = 32;

/** Lists are read entry by entry: one that is odd must not hide the others. */
const Domain = z.object({
  objectClassName: z.literal('domain'),
  ldhName: z.string().optional(),
  unicodeName: z.string().optional(),
  status: z.array(z.unknown()).default([]),
  events: z.array(z.unknown()).default([]),
  nameservers: z.array(z.unknown()).default([]),
  secureDNS: z.object({ delegationSigned: z.boolean().optional() }).optional(),
});

const Expiration = z.object({ eventAction: z.literal('expiration'), eventDate: z.string() });
const NameServer = z.object({ ldhName: z.string() });

export type RegisteredDomain = Pick<
  RegistrationFacts,
  'expiry' | 'statuses' | 'unknownStatuses' | 'nameServers' | 'delegationSigned'
>;

/** Throws {@link Malformed} for what is not the RDAP object of `domain`. */
export function readDomain(text: string, domain: string): RegisteredDomain {
  const read = inShape(Domain, readJson(text), 'not the RDAP object of a domain');
  const { ldhName, unicodeName, status, events, nameservers, secureDNS } = read;
  if (plain(ldhName ?? unicodeName ?? '') !== domain) throw new Malformed('about another domain');
  const statuses = status.map((word) => (typeof word === 'string' ? eppStatusOf(word) : null));
  return {
    expiry: earliest(events),
    statuses: EPP_STATUSES.filter((known): known is EppStatus => statuses.includes(known)),
    unknownStatuses: statuses.filter((known) => known === null).length,
    nameServers: namesOf(nameservers),
    delegationSigned: secureDNS?.delegationSigned ?? null,
  };
}

/** In A-label form, lower case, without the dot of the root; empty for what is no name. */
function plain(name: string): string {
  return name.length > 1_000 ? '' : domainToASCII(name.replace(/\.$/, ''));
}

/** A registry that gives two dates is believed the one that comes first. */
function earliest(events: readonly unknown[]): number | null {
  const times = events.flatMap((event) => {
    const read = Expiration.safeParse(event);
    return read.success ? (instantOf(read.data.eventDate) ?? []) : [];
  });
  return times.length === 0 ? null : times.reduce((first, time) => Math.min(first, time));
}

function namesOf(nameservers: readonly unknown[]): string[] {
  const names = nameservers.flatMap((server) => {
    const read = NameServer.safeParse(server);
    const name = read.success ? plain(read.data.ldhName) : '';
    return name !== '' && isAskable(name) ? name : [];
  });
  return [...new Set(names)].sort().slice(0, MAX_NAME_SERVERS);
}
