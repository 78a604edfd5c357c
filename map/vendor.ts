// What a vendor file says: whom to ask besides you, whose addresses are whose, how its errors look, where its status is.
import { z } from 'zod';
import { COMPONENT_LAYERS, LAYERS } from '../catalog/layers.ts';
import { ErrorClass as ProbedErrorClass } from '../exporters/http/generator.ts';
import { PopHeader } from '../exporters/http/pop.ts';
import { PlainHeaders } from '../exporters/http/request.ts';
import { StatusCodes } from '../exporters/http/status-codes.ts';
import { FORMATS } from '../exporters/status/formats.ts';
import { FeedName } from '../exporters/status/probe.ts';

const Name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -, not starting with -');

/** Where a fact comes from, and when somebody last compared it with the live vendor (`never` until then). */
const Provenance = { source: z.string().min(1), checked: z.union([z.literal('never'), z.iso.date()]) };

const HttpControl = z.strictObject({
  kind: z.literal('http'),
  url: z.url({ protocol: /^https?$/ }),
  status: StatusCodes,
  ...Provenance,
});

const DnsControl = z.strictObject({
  kind: z.literal('dns'),
  /** The name asked for, at each of the servers. */
  name: z.string().min(1),
  type: z.enum(['A', 'AAAA', 'SOA', 'NS']).default('SOA'),
  /** Name servers, as `host` or `host:port`; one target each. */
  servers: z.array(z.string().min(1)).min(1),
  ...Provenance,
});

const TcpControl = z.strictObject({
  kind: z.literal('tcp'),
  host: z.string().min(1),
  port: z.int().min(1).max(65535),
  ...Provenance,
});

export const Control = z.discriminatedUnion('kind', [HttpControl, DnsControl, TcpControl]);

export type Control = z.output<typeof Control>;

export const ErrorClass = ProbedErrorClass.extend(Provenance);

export type ErrorClass = z.output<typeof ErrorClass>;

const Endpoint = z.strictObject({
  /** The name services look up, e.g. a regional API. */
  name: z.string().min(1),
  type: z.enum(['A', 'AAAA']).default('A'),
  /** Its authoritative servers, `host` or `host:port`; found by asking when left out. */
  servers: z.array(z.string().min(1)).min(1).optional(),
  /** Zone the name lives in; the name without its first label when left out. */
  zone: z.string().min(1).optional(),
});

/** What the vendor publishes as its service level for a month. A promise of credits, not of availability. */
const Sla = z.strictObject({
  /** Percent. */
  availability: z.number().gt(0).max(100),
  /** Which plan or tier it holds for. */
  plan: z.string().min(1).max(64),
  ...Provenance,
});

export const Component = z.strictObject({
  /** As in "Cloudflare's edge". */
  title: z.string().min(1).max(64),
  layer: z.enum([...COMPONENT_LAYERS]),
  controls: z.array(Control).default([]),
  endpoint: Endpoint.optional(),
  /** Ports a tunnel daemon dials. */
  ports: z
    .array(
      z.strictObject({
        host: z.string().min(1),
        port: z.int().min(1).max(65535),
        /** Whether it dials the port over QUIC too, hence by UDP. */
        quic: z.boolean().default(false),
      }),
    )
    .default([]),
  /** Where the vendor runs it, as the vendor calls the place. */
  region: Name.optional(),
  /** A path the edge answers itself, on every hostname behind it. */
  edgePath: z.string().startsWith('/').optional(),
  sla: Sla.optional(),
  /** What the vendor's status feed calls it; the worst of them counts. Left out: what the page says of all of it. */
  onStatusPage: z.array(FeedName).min(1).max(16).optional(),
  /** What the vendor runs it on, at another vendor: with it, it fails too. */
  runsOn: z.strictObject({ vendor: Name, component: Name, ...Provenance }).optional(),
});

export type Component = z.output<typeof Component>;

export const Vendor = z.strictObject({
  /** As people write it. */
  title: z.string().min(1).max(64),
  /** Names of operators (as anchors use them) and AS numbers that are this vendor. */
  operators: z.array(z.string().min(1)).min(1),
  /**
   * `if_used`: its controls are asked only where a map names it: under `watch` or `vendors`, or by a service that needs it. Left out:
   * also by whoever has no `watch`, as witnesses for and against the others.
   */
  watch: z.literal('if_used').optional(),
  fingerprint: z
    .strictObject({
      headers: z.array(z.strictObject({ name: z.string(), contains: z.string().default('') })).default([]),
      cnames: z.array(z.string()).default([]),
      nameServers: z.array(z.string()).default([]),
      issuers: z.array(z.string()).default([]),
      /** Addresses of its edge and of nothing else, as it publishes them: CIDR. */
      networks: z.array(z.union([z.cidrv4(), z.cidrv6()])).default([]),
    })
    .prefault({}),
  errors: z.array(ErrorClass).default([]),
  /** Sent with every request through its edge: what makes it say who failed. */
  requestHeaders: PlainHeaders.optional(),
  /** Sent once more, with these, when nobody knows who wrote an error: what makes the edge say so in a form of its own. */
  askAgainWith: PlainHeaders.optional(),
  popHeader: PopHeader.optional(),
  status: z.strictObject({ kind: z.enum(FORMATS), url: z.url(), page: z.url().optional(), ...Provenance }).optional(),
  components: z.record(Name, Component),
});

export type Vendor = z.output<typeof Vendor>;

/** An address outside, run by somebody known, that shows whether packets leave and come back. */
/** A page that answers everybody alike, in plain HTTP. */
export const PortalTest = z.strictObject({
  url: z
    .url({ protocol: /^http$/, error: 'must be an http:// URL' })
    .meta({ title: 'URL' })
    .describe('The page, in plain HTTP.'),
  status: z.int().min(200).max(299).default(204).describe('Status it always has.'),
  body: z.string().min(1).max(256).optional().describe('Text it always has. Left out: it has none.'),
  operator: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 of a-z, 0-9 and -, not starting with -')
    .meta({ title: 'name' })
    .describe('Who runs it.'),
});

export const Anchor = z.strictObject({
  address: z.union([z.ipv4(), z.ipv6()]),
  port: z.int().min(1).max(65535).default(443),
  operator: Name,
  source: z.string().optional(),
  checked: z.string().optional(),
});

export type Anchor = z.output<typeof Anchor>;

export const LAYER_NAMES = LAYERS;
