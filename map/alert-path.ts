// Does the way an alert leaves share its fate with what it reports on? A question about the map alone: nothing is asked.
import net from 'node:net';
import type { Notify, ReceiverEntry } from './notify.ts';
import type { MapFile, ServiceEntry } from './schema.ts';
import { farEndOf } from './tunnel.ts';
import type { Problem } from './user-error.ts';
import type { Vendor } from './vendor.ts';

/** Services that hand messages on, and the vendor they have been seen to fall with. */
const CARRIED_BY: Partial<Record<ReceiverEntry['kind'], string>> = {
  // https://discordstatus.com lists it as a component of its own.
  discord: 'cloudflare',
  // https://slack.engineering/slacks-outage-on-january-4th-2021/
  slack: 'aws',
};

interface Way {
  at: PropertyKey[];
  /** Null when only a file knows it. */
  host: string | null;
  carrier: string | null;
}

const hostOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, '').toLowerCase();

/** Where its messages are posted to; null when only a file knows it. */
export function receiverHost(entry: ReceiverEntry): string | null {
  switch (entry.kind) {
    case 'ntfy':
    case 'gotify':
    case 'telegram':
    case 'pagerduty':
      return hostOf(entry.url);
    case 'webhook':
      return entry.url === undefined ? null : hostOf(entry.url);
    case 'email':
      return entry.server.replace(/:\d+$/, '').toLowerCase();
    case 'discord':
      return 'discord.com';
    case 'slack':
      return 'hooks.slack.com';
    case 'pushover':
      return 'api.pushover.net';
  }
}

const PRIVATE = new net.BlockList();
PRIVATE.addSubnet('10.0.0.0', 8);
PRIVATE.addSubnet('127.0.0.0', 8);
PRIVATE.addSubnet('169.254.0.0', 16);
PRIVATE.addSubnet('172.16.0.0', 12);
PRIVATE.addSubnet('192.168.0.0', 16);
PRIVATE.addSubnet('fc00::', 7, 'ipv6');
PRIVATE.addSubnet('fe80::', 10, 'ipv6');
PRIVATE.addAddress('::1', 'ipv6');

/** Whether packets to it stay in the house, as far as a name can tell. */
export function isNear(host: string): boolean {
  const family = net.isIP(host);
  if (family !== 0) return PRIVATE.check(host, family === 6 ? 'ipv6' : 'ipv4');
  return !host.includes('.') || /\.(local|lan|home|internal|home\.arpa|localhost)$/.test(host);
}

export const isWithin = (host: string, zone: string): boolean => `.${host}`.endsWith(`.${zone.toLowerCase()}`);

/** What of a service a host shares: the service itself, or its zone. */
function sharedName(host: string, { url, dns }: ServiceEntry): 'host' | 'zone' | null {
  if (host === hostOf(url)) return 'host';
  // Without a zone in the map, the name without its first label is taken for it, unless that is a top-level domain.
  const [, ...rest] = hostOf(url).split('.');
  const zone = dns?.zone ?? (rest.length > 1 && net.isIP(hostOf(url)) === 0 ? rest.join('.') : null);
  return zone !== null && isWithin(host, zone) ? 'zone' : null;
}

const vendorsOf = ({ dns, edge, tunnel, needs }: ServiceEntry): (string | undefined)[] =>
  [dns, edge, farEndOf(tunnel), needs].map((use) => use?.vendor);

/** The vendor a way needs: known by its kind, or by the end of its name. */
function vendorOf(
  { host, carrier }: Pick<Way, 'host' | 'carrier'>,
  vendors: ReadonlyMap<string, Vendor>,
): string | null {
  if (carrier !== null || host === null) return carrier;
  const found = [...vendors].find(([, { fingerprint }]) => fingerprint.cnames.some((end) => host.endsWith(end)));
  return found?.[0] ?? null;
}

/** The vendor without whom a receiver gets nothing, as far as the map can tell. */
export function carrierOf(entry: ReceiverEntry, vendors: ReadonlyMap<string, Vendor>): string | null {
  return vendorOf({ host: receiverHost(entry), carrier: CARRIED_BY[entry.kind] ?? null }, vendors);
}

type Place = (path: readonly PropertyKey[]) => string;

function sharedFate(way: Way, file: MapFile, vendors: ReadonlyMap<string, Vendor>, place: Place): Problem[] {
  const vendor = vendorOf(way, vendors);
  return Object.entries(file.services).flatMap(([name, service]): Problem[] => {
    const shared = way.host === null ? null : sharedName(way.host, service);
    const hint = 'add a second way that shares nothing with it';
    if (shared === 'host')
      return [{ place: place(way.at), what: `is the service ${name} itself: what breaks it breaks the message`, hint }];
    if (shared === 'zone')
      return [{ place: place(way.at), what: `shares its DNS zone with ${name}: both go when the zone does`, hint }];
    if (vendor !== null && vendorsOf(service).includes(vendor))
      return [
        { place: place(way.at), what: `needs ${vendor}, as ${name} does: no message when ${vendor} fails`, hint },
      ];
    return [];
  });
}

function waysOf({ receivers }: Notify): Way[] {
  return Object.entries(receivers).map(([name, entry]) => ({
    at: ['notify', 'receivers', name],
    host: receiverHost(entry),
    carrier: CARRIED_BY[entry.kind] ?? null,
  }));
}

function readAlong({ receivers }: Notify, place: Place): Problem[] {
  return Object.entries(receivers).flatMap(([name, entry]) =>
    entry.kind === 'ntfy' && entry.tokenFile === undefined && hostOf(entry.url) === 'ntfy.sh'
      ? [
          {
            place: place(['notify', 'receivers', name]),
            what: 'anybody who knows the topic can read and write it',
            hint: 'reserve the topic and give a tokenFile, or run an ntfy of your own',
          },
        ]
      : [],
  );
}

/** What could keep an alert from reaching a person. */
export function alertPathProblems(file: MapFile, vendors: ReadonlyMap<string, Vendor>, place: Place): Problem[] {
  const { notify } = file;
  if (notify === undefined || (Object.keys(notify.receivers).length === 0 && notify.heartbeat === undefined)) {
    const hint = 'name receivers and a heartbeat under notify; docs/notifications.md shows how';
    return [{ place: place(['notify']), what: 'nobody is told of a failure', hint }];
  }
  const ways = waysOf(notify);
  const problems = ways.flatMap((way) => sharedFate(way, file, vendors, place));
  if (ways.length === 0)
    problems.push({ place: place(['notify']), what: 'has no receiver', hint: 'name one under notify.receivers' });
  else if (!ways.some(({ host }) => host !== null && isNear(host)))
    problems.push({
      place: place(['notify', 'receivers']),
      what: 'nothing can be sent while the uplink is down',
      hint: 'you are told when it is back; an ntfy or gotify in the house would tell you at once',
    });
  return [...problems, ...readAlong(notify, place), ...heartbeatProblems(notify, file, vendors, place)];
}

function heartbeatProblems(
  { heartbeat }: Notify,
  file: MapFile,
  vendors: ReadonlyMap<string, Vendor>,
  place: Place,
): Problem[] {
  const at = ['notify', 'heartbeat'];
  if (heartbeat === undefined)
    return [
      {
        place: place(at),
        what: 'there is no heartbeat: when this site goes dark, nobody will know',
        hint: 'give the URL of a dead-man’s switch outside, such as a check of healthchecks.io',
      },
    ];
  const host = heartbeat.url === undefined ? null : hostOf(heartbeat.url);
  if (host !== null && isNear(host))
    return [{ place: place(at), what: 'stays in the house and goes dark with it', hint: 'watch it from outside' }];
  return sharedFate({ at, host, carrier: null }, file, vendors, place);
}
