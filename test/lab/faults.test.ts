// Every fault, seen by clients that are not ours, and gone once healed.
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Extension, extended } from '../../lab/extend.ts';
import { FAULT_KINDS } from '../../lab/faults.ts';
import type { Fault, Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { isApartKind } from '../../lab/watchers.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { placeOf, placesOf } from './clients.ts';
import {
  certificateEnd,
  knock,
  knockAt,
  resolve,
  resolverAddress,
  type Seen,
  serialOf,
  trustWithList,
  type Visitor,
  visitorOf,
} from './visitor.ts';

const POLLING = { timeout: 3_000, interval: 50 };

let lab: Lab;
let visitor: Visitor;

beforeAll(async () => {
  lab = await startLab({ world: extended(HOMELAB, Extension.parse({ proxy: 'house' }), 'proxied') });
  visitor = visitorOf(lab);
});

afterEach(async () => {
  await lab.heal();
  await expect.poll(ready, POLLING).toEqual(status(200));
});
afterAll(() => lab.stop());

const visitService = (name: string): Promise<Seen | string> => visitor.visit(visitor.service(name).url);
const originUrl = (name: string): string => visitor.service(name).origin?.url ?? '';
const knockHost = (name: string) =>
  knock(new URL(originUrl(name)).hostname, visitor.service(name).origin?.hostPort ?? 0);
const ready = (): Promise<Seen | string> => visitor.visit(`${visitor.service('blog').tunnel?.metrics}/ready`);
const knockAnchors = () => Promise.all((visitor.map.anchors ?? []).map(({ address, port }) => knock(address, port)));

async function knockGateway() {
  const { gateway } = visitor.map;
  return typeof gateway === 'string' ? gateway : await knock(gateway.address, gateway.port);
}

const knockTimeServers = () =>
  Promise.all((visitor.map.timeServers ?? []).map(({ host, port = 0 }) => knock(host, port)));

const knockFleet = () =>
  Promise.all(Object.values(visitor.map.hosts ?? {}).map(({ address, port = 0 }) => knock(address, port)));

/** What the forward proxy says to whoever wants to get out, or that it does not listen. */
async function wayOut(name: string): Promise<number | string> {
  const { hostname, port } = new URL(visitor.map.proxy?.url ?? '');
  const asking = http.request({
    host: hostname,
    port,
    method: 'CONNECT',
    path: new URL(visitor.service(name).url).host,
  });
  asking.end();
  try {
    const [answer, socket] = await once(asking, 'connect');
    socket.destroy();
    return answer.statusCode;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error);
  }
}

function theUps() {
  const [ups] = visitor.map.power ?? [];
  if (ups === undefined) throw new Error('the world has no UPS');
  return ups;
}

/** By NUT's own words. */
async function upsStatus(): Promise<string | undefined> {
  const { host, port = 0, ups } = theUps();
  const socket = net.connect({ host, port }).setEncoding('utf8');
  socket.write(`GET VAR ${ups} ups.status\n`);
  const [answer] = await once(socket, 'data');
  socket.destroy();
  return /"(.*)"/.exec(String(answer))?.[1];
}

async function knockEdge(name: string) {
  const url = new URL(visitor.service(name).url);
  const found = await resolve(resolverAddress(visitor.map), url.hostname);
  return Promise.all([...found].map((address) => knock(address, Number(url.port))));
}

async function knockTunnelPorts() {
  const ports = visitor.map.vendors.cloudflare?.components?.tunnel?.ports ?? [];
  return Promise.all(
    ports.map(async ({ host, port }) => {
      const [address = ''] = await resolve(resolverAddress(visitor.map), host);
      return knock(address, port);
    }),
  );
}

const askOwn = (name: string) => resolve(resolverAddress(visitor.map), name);
const blog = () => askOwn('blog.home.test');
const askPublic = (index: number, name: string) => resolve(visitor.map.publicResolvers?.[index]?.address ?? '', name);
const visitControl = (vendor: string, index: number, component = 'edge') =>
  visitor.visit(visitor.control(vendor, component, index));
const traceUrl = (): string => new URL('/cdn-cgi/trace', visitor.service('blog').url).href;
const statuses = (seen: (Seen | string)[]) => seen.map((one) => (typeof one === 'string' ? one : one.status));

async function slowerThan<T>(ms: number, look: () => Promise<T>): Promise<[slower: boolean, seen: T]> {
  const started = performance.now();
  const seen = await look();
  return [performance.now() - started > ms, seen];
}

interface Sight {
  fault: Fault;
  look: () => Promise<unknown>;
  broken: unknown;
  fine: unknown;
}

const status = (code: number, body = '') =>
  expect.objectContaining({ status: code, body: expect.stringContaining(body) });

const addresses = (count: number) => Array(count).fill(expect.stringMatching(/^127\./));

const askAtServer = (name: string) => {
  const { dns, url } = visitor.service(name);
  return resolve(dns?.servers?.[0] ?? '', new URL(url).hostname);
};

/** For how long, at the longest, nothing here got its turn; milliseconds. */
async function longestPause(watchedMs: number): Promise<number> {
  const end = performance.now() + watchedMs;
  let longest = 0;
  for (let last = performance.now(); last < end; ) {
    await delay(10);
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }
  return longest;
}

/** What somebody who wants the list of revoked certificates makes of the one that an origin shows. */
async function insist(name: string): Promise<string> {
  const list = placeOf(await placesOf(lab), 'revocations');
  const serverName = new URL(visitor.service(name).url).hostname;
  return trustWithList(originUrl(name), serverName, lab.ca, `http://${list.address}:${list.port}/ca.crl`);
}

/** What the registry tells of a service's domain. */
async function recordOf(name: string): Promise<unknown> {
  const zone = visitor.service(name).dns?.zone ?? '';
  const domain = visitor.map.domains[zone];
  const base = typeof domain === 'object' ? domain.rdap : undefined;
  const seen = await visitor.visit(`${base}domain/${zone}`);
  return typeof seen === 'string' ? seen : JSON.parse(seen.body).status;
}

const RECORDED: Partial<Record<Fault['kind'], string[]>> = {
  domain_deleting: ['redemption period', 'pending delete'],
  registrar_hold: ['client hold'],
  registry_hold: ['server hold'],
};

const statusesFor = (kind: Fault['kind']): string[] => [
  ...(RECORDED[kind] ?? ['active']),
  'client transfer prohibited',
];

const SIGHTS: [what: string, Sight][] = [
  [
    'uplink_cut silences the anchors',
    {
      fault: { kind: 'uplink_cut' },
      look: knockAnchors,
      broken: Array(6).fill('silent'),
      fine: Array(6).fill('accepted'),
    },
  ],
  [
    'uplink_cut leaves the gateway',
    { fault: { kind: 'uplink_cut' }, look: knockGateway, broken: 'accepted', fine: 'accepted' },
  ],
  [
    'uplink_cut makes the LAN resolver fail',
    {
      fault: { kind: 'uplink_cut' },
      look: () => resolve(resolverAddress(visitor.map), visitor.map.resolverTest),
      broken: 'ESERVFAIL',
      fine: [expect.any(String)],
    },
  ],
  [
    'uplink_cut takes the services',
    { fault: { kind: 'uplink_cut' }, look: () => visitService('blog'), broken: 'ESERVFAIL', fine: status(200) },
  ],
  [
    'uplink_cut leaves origins',
    { fault: { kind: 'uplink_cut' }, look: () => knockAt(originUrl('shop')), broken: 'accepted', fine: 'accepted' },
  ],
  [
    'gateway_down silences the gateway',
    { fault: { kind: 'gateway_down' }, look: knockGateway, broken: 'silent', fine: 'accepted' },
  ],
  [
    'gateway_down silences what is behind it',
    {
      fault: { kind: 'gateway_down' },
      look: knockAnchors,
      broken: Array(6).fill('silent'),
      fine: Array(6).fill('accepted'),
    },
  ],
  [
    'hosts_lost silences hosts of one kind',
    {
      fault: { kind: 'hosts_lost', target: 'windows' },
      look: knockFleet,
      broken: [...Array(6).fill('silent'), ...Array(4).fill('accepted')],
      fine: Array(10).fill('accepted'),
    },
  ],
  [
    'hosts_lost silences the hosts on one switch, whatever their kind, and only as many as it is said to',
    {
      fault: { kind: 'hosts_lost', target: 'sw-0', rate: 0.5 },
      look: knockFleet,
      broken: Array.from({ length: 10 }, (_, desk) => ([0, 2, 6].includes(desk) ? 'silent' : 'accepted')),
      fine: Array(10).fill('accepted'),
    },
  ],
  [
    'uplink_delay makes answers late, and connections not',
    {
      fault: { kind: 'uplink_delay', delay: '600ms' },
      look: async () => [(await slowerThan(550, () => visitControl('fastly', 0)))[0], await knockAnchors()],
      broken: [true, Array(6).fill('accepted')],
      fine: [false, Array(6).fill('accepted')],
    },
  ],
  [
    'uplink_mtu swallows what is long, so that TLS never begins, and nothing that is short',
    {
      fault: { kind: 'uplink_mtu' },
      look: () => Promise.all([visitControl('fastly', 0), visitControl('aws', 0, 'dynamodb'), blog()]),
      broken: ['SILENCE', status(200), addresses(2)],
      fine: [status(200), status(200), addresses(2)],
    },
  ],
  [
    'uplink_oneway shuts edges out of the house, and not the tunnel, nor whoever asks within',
    {
      fault: { kind: 'uplink_oneway' },
      look: () => Promise.all([visitService('shop'), visitService('blog'), knockAt(originUrl('shop'))]),
      broken: [status(503), status(200), 'accepted'],
      fine: [status(200), status(200), 'accepted'],
    },
  ],
  [
    'egress_blocked silences time servers alone',
    {
      fault: { kind: 'egress_blocked', target: 'ntp' },
      look: async () => [await knockTimeServers(), (await knockAnchors())[0]],
      broken: [Array(3).fill('silent'), 'accepted'],
      fine: [Array(3).fill('accepted'), 'accepted'],
    },
  ],
  [
    'resolver_nodata has no address for one name',
    {
      fault: { kind: 'resolver_nodata', target: 'blog' },
      look: () => Promise.all([blog(), askPublic(0, 'blog.home.test'), askOwn('shop.market.test')]),
      broken: ['ENODATA', addresses(2), addresses(2)],
      fine: [addresses(2), addresses(2), addresses(2)],
    },
  ],
  [
    'dns_secondary_stale leaves an old copy at the second server',
    {
      fault: { kind: 'dns_secondary_stale', target: 'shop' },
      look: async () => {
        const servers = visitor.service('shop').dns?.servers ?? [];
        const [first, second] = await Promise.all(servers.map((server) => serialOf(server, 'market.test')));
        return [Number(first) - Number(second), (await resolve(servers[1] ?? '', 'shop.market.test')).length];
      },
      broken: [100, 1],
      fine: [0, 2],
    },
  ],
  [
    'endpoint_slow makes the endpoint late, and what needs it fail',
    {
      fault: { kind: 'endpoint_slow', target: 'dynamodb', delay: '1200ms' },
      look: async () => [
        (await slowerThan(1_150, () => visitControl('aws', 0, 'dynamodb')))[0],
        await visitService('orders'),
      ],
      broken: [true, status(503)],
      fine: [false, status(200)],
    },
  ],
  [
    'captive_portal answers for known pages, and lets nothing else through',
    {
      fault: { kind: 'captive_portal' },
      look: () => Promise.all([visitor.visit(visitor.map.portalTests?.[0]?.url ?? ''), knockAnchors(), knockGateway()]),
      broken: [status(302), Array(6).fill('silent'), 'accepted'],
      fine: [status(204), Array(6).fill('accepted'), 'accepted'],
    },
  ],
  [
    'power_cut silences the gateway and what is behind it, and the UPS tells why',
    {
      fault: { kind: 'power_cut' },
      look: () => Promise.all([knockGateway(), knockAnchors(), upsStatus()]),
      broken: ['silent', Array(6).fill('silent'), 'OB DISCHRG'],
      fine: ['accepted', Array(6).fill('accepted'), 'OL'],
    },
  ],
  [
    'ups_on_battery is told, and nothing else happens',
    {
      fault: { kind: 'ups_on_battery' },
      look: () => Promise.all([knockGateway(), upsStatus()]),
      broken: ['accepted', 'OB DISCHRG'],
      fine: ['accepted', 'OL'],
    },
  ],
  [
    'machine_starved lets whatever runs here stand still for most of every second',
    {
      fault: { kind: 'machine_starved', rate: 0.9 },
      look: async () => (await longestPause(1_500)) > 500,
      broken: true,
      fine: false,
    },
  ],
  [
    'machine_suspended lets it sleep, and wake',
    {
      fault: { kind: 'machine_suspended', delay: '800ms' },
      look: async () => (await longestPause(3_500)) > 500,
      broken: true,
      fine: false,
    },
  ],
  [
    'ups_silent silences who tells of the UPS',
    {
      fault: { kind: 'ups_silent' },
      look: () => knock(theUps().host, theUps().port ?? 0),
      broken: 'silent',
      fine: 'accepted',
    },
  ],
  [
    'proxy_down lets nobody out, and harms nobody outside',
    {
      fault: { kind: 'proxy_down' },
      look: () => Promise.all([wayOut('shop'), visitService('shop')]),
      broken: ['ECONNREFUSED', status(200)],
      fine: [200, status(200)],
    },
  ],
  [
    'proxy_denies wants a password nobody has',
    {
      fault: { kind: 'proxy_denies' },
      look: () => Promise.all([wayOut('shop'), visitService('shop')]),
      broken: [407, status(200)],
      fine: [200, status(200)],
    },
  ],
  [
    'proxy_slow lets everybody out late',
    {
      fault: { kind: 'proxy_slow', delay: '700ms' },
      look: async () => {
        const asked = performance.now();
        return [await wayOut('shop'), performance.now() - asked > 600];
      },
      broken: [200, true],
      fine: [200, false],
    },
  ],
  [
    'resolver_down silences the LAN resolver',
    {
      fault: { kind: 'resolver_down' },
      look: () => resolve(resolverAddress(visitor.map), 'blog.home.test', 600),
      broken: 'ETIMEOUT',
      fine: expect.any(Array),
    },
  ],
  [
    'resolver_down leaves public resolvers',
    {
      fault: { kind: 'resolver_down' },
      look: () => resolve(visitor.map.publicResolvers?.[0]?.address ?? '', 'blog.home.test'),
      broken: expect.any(Array),
      fine: expect.any(Array),
    },
  ],
  [
    'dns_vendor_down silences its name servers',
    {
      fault: { kind: 'dns_vendor_down', target: 'aws' },
      look: () => Promise.all(visitor.servers('aws').map((server) => serialOf(server, 'market.test'))),
      broken: ['ETIMEOUT', 'ETIMEOUT'],
      fine: [2_026_010_101, 2_026_010_101],
    },
  ],
  [
    'dns_vendor_down takes its zones at resolvers',
    {
      fault: { kind: 'dns_vendor_down', target: 'aws' },
      look: () => visitService('shop'),
      broken: 'ESERVFAIL',
      fine: status(200),
    },
  ],
  [
    'dns_vendor_down leaves other zones',
    {
      fault: { kind: 'dns_vendor_down', target: 'aws' },
      look: () => visitService('blog'),
      broken: status(200),
      fine: status(200),
    },
  ],
  [
    "edge_5xx is Cloudflare's own page",
    {
      fault: { kind: 'edge_5xx', target: 'cloudflare' },
      look: () => visitService('blog'),
      broken: status(500, "internal server error on Cloudflare's network"),
      fine: status(200),
    },
  ],
  [
    'edge_5xx hits other people too',
    {
      fault: { kind: 'edge_5xx', target: 'cloudflare' },
      look: () => visitor.visit(visitor.control('cloudflare', 'edge')),
      broken: status(500),
      fine: status(200),
    },
  ],
  [
    'edge_5xx leaves other vendors',
    {
      fault: { kind: 'edge_5xx', target: 'cloudflare' },
      look: () => visitService('shop'),
      broken: status(200),
      fine: status(200),
    },
  ],
  [
    "edge_5xx is Fastly's own 503",
    {
      fault: { kind: 'edge_5xx', target: 'fastly' },
      look: () => visitService('shop'),
      broken: expect.objectContaining({
        status: 503,
        reason: 'Service Unavailable',
        body: expect.not.stringContaining('backend'),
      }),
      fine: status(200),
    },
  ],
  [
    'edge_unreachable silences every address of the edge',
    {
      fault: { kind: 'edge_unreachable', target: 'cloudflare' },
      look: () => knockEdge('blog'),
      broken: ['silent', 'silent'],
      fine: ['accepted', 'accepted'],
    },
  ],
  [
    'edge_5xx_own fails on one host alone',
    {
      fault: { kind: 'edge_5xx_own', target: 'blog' },
      look: async () => statuses([await visitService('blog'), await visitControl('cloudflare', 0)]),
      broken: [500, 200],
      fine: [200, 200],
    },
  ],
  [
    'edge_route_lost takes your addresses alone',
    {
      fault: { kind: 'edge_route_lost', target: 'fastly' },
      look: async () => [...(await knockEdge('shop')), ...statuses([await visitControl('fastly', 1)])],
      broken: ['silent', 'silent', 200],
      fine: ['accepted', 'accepted', 200],
    },
  ],
  [
    'resolver_failing fails at home alone',
    {
      fault: { kind: 'resolver_failing' },
      look: async () => [await askOwn('shop.market.test'), await askPublic(0, 'shop.market.test')],
      broken: ['ESERVFAIL', addresses(2)],
      fine: [addresses(2), addresses(2)],
    },
  ],
  [
    'tunnel_stalled leaves the daemon ready, and carries nothing',
    {
      fault: { kind: 'tunnel_stalled' },
      look: async () => statuses([await visitService('blog'), await ready()]),
      broken: [522, 200],
      fine: [200, 200],
    },
  ],
  [
    'status_page_down silences the page and nothing else',
    {
      fault: { kind: 'status_page_down', target: 'aws' },
      look: async () =>
        statuses([await visitor.visit(visitor.map.vendors.aws?.status?.url ?? ''), await visitService('orders')]),
      broken: ['SILENCE', 200],
      fine: [200, 200],
    },
  ],
  [
    'edge_unreachable silences its controls',
    {
      fault: { kind: 'edge_unreachable', target: 'fastly' },
      look: () => visitor.visit(visitor.control('fastly', 'edge', 1)),
      broken: 'SILENCE',
      fine: status(200),
    },
  ],
  [
    'peering_lost silences all of an edge from here',
    {
      fault: { kind: 'peering_lost', target: 'fastly' },
      look: async () => [await visitor.visit(visitor.control('fastly', 'edge', 1)), ...(await knockEdge('shop'))],
      broken: ['SILENCE', 'silent', 'silent'],
      fine: [status(200), 'accepted', 'accepted'],
    },
  ],
  [
    'endpoint_empty is NOERROR without an address',
    {
      fault: { kind: 'endpoint_empty', target: 'dynamodb' },
      look: () => resolve(visitor.servers('aws')[0] ?? '', 'dynamodb.us-east-1.amazon-api.test'),
      broken: 'ENODATA',
      fine: [expect.any(String)],
    },
  ],
  [
    'part_down is told by the application and by its document',
    {
      fault: { kind: 'part_down', target: 'shop' },
      look: async () => {
        const url = visitor.service('shop').signals?.database?.url ?? '';
        const [page, parts] = await Promise.all([visitService('shop'), visitor.visit(url)]);
        return [...statuses([page]), typeof parts === 'string' ? parts : JSON.parse(parts.body)];
      },
      broken: [500, { parts: { database: 'down' }, breakers: {}, queue: 3 }],
      fine: [200, { parts: { database: 'up' }, breakers: {}, queue: 3 }],
    },
  ],
  [
    'account_refused is felt by your account alone',
    {
      fault: { kind: 'account_refused', target: 'orders' },
      look: async () => statuses([await visitService('orders'), await visitControl('aws', 0, 'dynamodb')]),
      broken: [503, 200],
      fine: [200, 200],
    },
  ],
  [
    'trust_outdated is felt by one machine alone',
    {
      fault: { kind: 'trust_outdated', target: 'orders' },
      look: async () => statuses([await visitService('orders'), await visitControl('aws', 0, 'dynamodb')]),
      broken: [503, 200],
      fine: [200, 200],
    },
  ],
  [
    'endpoint_empty takes its sibling',
    {
      fault: { kind: 'endpoint_empty', target: 'dynamodb' },
      look: () => visitor.visit(visitor.control('aws', 'dynamodb')),
      broken: 'ENODATA',
      fine: status(200, 'healthy'),
    },
  ],
  [
    'endpoint_empty leaves other names of the zone',
    {
      fault: { kind: 'endpoint_empty', target: 'dynamodb' },
      look: () => resolve(visitor.servers('aws')[0] ?? '', 's3.us-east-1.amazon-api.test'),
      broken: [expect.any(String)],
      fine: [expect.any(String)],
    },
  ],
  [
    'endpoint_empty makes the application itself fail',
    {
      fault: { kind: 'endpoint_empty', target: 'dynamodb' },
      look: () => visitService('orders'),
      broken: status(500, 'ENOTFOUND'),
      fine: status(200),
    },
  ],
  [
    'tunnel_daemon_dead refuses',
    { fault: { kind: 'tunnel_daemon_dead' }, look: ready, broken: 'ECONNREFUSED', fine: status(200) },
  ],
  [
    "tunnel_daemon_dead is the edge's 1033",
    {
      fault: { kind: 'tunnel_daemon_dead' },
      look: () => visitService('blog'),
      broken: status(530, 'cf-error-code">1033<'),
      fine: status(200),
    },
  ],
  [
    "tunnel_daemon_dead leaves other people's tunnels",
    {
      fault: { kind: 'tunnel_daemon_dead' },
      look: () => visitor.visit(visitor.control('cloudflare', 'tunnel')),
      broken: status(200),
      fine: status(200),
    },
  ],
  [
    "tunnel_service_down takes other people's tunnels",
    {
      fault: { kind: 'tunnel_service_down' },
      look: () => visitor.visit(visitor.control('cloudflare', 'tunnel', 1)),
      broken: status(530, '1033'),
      fine: status(200),
    },
  ],
  [
    'tunnel_service_down leaves the ports open',
    {
      fault: { kind: 'tunnel_service_down' },
      look: knockTunnelPorts,
      broken: ['accepted', 'accepted'],
      fine: ['accepted', 'accepted'],
    },
  ],
  [
    'tunnel_ports_blocked silences the ports',
    {
      fault: { kind: 'tunnel_ports_blocked' },
      look: knockTunnelPorts,
      broken: ['silent', 'silent'],
      fine: ['accepted', 'accepted'],
    },
  ],
  [
    'origin_refused refuses',
    {
      fault: { kind: 'origin_refused', target: 'blog' },
      look: () => knockAt(originUrl('blog')),
      broken: 'refused',
      fine: 'accepted',
    },
  ],
  [
    'origin_refused leaves the host',
    {
      fault: { kind: 'origin_refused', target: 'blog' },
      look: () => knockHost('blog'),
      broken: 'accepted',
      fine: 'accepted',
    },
  ],
  [
    'origin_refused is a branded 502 behind the tunnel',
    {
      fault: { kind: 'origin_refused', target: 'blog' },
      look: () => visitService('blog'),
      broken: status(502, 'cf-error-details'),
      fine: status(200),
    },
  ],
  [
    "origin_refused is Fastly's word about a backend",
    {
      fault: { kind: 'origin_refused', target: 'shop' },
      look: () => visitService('shop'),
      broken: expect.objectContaining({ status: 503, reason: 'backend connection refused' }),
      fine: status(200),
    },
  ],
  [
    "origin_5xx is passed on with the origin's stamp",
    {
      fault: { kind: 'origin_5xx', target: 'blog' },
      look: () => visitService('blog'),
      broken: expect.objectContaining({
        status: 500,
        headers: expect.objectContaining({ 'x-origin': 'blog', server: 'cloudflare' }),
      }),
      fine: status(200),
    },
  ],
  [
    'origin_host_down silences the origin',
    {
      fault: { kind: 'origin_host_down', target: 'shop' },
      look: () => knockAt(originUrl('shop')),
      broken: 'silent',
      fine: 'accepted',
    },
  ],
  [
    'origin_host_down silences the host',
    {
      fault: { kind: 'origin_host_down', target: 'shop' },
      look: () => knockHost('shop'),
      broken: 'silent',
      fine: 'accepted',
    },
  ],
  [
    'origin_host_down is a timeout at the edge',
    {
      fault: { kind: 'origin_host_down', target: 'shop' },
      look: () => visitService('shop'),
      broken: status(503, 'backend connection timed out'),
      fine: status(200),
    },
  ],
  [
    'origin_certificate_expired shows an old certificate',
    {
      fault: { kind: 'origin_certificate_expired', target: 'shop' },
      look: async () => (await certificateEnd(originUrl('shop'), 'shop.market.test')) > Date.now(),
      broken: false,
      fine: true,
    },
  ],
  [
    'origin_certificate_expired is refused by the edge',
    {
      fault: { kind: 'origin_certificate_expired', target: 'shop' },
      look: () => visitService('shop'),
      broken: status(503, 'backend certificate'),
      fine: status(200),
    },
  ],
  [
    'origin_certificate_expired is refused by visitors where no edge is in front',
    {
      fault: { kind: 'origin_certificate_expired', target: 'orders' },
      look: () => visitService('orders'),
      broken: 'CERT_HAS_EXPIRED',
      fine: status(200),
    },
  ],
  [
    'control_rotten hits one control',
    {
      fault: { kind: 'control_rotten', target: 'cloudflare' },
      look: () => visitor.visit(visitor.control('cloudflare', 'edge', 0)),
      broken: status(404),
      fine: status(200),
    },
  ],
  [
    'control_rotten leaves the other',
    {
      fault: { kind: 'control_rotten', target: 'cloudflare' },
      look: () => visitor.visit(visitor.control('cloudflare', 'edge', 1)),
      broken: status(200),
      fine: status(200),
    },
  ],
  [
    'vendor_status_incident stands on the status page',
    {
      fault: { kind: 'vendor_status_incident', target: 'aws' },
      look: () => visitor.visit(visitor.map.vendors.aws?.status?.url ?? ''),
      broken: status(200, '"indicator":"critical"'),
      fine: status(200, '"indicator":"none"'),
    },
  ],
  [
    'vendor_status_incident breaks nothing',
    {
      fault: { kind: 'vendor_status_incident', target: 'aws' },
      look: () => visitService('orders'),
      broken: status(200),
      fine: status(200),
    },
  ],
  [
    'certificate_revoked makes those refuse it who ask for the list',
    {
      fault: { kind: 'certificate_revoked', target: 'shop' },
      look: () => insist('shop'),
      broken: 'CERT_REVOKED',
      fine: 'trusted',
    },
  ],
  [
    'certificate_revoked is of one certificate alone, and seen by no visitor who does not ask',
    {
      fault: { kind: 'certificate_revoked', target: 'shop' },
      look: async () => [await insist('orders'), ...statuses([await visitService('shop')])],
      broken: ['trusted', 200],
      fine: ['trusted', 200],
    },
  ],
  [
    'revocation_list_down leaves those without a list who want one',
    { fault: { kind: 'revocation_list_down' }, look: () => insist('shop'), broken: 'no list', fine: 'trusted' },
  ],
  [
    'revocation_list_expired is a list that says nothing that counts',
    {
      fault: { kind: 'revocation_list_expired' },
      look: () => insist('shop'),
      broken: 'CRL_HAS_EXPIRED',
      fine: 'trusted',
    },
  ],
  [
    'dns_record_moved is an old address, at every server and resolver',
    {
      fault: { kind: 'dns_record_moved', target: 'shop' },
      look: async () => [await askAtServer('shop'), await askPublic(0, 'shop.market.test')],
      broken: Array(2).fill([expect.stringMatching(/\.90$/)]),
      fine: Array(2).fill(addresses(2)),
    },
  ],
  [
    'dns_record_missing is NXDOMAIN',
    {
      fault: { kind: 'dns_record_missing', target: 'blog' },
      look: () => resolve(visitor.servers('cloudflare')[1] ?? '', 'blog.home.test'),
      broken: 'ENOTFOUND',
      fine: expect.any(Array),
    },
  ],
  [
    'uplink_loss, of everything, silences the anchors',
    {
      fault: { kind: 'uplink_loss', rate: 1 },
      look: knockAnchors,
      broken: Array(6).fill('silent'),
      fine: Array(6).fill('accepted'),
    },
  ],
  [
    'uplink_loss leaves the LAN',
    {
      fault: { kind: 'uplink_loss', rate: 1 },
      look: () => Promise.all([knockGateway(), knockAt(originUrl('shop'))]),
      broken: ['accepted', 'accepted'],
      fine: ['accepted', 'accepted'],
    },
  ],
  [
    'uplink_flapping begins with the cut',
    {
      fault: { kind: 'uplink_flapping', rate: 0.5 },
      look: knockAnchors,
      broken: Array(6).fill('silent'),
      fine: Array(6).fill('accepted'),
    },
  ],
  [
    'operator_down silences the anchors of one operator',
    {
      fault: { kind: 'operator_down', target: 'quad9' },
      look: knockAnchors,
      broken: ['silent', 'silent', ...Array(4).fill('accepted')],
      fine: Array(6).fill('accepted'),
    },
  ],
  [
    'operator_down silences its public resolver only',
    {
      fault: { kind: 'operator_down', target: 'quad9' },
      look: () => Promise.all([0, 1].map((index) => askPublic(index, 'blog.home.test'))),
      broken: ['ETIMEOUT', addresses(2)],
      fine: [addresses(2), addresses(2)],
    },
  ],
  [
    'resolver_rewrite is 0.0.0.0 on the LAN',
    {
      fault: { kind: 'resolver_rewrite', target: 'blog' },
      look: () => askOwn('blog.home.test'),
      broken: ['0.0.0.0'],
      fine: addresses(2),
    },
  ],
  [
    'resolver_rewrite leaves other names and other resolvers',
    {
      fault: { kind: 'resolver_rewrite', target: 'blog' },
      look: () => Promise.all([askOwn('shop.market.test'), askPublic(0, 'blog.home.test')]),
      broken: [addresses(2), addresses(2)],
      fine: [addresses(2), addresses(2)],
    },
  ],
  [
    'resolver_stale leads where nobody is',
    {
      fault: { kind: 'resolver_stale', target: 'orders' },
      look: () => visitService('orders'),
      broken: 'SILENCE',
      fine: status(200),
    },
  ],
  [
    'resolver_stale leaves services behind the same edge',
    {
      fault: { kind: 'resolver_stale', target: 'shop' },
      look: () => Promise.all([askOwn('shop.market.test'), askPublic(0, 'shop.market.test')]),
      broken: [addresses(1), addresses(2)],
      fine: [addresses(2), addresses(2)],
    },
  ],
  [
    'dns_partial silences one name server',
    {
      fault: { kind: 'dns_partial', target: 'aws' },
      look: () => Promise.all(visitor.servers('aws').map((server) => serialOf(server, 'market.test'))),
      broken: ['ETIMEOUT', 2_026_010_101],
      fine: [2_026_010_101, 2_026_010_101],
    },
  ],
  [
    'dns_partial is not felt behind a resolver',
    {
      fault: { kind: 'dns_partial', target: 'aws' },
      look: () => visitService('shop'),
      broken: status(200),
      fine: status(200),
    },
  ],
  [
    'dns_zone_refused refuses every name of the zone',
    {
      fault: { kind: 'dns_zone_refused', target: 'shop' },
      look: () =>
        Promise.all(
          ['shop.market.test', 'orders.market.test'].map((name) => resolve(visitor.servers('aws')[0] ?? '', name)),
        ),
      broken: ['EREFUSED', 'EREFUSED'],
      fine: [addresses(2), addresses(1)],
    },
  ],
  [
    'dns_zone_refused leaves the zones of others',
    {
      fault: { kind: 'dns_zone_refused', target: 'shop' },
      look: () => serialOf(visitor.servers('aws')[1] ?? '', 'ferry.test'),
      broken: 2_026_010_101,
      fine: 2_026_010_101,
    },
  ],
  [
    "edge_overloaded is Cloudflare's 502 without its page",
    {
      fault: { kind: 'edge_overloaded', target: 'cloudflare' },
      look: () => visitService('blog'),
      broken: expect.objectContaining({ status: 502, body: expect.not.stringContaining('cf-error-details') }),
      fine: status(200),
    },
  ],
  [
    'edge_5xx_sites hits yours and a share of the others',
    {
      fault: { kind: 'edge_5xx_sites', target: 'cloudflare', rate: 0.28 },
      look: () => Promise.all([visitService('blog'), ...[0, 1].map((index) => visitControl('cloudflare', index))]),
      broken: [status(500), status(500), status(200)],
      fine: [status(200), status(200), status(200)],
    },
  ],
  [
    'edge_5xx_sites leaves the trace path',
    {
      fault: { kind: 'edge_5xx_sites', target: 'cloudflare', rate: 0.28 },
      look: () => visitor.visit(traceUrl()),
      broken: status(200, 'colo=FRA'),
      fine: status(200, 'colo=FRA'),
    },
  ],
  [
    'edge_partial silences some addresses',
    {
      fault: { kind: 'edge_partial', target: 'cloudflare', rate: 0.5 },
      look: () => knockEdge('blog'),
      broken: ['silent', 'accepted'],
      fine: ['accepted', 'accepted'],
    },
  ],
  [
    'edge_partial lets the other addresses answer',
    {
      fault: { kind: 'edge_partial', target: 'cloudflare', rate: 0.5 },
      look: () => Promise.all([0, 1].map((index) => visitControl('cloudflare', index))),
      broken: ['SILENCE', status(200)],
      fine: [status(200), status(200)],
    },
  ],
  [
    'edge_resets ends connections before TLS',
    {
      fault: { kind: 'edge_resets', target: 'fastly', rate: 1 },
      look: () => visitService('shop'),
      broken: 'ECONNRESET',
      fine: status(200),
    },
  ],
  [
    'edge_latency makes people wait',
    {
      fault: { kind: 'edge_latency', target: 'fastly', delay: '700ms' },
      look: () => slowerThan(650, () => visitService('shop')),
      broken: [true, status(200)],
      fine: [false, status(200)],
    },
  ],
  [
    'edge_certificate_expired of a vendor is shown to everybody',
    {
      fault: { kind: 'edge_certificate_expired', target: 'fastly' },
      look: () => Promise.all([visitService('shop'), visitControl('fastly', 0)]),
      broken: ['CERT_HAS_EXPIRED', 'CERT_HAS_EXPIRED'],
      fine: [status(200), status(200)],
    },
  ],
  [
    'edge_certificate_expired of a service is shown to its visitors',
    {
      fault: { kind: 'edge_certificate_expired', target: 'shop' },
      look: () => Promise.all([visitService('shop'), visitControl('fastly', 0)]),
      broken: ['CERT_HAS_EXPIRED', status(200)],
      fine: [status(200), status(200)],
    },
  ],
  [
    'middlebox_503 looks like the vendor, on every path of one host',
    {
      fault: { kind: 'middlebox_503', target: 'blog' },
      look: () => Promise.all([visitService('blog'), visitor.visit(traceUrl()), visitControl('cloudflare', 0)]),
      broken: [status(503, 'cf-error-details'), status(503), status(200)],
      fine: [status(200), status(200), status(200)],
    },
  ],
  [
    'edge_challenges puts a question before one host, and none before the edge itself',
    {
      fault: { kind: 'edge_challenges', target: 'blog' },
      look: () => Promise.all([visitService('blog'), visitor.visit(traceUrl()), visitService('shop')]),
      broken: [status(403, 'Just a moment'), status(200), status(200)],
      fine: Array(3).fill(status(200)),
    },
  ],
  [
    'edge_caches has a copy served, and breaks nothing',
    {
      fault: { kind: 'edge_caches', target: 'shop' },
      look: () => visitService('shop'),
      broken: expect.objectContaining({ status: 200, headers: expect.objectContaining({ 'x-cache': 'HIT' }) }),
      fine: expect.objectContaining({ status: 200, headers: expect.objectContaining({ 'x-cache': 'MISS' }) }),
    },
  ],
  [
    'origin_shut_out keeps the edge from an origin that answers',
    {
      fault: { kind: 'origin_shut_out', target: 'shop' },
      look: () => Promise.all([visitService('shop'), knockAt(originUrl('shop'))]),
      broken: [status(503, 'backend'), 'accepted'],
      fine: [status(200), 'accepted'],
    },
  ],
  [
    'intercepted shows a certificate of its own to whoever leaves the house',
    {
      fault: { kind: 'intercepted' },
      look: () => Promise.all([visitService('blog'), visitService('orders'), visitControl('fastly', 0)]),
      broken: ['DEPTH_ZERO_SELF_SIGNED_CERT', status(200), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
      fine: Array(3).fill(status(200)),
    },
  ],
  [
    'endpoint_5xx answers with changing errors under every name',
    {
      fault: { kind: 'endpoint_5xx', target: 'dynamodb' },
      look: async () => statuses([await visitControl('aws', 0, 'dynamodb'), await visitControl('aws', 0, 'dynamodb')]),
      broken: [503, 500],
      fine: [200, 200],
    },
  ],
  [
    'endpoint_5xx leaves its record, and the application says 503',
    {
      fault: { kind: 'endpoint_5xx', target: 'dynamodb' },
      look: () =>
        Promise.all([
          resolve(visitor.servers('aws')[0] ?? '', 'dynamodb.us-east-1.amazon-api.test'),
          visitService('orders'),
        ]),
      broken: [addresses(1), status(503, 'does not answer')],
      fine: [addresses(1), status(200)],
    },
  ],
  [
    'endpoint_down leaves its record, and the application gives up on it',
    {
      fault: { kind: 'endpoint_down', target: 'dynamodb' },
      look: () =>
        Promise.all([
          resolve(visitor.servers('aws')[0] ?? '', 'dynamodb.us-east-1.amazon-api.test'),
          visitControl('aws', 0, 'dynamodb').then((seen) => typeof seen),
          visitService('orders'),
        ]),
      broken: [addresses(1), 'string', status(503, 'does not answer')],
      fine: [addresses(1), 'object', status(200)],
    },
  ],
  [
    "tunnel_credentials leaves other people's tunnels and the ports",
    {
      fault: { kind: 'tunnel_credentials' },
      look: () => Promise.all([visitor.visit(visitor.control('cloudflare', 'tunnel')), knockTunnelPorts()]),
      broken: [status(200), ['accepted', 'accepted']],
      fine: [status(200), ['accepted', 'accepted']],
    },
  ],
  [
    "origin_slow is Cloudflare's 524",
    {
      fault: { kind: 'origin_slow', target: 'blog' },
      look: () => visitService('blog'),
      broken: status(524, 'A timeout occurred'),
      fine: status(200),
    },
  ],
  [
    "origin_slow is Fastly's word about a first byte",
    {
      fault: { kind: 'origin_slow', target: 'shop' },
      look: () => visitService('shop'),
      broken: expect.objectContaining({ status: 503, reason: 'first byte timeout' }),
      fine: status(200),
    },
  ],
  [
    'origin_hung is silent, and its host is not',
    {
      fault: { kind: 'origin_hung', target: 'shop' },
      look: () => Promise.all([knockAt(originUrl('shop')), knockHost('shop')]),
      broken: ['silent', 'accepted'],
      fine: ['accepted', 'accepted'],
    },
  ],
  [
    'origin_slow accepts connections',
    {
      fault: { kind: 'origin_slow', target: 'shop' },
      look: () => knockAt(originUrl('shop')),
      broken: 'accepted',
      fine: 'accepted',
    },
  ],
  [
    'control_5xx hits one control and no service',
    {
      fault: { kind: 'control_5xx', target: 'fastly' },
      look: () => Promise.all([visitControl('fastly', 0), visitControl('fastly', 1), visitService('shop')]),
      broken: [status(503), status(200), status(200)],
      fine: [status(200), status(200), status(200)],
    },
  ],
  ...(['domain_expired', 'domain_deleting', 'registrar_hold', 'registry_hold', 'delegation_lost'] as const).map(
    (kind): [string, Sight] => [
      `${kind} takes the name from everybody who asks from the top, and leaves its own name servers`,
      {
        fault: { kind, target: 'shop' },
        look: () => Promise.all([visitService('shop'), visitService('orders'), askAtServer('shop'), recordOf('shop')]),
        broken: ['ENOTFOUND', 'ENOTFOUND', addresses(2), statusesFor(kind)],
        fine: [status(200), status(200), addresses(2), ['active', 'client transfer prohibited']],
      },
    ],
  ),
  [
    'delegation_changed sends visitors to strangers, and leaves its own name servers',
    {
      fault: { kind: 'delegation_changed', target: 'shop' },
      look: () => Promise.all([visitService('shop'), askAtServer('shop'), visitService('blog')]),
      broken: ['ECONNREFUSED', addresses(2), status(200)],
      fine: [status(200), addresses(2), status(200)],
    },
  ],
  [
    'registry_down makes every resolver fail, and leaves the record of domains',
    {
      fault: { kind: 'registry_down' },
      look: () => Promise.all([askOwn('shop.market.test'), askPublic(0, 'blog.home.test'), recordOf('shop')]),
      broken: ['ESERVFAIL', 'ESERVFAIL', ['active', 'client transfer prohibited']],
      fine: [addresses(2), addresses(2), ['active', 'client transfer prohibited']],
    },
  ],
  [
    'signatures_expired takes a zone at whoever validates, and leaves its servers and the others',
    {
      fault: { kind: 'signatures_expired', target: 'shop' },
      look: () =>
        Promise.all([askOwn('shop.market.test'), askPublic(0, 'shop.market.test'), askAtServer('shop'), blog()]),
      broken: ['ESERVFAIL', 'ESERVFAIL', addresses(2), addresses(2)],
      fine: [addresses(2), addresses(2), addresses(2), addresses(2)],
    },
  ],
  [
    'signatures_expired takes every zone that a vendor signs',
    {
      fault: { kind: 'signatures_expired', target: 'cloudflare' },
      look: () => Promise.all([blog(), askPublic(0, 'shop.market.test')]),
      broken: ['ESERVFAIL', addresses(2)],
      fine: [addresses(2), addresses(2)],
    },
  ],
  [
    'ds_mismatch takes a zone at whoever validates',
    {
      fault: { kind: 'ds_mismatch', target: 'shop' },
      look: () => Promise.all([askOwn('shop.market.test'), askAtServer('shop'), blog()]),
      broken: ['ESERVFAIL', addresses(2), addresses(2)],
      fine: [addresses(2), addresses(2), addresses(2)],
    },
  ],
  [
    'registry_signatures_broken takes every domain, signed or not',
    {
      fault: { kind: 'registry_signatures_broken' },
      look: () => Promise.all([blog(), askPublic(1, 'forum.cloudflare-edge.test'), askAtServer('shop')]),
      broken: ['ESERVFAIL', 'ESERVFAIL', addresses(2)],
      fine: [addresses(2), addresses(1), addresses(2)],
    },
  ],
  [
    'resolver_validation_broken takes every name at home and none elsewhere',
    {
      fault: { kind: 'resolver_validation_broken' },
      look: () => Promise.all([blog(), askOwn('forum.cloudflare-edge.test'), askPublic(0, 'blog.home.test')]),
      broken: ['ESERVFAIL', 'ESERVFAIL', addresses(2)],
      fine: [addresses(2), addresses(1), addresses(2)],
    },
  ],
  [
    'clock_wrong makes every certificate look old',
    {
      fault: { kind: 'clock_wrong' },
      look: () => Promise.all([visitService('blog'), visitService('shop'), visitControl('fastly', 0)]),
      broken: Array(3).fill('CERT_HAS_EXPIRED'),
      fine: Array(3).fill(status(200)),
    },
  ],
];

describe('faults', () => {
  it.each(SIGHTS)('%s', async (_, { fault, look, broken, fine }) => {
    await lab.inject(fault);
    expect(await look()).toEqual(broken);
    await lab.heal();
    // The daemon takes a moment to come back; all else is healed at once.
    await expect.poll(look, POLLING).toEqual(fine);
  });

  it('are all seen above', () => {
    const own = FAULT_KINDS.filter((kind) => !isApartKind(kind));
    expect([...new Set(SIGHTS.map(([, { fault }]) => fault.kind))].sort()).toEqual(own.sort());
  });

  it.each(FAULT_KINDS.filter(isApartKind))('refuse %s where nobody could end it', async (kind) => {
    await expect(lab.inject({ kind })).rejects.toThrow('play it in a scenario, by demarc replay');
    expect(lab.faults()).toEqual([]);
  });
});

describe('the tunnel daemon', () => {
  it.each(['uplink_cut', 'tunnel_service_down', 'tunnel_ports_blocked', 'tunnel_credentials'])(
    'loses its connections by %s and finds them again',
    async (kind) => {
      await lab.inject({ kind });
      await expect.poll(ready, POLLING).toEqual(status(503, '"readyConnections":0'));
      await lab.heal();
      await expect.poll(ready, POLLING).toEqual(status(200, '"readyConnections":4'));
    },
  );

  it.each([
    ['tunnel_credentials', 'counts refused registrations', /^cloudflared_tunnel_tunnel_register_fail\{.*\} [1-9]/m],
    ['uplink_cut', 'counts none where it reaches nobody', /^(?!.*register_fail\{)/s],
  ])('under %s %s', async (kind, _, expected) => {
    const fresh = await startLab();
    const own = visitorOf(fresh);
    const metrics = own.service('blog').tunnel?.metrics ?? '';
    await fresh.inject({ kind });
    await expect.poll(() => own.visit(`${metrics}/ready`), POLLING).toEqual(status(503));
    expect(await own.visit(`${metrics}/metrics`)).toMatchObject({ body: expect.stringMatching(expected) });
    await fresh.stop();
  });

  it('starts without connections after a crash', async () => {
    await lab.inject({ kind: 'tunnel_daemon_dead' });
    await lab.heal();
    expect(await ready()).toEqual(status(503));
    await expect.poll(ready, POLLING).toEqual(status(200));
    expect(await visitService('blog')).toEqual(status(200));
  });
});

describe('several faults at once', () => {
  it('keep a thing broken while any of them wants it', async () => {
    const cut = await lab.inject({ kind: 'uplink_cut' });
    await lab.inject({ kind: 'edge_unreachable', target: 'fastly' });
    await lab.heal(cut.id);
    expect(await knockAnchors()).toEqual(Array(6).fill('accepted'));
    expect(await knockEdge('shop')).toEqual(['silent', 'silent']);
    expect(await knockEdge('blog')).toEqual(['accepted', 'accepted']);
    await lab.heal();
    expect(await knockEdge('shop')).toEqual(['accepted', 'accepted']);
  });

  it('silence a dead process on a dead machine', async () => {
    await lab.inject({ kind: 'origin_refused', target: 'blog' });
    const host = await lab.inject({ kind: 'origin_host_down', target: 'blog' });
    expect(await knockAt(originUrl('blog'))).toBe('silent');
    await lab.heal(host.id);
    expect(await knockAt(originUrl('blog'))).toBe('refused');
  });
});

describe('faults that change by themselves', () => {
  it('lose a share of what is asked, for each place by itself', async () => {
    await lab.inject({ kind: 'uplink_loss', rate: 0.5 });
    const heard: string[] = [];
    for (let slot = 0; slot < 5; slot += 1) {
      heard.push(...(await knockAnchors()));
      await delay(700);
    }
    const silent = heard.filter((answer) => answer === 'silent').length;
    expect(silent).toBeGreaterThan(5);
    expect(silent).toBeLessThan(25);
    // Only a place that is about to be walled up refuses, for an instant.
    // Only a place that is about to be walled up refuses, for an instant.
    expect(heard.filter((answer) => answer === 'refused').length).toBeLessThan(silent);
  });

  it('come and go', async () => {
    const quick = await startLab({ speed: 10 });
    const [anchor] = visitorOf(quick).map.anchors ?? [];
    await quick.inject({ kind: 'uplink_flapping', rate: 0.5 });
    const heard: string[] = [];
    for (let look = 0; look < 12; look += 1) heard.push(await knock(anchor?.address ?? '', anchor?.port ?? 0, 300));
    await delay(1_000);
    for (let look = 0; look < 12; look += 1) heard.push(await knock(anchor?.address ?? '', anchor?.port ?? 0, 300));
    // At this speed a knock may meet the instant in which a place changes hands.
    expect(heard).toEqual(expect.arrayContaining(['accepted', 'silent']));
    await quick.stop();
  });

  it('grow', async () => {
    const visits = () => Promise.all(Array.from({ length: 10 }, () => visitService('shop')));
    const { id } = await lab.inject({ kind: 'edge_5xx', target: 'fastly', ramp: '10m' });
    expect(lab.faults()).toMatchObject([{ id, rate: 1, ramp: '600000ms' }]);
    const early = await visits();
    await lab.inject({ kind: 'edge_5xx', target: 'fastly', ramp: '100ms' });
    await delay(100);
    const late = await visits();
    expect(statuses(early).filter((code) => code === 200).length).toBeGreaterThan(4);
    expect(new Set(statuses(late))).toEqual(new Set([503]));
  });
});

it('takes hosts one after the other while a loss grows', async () => {
  const quick = await startLab({ speed: 10 });
  const hosts = Object.values(visitorOf(quick).map.hosts ?? {});
  const lost = async (): Promise<number> => {
    const heard = await Promise.all(hosts.map(({ address, port = 0 }) => knock(address, port)));
    return heard.filter((answer) => answer === 'silent').length;
  };
  await quick.inject({ kind: 'hosts_lost', target: 'windows', ramp: '10s' });
  const first = await lost();
  await expect.poll(lost, POLLING).toBe(6);
  expect(first).toBeLessThan(6);
  await quick.stop();
});

describe('injecting', () => {
  it('the same fault again changes its rate and nothing else', async () => {
    const first = await lab.inject({ kind: 'edge_5xx', target: 'fastly', rate: 1 });
    const second = await lab.inject({ kind: 'edge_5xx', target: 'fastly', rate: 0.5 });
    expect(second).toEqual({ ...first, rate: 0.5 });
    expect(lab.faults()).toEqual([second]);
  });

  it('hits the given share of the requests', async () => {
    await lab.inject({ kind: 'edge_5xx', target: 'fastly', rate: 0.5 });
    const seen: (Seen | string)[] = [];
    for (let request = 0; request < 60; request += 1) seen.push(await visitService('shop'));
    const hit = seen.filter((answer) => typeof answer !== 'string' && answer.status === 503).length;
    expect(hit).toBeGreaterThan(15);
    expect(hit).toBeLessThan(45);
  });

  it('and healing are quick, even for the whole uplink', async () => {
    const started = performance.now();
    await lab.inject({ kind: 'uplink_cut' });
    await lab.heal();
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it.each<[string, Fault, string]>([
    ['an unknown kind', { kind: 'gremlins' }, 'fault.kind: is not a kind of fault, use one of uplink_cut, '],
    ['a missing target', { kind: 'edge_5xx' }, 'fault.target: edge_5xx needs a target, use cloudflare or fastly'],
    [
      'a wrong target',
      { kind: 'edge_5xx', target: 'aws' },
      'fault.target: aws is not something edge_5xx can hit, use cloudflare or fastly',
    ],
    [
      'a target too many',
      { kind: 'uplink_cut', target: 'blog' },
      'fault.target: uplink_cut takes no target, leave it out',
    ],
    ['a rate too many', { kind: 'uplink_cut', rate: 0.5 }, 'fault.rate: uplink_cut takes no rate, leave it out'],
    [
      'a rate of nothing',
      { kind: 'origin_5xx', target: 'blog', rate: 0 },
      'fault.rate: is not a share, give a number above 0 and up to 1',
    ],
    [
      'a ramp where nothing grows',
      { kind: 'uplink_cut', ramp: '5s' },
      'fault.ramp: uplink_cut takes no ramp, leave it out',
    ],
    [
      'a delay where nobody waits',
      { kind: 'edge_5xx', target: 'fastly', delay: '5s' },
      'fault.delay: edge_5xx takes no delay, leave it out',
    ],
    [
      'a delay that is none',
      { kind: 'origin_slow', target: 'blog', delay: 'long' },
      'fault.delay: is not a duration, give one such as 20s or 500ms',
    ],
    [
      'a certificate that is not there',
      { kind: 'origin_certificate_expired', target: 'blog' },
      'fault.target: blog is not something origin_certificate_expired can hit, use shop or orders',
    ],
  ])('refuses %s', async (_, fault, message) => {
    await expect(lab.inject(fault)).rejects.toThrow(message);
    expect(lab.faults()).toEqual([]);
  });
});
