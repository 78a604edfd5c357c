// The sentences one may ask about, such as `vendor cloudflare edge down`: all that make sense for a map, written out. How one
// is read, and how a wrong word is answered, stands in phrase.ts.
import type { FaultKind } from '../../lab/faults.ts';
import type { Fault } from '../../lab/lab.ts';
import { canBreak, targetsOf } from '../../lab/parse-fault.ts';
import { registeredAs } from '../../lab/registration.ts';
import { signedServices, signingVendors } from '../../lab/signature-faults.ts';
import type { World } from '../../lab/world.ts';
import type { DemarcMap } from '../../map/load.ts';
import { hostOf } from '../../map/url-parts.ts';
import type { Component } from '../../map/vendor.ts';
import { endpointId } from './map-world.ts';

export interface Sentence {
  words: readonly string[];
  faults: readonly Fault[];
}

/** How the grammar is shown to people; `docs/what-if.md` has it too. */
export const GRAMMAR: readonly [phrase: string, meaning: string][] = [
  ['uplink down | flapping | lossy', 'your line: cut, cut again and again, or losing packets'],
  ['uplink down | flapping | lossy on ip4 | ip6', 'the same, for one family of addresses'],
  ['gateway down', 'your router'],
  ['power out', 'your router is off; with a UPS in the map, what hangs on that runs on'],
  ['ups silent | on battery', 'nobody tells of the power, or it says that the line has none'],
  [
    'proxy down | denies | slow',
    'the forward proxy that web requests go through: gone, slow, or it no longer takes your password',
  ],
  ['captive portal', 'somebody in between answers plain HTTP, and lets nothing else through'],
  ['tls intercepted', 'an appliance on the line shows certificates of its own'],
  ['clock wrong', "this machine's clock is two months ahead"],
  [
    'resolver down | failing | blocks SERVICE | stale SERVICE | forgets SERVICE',
    'your resolver: silent, failing, or wrong about one name',
  ],
  ['resolver validation broken', 'its clock is two months behind, so it takes no signature for valid'],
  ['vendor VENDOR down', 'everything the vendor runs for the world'],
  ['vendor VENDOR COMPONENT down | erroring | slow', 'one component; erroring: it answers, with errors of its own'],
  ['vendor VENDOR COMPONENT overloaded | resetting', 'an edge that says 502, or resets connections'],
  ['vendor VENDOR pop down | erroring | slow', 'the same at the one location that serves you; others serve others'],
  ['vendor VENDOR region REGION down | erroring | slow', 'every component it has there'],
  [
    'vendor VENDOR COMPONENT down | erroring | slow on ip4 | ip6',
    'edges and name servers, for one family of addresses',
  ],
  ['vendor VENDOR signatures expired', 'those of every zone the vendor signs'],
  ['vendor VENDOR COMPONENT partial', 'one of the name servers is silent'],
  ['vendor VENDOR COMPONENT empty', "an endpoint's name exists and has no address, as on 2025-10-20"],
  ['vendor VENDOR COMPONENT unrouted | unpeered', 'an edge out of your reach: its nearest location, or all of it'],
  ['vendor VENDOR api erroring', 'its control plane, while all that is served goes on'],
  ['vendor VENDOR certificate expired', "the certificate at the vendor's edge, for everybody"],
  ['vendor VENDOR status red | down', 'bad news on the status page while nothing is broken, or no page at all'],
  ['origin SERVICE down | hung | erroring | slow', 'your own process'],
  ['part SERVICE SIGNAL down', 'what one of your own `signals` tells of, such as its database'],
  ['host SERVICE down', "your own process's machine; by its address, with all that runs on it"],
  ['certificate SERVICE expired', 'the certificate visitors see'],
  ['origin certificate SERVICE expired', 'the one your origin shows to the edge'],
  ['account SERVICE refused', 'what the service needs refuses your account, and serves everybody else'],
  ['trust SERVICE outdated', 'its machine no longer trusts what it needs'],
  ['middlebox SERVICE blocking', "something on the way answers in the vendor's name"],
  ['edge SERVICE erroring', 'errors of the edge for this service alone'],
  ['signatures SERVICE expired', 'those of its zone, which you or the vendor sign'],
  ['keys SERVICE mismatched', 'the zone above names a key that its zone does not have'],
  ['record SERVICE missing | moved', 'the DNS record is deleted, or points where nobody is any more'],
  ['zone SERVICE suspended', 'its name servers refuse the zone'],
  ['domain SERVICE expired | deleted | parked', 'nobody renewed it; what comes after that'],
  ['domain SERVICE undelegated | moved', 'the zone above names no servers, or those of strangers'],
  ['domain SERVICE held by registrar | registry', 'somebody took it out of the zone above'],
  ['registry down | forged', 'the zones above your domains: silent, or signed with a key that does not fit'],
  ['tunnel down | stalled', 'cloudflared is dead, or connected and carries nothing'],
  ['tunnel ports blocked', 'the ports it dials are silent from here'],
  ['tunnel credentials revoked', 'the edge refuses to register it'],
  ['operator NAME down', 'the anchors of one operator; nobody should notice'],
];

type Named = Fault & { kind: FaultKind };

const STATES_OF_LAYER = {
  edge: {
    down: 'edge_unreachable',
    erroring: 'edge_5xx',
    slow: 'edge_latency',
    overloaded: 'edge_overloaded',
    resetting: 'edge_resets',
    unrouted: 'edge_route_lost',
    unpeered: 'peering_lost',
  },
  dns: { down: 'dns_vendor_down', partial: 'dns_partial' },
  endpoint: { down: 'endpoint_down', erroring: 'endpoint_5xx', slow: 'endpoint_slow', empty: 'endpoint_empty' },
  tunnel: { down: 'tunnel_service_down' },
} as const satisfies Record<Component['layer'], Record<string, FaultKind>>;

const OF_SERVICE: readonly [before: string, state: string, kind: FaultKind][] = [
  ['origin', 'down', 'origin_refused'],
  ['origin', 'hung', 'origin_hung'],
  ['origin', 'erroring', 'origin_5xx'],
  ['origin', 'slow', 'origin_slow'],
  ['host', 'down', 'origin_host_down'],
  ['account', 'refused', 'account_refused'],
  ['trust', 'outdated', 'trust_outdated'],
  ['middlebox', 'blocking', 'middlebox_503'],
  ['edge', 'erroring', 'edge_5xx_own'],
  ['record', 'missing', 'dns_record_missing'],
  ['record', 'moved', 'dns_record_moved'],
  ['zone', 'suspended', 'dns_zone_refused'],
];

const OF_DOMAIN: readonly [state: string, ...kinds: FaultKind[]][] = [
  ['expired', 'domain_expired'],
  ['deleted', 'domain_deleting'],
  ['parked', 'domain_expired', 'delegation_changed'],
  ['undelegated', 'delegation_lost'],
  ['moved', 'delegation_changed'],
  ['held by registrar', 'registrar_hold'],
  ['held by registry', 'registry_hold'],
];

const PLAIN: readonly [words: string, kind: FaultKind][] = [
  ['uplink down', 'uplink_cut'],
  ['uplink flapping', 'uplink_flapping'],
  ['uplink lossy', 'uplink_loss'],
  ['gateway down', 'gateway_down'],
  ['ups silent', 'ups_silent'],
  ['ups on battery', 'ups_on_battery'],
  ['proxy down', 'proxy_down'],
  ['proxy denies', 'proxy_denies'],
  ['proxy slow', 'proxy_slow'],
  ['captive portal', 'captive_portal'],
  ['tls intercepted', 'intercepted'],
  ['resolver down', 'resolver_down'],
  ['resolver failing', 'resolver_failing'],
  ['resolver validation broken', 'resolver_validation_broken'],
  ['tunnel down', 'tunnel_daemon_dead'],
  ['tunnel stalled', 'tunnel_stalled'],
  ['tunnel ports blocked', 'tunnel_ports_blocked'],
  ['tunnel credentials revoked', 'tunnel_credentials'],
];

/** Where a zone above is asked. */
const ABOVE: readonly [words: string, kind: FaultKind][] = [
  ['registry down', 'registry_down'],
  ['registry forged', 'registry_signatures_broken'],
];

/** Every sentence that makes sense for this map, without shares. */
export function sentencesFor(map: DemarcMap, world: World): Sentence[] {
  const tunneled = world.services.some((service) => service.tunneled);
  const aside = (kind: FaultKind): boolean => kind.startsWith('tunnel_') && !tunneled;
  return [
    ...PLAIN.filter(([, kind]) => canBreak(kind, world) && !aside(kind)).map(([text, kind]) => say(text, { kind })),
    say('power out', { kind: world.ups === undefined ? 'gateway_down' : 'power_cut' }),
    ...(world.timeServers.length === 0 ? [] : [say('clock wrong', { kind: 'clock_wrong' })]),
    ...(world.registries.length === 0 ? [] : ABOVE.map(([text, kind]) => say(text, { kind }))),
    ...[...map.vendors].flatMap(([id, { components }]) => aboutVendor(id, components, world, tunneled)),
    ...OF_SERVICE.flatMap(([before, state, kind]) =>
      (targetsOf(kind, world) ?? []).map((target) => say([before, target, state], { kind, target })),
    ),
    ...aboutMachines(map),
    ...aboutCertificates(world),
    ...aboutDomains(world),
    ...eachTarget('resolver_rewrite', world, (target) => ['resolver', 'blocks', target]),
    ...eachTarget('resolver_stale', world, (target) => ['resolver', 'stale', target]),
    ...eachTarget('resolver_nodata', world, (target) => ['resolver', 'forgets', target]),
    ...eachTarget('part_down', world, (target) => ['part', ...target.split('/'), 'down']),
    ...aboutSignatures(world),
    ...eachTarget('operator_down', world, (target) => ['operator', target, 'down']),
  ];
}

function say(text: string | readonly string[], ...faults: readonly Named[]): Sentence {
  return { words: typeof text === 'string' ? text.split(' ') : text, faults };
}

function eachTarget(kind: FaultKind, world: World, words: (target: string) => readonly string[]): Sentence[] {
  return (targetsOf(kind, world) ?? []).map((target) => say(words(target), { kind, target }));
}

/** A machine by its address, with every service on it. */
function aboutMachines({ file }: DemarcMap): Sentence[] {
  const machines = new Map<string, string[]>();
  for (const [name, { origin }] of Object.entries(file.services)) {
    if (origin === undefined) continue;
    const address = hostOf(origin.url);
    machines.set(address, [...(machines.get(address) ?? []), name]);
  }
  return [...machines].map(([address, names]) =>
    say(['host', address, 'down'], ...names.map((target): Named => ({ kind: 'origin_host_down', target }))),
  );
}

function aboutCertificates({ services }: World): Sentence[] {
  return services.flatMap(({ name: target, edge, origin }) => {
    const shown = edge === null ? 'origin_certificate_expired' : 'edge_certificate_expired';
    return [
      ...(edge !== null || origin.tls ? [say(['certificate', target, 'expired'], { kind: shown, target })] : []),
      ...(edge !== null && origin.tls
        ? [say(['origin', 'certificate', target, 'expired'], { kind: 'origin_certificate_expired', target })]
        : []),
    ];
  });
}

/** Only under a zone above is a signature looked for. */
function aboutSignatures(world: World): Sentence[] {
  const signed = signedServices(world);
  const asked = world.services.filter(({ name, host }) => signed.includes(name) && registeredAs(world, host) !== null);
  return asked.flatMap(({ name: target }) => [
    say(['signatures', target, 'expired'], { kind: 'signatures_expired', target }),
    say(['keys', target, 'mismatched'], { kind: 'ds_mismatch', target }),
  ]);
}

/** A domain by its own name, or by that of a service under it. */
function aboutDomains(world: World): Sentence[] {
  const registered = world.services.flatMap(({ name, host }) => {
    const domain = registeredAs(world, host)?.domain;
    return domain === undefined ? [] : [{ name, domain }];
  });
  const called = new Map(registered.flatMap(({ name, domain }) => [[domain, name] as const, [name, name] as const]));
  return [...called].flatMap(([word, target]) =>
    OF_DOMAIN.map(([state, ...kinds]) =>
      say(['domain', word, ...state.split(' ')], ...kinds.map((kind): Named => ({ kind, target }))),
    ),
  );
}

/** What a vendor runs in one place, as its components say where they are. */
function aboutRegions(id: string, components: Readonly<Record<string, Component>>): Sentence[] {
  const there = Object.entries(components).filter(([, { region, endpoint }]) => region && endpoint);
  const regions = [...new Set(there.flatMap(([, { region }]) => region ?? []))];
  return regions.flatMap((region) =>
    Object.entries(STATES_OF_LAYER.endpoint).flatMap(([state, kind]) => {
      const faults = there
        .filter(([, one]) => one.region === region)
        .map(([component]): Fault => ({ kind, target: endpointId(id, component) }));
      return { words: ['vendor', id, 'region', region, state], faults };
    }),
  );
}

/** The location of an edge that serves you. */
const aboutNearest = (id: string): Sentence[] =>
  (['down', 'erroring', 'slow', 'overloaded', 'resetting'] as const).map((state) => ({
    words: ['vendor', id, 'pop', state],
    faults: [{ kind: STATES_OF_LAYER.edge[state], target: id, scope: 'pop' }],
  }));

function aboutVendor(
  id: string,
  components: Readonly<Record<string, Component>>,
  world: World,
  tunneled: boolean,
): Sentence[] {
  const edge = world.edges.find(({ vendor }) => vendor === id);
  const each = Object.entries(components).flatMap(([component, { layer, endpoint }]): Sentence[] => {
    if (layer === 'tunnel' && !(tunneled && world.tunnel.vendor === id)) return [];
    if (layer === 'endpoint' && endpoint === undefined) return [];
    const target = layer === 'endpoint' ? endpointId(id, component) : layer === 'tunnel' ? undefined : id;
    return Object.entries(STATES_OF_LAYER[layer]).map(([state, kind]) =>
      say(['vendor', id, component, state], target === undefined ? { kind } : { kind, target }),
    );
  });
  const down = each.filter(({ words }) => words.at(-1) === 'down').flatMap(({ faults }) => faults);
  return [
    ...(down.length === 0 ? [] : [{ words: ['vendor', id, 'down'], faults: down }]),
    ...each,
    ...aboutRegions(id, components),
    ...(edge === undefined || edge.controls.length === 0 ? [] : aboutNearest(id)),
    ...(signingVendors(world).includes(id)
      ? [say(['vendor', id, 'signatures', 'expired'], { kind: 'signatures_expired', target: id })]
      : []),
    ...(edge === undefined || edge.controls.length === 0
      ? []
      : [say(['vendor', id, 'api', 'erroring'], { kind: 'control_5xx', target: id })]),
    ...(edge === undefined
      ? []
      : [say(['vendor', id, 'certificate', 'expired'], { kind: 'edge_certificate_expired', target: id })]),
    say(['vendor', id, 'status', 'red'], { kind: 'vendor_status_incident', target: id }),
    say(['vendor', id, 'status', 'down'], { kind: 'status_page_down', target: id }),
  ];
}
