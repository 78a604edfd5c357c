// What the map asks for, in the two halves its readers need: targets for the scheduler, bindings for the signals.
import type { VendorLayer } from '../catalog/layers.ts';
import type { Target } from '../exporters/target.ts';

/** What a target is asked for; the label `role`. */
export const ROLES = [
  'anchor',
  'gateway',
  'resolver',
  'resolver_unchecked',
  'public_resolver',
  'signatures',
  'service',
  'nameserver',
  'zone',
  'endpoint',
  'control',
  'edge',
  'edge_certificate',
  'tunnel',
  'tunnel_edge',
  'host',
  'origin',
  'origin_certificate',
  'certificate',
  'failover',
  'custom',
  'delegation',
  'delegated_servers',
  'registration',
  'time',
  'power',
  'portal',
  'fleet',
  'burst',
  'path_mtu',
  'egress',
  'interception',
  'outside',
  'route',
  'status',
] as const;

export type Role = (typeof ROLES)[number];

export interface OperatedTarget {
  target: string;
  /** Who runs it, as anchors and vendors name operators. */
  operator: string;
}

export interface HostBinding {
  name: string;
  /** What it is asked by; each answer proves it alive. */
  targets: readonly string[];
  /** What may be common to several: rack, system, agent. */
  labels: Readonly<Record<string, string>>;
}

export interface ControlBinding {
  target: string;
  vendor: string;
  component: string;
}

/** One question to one resolver that validates, put twice: as everybody puts it, and with the word to check no signature. */
export interface ValidatedBinding {
  operator: string;
  checked: string;
  unchecked: string;
}

/** A signed zone of others, by which the signatures of a component are judged. */
export interface SignedControl {
  vendor: string;
  component: string;
  validated: readonly ValidatedBinding[];
}

/** One registered domain, and the targets that tell of it. */
export interface DomainBinding {
  name: string;
  /** Id of its registry among the vendors of the plan. */
  registry: string;
  /** The registry's own word; null when nobody is known to have it. */
  registration: string | null;
  /** The end of the registration as the map says, Unix milliseconds; null where it says none. */
  expiresOn: number | null;
  /** Servers of the zone above, asked for its delegation; and how they are reached. */
  parents: readonly string[];
  servers: readonly string[];
  /** Whether the map says which name servers it must have. */
  declared: boolean;
  /** What the zone above says of the domain's keys, or that it has none: signed by the registry alone. */
  keys: readonly ValidatedBinding[];
}

/** The forward proxy that a service is asked through. */
export interface ProxyBinding {
  url: string;
  /** Whether it is yours, or your network's. */
  own: boolean;
  /** Whether the way to it stays in the house. */
  near: boolean;
}

/** One of those that are asked through a forward proxy. */
export interface ProxiedTarget {
  target: string;
  /** Of the server behind. */
  host: string;
}

/** Who runs one layer of a service. At most one per layer. */
export interface Dependency {
  layer: VendorLayer;
  vendor: string;
  component: string;
}

export interface ServiceBinding {
  name: string;
  /** `uplink`: the built-in service that is the connection itself, judged by the anchors. */
  kind: 'map' | 'uplink';
  /** What people open; empty for the uplink. */
  url: string;
  /** Whether the line is needed to reach it from here; false only where the map says that all of the way stays in the house. */
  beyondUplink: boolean;
  /** Target ids; null or empty where the map has none. */
  user: string | null;
  /** What stands between us and all that is asked as a user asks; null: nothing. */
  proxy: ProxyBinding | null;
  nameservers: readonly string[];
  /** The zone itself, where it is signed; and whether that is your job. */
  signed: readonly ValidatedBinding[];
  signerOwn: boolean;
  endpoint: readonly string[];
  edge: string | null;
  edgeCertificate: string | null;
  /** Whether renewing the certificate users see is your job. */
  edgeCertificateOwn: boolean;
  tunnel: string | null;
  tunnelEdge: readonly string[];
  host: string | null;
  /** Whether the way from here to that host stays in the house. */
  hostNear: boolean;
  origin: string | null;
  originCertificate: string | null;
  /** Signals of the user's own: about parts of theirs, and about the vendor's endpoint the service needs. */
  customOwn: readonly string[];
  customVendor: readonly string[];
  /** Calls to an API with credentials of the user's own; each is among the signals above too. */
  credentials: readonly string[];
  /** Those who watch it from elsewhere. */
  outside: readonly string[];
  /** Prefixes its way needs: yours, your ISP's, and those of its vendors. */
  routes: readonly string[];
  /** Whether it runs behind the line that is watched here; false only where the map says that it does not. */
  behindUplink: boolean;
  /** The second path the map names, end to end. */
  failover: string | null;
  /** The registered domain of its name, among those of the plan; null when nobody is asked about it. */
  domain: string | null;
  dependencies: readonly Dependency[];
}

/** A service about which the map says nothing yet. */
export const bareBinding = (name: string, kind: ServiceBinding['kind']): ServiceBinding => ({
  name,
  kind,
  url: '',
  beyondUplink: true,
  user: null,
  proxy: null,
  nameservers: [],
  signed: [],
  signerOwn: false,
  endpoint: [],
  edge: null,
  edgeCertificate: null,
  edgeCertificateOwn: false,
  tunnel: null,
  tunnelEdge: [],
  host: null,
  hostNear: false,
  origin: null,
  originCertificate: null,
  customOwn: [],
  customVendor: [],
  credentials: [],
  outside: [],
  routes: [],
  behindUplink: true,
  failover: null,
  domain: null,
  dependencies: [],
});

/** What a vendor publishes for a month, in percent, and where it says so. */
export interface PublishedSla {
  availability: number;
  plan: string;
  source: string;
  checked: string;
}

/** A component of a vendor. */
export interface VendorPart {
  vendor: string;
  component: string;
}

export interface ComponentBinding {
  title: string;
  layer: VendorLayer;
  sla?: PublishedSla;
  /** What the vendor itself runs it on, at another vendor. */
  runsOn?: VendorPart;
}

export interface VendorBinding {
  title: string;
  operators: readonly string[];
  /** Title of each component, e.g. edge -> "edge". */
  components: Readonly<Record<string, ComponentBinding>>;
  statusPage: string | null;
}

export interface Plan {
  site: string;
  targets: readonly Target[];
  anchors: readonly OperatedTarget[];
  gateway: string | null;
  resolver: { target: string; unchecked: string; own: boolean } | null;
  publicResolvers: readonly OperatedTarget[];
  controls: readonly ControlBinding[];
  signedControls: readonly SignedControl[];
  services: readonly ServiceBinding[];
  /** What is asked through each forward proxy, by its URL. */
  proxied: ReadonlyMap<string, readonly ProxiedTarget[]>;
  vendors: ReadonlyMap<string, VendorBinding>;
  domains: readonly DomainBinding[];
  timeServers: readonly OperatedTarget[];
  /** Hosts of the map, whatever runs on them. */
  fleet: readonly HostBinding[];
  /** Pages whose answer is known. */
  portals: readonly OperatedTarget[];
  /** Where each UPS is asked for. */
  power: readonly string[];
  /** Status feeds of the vendors that services lean on. Told, never judged by. */
  feeds: readonly { target: string; vendor: string }[];
}
