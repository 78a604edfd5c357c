// What a world is made of, as data. Every `at` says which loopback address an element lives on.
// Ports are not part of a world: they are given out at start.

import type { ErrorClass } from '../map/vendor.ts';

/** The last octet of an address in 127.0.0.0/8, or the only address IPv6 has for this machine. */
export type At = number | typeof LOOPBACK_V6;

export const LOOPBACK_V6 = '::1';

export interface WorldZone {
  zone: string;
  /** Which set of name servers serves it. */
  set: string;
  /** Fully qualified name -> where it points. */
  hosts: Readonly<Record<string, readonly At[]>>;
  /** Who signs it with DNSSEC; nobody when left out. The zones above are signed in every world. */
  signed?: 'self' | 'vendor';
  /** Whether the map says by itself until when it is registered. */
  declared?: true;
}

/** Where the site of somebody else behind an edge is reached. */
export const controlAt = ({ dual }: Pick<WorldEdge, 'dual'>, { at }: { at: At }): readonly At[] =>
  dual ? [at, LOOPBACK_V6] : [at];

export interface WorldEdge {
  vendor: string;
  /** How its errors look, for a vendor without a voice of its own (voices.ts). */
  errors?: readonly ErrorClass[];
  /** Component of an endpoint of this world that the vendor itself cannot do without. */
  runsOn?: string;
  /** Service hosts behind this edge resolve to all of these, on one port. */
  at: readonly At[];
  /** Whether the sites of other people are reached by IPv6 as well. */
  dual?: true;
  /** Location code and city as the vendor would name them. */
  pop: string;
  city: string;
  /** Sites of other people behind the same edge, each on an address of its own. */
  controls: readonly { host: string; at: At }[];
}

export interface WorldTunnel {
  vendor: string;
  daemon: number;
  /** What the daemon dials. */
  regions: readonly { host: string; at: At }[];
  /** Hostnames carried by other people's tunnels. */
  canaries: readonly string[];
}

/** For worlds without one. */
export const NO_TUNNEL: WorldTunnel = { vendor: 'cloudflare', daemon: 0, regions: [], canaries: [] };

export const hasTunnel = ({ tunnel }: World): boolean => tunnel.regions.length > 0;

export interface WorldEndpoint {
  vendor: string;
  component: string;
  title: string;
  /** Where the vendor runs it, as the vendor calls the place. */
  region?: string;
  name: string;
  zone: string;
  at: At;
  /** Names in the same zone that lose their address together with `name`. */
  siblings: readonly string[];
}

export type DaemonKind = 'tailscale' | 'wireguard' | 'ngrok' | 'frp';

/** Strangers that are asked, and that nothing depends on. */
export interface Bystanders {
  /** Who tells how route collectors see prefixes, each announced from one autonomous system. */
  collector: number;
  prefixes: readonly { prefix: string; owner: string; origin: number }[];
  identity: number;
  acme: number;
}

export interface WorldService {
  name: string;
  host: string;
  path: string;
  zone: string;
  edge: string | null;
  /** Who renews the certificate at the edge; the vendor when left out. */
  certificate?: 'self';
  tunneled: boolean;
  /** Whether its map names the header that every origin sets; that of the others does without. */
  stamped?: true;
  /** Component of the endpoint it cannot live without. */
  needs: string | null;
  /** Whether it tells how its parts are, in a document of its own. */
  tells?: true;
  /** What a map of somebody else says it tells of instead; a fault names each as `service/part`. */
  parts?: readonly string[];
  /** Whether its map reads the length of its queue there as well. */
  queues?: true;
  /** Its map calls the endpoint as it does, with two credentials, this often, seconds. */
  calls?: number;
  /** Somebody elsewhere watches it too, and is asked this often, seconds. */
  watched?: number;
  /** Which daemon carries requests home, where it is none of the world's tunnel. */
  daemon?: DaemonKind;
  /** Whether people sign in to it at the world's identity provider, and whether it renews its certificate by ACME. */
  signsIn?: true;
  renews?: true;
  /** Where its origin stands; in the house when left out. */
  hosted?: 'elsewhere';
  origin: { at: At; tls: boolean; software: string };
}

/** How a fault names one part of a service. */
export const partId = (service: string, part: string): string => `${service}/${part}`;

/** The machine of a service is in the house, or somebody hosts it. */
export const originSide = ({ hosted }: WorldService): 'lan' | 'internet' => (hosted === undefined ? 'lan' : 'internet');

/** Whoever runs the zone above the domains that end in `suffix`. */
export interface WorldRegistry {
  suffix: string;
  /** Its name servers, and where it tells of its domains. */
  at: readonly At[];
  rdap: At;
}

/** A host is lost together with those that share something with it. */
export interface WorldHost {
  name: string;
  at: At;
  kind: 'windows' | 'linux';
  /** What it hangs on. */
  switch: string;
  /** In which order it takes the updates of an agent; absent where none are handed out. */
  updates?: 'pilot' | 'broad' | 'held';
}

export interface World {
  name: string;
  gateway: number;
  /** Whether its map leaves the gateway out, as one behind a container's bridge has to. */
  gatewayUnknown?: true;
  resolver: At;
  /** Whether the ISP runs the resolver; you do when left out. */
  resolverOfIsp?: true;
  /** A name no watched vendor serves. */
  resolverTest: string;
  /** An address that services had once and nobody has now. */
  former: number;
  /** Hosts that carry no service of the map. */
  fleet?: readonly WorldHost[];
  /** Pages whose answer is known; none when left out. */
  portalTests?: readonly { operator: string; at: At }[];
  /** Who watches services from elsewhere tells here what they see; absent where nobody does. */
  watcher?: number;
  /** Where the list of revoked certificates is; absent where no certificate names one. */
  revocations?: number;
  /** Whether its map has that list asked for. */
  asksForList?: true;
  /** Absent where nobody asks them. */
  bystanders?: Bystanders;
  /** The forward proxy that its map has everything go through which leaves the house; absent where there is none. */
  proxy?: number;
  /** Where its UPS is asked for; absent where there is none. */
  ups?: number;
  anchors: readonly { operator: string; at: At }[];
  /** Asked in the clear unless `over` says how. `identity`: who answers there, by its own words; nobody asks where it is left out. */
  publicResolvers: readonly { operator: string; at: At; over?: 'tls' | 'https'; identity?: string }[];
  /** The set `commons` answers for everything nobody else serves. Those at home live on while the uplink is down. */
  nameServers: readonly { set: string; at: readonly At[]; side?: 'lan' }[];
  registries: readonly WorldRegistry[];
  /** Ports that are asked only to see whether they can be reached; none when left out. */
  egress?: readonly { operator: string; at: At; over: 'tcp' | 'quic' }[];
  /** Whether the system's own ping asks the router and the anchors too. No fault reaches those answers, which are the machine's. */
  pings?: boolean;
  timeServers: readonly { operator: string; at: At }[];
  zones: readonly WorldZone[];
  /** Zones of other people at a DNS vendor, asked to see whether its name servers serve anybody. They hold no hosts. */
  dnsControls: readonly { vendor: string; zone: string; signed?: 'vendor' }[];
  edges: readonly WorldEdge[];
  tunnel: WorldTunnel;
  endpoints: readonly WorldEndpoint[];
  statusPages: readonly { vendor: string; at: At }[];
  services: readonly WorldService[];
}
