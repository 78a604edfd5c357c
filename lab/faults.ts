// What can be broken: a closed list, at world level. What a fault does to a listening place stands in fault-effects.ts;
// what it does to answers is asked by whoever answers, through Damage. Input is checked in parse-fault.ts.
import { DOMAIN_FAULTS } from './domain-faults.ts';
import { EDGE_FAULTS } from './edge-faults.ts';
import { LINE_FAULTS } from './line-faults.ts';
import { MACHINE_FAULTS } from './machine-faults.ts';
import { PIPELINE_FAULTS } from './pipeline-faults.ts';
import { POWER_FAULTS } from './power-faults.ts';
import { PROXY_FAULTS } from './proxy-faults.ts';
import { REVOCATION_FAULTS } from './revocation-faults.ts';
import type { Narrowing } from './scope.ts';
import { SERVICE_FAULTS } from './service-faults.ts';
import { SIGNATURE_FAULTS } from './signature-faults.ts';

export type FaultTarget =
  | 'edge vendor'
  | 'dns vendor'
  | 'vendor'
  | 'service'
  | 'service that tells of its parts'
  | 'service with needs'
  | 'tls service'
  | 'registered service'
  | 'signed service'
  | 'signed service or dns vendor that signs'
  | 'service behind an edge'
  | 'edge vendor or service behind one'
  | 'component, or vendor of some'
  | 'anchor operator'
  | 'kind of host, switch or ring of updates'
  | 'kind of port';

/**
 * `requests`: of what is asked there. `places`: of those that are alike. `seconds`: of the time, by lot, for each place by itself.
 * `second`: of each of them. `rhythm`: of every 20 seconds, for all at once.
 */
export type Share = 'requests' | 'places' | 'seconds' | 'second' | 'rhythm';

/** What `rate` is a share of, which may also grow, over `ramp`; or why all is hit or nothing. */
type Extent = { share: Share; whole?: never } | { share?: never; whole: string };

export type FaultFact = Extent & {
  /** What `target` must name; null when it takes none. */
  target: FaultTarget | null;
  /** How long it makes people wait when `delay` is left out; absent when it takes none. */
  delayMs?: number;
  /** By what it can be limited; absent where it hits one place, or what everybody sees alike. */
  scopes?: readonly Narrowing[];
  /** Whom it happens to, where that is nothing in the world: the process of demarc, or what scrapes it. */
  befalls?: 'prober' | 'pipeline';
  /** For people: `{target}` is replaced. */
  label: string;
  help: string;
};

export const FAULTS = {
  ...LINE_FAULTS,
  hosts_lost: {
    target: 'kind of host, switch or ring of updates',
    share: 'places',
    label: 'Lose all {target} hosts',
    help: 'Hosts that carry no service of the map fall silent, as after an update of what they share: `rate` of those of one kind, on one switch, or that take the same updates.',
  },
  gateway_down: {
    target: null,
    share: 'seconds',
    label: 'Unplug the router',
    help: 'The gateway is silent, and everything behind it.',
  },
  ...POWER_FAULTS,
  ...MACHINE_FAULTS,
  ...PIPELINE_FAULTS,
  ...PROXY_FAULTS,
  resolver_down: {
    target: null,
    share: 'seconds',
    label: 'Hang the LAN resolver',
    help: 'The resolver of the LAN takes questions and never answers; public resolvers do.',
  },
  resolver_failing: {
    target: null,
    share: 'requests',
    label: 'Break the settings of the LAN resolver',
    help: 'The resolver of the LAN answers SERVFAIL to everything, at once; public resolvers know the names.',
  },
  resolver_rewrite: {
    target: 'service',
    whole: 'a name is on the list or it is not',
    label: "Put {target} on the resolver's block list",
    help: 'The resolver of the LAN answers 0.0.0.0 for the name of the service, and rightly for all others.',
  },
  resolver_stale: {
    target: 'service',
    whole: 'an address is remembered or it is not',
    label: 'Let the resolver remember an old address of {target}',
    help: 'The resolver of the LAN gives an address that nobody has any more, and rightly answers for all other names.',
  },
  resolver_nodata: {
    target: 'service',
    whole: 'an address is remembered or it is not',
    label: 'Let the resolver forget the address of {target}',
    help: 'The resolver of the LAN says that the name of the service exists and has no address, and answers rightly for all others.',
  },
  dns_vendor_down: {
    target: 'dns vendor',
    share: 'seconds',
    scopes: ['family'],
    label: "Silence {target}'s name servers",
    help: 'Every authoritative server of the vendor is silent; resolvers say SERVFAIL for every zone it serves.',
  },
  dns_partial: {
    target: 'dns vendor',
    share: 'seconds',
    scopes: ['family'],
    label: "Silence one of {target}'s name servers",
    help: 'One authoritative server of the vendor is silent, the others answer. Nobody should notice but a resolver, for a moment.',
  },
  dns_secondary_stale: {
    target: 'service',
    whole: 'it hits a share already, all servers but the first',
    label: "Let a secondary keep an old copy of {target}'s zone",
    help: 'All but the first name server of the zone have an older serial, and an address nobody has any more for the name of the service.',
  },
  dns_zone_refused: {
    target: 'service',
    whole: 'a zone is suspended or it is not',
    label: "Suspend {target}'s zone",
    help: 'The name servers refuse the zone of the service, and every name in it, while they serve all other zones.',
  },
  ...DOMAIN_FAULTS,
  ...SIGNATURE_FAULTS,
  ...EDGE_FAULTS,
  endpoint_empty: {
    target: 'component, or vendor of some',
    whole: 'a record is empty or it is not',
    scopes: ['region'],
    label: 'Empty the DNS record of {target}',
    help: "The endpoint's name, and its siblings in the vendor's zone, exist without an address. What needs it says 500.",
  },
  endpoint_down: {
    target: 'component, or vendor of some',
    share: 'seconds',
    scopes: ['region'],
    label: 'Silence the endpoint {target}',
    help: 'The endpoint is found, and connections to it get no answer, under all its names. What needs it says 503.',
  },
  endpoint_5xx: {
    target: 'component, or vendor of some',
    share: 'requests',
    scopes: ['region'],
    label: 'Break the endpoint {target}',
    help: 'The endpoint is found and reached, and answers 503, 500, 403 and 401 in turns, under all its names. What needs it says 503.',
  },
  endpoint_slow: {
    target: 'component, or vendor of some',
    share: 'requests',
    delayMs: 6_000,
    scopes: ['region'],
    label: 'Slow down the endpoint {target}',
    help: 'The endpoint is found and reached, and answers late, by 6000 ms unless `delay` says otherwise. What needs it says 503.',
  },
  tunnel_daemon_dead: {
    target: null,
    whole: 'once it runs again, it is given time to connect',
    label: 'Kill the tunnel daemon',
    help: 'The daemon is gone: its metrics port refuses, and the edge reports 1033 for hosts behind the tunnel.',
  },
  tunnel_service_down: {
    target: null,
    whole: 'registrations are taken or they are not',
    label: "Break the vendor's tunnel service",
    help: "The daemon runs without a connection, other people's tunnels fail too, and the ports it dials stay open.",
  },
  tunnel_ports_blocked: {
    target: null,
    whole: 'connections that stand outlive lost seconds',
    label: 'Block the tunnel ports',
    help: 'The ports the daemon dials are silent from here, so it has no connection; other tunnels work.',
  },
  tunnel_credentials: {
    target: null,
    whole: 'credentials are good or they are not',
    label: "Revoke the tunnel's credentials",
    help: 'The daemon runs and reaches the edge, which refuses to register it; other tunnels work.',
  },
  tunnel_stalled: {
    target: null,
    share: 'seconds',
    label: 'Let the tunnel carry nothing',
    help: 'The daemon holds its connections and says so, and no request comes down any of them.',
  },
  ...SERVICE_FAULTS,
  ...REVOCATION_FAULTS,
  control_rotten: {
    target: 'edge vendor',
    whole: 'what is gone for good; control_5xx takes a share',
    label: "Rot one of {target}'s controls",
    help: 'One control URL of the vendor answers 404 for good. It must not count as a failing vendor.',
  },
  control_5xx: {
    target: 'edge vendor',
    share: 'requests',
    label: "Break {target}'s control plane",
    help: 'One control URL of the vendor answers 503, as an API does while all that is served goes on.',
  },
  status_page_down: {
    target: 'vendor',
    share: 'seconds',
    label: 'Silence the status page of {target}',
    help: 'The status page cannot be reached, as on the days on which it is wanted. It must not matter.',
  },
  vendor_status_incident: {
    target: 'vendor',
    whole: 'an incident is shown or it is not',
    label: 'Put an incident on the status page of {target}',
    help: 'The status page tells of a major outage. It must not matter.',
  },
  dns_record_moved: {
    target: 'service',
    whole: 'all servers of the zone have one copy',
    label: "Point {target}'s DNS record elsewhere",
    help: 'All name servers of the zone give an address that nobody has any more for the name of the service, and so does every resolver.',
  },
  dns_record_missing: {
    target: 'service',
    whole: 'all servers of the zone have one copy',
    label: "Delete {target}'s DNS record",
    help: 'The name servers are well and say that the name does not exist.',
  },
} as const satisfies Record<string, FaultFact>;

export type FaultKind = keyof typeof FAULTS;

export const shareOf = (kind: FaultKind): Share | undefined => (FAULTS[kind] as FaultFact).share;

export const FAULT_KINDS = Object.keys(FAULTS) as FaultKind[];

/** A fault whose target has been checked against its world. */
export interface KnownFault {
  kind: FaultKind;
  target: string | null;
  rate: number;
  /** Until a share that grows has reached `rate`; 0 for at once. */
  rampMs: number;
  /** How long it makes people wait; 0 for kinds that do not. */
  delayMs: number;
  /** Whom it is limited to, as scope.ts reads it; null: nobody is spared. */
  scope: string | null;
}
