// What would happen to me: the phrases, what comes of them on the example map, and that nothing is ever asked.
import dgram from 'node:dgram';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { projectFile } from '../../catalog/root.ts';
import { wayOutOf } from '../../map/forward-proxy.ts';
import { type DemarcMap, loadMap, parseMap } from '../../map/load.ts';
import { UserError } from '../../map/user-error.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { breakage } from '../../replay/sim/sim-faults.ts';
import { startSimulation } from '../../replay/sim/simulation.ts';
import { answerWhatIf, settingOfMap, type WhatIf } from '../../replay/what-if/answer.ts';
import { worldOf } from '../../replay/what-if/map-world.ts';
import { faultsOf } from '../../replay/what-if/phrase.ts';
import { GRAMMAR, sentencesFor } from '../../replay/what-if/sentences.ts';

const EXAMPLE = loadMap(projectFile('demarc.example.yaml'));

/** All of the catalogue, as in a sentence. */
const VENDORS = [...loadCatalogue().keys()].join(', ').replace(/, ([^,]+)$/, ' or $1');

const NOTIFIED = parseMap(
  `
version: 1
site: home
notify:
  receivers:
    phone: { kind: ntfy, url: http://192.168.1.9, topic: demarc }
    chat: { kind: discord, webhookUrlFile: /etc/chat, owners: [vendor] }
    mail: { kind: email, to: a@example.net, from: a@example.net, server: "mail.example.net:587", owners: [self, isp] }
services:
  blog:
    url: https://blog.example.org/
    dns: { zone: example.org, vendor: aws }
    edge: { vendor: cloudflare }
    origin: { url: "http://192.168.1.20:8080/", host: blog.example.org }
  nas: { url: "http://nas.lan:5000/" }
`,
  'test map',
  '.',
);

/** One machine in a data centre, and one that nobody needs a line for. */
const RENTED = parseMap(
  `
version: 1
site: home
services:
  rented:
    url: https://rented.example.org/
    edge: { vendor: cloudflare }
    origin: { url: "https://203.0.113.7/", host: rented.example.org }
  house:
    url: http://192.168.1.20:8080/
    origin: { url: "http://192.168.1.20:8080/" }
`,
  'test map',
  '.',
);

/** Signed by the vendor that serves it. */
const SIGNED = parseMap(
  `
version: 1
site: home
services:
  blog: { url: "https://blog.dyke.net/", dns: { zone: dyke.net, vendor: cloudflare, signed: vendor } }
`,
  'test map',
  '.',
);

/** With a UPS, and with a domain that is registered: those of the example map are nobody's. */
const REGISTERED = parseMap(
  `
version: 1
site: home
power: [{ host: 192.168.1.5, ups: rack }]
services:
  blog:
    url: https://blog.dyke.net/
    dns: { zone: dyke.net, vendor: aws, signed: self }
    signals: { database: { url: "http://192.168.1.20:9000/", pointer: /db, good: { equals: [up] } } }
    tunnel: { kind: cloudflared, metrics: http://127.0.0.1:20241 }
    origin: { url: "http://192.168.1.20:8080/", host: blog.dyke.net }
  nas: { url: "http://nas.lan:5000/", origin: { url: "http://192.168.1.20:5000/" } }
`,
  'test map',
  '.',
);

/** All that leaves the house goes through one forward proxy, and no vendor is watched through it. */
const PROXIED = parseMap(
  `
version: 1
site: home
proxy: { url: http://192.168.1.3:3128 }
watch: []
services:
  shop: { url: https://shop.dyke.net/, origin: { url: https://203.0.113.7/, host: shop.dyke.net } }
  nas: { url: http://nas.lan:5000/, signals: { queue: { url: https://tells.dyke.net/, pointer: /queue, good: { equals: [ok] } } } }
`,
  'test map',
  '.',
);

/** One name with addresses of IPv6 alone, and one that is reached by both families. */
const TWO_FAMILIES = parseMap(
  `
version: 1
site: home
services:
  archive: { url: "https://archive.example.org/", edge: { vendor: cloudflare }, dns: { zone: example.org, type: AAAA } }
  blog: { url: "https://blog.example.com/", edge: { vendor: cloudflare } }
`,
  'test map',
  '.',
);

const MINUTES_MS = 60_000;

function ask(map: DemarcMap, phrase: string, minutes = 4): Promise<WhatIf> {
  const setting = settingOfMap(map);
  return answerWhatIf(map, setting, faultsOf(phrase, map, setting.world), minutes * MINUTES_MS);
}

const verdicts = ({ services }: WhatIf) =>
  Object.fromEntries(services.map(({ service, verdict }) => [service, verdict?.row ?? 'fine']));

function problemOf(phrase: string): string {
  try {
    faultsOf(phrase, EXAMPLE, worldOf(EXAMPLE));
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'was understood';
}

afterEach(() => void vi.restoreAllMocks());

describe('a phrase', () => {
  it.each([
    ['vendor cloudflare edge down', [{ kind: 'edge_unreachable', target: 'cloudflare' }]],
    ['vendor cloudflare edge erroring', [{ kind: 'edge_5xx', target: 'cloudflare', rate: 1 }]],
    ['vendor cloudflare edge erroring 40%', [{ kind: 'edge_5xx', target: 'cloudflare', rate: 0.4 }]],
    ['Vendor  AWS dynamodb-us-east-1 empty', [{ kind: 'endpoint_empty', target: 'aws/dynamodb-us-east-1' }]],
    ['uplink lossy', [{ kind: 'uplink_loss', rate: 0.3 }]],
    ['certificate shop expired', [{ kind: 'edge_certificate_expired', target: 'shop' }]],
    ['certificate orders expired', [{ kind: 'origin_certificate_expired', target: 'orders' }]],
    ['tunnel down', [{ kind: 'tunnel_daemon_dead' }]],
    ['the machine 192.168.1.20 is dead', [{ kind: 'origin_host_down', target: 'blog' }]],
    ['power out', [{ kind: 'gateway_down' }]],
    ['my router is offline', [{ kind: 'gateway_down' }]],
    ['vendor cloudflare edge failing', [{ kind: 'edge_5xx', target: 'cloudflare' }]],
    ['the tunnel daemon is gone', [{ kind: 'tunnel_daemon_dead' }]],
    ["what if cloudflare's pop is down?", [{ kind: 'edge_unreachable', target: 'cloudflare', scope: 'pop' }]],
    ['vendor cloudflare pop erroring 40%', [{ kind: 'edge_5xx', target: 'cloudflare', rate: 0.4, scope: 'pop' }]],
    ['vendor aws region us-east-1 slow', [{ kind: 'endpoint_slow', target: 'aws/dynamodb-us-east-1' }]],
    ['AWS us-east-1 is gone', [{ kind: 'endpoint_down', target: 'aws/dynamodb-us-east-1' }]],
    ['Route 53 is down', [{ kind: 'dns_vendor_down', target: 'aws' }]],
    ['expired certificate for shop', [{ kind: 'edge_certificate_expired', target: 'shop' }]],
    ["our ISP's line goes down", [{ kind: 'uplink_cut' }]],
    ['fastly edge is slow', [{ kind: 'edge_latency', target: 'fastly' }]],
    ['vendor cloudflare edge down on ip6', [{ kind: 'edge_unreachable', target: 'cloudflare', scope: 'ip6' }]],
    ["what if our line's IPv6 is lossy 20%?", [{ kind: 'uplink_loss', rate: 0.2, scope: 'ip6' }]],
    ['cloudflare edge erroring 40% over IPv4', [{ kind: 'edge_5xx', target: 'cloudflare', rate: 0.4, scope: 'ip4' }]],
    [
      'vendor aws down on ip6',
      [
        { kind: 'edge_unreachable', target: 'aws', scope: 'ip6' },
        { kind: 'dns_vendor_down', target: 'aws', scope: 'ip6' },
      ],
    ],
    ['gateway down and origin blog down', [{ kind: 'gateway_down' }, { kind: 'origin_refused', target: 'blog' }]],
  ])('%s is understood', (phrase, faults) => {
    expect(faultsOf(phrase, EXAMPLE, worldOf(EXAMPLE))).toMatchObject(faults);
  });

  it.each([
    [
      'resolvr down',
      '"resolvr": a phrase cannot begin with it, did you mean resolver? One may say uplink, gateway, captive, tls, resolver, tunnel, power, clock, vendor, origin, host, account, trust, middlebox, edge, record, zone, certificate or operator',
    ],
    [
      'vendor cloudflair edge down',
      `"cloudflair": cannot follow "vendor", did you mean cloudflare? One may say ${VENDORS}`,
    ],
    [
      'vendor fastly edge',
      '"vendor fastly edge": is not finished, go on with down, erroring, slow, overloaded, resetting, unrouted or unpeered',
    ],
    ['fastly hot', '"fastly": a phrase cannot begin with it, say vendor fastly'],
    [
      'orders down',
      '"orders": a phrase cannot begin with it, say origin orders, host orders, account orders, trust orders, record orders, zone orders or certificate orders',
    ],
    ['origin nas down', '"nas": cannot follow "origin", say blog, shop, orders or certificate'],
    ['uplink down now', '"now": the phrase is over before it, leave it out'],
    ['clock wrong 30%', '"clock wrong 30%": cannot happen to 30%, leave the share out: it happens or it does not'],
    [
      'gateway down on ip6',
      '"gateway down on ip6": cannot be limited to ip6, leave it out: it hits one place, or what everybody sees alike',
    ],
    [
      'vendor cloudflare pop down on ip6',
      '"vendor cloudflare pop down on ip6": is limited to the pop already, leave one of the two out',
    ],
    ['uplink lossy 0%', '"uplink lossy 0%": cannot happen to 0%, give a share from 1% to 100%'],
  ])('%s is answered with what would be right', (phrase, problem) => {
    expect(problemOf(phrase)).toBe(problem);
  });

  it.each([
    ['domain dyke.net expired', [{ kind: 'domain_expired', target: 'blog' }]],
    ['the domain blog is held by registrar', [{ kind: 'registrar_hold', target: 'blog' }]],
    ['domain blog parked', [{ kind: 'domain_expired' }, { kind: 'delegation_changed' }]],
    ["blog's database is down", [{ kind: 'part_down', target: 'blog/database' }]],
    ['power out', [{ kind: 'power_cut' }]],
    [
      'machine 192.168.1.20 off',
      [
        { kind: 'origin_host_down', target: 'blog' },
        { kind: 'origin_host_down', target: 'nas' },
      ],
    ],
  ])('%s is understood where the map knows of it', (phrase, faults) => {
    expect(faultsOf(phrase, REGISTERED, worldOf(REGISTERED))).toMatchObject(faults);
  });

  it('can be every sentence there is, and each first word is in the grammar shown', () => {
    const said = [EXAMPLE, REGISTERED, PROXIED].flatMap((map) => {
      const world = worldOf(map);
      const sentences = sentencesFor(map, world);
      for (const { words } of sentences) expect(faultsOf(words.join(' '), map, world).length).toBeGreaterThan(0);
      return sentences.map(({ words }) => words[0]);
    });
    const shown = new Set(GRAMMAR.map(([phrase]) => phrase.split(' ')[0]));
    expect(new Set(said)).toEqual(shown);
  });
});

it('has a page that shows every phrase', () => {
  const page = readFileSync(projectFile('docs/what-if.md'), 'utf8').replaceAll('\\|', '|');
  for (const [phrase] of GRAMMAR) expect(page).toContain(`\`${phrase}\``);
});

describe('what would happen over one family of addresses', () => {
  it.each([
    ['vendor cloudflare edge down on ip6', { archive: 'edge_family_silent', blog: 'fine', uplink: 'fine' }],
    ['vendor cloudflare edge down on ip4', { archive: 'fine', blog: 'edge_unreachable', uplink: 'fine' }],
    ['uplink down on ip6', { archive: 'line_family_down', blog: 'fine', uplink: 'fine' }],
  ])('%s', async (phrase, rows) => {
    expect(verdicts(await ask(TWO_FAMILIES, phrase))).toMatchObject(rows);
  });

  it('tells of a line without IPv6 once, and after its return of nothing else', async () => {
    const { messages, services } = await ask(TWO_FAMILIES, 'uplink down on ip6', 15);
    expect(messages.map(({ status, title }) => [status, title.split(']')[0]])).toEqual([
      ['firing', '[archive'],
      ['resolved', 'Over: [archive'],
    ]);
    const archive = services.find(({ service }) => service === 'archive');
    expect(archive?.steps.map(({ row }) => row)).not.toContain('edge_family_silent');
  });
});

describe('what would happen', () => {
  it.each([
    ['vendor cloudflare edge down', { blog: 'edge_unreachable', shop: 'fine', orders: 'fine', uplink: 'fine' }],
    ['edge blog erroring', { blog: 'edge_suspected', shop: 'fine' }],
    ['vendor fastly pop down', { blog: 'fine', shop: 'edge_unreachable_suspected' }],
    ['vendor aws region us-east-1 empty', { shop: 'fine', orders: 'endpoint_record_empty' }],
    ['vendor fastly edge unrouted', { blog: 'fine', shop: 'edge_unreachable_suspected' }],
    ['vendor fastly edge erroring', { blog: 'fine', shop: 'edge_failing', orders: 'fine', uplink: 'fine' }],
    // The zone of both is at AWS, but of orders the map does not say so.
    ['vendor aws dns down', { blog: 'fine', shop: 'dns_vendor_down', orders: 'unexplained', uplink: 'fine' }],
    ['vendor aws dynamodb-us-east-1 empty', { blog: 'fine', shop: 'fine', orders: 'endpoint_record_empty' }],
    ['uplink down', { blog: 'uplink_down', shop: 'uplink_down', orders: 'uplink_down', uplink: 'uplink_down' }],
    ['gateway down', { blog: 'lan_down', shop: 'lan_down', uplink: 'lan_down' }],
    ['resolver down', { blog: 'resolver_down', shop: 'resolver_down', uplink: 'fine' }],
    ['origin shop down', { blog: 'fine', shop: 'origin_refused', uplink: 'fine' }],
    ['host blog down', { blog: 'origin_host_down', shop: 'fine' }],
    ['tunnel daemon down', { blog: 'tunnel_daemon_dead', shop: 'fine' }],
    ['record shop moved', { blog: 'fine', shop: 'edge_unreachable_suspected' }],
    ['record shop missing', { blog: 'fine', shop: 'record_missing' }],
    ['certificate orders expired', { blog: 'fine', orders: 'edge_certificate_expired' }],
    ['vendor cloudflare status red', { blog: 'fine', shop: 'fine', orders: 'fine', uplink: 'fine' }],
    // No control of anybody else's tunnel is known, so nobody can be named for it.
    ['vendor cloudflare tunnel down', { blog: 'tunnel_suspected', shop: 'fine' }],
  ])('if %s', async (phrase, expected) => {
    const answer = await ask(EXAMPLE, phrase);
    expect(verdicts(answer)).toMatchObject(expected);
    for (const { verdict, saidAfterMs, outcome, fineAfterMs } of answer.services) {
      if (verdict === null) continue;
      expect(outcome).toBe('down');
      expect(saidAfterMs?.[1]).toBeLessThanOrEqual(60_000);
      expect(fineAfterMs).toBeLessThanOrEqual(90_000);
    }
  });

  // What is asked gently may take longer than a minute.
  it.each([
    ['domain dyke.net expired', { blog: 'domain_expired', nas: 'fine' }],
    ['domain blog held by registrar', { blog: 'registrar_hold', uplink: 'fine' }],
    ['power out', { blog: 'power_cut', nas: 'fine', uplink: 'power_cut' }],
    ['captive portal', { blog: 'captive_portal', nas: 'fine' }],
    ['clock wrong', { blog: 'clock_wrong', nas: 'fine' }],
    ['signatures blog expired', { blog: 'dnssec_own', nas: 'fine' }],
    ['keys blog mismatched', { blog: 'dnssec_own' }],
    ['part blog database down', { blog: 'custom_own_bad', nas: 'fine' }],
    ['resolver validation broken', { blog: 'resolver_validation_broken' }],
    ['registry forged', { blog: 'dnssec_registry', nas: 'fine' }],
    ['vendor aws status down', { blog: 'fine', nas: 'fine' }],
  ])('if %s, with what is asked gently', async (phrase, expected) => {
    expect(verdicts(await ask(REGISTERED, phrase, 2))).toMatchObject(expected);
  });

  it.each([
    ['proxy down', { shop: 'forward_proxy_down', nas: 'fine' }],
    // The proxy gets through to nothing else that could tell whether it is the proxy.
    ['host shop down', { shop: 'no_result', nas: 'fine' }],
  ])('if %s, through a forward proxy', async (phrase, expected) => {
    expect(verdicts(await ask(PROXIED, phrase, 2))).toMatchObject(expected);
  });

  it.each([
    ['uplink down', 'rented', 'uplink_down'],
    ['uplink down', 'house', null],
    ['uplink down and origin house down', 'house', 'origin_refused'],
    ['host rented down', 'rented', 'origin_host_down'],
  ])('if %s, of %s what is said, from first to last, is %s', async (phrase, name, row) => {
    const { services } = await ask(RENTED, phrase);
    const said = services.find(({ service }) => service === name)?.steps.map((step) => step.row) ?? [];
    const passing = ['fine', 'confirming', 'recovering', 'uplink_unproven', 'unexplained'];
    expect([...new Set(said.filter((one) => !passing.includes(one)))]).toEqual(row === null ? [] : [row]);
  });

  it('if the forward proxy is gone, whatever is asked by HTTP gets no further, of every kind', async () => {
    const setting = settingOfMap(PROXIED);
    const reasons = new Map<string, Set<string>>();
    const through = setting.plan.targets.filter((target) => wayOutOf(target) !== null).map(({ id }) => id);
    const simulation = startSimulation({
      setting,
      seed: 1,
      noise: 0,
      reconnect: 'real',
      onTold: () => undefined,
      onObservation({ target, kind, reason }) {
        if (through.includes(target)) reasons.set(kind, (reasons.get(kind) ?? new Set()).add(reason));
      },
    });
    simulation.break(breakage('proxy_down'));
    await simulation.clock.runUntil(MINUTES_MS);
    expect([...reasons.keys()].sort()).toEqual(['custom', 'http', 'registration']);
    for (const kind of reasons.values()) expect([...kind]).toEqual(['proxy_unreachable']);
  });

  it("if a vendor's signatures end, by zones of others that it signs too", async () => {
    expect(verdicts(await ask(SIGNED, 'cloudflare signatures expired', 2))).toMatchObject({ blog: 'dnssec_vendor' });
  });

  it('tells a service that flaps from one that is down', async () => {
    const { services } = await ask(EXAMPLE, 'vendor cloudflare edge erroring 50%', 15);
    expect(services.find(({ service }) => service === 'blog')?.outcome).toBe('flaps');
  });

  it('asks nobody', async () => {
    const touched = vi.fn(() => {
      throw new Error('the network was touched');
    });
    vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(touched);
    vi.spyOn(dgram, 'createSocket').mockImplementation(touched);
    await ask(EXAMPLE, 'vendor cloudflare down');
    expect(touched).not.toHaveBeenCalled();
  });
});

describe('who is told', () => {
  const sent = ({ messages }: WhatIf) =>
    messages
      .filter(({ status }) => status === 'firing')
      .map(({ title, receivers }) => [
        title,
        ...receivers.map(({ name, held }) => (held === null ? name : `${name}?`)),
      ]);

  it('of a vendor: those of the map who want to know, and one that falls with it is marked', async () => {
    expect(sent(await ask(NOTIFIED, 'vendor cloudflare edge down'))).toEqual([
      ["[blog] Cloudflare's edge, not you", 'phone', 'chat?'],
    ]);
  });

  it('of a dead line: only a receiver in the house at once', async () => {
    const [first] = sent(await ask(NOTIFIED, 'uplink down'));
    expect(first).toEqual(['[uplink +1] your ISP: uplink down', 'phone', 'mail?']);
  });

  it('of yours: not those who are told of vendors', async () => {
    expect(sent(await ask(NOTIFIED, 'origin blog down'))).toEqual([
      ['[blog] yours: origin process down', 'phone', 'mail'],
    ]);
  });

  it('of bad news on a status page: nobody', async () => {
    expect(sent(await ask(NOTIFIED, 'vendor cloudflare status red'))).toEqual([]);
  });
});
