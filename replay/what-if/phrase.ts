// The sentences one may ask about: `vendor cloudflare edge down`. All those that make sense for a map are written out, so
// that a wrong word can be answered with the ones that would have been right.
import { FAULTS, type FaultKind } from '../../lab/faults.ts';
import type { Fault } from '../../lab/lab.ts';
import { parseFault, publicFault } from '../../lab/parse-fault.ts';
import type { World } from '../../lab/world.ts';
import { nearest } from '../../map/issues.ts';
import type { DemarcMap } from '../../map/load.ts';
import { UserError } from '../../map/user-error.ts';
import type { Component } from '../../map/vendor.ts';
import { endpointId } from './map-world.ts';

interface Sentence {
  words: readonly string[];
  faults: readonly Fault[];
}

/** How the grammar is shown to people; `docs/scenarios.md` has it too. */
export const GRAMMAR: readonly [phrase: string, meaning: string][] = [
  ['uplink down | flapping | lossy', 'your line: cut, cut again and again, or losing packets'],
  ['gateway down', 'your router'],
  ['resolver down | blocks SERVICE | stale SERVICE', "your resolver: silent, or wrong about one service's name"],
  ['vendor VENDOR down', 'everything the vendor runs for the world'],
  ['vendor VENDOR COMPONENT down | erroring | slow', 'one component; erroring: it answers, with errors of its own'],
  ['vendor VENDOR COMPONENT empty', "an endpoint's name exists and has no address, as on 2025-10-20"],
  ['vendor VENDOR certificate expired', "the certificate at the vendor's edge, for everybody"],
  ['vendor VENDOR status red', 'bad news on the status page while nothing is broken'],
  ['origin SERVICE down | erroring | slow', 'your own process'],
  ['host SERVICE down', "your own process's machine"],
  ['certificate SERVICE expired', 'the certificate visitors see'],
  ['origin certificate SERVICE expired', 'the one your origin shows to the edge'],
  ['record SERVICE missing', 'the DNS record is deleted'],
  ['zone SERVICE suspended', 'its name servers refuse the zone'],
  ['tunnel daemon down', 'cloudflared is dead'],
  ['tunnel ports blocked', 'the ports it dials are silent from here'],
  ['tunnel credentials revoked', 'the edge refuses to register it'],
  ['operator NAME down', 'the anchors of one operator; nobody should notice'],
];

const STATES_OF_LAYER: Record<Component['layer'], Partial<Record<string, FaultKind>>> = {
  edge: { down: 'edge_unreachable', erroring: 'edge_5xx', slow: 'edge_latency' },
  dns: { down: 'dns_vendor_down' },
  endpoint: { down: 'endpoint_down', erroring: 'endpoint_5xx', empty: 'endpoint_empty' },
  tunnel: { down: 'tunnel_service_down' },
};

const OF_SERVICE: readonly [before: readonly string[], state: string, kind: FaultKind][] = [
  [['origin'], 'down', 'origin_refused'],
  [['origin'], 'erroring', 'origin_5xx'],
  [['origin'], 'slow', 'origin_slow'],
  [['host'], 'down', 'origin_host_down'],
  [['record'], 'missing', 'dns_record_missing'],
  [['zone'], 'suspended', 'dns_zone_refused'],
  [['origin', 'certificate'], 'expired', 'origin_certificate_expired'],
];

const PLAIN: readonly [words: string, kind: FaultKind][] = [
  ['uplink down', 'uplink_cut'],
  ['uplink flapping', 'uplink_flapping'],
  ['uplink lossy', 'uplink_loss'],
  ['gateway down', 'gateway_down'],
  ['resolver down', 'resolver_down'],
];

const OF_TUNNEL: readonly [words: string, kind: FaultKind][] = [
  ['tunnel daemon down', 'tunnel_daemon_dead'],
  ['tunnel ports blocked', 'tunnel_ports_blocked'],
  ['tunnel credentials revoked', 'tunnel_credentials'],
];

/** Of a line that only loses or flaps, when the phrase gives no share. */
const USUAL_RATE: Partial<Record<FaultKind, number>> = { uplink_loss: 0.3, uplink_flapping: 0.5 };

/** Every sentence that makes sense for this map, without shares. */
export function sentencesFor(map: DemarcMap, world: World): Sentence[] {
  const services = world.services.map(({ name }) => name);
  const plain = (list: typeof PLAIN): Sentence[] => list.map(([text, kind]) => say(text, { kind }));
  const tunneled = world.services.some((service) => service.tunneled);
  return [
    ...plain(PLAIN),
    ...[...map.vendors].flatMap(([id, { components }]) => aboutVendor(id, components, world, tunneled)),
    ...OF_SERVICE.flatMap(([before, state, kind]) =>
      services
        .filter((service) => kind !== 'origin_certificate_expired' || hasOwnCertificate(service, world))
        .map((target) => say([...before, target, state], { kind, target })),
    ),
    ...world.services.filter(hasCertificate).map(aboutCertificate),
    ...services.map((target) => say(['resolver', 'blocks', target], { kind: 'resolver_rewrite', target })),
    ...services.map((target) => say(['resolver', 'stale', target], { kind: 'resolver_stale', target })),
    ...(tunneled ? plain(OF_TUNNEL) : []),
    ...[...new Set(world.anchors.map(({ operator }) => operator))].map((target) =>
      say(['operator', target, 'down'], { kind: 'operator_down', target }),
    ),
  ];
}

type Named = Fault & { kind: FaultKind };

function say(text: string | readonly string[], ...faults: readonly Named[]): Sentence {
  return { words: typeof text === 'string' ? text.split(' ') : text, faults };
}

const hasOwnCertificate = (name: string, { services }: World): boolean =>
  services.some((service) => service.name === name && service.edge !== null && service.origin.tls);

const hasCertificate = ({ edge, origin }: World['services'][number]): boolean => edge !== null || origin.tls;

function aboutCertificate({ name, edge }: World['services'][number]): Sentence {
  const kind = edge === null ? 'origin_certificate_expired' : 'edge_certificate_expired';
  return say(['certificate', name, 'expired'], { kind, target: name });
}

function aboutVendor(
  id: string,
  components: Readonly<Record<string, Component>>,
  world: World,
  tunneled: boolean,
): Sentence[] {
  const hasEdge = world.edges.some(({ vendor }) => vendor === id);
  const each = Object.entries(components).flatMap(([component, { layer, endpoint }]): Sentence[] => {
    if (layer === 'tunnel' && !(tunneled && world.tunnel.vendor === id)) return [];
    if (layer === 'endpoint' && endpoint === undefined) return [];
    const target = layer === 'endpoint' ? endpointId(id, component) : layer === 'tunnel' ? undefined : id;
    return Object.entries(STATES_OF_LAYER[layer]).flatMap(([state, kind]) =>
      kind === undefined
        ? []
        : [say(['vendor', id, component, state], target === undefined ? { kind } : { kind, target })],
    );
  });
  const down = each.filter(({ words }) => words.at(-1) === 'down').flatMap(({ faults }) => faults);
  return [
    ...(down.length === 0 ? [] : [{ words: ['vendor', id, 'down'], faults: down }]),
    ...each,
    ...(hasEdge
      ? [say(['vendor', id, 'certificate', 'expired'], { kind: 'edge_certificate_expired', target: id })]
      : []),
    say(['vendor', id, 'status', 'red'], { kind: 'vendor_status_incident', target: id }),
  ];
}

const SHARE = /^(\d{1,3})%$/;

/**
 * The faults a phrase asks about; several phrases may be joined by `and`. Throws {@link UserError} with the word that is
 * wrong, and what would have been right.
 */
export function faultsOf(phrase: string, map: DemarcMap, world: World): Fault[] {
  const sentences = sentencesFor(map, world);
  const parts = phrase.trim().split(/\s+and\s+|\s*,\s*/i);
  return parts.flatMap((part) => faultsOfPart(part, sentences, world));
}

function faultsOfPart(part: string, sentences: readonly Sentence[], world: World): Fault[] {
  const all = part
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const share = SHARE.exec(all.at(-1) ?? '')?.[1];
  const words = share === undefined ? all : all.slice(0, -1);
  let fitting = sentences;
  for (const [index, word] of words.entries()) {
    const next = fitting.filter((sentence) => sentence.words[index] === word);
    if (next.length === 0) throw wrongWord(words.slice(0, index), word, choices(fitting, index));
    fitting = next;
  }
  const exact = fitting.find((sentence) => sentence.words.length === words.length);
  if (exact === undefined) throw unfinished(words, choices(fitting, words.length));
  return exact.faults.map((fault) => publicFault(parseFault(rated(fault, share, part), world, quoted(part))));
}

function rated(fault: Fault, share: string | undefined, part: string): Fault {
  const kind = fault.kind as FaultKind;
  const usual = USUAL_RATE[kind];
  if (share === undefined) return usual === undefined ? fault : { ...fault, rate: usual };
  const rate = Number(share) / 100;
  if (FAULTS[kind].rated && rate > 0 && rate <= 1) return { ...fault, rate };
  const hint = FAULTS[kind].rated ? 'give a share from 1% to 100%' : 'leave the share out: it happens or it does not';
  throw new UserError([{ place: quoted(part), what: `cannot happen to ${share}%`, hint }]);
}

const quoted = (text: string): string => `"${text.trim()}"`;

const choices = (sentences: readonly Sentence[], index: number): string[] => [
  ...new Set(sentences.flatMap(({ words }) => words[index] ?? [])),
];

function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function wrongWord(before: readonly string[], word: string, right: readonly string[]): UserError {
  const guess = nearest(word, right);
  const after = before.length === 0 ? 'a phrase cannot begin with it' : `cannot follow ${quoted(before.join(' '))}`;
  const what = right.length === 0 ? `the phrase is over before it` : after;
  const hint =
    right.length === 0 ? `leave it out` : guess === undefined ? `say ${listed(right)}` : `did you mean ${guess}?`;
  return new UserError([{ place: quoted(word), what, hint }]);
}

function unfinished(words: readonly string[], right: readonly string[]): UserError {
  const what = words.length === 0 ? 'is empty' : 'is not finished';
  return new UserError([{ place: quoted(words.join(' ')), what, hint: `go on with ${listed(right)}` }]);
}
