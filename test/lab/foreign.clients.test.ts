// Every kind of fault as the programs of others see it: dig, kdig, curl and openssl, none of which knows this project.
import { describe, expect, it } from 'vitest';
import { Extension, extended } from '../../lab/extend.ts';
import { FAULT_KINDS, type FaultKind } from '../../lab/faults.ts';
import type { Fault } from '../../lab/lab.ts';
import { type ApartKind, isApartKind } from '../../lab/watchers.ts';
import { HOMELAB } from '../../lab/worlds/homelab.ts';
import { foreignLab } from './foreign-lab.ts';
import {
  ANSWERED,
  afterAMoment,
  againAndAgain,
  CONNECTED,
  dig,
  kdig,
  knock,
  NO_REPLY,
  NOT_CONNECTED,
  OK,
  type Question,
  seen,
  through,
  WITHIN,
} from './foreign-programs.ts';

interface Sight {
  fault: Omit<Fault, 'kind'>;
  ask: () => Question;
  broken: RegExp;
  fine: RegExp;
}

const { lab, at, curl, handshake } = foreignLab(extended(HOMELAB, Extension.parse({ proxy: 'house' }), 'proxied'));

const BLOG = 'blog.home.test';
const SHOP = 'shop.market.test';
const DYNAMODB = 'dynamodb.us-east-1.amazon-api.test';
const FORUM = 'forum.cloudflare-edge.test';

const blog = () => curl('https', BLOG, at('edge', 'cloudflare'));
const shop = (index = 0) => curl('https', SHOP, at('edge', 'fastly', index));
/** Over the forward proxy of the house. */
const out = () => through(at('proxy'), curl('https', SHOP, at('edge', 'fastly')));
const upsStatus = (): Question => ['upsc', `ups@${at('ups').address}:${at('ups').port}`, 'ups.status'];
const ownResolver = (name: string) => dig(at('resolver'), name);

/** By the second and a half that `delay` is in all of these. */
const LATE = /took=(1\.[5-9]|[23])/;
const IN_TIME = /took=(0|1\.[0-4])/;
const EXPIRED = /certificate has expired/;
const VALID = /Verify return code: 0 \(ok\)/;

/** Trusting no certificate whose issuer's list cannot be had, is old, or names it. */
const insisting = (): Question => [...handshake(at('origin', 'shop'), SHOP), '-crl_check', '-crl_download'];

const news = () => curl('http', 'status.test', at('status', 'cloudflare'), '/api/v2/summary.json');

const newsLater = () => afterAMoment(news());
const HALF_A_SECOND = /took=(0\.[5-9]|[1-4])/;
/** Of all its answers. */
const NOT_HALF_A_SECOND = /^(?![\s\S]*took=(0\.[5-9]|[1-4]))[\s\S]*took=0\.[0-4]/;

/** What the registry tells of a domain. */
const record = (domain: string) => curl('http', 'rdap.test', at('rdap', 'test'), `/domain/${domain}`);
const RECORD_FINE = /"active"/;
/** Fine is an end in 300 days, so an end on one of the last days is not. */
const DAYS_AGO = [2, 3, 4].map((days) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10));
const RECORD_ENDED = new RegExp(`"eventDate":"(${DAYS_AGO.join('|')})`);

/** What befalls those who watch is seen in test/replay/watchers.clients.prometheus.e2e.ts. */
const SIGHTS: Record<Exclude<FaultKind, ApartKind>, Sight> = {
  uplink_cut: { fault: {}, ask: blog, broken: NOT_CONNECTED, fine: OK },
  uplink_loss: { fault: { rate: 1 }, ask: blog, broken: NOT_CONNECTED, fine: OK },
  uplink_flapping: { fault: { rate: 1 }, ask: blog, broken: NOT_CONNECTED, fine: OK },
  uplink_delay: {
    fault: { delay: '700ms' },
    ask: () => shop(),
    broken: /took=(0\.[7-9]|[1-3])/,
    fine: /took=0\.[0-6]/,
  },
  uplink_mtu: { fault: {}, ask: () => shop(), broken: /SSL connection timeout|timed out/, fine: OK },
  uplink_oneway: { fault: {}, ask: () => shop(), broken: /HTTP\/1\.1 503[\s\S]*backend/, fine: OK },
  egress_blocked: {
    fault: { target: 'tcp' },
    ask: () => knock(at('egress', 'quad9')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  operator_down: {
    fault: { target: 'quad9' },
    ask: () => dig(at('public_resolver', 'quad9'), BLOG),
    broken: NO_REPLY,
    fine: ANSWERED,
  },
  gateway_down: {
    fault: {},
    ask: () => knock(at('gateway')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  hosts_lost: {
    fault: { target: 'linux' },
    ask: () => knock(at('fleet', 'linux')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  captive_portal: {
    fault: {},
    ask: () => curl('http', 'known.test', at('portal_test', 'google'), '/generate_204'),
    broken: /HTTP\/1\.1 302[\s\S]*login\.portal\.test/,
    fine: /HTTP\/1\.1 204/,
  },
  machine_starved: { fault: { rate: 0.9 }, ask: newsLater, broken: HALF_A_SECOND, fine: NOT_HALF_A_SECOND },
  machine_suspended: {
    fault: { delay: '1500ms' },
    ask: () => againAndAgain(news()),
    broken: HALF_A_SECOND,
    fine: NOT_HALF_A_SECOND,
  },
  power_cut: { fault: {}, ask: () => knock(at('gateway')), broken: NOT_CONNECTED, fine: CONNECTED },
  ups_on_battery: { fault: {}, ask: upsStatus, broken: /OB DISCHRG/, fine: /^OL$/m },
  ups_silent: { fault: {}, ask: () => knock(at('ups')), broken: NOT_CONNECTED, fine: CONNECTED },
  proxy_down: { fault: {}, ask: () => knock(at('proxy')), broken: NOT_CONNECTED, fine: CONNECTED },
  proxy_denies: {
    fault: {},
    ask: out,
    broken: /407 Proxy Authentication/,
    fine: /200 OK[\s\S]*x-served-by/,
  },
  proxy_slow: {
    fault: { delay: '700ms' },
    ask: out,
    broken: /took=(0\.[7-9]|[1-3])/,
    fine: /took=0\.[0-6]/,
  },
  resolver_down: { fault: {}, ask: () => ownResolver(BLOG), broken: NO_REPLY, fine: ANSWERED },
  resolver_failing: { fault: {}, ask: () => ownResolver(BLOG), broken: /status: SERVFAIL/, fine: ANSWERED },
  resolver_rewrite: {
    fault: { target: 'blog' },
    ask: () => ownResolver(BLOG),
    broken: /A\s+0\.0\.0\.0/,
    fine: /A\s+127\./,
  },
  resolver_stale: { fault: { target: 'shop' }, ask: () => ownResolver(SHOP), broken: /\.90\n/, fine: /\.4[01]\n/ },
  resolver_nodata: {
    fault: { target: 'blog' },
    ask: () => ownResolver(BLOG),
    broken: /NOERROR[\s\S]*ANSWER: 0/,
    fine: /NOERROR[\s\S]*ANSWER: 2/,
  },
  domain_expired: {
    fault: { target: 'shop' },
    ask: () => record('market.test'),
    broken: RECORD_ENDED,
    fine: RECORD_FINE,
  },
  domain_deleting: {
    fault: { target: 'shop' },
    ask: () => record('market.test'),
    broken: /pending delete/,
    fine: RECORD_FINE,
  },
  registrar_hold: {
    fault: { target: 'shop' },
    ask: () => record('market.test'),
    broken: /client hold/,
    fine: RECORD_FINE,
  },
  registry_hold: {
    fault: { target: 'shop' },
    ask: () => record('market.test'),
    broken: /server hold/,
    fine: RECORD_FINE,
  },
  delegation_lost: {
    fault: { target: 'shop' },
    ask: () => kdig(at('registry', 'test'), 'market.test', 'NS'),
    broken: /status: NXDOMAIN/,
    fine: /ns1\.aws-servers\.test/,
  },
  delegation_changed: {
    fault: { target: 'shop' },
    ask: () => kdig(at('registry', 'test'), 'market.test', 'NS'),
    broken: /ns1\.parking-servers\.test/,
    fine: /ns1\.aws-servers\.test/,
  },
  registry_down: {
    fault: {},
    ask: () => kdig(at('registry', 'test'), 'test'),
    broken: NO_REPLY,
    fine: ANSWERED,
  },
  signatures_expired: {
    fault: { target: 'shop' },
    ask: () => ownResolver(SHOP),
    broken: /status: SERVFAIL[\s\S]*EDE: 7 \(Signature Expired\)/,
    fine: ANSWERED,
  },
  ds_mismatch: {
    fault: { target: 'shop' },
    ask: () => ownResolver(SHOP),
    broken: /status: SERVFAIL[\s\S]*EDE: 9 \(DNSKEY Missing\)/,
    fine: ANSWERED,
  },
  registry_signatures_broken: {
    fault: {},
    ask: () => dig(at('public_resolver', 'google'), FORUM),
    broken: /status: SERVFAIL[\s\S]*EDE: 6 \(DNSSEC Bogus\)/,
    fine: ANSWERED,
  },
  resolver_validation_broken: {
    fault: {},
    ask: () => ownResolver(SHOP),
    broken: /status: SERVFAIL[\s\S]*EDE: 8 \(Signature Not Yet Valid\)/,
    fine: ANSWERED,
  },
  clock_wrong: {
    fault: {},
    ask: () => handshake(at('edge', 'fastly'), SHOP),
    broken: EXPIRED,
    fine: VALID,
  },
  dns_vendor_down: {
    fault: { target: 'aws' },
    ask: () => kdig(at('nameserver', 'aws'), 'market.test'),
    broken: NO_REPLY,
    fine: ANSWERED,
  },
  dns_partial: {
    fault: { target: 'aws' },
    ask: () => kdig(at('nameserver', 'aws'), 'market.test'),
    broken: NO_REPLY,
    fine: ANSWERED,
  },
  dns_secondary_stale: {
    fault: { target: 'shop' },
    ask: () => kdig(at('nameserver', 'aws', 1), 'market.test'),
    broken: /SOA[\s\S]* 2026010001 /,
    fine: /SOA[\s\S]* 2026010101 /,
  },
  dns_zone_refused: {
    fault: { target: 'blog' },
    ask: () => kdig(at('nameserver', 'cloudflare'), BLOG, 'A'),
    broken: /status: REFUSED/,
    fine: ANSWERED,
  },
  dns_record_moved: {
    fault: { target: 'shop' },
    ask: () => dig(at('nameserver', 'aws'), SHOP),
    broken: /\.90\n/,
    fine: /\.4[01]\n/,
  },
  dns_record_missing: {
    fault: { target: 'shop' },
    ask: () => dig(at('nameserver', 'aws'), SHOP),
    broken: /status: NXDOMAIN/,
    fine: ANSWERED,
  },
  edge_5xx: { fault: { target: 'cloudflare' }, ask: blog, broken: /HTTP\/1\.1 500[\s\S]*server: cloudflare/, fine: OK },
  edge_overloaded: {
    fault: { target: 'cloudflare' },
    ask: blog,
    broken: /HTTP\/1\.1 502[\s\S]*>cloudflare</,
    fine: OK,
  },
  edge_5xx_sites: { fault: { target: 'cloudflare', rate: 0.5 }, ask: blog, broken: /HTTP\/1\.1 500/, fine: OK },
  edge_5xx_own: {
    fault: { target: 'blog' },
    ask: blog,
    broken: /HTTP\/1\.1 500[\s\S]*server: cloudflare/,
    fine: OK,
  },
  edge_route_lost: { fault: { target: 'fastly' }, ask: () => shop(0), broken: NOT_CONNECTED, fine: OK },
  peering_lost: { fault: { target: 'fastly' }, ask: () => shop(1), broken: NOT_CONNECTED, fine: OK },
  edge_unreachable: { fault: { target: 'fastly' }, ask: () => shop(1), broken: NOT_CONNECTED, fine: OK },
  edge_partial: { fault: { target: 'fastly', rate: 0.5 }, ask: () => shop(0), broken: NOT_CONNECTED, fine: OK },
  edge_resets: { fault: { target: 'fastly' }, ask: () => shop(), broken: /curl: \((35|56)\)/, fine: OK },
  edge_latency: {
    fault: { target: 'fastly', delay: '1500ms' },
    ask: () => shop(),
    broken: LATE,
    fine: IN_TIME,
  },
  edge_certificate_expired: {
    fault: { target: 'cloudflare' },
    ask: () => handshake(at('edge', 'cloudflare'), BLOG),
    broken: EXPIRED,
    fine: VALID,
  },
  middlebox_503: { fault: { target: 'blog' }, ask: blog, broken: /HTTP\/1\.1 503[\s\S]*cf-error-details/, fine: OK },
  edge_challenges: {
    fault: { target: 'blog' },
    ask: blog,
    broken: /HTTP\/1\.1 403[\s\S]*cf-mitigated: challenge/,
    fine: OK,
  },
  edge_caches: {
    fault: { target: 'blog' },
    ask: blog,
    broken: /cf-cache-status: HIT/,
    fine: /cf-cache-status: DYNAMIC/,
  },
  endpoint_empty: {
    fault: { target: 'dynamodb' },
    ask: () => dig(at('nameserver', 'aws'), DYNAMODB),
    broken: /NOERROR[\s\S]*ANSWER: 0/,
    fine: /NOERROR[\s\S]*ANSWER: 1/,
  },
  endpoint_down: {
    fault: { target: 'dynamodb' },
    ask: () => curl('http', DYNAMODB, at('endpoint', 'dynamodb'), '/ping'),
    broken: NOT_CONNECTED,
    fine: /healthy/,
  },
  endpoint_5xx: {
    fault: { target: 'dynamodb' },
    ask: () => curl('http', DYNAMODB, at('endpoint', 'dynamodb'), '/ping'),
    broken: /HTTP\/1\.1 (503|500|403|401)/,
    fine: /healthy/,
  },
  endpoint_slow: {
    fault: { target: 'dynamodb', delay: '1500ms' },
    ask: () => curl('http', DYNAMODB, at('endpoint', 'dynamodb'), '/ping'),
    broken: LATE,
    fine: IN_TIME,
  },
  tunnel_daemon_dead: {
    fault: {},
    ask: () => curl('http', 'daemon.test', at('daemon'), '/ready'),
    broken: /curl: \(7\)/,
    fine: /"readyConnections":4/,
  },
  tunnel_service_down: { fault: {}, ask: blog, broken: /HTTP\/1\.1 530[\s\S]*1033/, fine: OK },
  tunnel_ports_blocked: {
    fault: {},
    ask: () => knock(at('tunnel_port', 'region1.cloudflare-edge.test')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  tunnel_stalled: { fault: {}, ask: blog, broken: /HTTP\/1\.1 522[\s\S]*cf-error-details/, fine: OK },
  tunnel_credentials: {
    fault: {},
    ask: () => curl('http', 'daemon.test', at('daemon'), '/ready'),
    broken: /HTTP\/1\.1 503[\s\S]*"readyConnections":0/,
    fine: /"readyConnections":4/,
  },
  intercepted: {
    fault: {},
    ask: () => handshake(at('edge', 'fastly'), SHOP),
    broken: /self.signed certificate/,
    fine: VALID,
  },
  origin_refused: {
    fault: { target: 'blog' },
    ask: () => curl('http', BLOG, at('origin', 'blog')),
    broken: /curl: \(7\)/,
    fine: OK,
  },
  origin_hung: {
    fault: { target: 'blog' },
    ask: () => knock(at('origin', 'blog')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  origin_shut_out: { fault: { target: 'shop' }, ask: shop, broken: /HTTP\/1\.1 503[\s\S]*backend/, fine: OK },
  origin_5xx: {
    fault: { target: 'shop' },
    ask: () => curl('https', SHOP, at('origin', 'shop')),
    broken: /HTTP\/1\.1 500[\s\S]*exception/,
    fine: OK,
  },
  part_down: {
    fault: { target: 'shop' },
    ask: () => curl('http', SHOP, at('parts', 'shop'), '/parts'),
    broken: /"database":"down"/,
    fine: /"database":"up"/,
  },
  account_refused: {
    fault: { target: 'orders' },
    ask: () => curl('https', 'orders.market.test', at('origin', 'orders'), '/health'),
    broken: /HTTP\/1\.1 503[\s\S]*quota exceeded/,
    fine: OK,
  },
  trust_outdated: {
    fault: { target: 'orders' },
    ask: () => curl('https', 'orders.market.test', at('origin', 'orders'), '/health'),
    broken: /HTTP\/1\.1 503[\s\S]*certificate has expired/,
    fine: OK,
  },
  origin_slow: {
    fault: { target: 'shop', delay: '1500ms' },
    ask: () => curl('https', SHOP, at('origin', 'shop')),
    broken: LATE,
    fine: IN_TIME,
  },
  origin_host_down: {
    fault: { target: 'blog' },
    ask: () => knock(at('host', 'blog')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  origin_certificate_expired: {
    fault: { target: 'shop' },
    ask: () => handshake(at('origin', 'shop'), SHOP),
    broken: EXPIRED,
    fine: VALID,
  },
  certificate_revoked: {
    fault: { target: 'shop' },
    ask: insisting,
    broken: /Verify return code: 23 \(certificate revoked\)/,
    fine: VALID,
  },
  revocation_list_down: {
    fault: {},
    ask: () => knock(at('revocations')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  revocation_list_expired: {
    fault: {},
    ask: insisting,
    broken: /Verify return code: 12 \(CRL has expired\)/,
    fine: VALID,
  },
  control_rotten: {
    fault: { target: 'cloudflare' },
    ask: () => curl('https', FORUM, at('edge_control', 'cloudflare')),
    broken: /HTTP\/1\.1 404/,
    fine: OK,
  },
  control_5xx: {
    fault: { target: 'cloudflare' },
    ask: () => curl('https', FORUM, at('edge_control', 'cloudflare')),
    broken: /HTTP\/1\.1 503[\s\S]*Internal error/,
    fine: OK,
  },
  status_page_down: {
    fault: { target: 'cloudflare' },
    ask: () => knock(at('status', 'cloudflare')),
    broken: NOT_CONNECTED,
    fine: CONNECTED,
  },
  vendor_status_incident: {
    fault: { target: 'cloudflare' },
    ask: news,
    broken: /Major Service Outage/,
    fine: /All Systems Operational/,
  },
};

const ASKED = FAULT_KINDS.flatMap((kind) => (isApartKind(kind) ? [] : kind));

describe('the programs of others', () => {
  it('are asked about every kind there is, and no other', () => {
    expect(Object.keys(SIGHTS).sort()).toEqual([...ASKED].sort());
  });

  it.each(ASKED)('see %s, and see it gone', async (kind) => {
    const { fault, ask, broken, fine } = SIGHTS[kind];
    await expect.poll(() => seen(ask()), WITHIN).toMatch(fine);
    await lab().inject({ kind, ...fault });
    await expect.poll(() => seen(ask()), WITHIN).toMatch(broken);
    await lab().heal();
    await expect.poll(() => seen(ask()), WITHIN).toMatch(fine);
  });
});

it('are let out by the forward proxy to all hosts but the one it denies', async () => {
  const news = 'news.fastly-edge.test';
  const others = () => through(at('proxy'), curl('https', news, at('edge_control', 'fastly')));
  await lab().inject({ kind: 'proxy_denies', scope: SHOP });
  expect(await seen(out())).toMatch(/407 Proxy Authentication/);
  expect(await seen(others())).toMatch(/200 OK[\s\S]*x-served-by/);
});

it('lose and find what is silent for a share of the seconds', async () => {
  const ask = () => seen(knock(at('gateway')));
  await lab().inject({ kind: 'gateway_down', rate: 0.5 });
  await expect.poll(ask, WITHIN).toMatch(NOT_CONNECTED);
  await expect.poll(ask, WITHIN).toMatch(CONNECTED);
  await expect.poll(ask, WITHIN).toMatch(NOT_CONNECTED);
});

describe('curl in a world of other vendors', () => {
  const consumer = foreignLab('consumer');

  it('sees what a vendor runs in one region fail, and what it runs in another go on', async () => {
    const ask = (component: string) => () =>
      seen(consumer.curl('http', `${component}.test`, consumer.at('endpoint', component), '/ping'));
    await consumer.lab().inject({ kind: 'endpoint_5xx', target: 'aws', scope: 'us-east-1' });
    await consumer.lab().inject({ kind: 'endpoint_down', target: 'aws', scope: 'eu-central-1' });
    expect(await ask('dynamodb-us-east-1')()).toMatch(/HTTP\/1\.1 (503|500|403|401)/);
    await expect.poll(ask('dynamodb-eu-central-1'), WITHIN).toMatch(NOT_CONNECTED);
    expect(await ask('storage')()).toMatch(OK);
    await consumer.lab().heal();
    await expect.poll(ask('dynamodb-eu-central-1'), WITHIN).toMatch(OK);
  });

  it.each([
    ['aws', 'shop-us', /HTTP\/1\.1 500[\s\S]*server: CloudFront/, /HTTP\/1\.1 502[\s\S]*Generated by cloudfront/],
    ['google-cloud', 'search', /HTTP\/1\.1 404[\s\S]*via: 1\.1 google/, /HTTP\/1\.1 502[\s\S]*try again in 30 seconds/],
    ['akamai', 'media', /HTTP\/1\.1 500[\s\S]*AkamaiGHost/, /HTTP\/1\.1 503[\s\S]*Reference #/],
  ])('sees %s fail by itself, and for the sake of an origin', async (vendor, service, itself, origin) => {
    const visit = () => seen(consumer.curl('https', `www.${service}.test`, consumer.at('edge', vendor), '/health'));
    expect(await visit()).toMatch(OK);
    await consumer.lab().inject({ kind: 'edge_5xx', target: vendor });
    expect(await visit()).toMatch(itself);
    await consumer.lab().heal();
    await consumer.lab().inject({ kind: 'origin_refused', target: service });
    expect(await visit()).toMatch(origin);
    await consumer.lab().heal();
  });
});
