// The shape of demarc.yaml. Strict: an unknown key or a wrong type is an error with its place; names are checked in load.ts.
// What a key means is said here alone, by `describe`; docs/map.md is made of it.
import { z } from 'zod';
import { RDAP_LIST } from '../catalog/rdap-list.ts';
import { DEFAULT_TIMING } from '../catalog/timing.ts';
import { CertificateSettings } from '../exporters/certificate/probe.ts';
import { Expectation, Request } from './asking.ts';
import { CustomSignals } from './custom.ts';
import { duration } from './duration.ts';
import { SiteProxy } from './forward-proxy.ts';
import { House } from './house.ts';
import { ResolverIdentity } from './interception.ts';
import { Maintenance } from './maintenance.ts';
import { Dns, ResolverServer } from './name-servers.ts';
import { Notify } from './notify.ts';
import { OutsideViews } from './outside.ts';
import { Public } from './public.ts';
import { Routing } from './routing.ts';
import { Host, Name, Port, Url } from './schema-words.ts';
import { Tunnel } from './tunnel.ts';
import { Anchor, Component, ErrorClass, Vendor } from './vendor.ts';

const RDAP_LIST_EVERY_MS = 7 * 86_400_000;

/** `address`, `address:port` or `[v6]:port`; name servers and resolvers. */
const Server = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/, 'must be host or host:port')
  .meta({ title: 'host or host:port' });

const Edge = z
  .strictObject({
    vendor: Name.describe('Who runs it.'),
    component: Name.default('edge').describe('Which component of the vendor it is.'),
    certificate: z
      .enum(['vendor', 'self'])
      .default('vendor')
      .describe('Who renews the certificate that users are shown.'),
  })
  .describe('The CDN or proxy in front.');

const Origin = z
  .strictObject({
    url: Url.describe('The way to it that passes no vendor.'),
    expect: Expectation,
    request: Request,
    host: Host.optional().describe('Host header and server name to use when `url` holds an address.'),
    hostPort: Port.optional().describe(
      'A second port of the same machine, to tell a dead process from a dead host, e.g. 22.',
    ),
  })
  .describe('Your own machine and process, asked directly.');

const Failover = z
  .strictObject({
    url: Url.describe('Where the service answers on the second path, such as an address of your own line.'),
    host: Host.optional().describe('Host header and server name to use when `url` holds an address.'),
    vendor: Name.optional().describe(
      'Who carries it. Left out: nobody but you. A vendor of the first path is no help.',
    ),
  })
  .describe('A second path for when a vendor of the first one fails. Probed all along; must answer as `url` does.');

const Service = z.strictObject({
  url: Url.describe('What people open.'),
  expect: Expectation,
  request: Request,
  dns: Dns.optional(),
  edge: Edge.optional(),
  tunnel: Tunnel.optional(),
  needs: z
    .strictObject({ vendor: Name.describe('Who runs it.'), component: Name.describe('Which component it is.') })
    .optional()
    .describe("A vendor's endpoint the service cannot live without: a component that has an `endpoint`."),
  origin: Origin.optional(),
  signals: CustomSignals.optional().describe(
    'Signals of your own about parts of the service, by name: a circuit breaker, a queue, the health an application tells.',
  ),
  outside: OutsideViews.optional().describe(
    'Who else watches it, from elsewhere, by name: an uptime service, or any JSON document that says up or down.',
  ),
  hosted: z
    .enum(['here', 'elsewhere'])
    .optional()
    .describe(
      'Whether it runs behind the line of this vantage. Left out: by its tunnel and the address of its origin.',
    ),
  failover: Failover.optional(),
  stamp: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/)
    .optional()
    .meta({ title: 'header name' })
    .describe('A response header only your origin sets. With it, who answered is never in doubt.'),
});

const VendorOverride = Vendor.partial().extend({
  components: z.record(Name, Component.partial()).optional(),
  errors: z.array(ErrorClass).optional(),
});

const Domain = z.union([
  z.literal('none'),
  z.strictObject({
    rdap: z
      .union([z.literal('none'), Url])
      .optional()
      .describe(
        'Base URL of the RDAP server that knows it; `none`: nobody is asked. Left out: by its top-level domain, from the list that comes with demarc.',
      ),
    expiresOn: z.iso
      .date('must be a day such as 2027-03-01')
      .optional()
      .describe(
        'The day its registration ends, for registries that are not asked or tell none: `2027-03-01`. Where the registry tells a day, that one counts, and it is told whether both agree.',
      ),
    parents: z
      .array(Server)
      .min(1)
      .max(8)
      .optional()
      .describe('Servers of the zone above it. Left out: found by asking, once, at the start.'),
    nameServers: z
      .array(Host)
      .min(1)
      .max(16)
      .optional()
      .describe('The name servers the zone above must name, all of them. Left out, it may name whom it likes.'),
    delegation: z
      .boolean()
      .optional()
      .describe(
        'Whether to ask every name server that the zone above names, too, and tell what is wrong with them. It judges nobody.',
      ),
  }),
]);

const TimeServer = z.strictObject({
  host: Host.describe('Name or address.'),
  port: Port.default(123).describe('UDP port it answers at.'),
  operator: Name.describe('Who runs it.'),
});

const Gateway = z.union([
  z.literal('auto'),
  z.literal('none'),
  z.strictObject({
    address: z.union([z.ipv4(), z.ipv6()]).meta({ title: 'address' }).describe('Address of the router.'),
    port: Port.default(80).describe('A TCP port of it. A refused connection proves life as well as an open one.'),
  }),
]);

const Resolver = z.union([
  z.literal('auto'),
  z.strictObject({
    address: ResolverServer.describe('Where it answers. `tls://` and `https://` ask it so.'),
    owner: z.enum(['self', 'isp']).default('self').describe('Who runs it, hence whose failure it is.'),
  }),
]);

export const MapFile = z.strictObject({
  version: z.literal(1, { error: 'must be 1' }).describe('The format of this file.'),
  site: Name.default('home').describe('Names this vantage; the label `site` on every metric and alert.'),
  interval: duration('1s', '5m').default(DEFAULT_TIMING.intervalMs).describe('Between two measurements of one thing.'),
  timeout: duration('100ms', '30s')
    .default(DEFAULT_TIMING.timeoutMs)
    .describe('How long one measurement may take; shorter than `interval`.'),
  listen: Server.default('127.0.0.1:9815').describe('Where the exporter and the status page listen.'),
  trust: z
    .array(z.string().min(1))
    .max(16)
    .default([])
    .describe('PEM files of further certificate authorities to trust, relative to this file.'),
  gateway: Gateway.default('auto').describe(
    'Your router, without which the LAN cannot be told from the ISP. `auto` finds it on Linux, but not behind a bridge of Docker.',
  ),
  ...House.shape,
  proxy: SiteProxy,
  resolver: Resolver.default('auto').describe(
    'The resolver this machine uses. `auto` takes the first of the system and counts it as yours.',
  ),
  splitHorizon: z
    .array(Host)
    .max(64)
    .default([])
    .describe(
      'Domains whose names have addresses of the house here, though a vendor stands before them for everybody else. Left out, such an address for a name of a vendor, or of a service with an `edge`, is called forged, and nobody connects to it.',
    ),
  publicResolvers: z
    .array(
      z.strictObject({
        address: ResolverServer.describe('Where it answers. `tls://` and `https://` ask it so.'),
        operator: Name.describe('Who runs it.'),
        identity: ResolverIdentity.optional(),
      }),
    )
    .max(16)
    .optional()
    .describe('Asked by address to tell a dead resolver from a dead line. Left out: those of catalog/anchors.yml.'),
  resolverTest: Host.default('example.com').describe('A name that always resolves, used to test resolvers.'),
  anchors: z
    .array(Anchor)
    .max(64)
    .optional()
    .describe(
      'Addresses outside that show whether packets leave and come back, of at least three operators. Left out: those of catalog/anchors.yml.',
    ),
  timeServers: z
    .array(TimeServer)
    .max(8)
    .optional()
    .describe(
      'Asked by NTP whether the clock of this machine is right, of at least two operators. Left out: those of catalog/anchors.yml, or none when `anchors` is given.',
    ),
  domains: z
    .record(Host, Domain)
    .default({})
    .describe(
      'Registered domains, by name, where something about them must be said; `none`: not looked at. Those of the services are found by themselves.',
    ),
  rdapList: z
    .union([
      z.literal('bundled'),
      z.strictObject({
        url: Url.default(RDAP_LIST.url).describe('Where it is published, in the form of RFC 9224.'),
        every: duration('1d', '20d').default(RDAP_LIST_EVERY_MS).describe('How often it is fetched.'),
      }),
    ])
    .default('bundled')
    .describe(
      "Which registry knows a domain by RDAP: `bundled`, the list that came with demarc. With `{}`, IANA's newest from then on, kept in the state folder; one that does not come, or cannot be read, leaves the one there is.",
    ),
  routing: Routing.optional().describe(
    'Prefixes whose announcements are looked up at RIPEstat. What it knows is hours old: it is shown as evidence, and decides nothing.',
  ),
  watch: z
    .array(Name)
    .max(64)
    .optional()
    .describe(
      'Vendors whose controls are asked even if no service needs them. Left out: those of the catalogue that much of the web leans on, and those under `vendors`.',
    ),
  vendors: z
    .record(Name, VendorOverride)
    .default({})
    .describe(
      "Vendors of your own, or changes to those of the catalogue: what is given replaces the catalogue's, key by key.",
    ),
  services: z.record(Name, Service).default({}).describe('What you run, by name.'),
  revocation: z
    .enum(['stapled', 'list'])
    .default('stapled')
    .describe(
      "How it is found out whether a service's certificate was taken back: by what its server staples; `list`: also by the issuer's list, fetched from the address the certificate names.",
    ),
  certificates: z
    .record(Name, CertificateSettings)
    .default({})
    .describe('Certificates besides those of the services, by name: of mail servers, databases, or in files.'),
  notify: Notify.optional(),
  public: Public.optional(),
  maintenance: z.array(Maintenance).max(64).default([]).describe('Windows in which failures are expected.'),
});

export type MapFile = z.output<typeof MapFile>;
export type ServiceEntry = z.output<typeof Service>;
