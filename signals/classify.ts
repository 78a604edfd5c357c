// What one observation says about each question it can answer. Judgement of a single answer only; time is the meters' business.
import { NOT_OF_THE_TARGET, OF_THE_PROXY, type Reason, SILENT_REASONS } from '../catalog/reasons.ts';
import type { CertificateFacts } from '../exporters/certificate/facts.ts';
import type { Observation, ObservationOf, ProbeKind } from '../exporters/observation.ts';
import type { Role } from '../map/plan-types.ts';
import type { Outcome } from './meter.ts';

/** The questions an observation may answer; one meter per target and question. */
export const QUESTIONS = [
  'works',
  'accepted',
  'serves',
  'reachable',
  'record',
  'delegated',
  'expected',
  'connect',
  'answer',
  'delivers',
  'welcome',
  'passes',
  'carries',
  'valid',
  'stands',
  'alive',
  'ready',
] as const;

export type Question = (typeof QUESTIONS)[number];

export type Answers = Partial<Record<Question, Outcome>>;

/** What is known of a target besides its observation. */
export interface Context {
  role: Role;
  /** For controls: the layer of the component they speak for. */
  layer: string | null;
  /** For origin certificates: whether a name was asked for that it must carry. */
  named: boolean;
  /** Whether its answer before this one was a failure. */
  troubled: boolean;
  /** For delegations: whether the map says which name servers there must be. */
  declared: boolean;
  /** Whether the forward proxy it is asked through, which failed it, has let requests to others pass since. */
  passed?: boolean;
}

const CONNECTION_LOST: ReadonlySet<Reason> = new Set<Reason>([
  'timeout',
  'connect_refused',
  'connect_reset',
  'unreachable',
  'tls_handshake',
]);

/** A control whose certificate broke is a broken control. */
export const CERTIFICATE_BROKEN: ReadonlySet<Reason> = new Set<Reason>([
  'tls_expired',
  'tls_not_yet_valid',
  'tls_hostname',
  'tls_untrusted',
  'tls_incomplete_chain',
  'tls_self_signed',
  'tls_weak',
]);

/** What an API says when the check every call must pass is broken, in turns with errors; on its own, that an address has moved. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 429]);

const NAME_MISSING: ReadonlySet<Reason> = new Set<Reason>(['dns_nodata', 'dns_nxdomain']);

/**
 * Answers of one observation. A missing question was not touched by it.
 * `starved`: the prober is late, so silence is dropped while explicit answers keep their weight.
 */
export function classify(observation: Observation, context: Context, starved: boolean): Answers {
  if (starved && SILENT_REASONS.has(observation.reason)) return {};
  if (OF_THE_PROXY.has(observation.reason)) return stuckAtProxy(observation, context);
  if (NOT_OF_THE_TARGET.has(observation.reason)) return {};
  switch (observation.kind) {
    case 'ping':
    case 'train':
    case 'quic':
    case 'tcp':
      return { works: observation.ok ? 1 : 0 };
    case 'dns':
      return ofDns(observation, context);
    case 'http':
      return { ...ofHttp(observation, context), ...(wentThrough(observation) && { passes: 1, carries: 1 }) };
    case 'certificate':
      return ofCertificate(observation, context);
    case 'cloudflared':
    case 'tailscale':
    case 'wireguard':
    case 'ngrok':
    case 'frp':
      return ofTunnel(observation);
    case 'portal':
      if (observation.ok) return { works: 1 };
      if (observation.facts.answer === 'captured') return { works: 0 };
      // Silence, and a page that is gone, say nothing of portals, and take nothing from one that has just been met.
      return context.troubled ? {} : { works: -1 };
    case 'power':
      return ofPower(observation);
    case 'identity':
    case 'acme':
      // A name that is not found is the resolver's or the zone's trouble.
      return { works: observation.ok ? 1 : observation.phase === 'resolve' ? -1 : 0 };
    case 'api':
      return ofApi(observation);
    case 'custom':
    case 'outside':
      // What cannot be read says nothing of what it is about.
      return { works: observation.ok ? 1 : observation.reason === 'value_bad' ? 0 : -1 };
    // No question with an answer of its own: status pages never decide, and of the others the newest word counts, not a run.
    case 'registration':
    case 'routing':
    case 'status':
    case 'clock':
      return {};
  }
}

/** What one says that did not get past the proxy and is no witness of it. */
const UNHEARD: Partial<Record<ProbeKind, Answers>> = {
  api: { works: -1, accepted: -1 },
  custom: { works: -1 },
  outside: { works: -1 },
  identity: { works: -1 },
  acme: { works: -1 },
};

/**
 * Nothing is known of whoever was asked for, unless the proxy gets through to others meanwhile. That it does not get through is
 * its own failure only if it gets through to nobody; and a proxy whose name is not found is the resolver's trouble.
 */
function stuckAtProxy({ kind, reason, phase }: Observation, { role, passed = false }: Context): Answers {
  if (kind !== 'http') return UNHEARD[kind] ?? {};
  const beyond = reason === 'proxy_gateway' && passed;
  const unheard: Answers = role === 'service' ? { works: beyond ? 0 : -1 } : {};
  if (phase === 'resolve') return { ...unheard, passes: -1, carries: -1 };
  const open = reason === 'proxy_gateway' || (reason === 'proxy_timeout' && phase !== 'connect');
  return { ...unheard, passes: open ? -1 : 0, carries: 0 };
}

/**
 * What serves others, or us with another credential, works; a refusal then is about the credential. Where both are refused, or
 * there is one only, it cannot be told from a vendor whose check of credentials is broken.
 */
function ofApi({ ok, phase, facts: { calls } }: ObservationOf<'api'>): Answers {
  const { first, second, elsewhere } = calls;
  const refused = first.status !== null && first.status >= 400 && first.status < 500;
  if (ok) return { works: 1, accepted: 1 };
  // A name that is not found is the resolver's or the zone's trouble.
  if (phase === 'resolve') return { works: -1, accepted: -1 };
  if (refused && second?.reason === 'ok') return { works: 1, accepted: 0 };
  return { works: 0, accepted: elsewhere?.reason === 'ok' ? 1 : -1 };
}

function ofDns({ ok, reason, facts }: ObservationOf<'dns'>, { role, layer, declared }: Context): Answers {
  const answered = facts.rcode !== null;
  // A CNAME into another zone is all an authoritative server can say, and it is a record.
  const aliased = facts.answers.length > 0;
  const missing = NAME_MISSING.has(reason) && !aliased;
  const { shape } = facts;
  switch (role) {
    case 'nameserver':
      return {
        serves: ok || missing || aliased ? 1 : 0,
        reachable: answered ? 1 : 0,
        record: ok || aliased ? 1 : missing && facts.authoritative === true ? 0 : -1,
      };
    case 'delegation': {
      const delegated = facts.nameServers.length > 0;
      return {
        reachable: shape !== null && shape !== 'error' ? 1 : 0,
        delegated: delegated ? 1 : shape === 'nxdomain' ? 0 : -1,
        expected: !delegated ? -1 : declared && !ok ? 0 : 1,
      };
    }
    // Told, and judging nobody.
    case 'zone':
    case 'delegated_servers':
    case 'interception':
      return {};
    case 'signatures':
      return { works: ok ? 1 : reason === 'dns_bogus' || reason === 'dns_servfail' ? 0 : -1 };
    case 'endpoint':
      return { record: ok ? 1 : missing && facts.authoritative === true ? 0 : -1 };
    case 'control':
      // A control zone without its name has rotted; the same at an endpoint is the very failure looked for.
      return { works: ok ? 1 : missing ? (layer === 'endpoint' ? 0 : -1) : 0 };
    default:
      return { works: ok || missing || aliased ? 1 : 0 };
  }
}

/** Whether a forward proxy was asked, and let the request pass. */
const wentThrough = ({ facts, phase }: ObservationOf<'http'>): boolean =>
  facts.proxyStatus !== undefined && phase !== 'resolve';

function ofHttp(observation: ObservationOf<'http'>, { role, layer, troubled }: Context): Answers {
  const { ok, reason, facts } = observation;
  switch (role) {
    case 'control':
      if (layer === 'endpoint' && NAME_MISSING.has(reason)) return { works: 0 };
      if (layer === 'endpoint' && troubled && REFUSALS.has(facts.status ?? 0)) return { works: 0 };
      if (layer === 'tunnel') return { works: ok ? 1 : canaryFailed(observation) ? 0 : -1 };
      return { works: ok ? 1 : controlFailed(observation) ? 0 : -1 };
    case 'edge':
      return { connect: connected(observation), answer: edgeAnswer(observation) };
    case 'origin':
      return ofOrigin(observation);
    default:
      return {
        // A challenge page proves that the prober is not liked, not that users are not served.
        works: ok ? 1 : facts.generator === 'challenge' ? -1 : 0,
        answer: generatedElsewhere(observation),
        delivers: ok ? 1 : facts.generator === 'vendor_says_origin' ? 0 : -1,
        welcome: facts.generator === 'challenge' ? 0 : facts.status === null ? -1 : 1,
      };
  }
}

/** An error of a server, a broken certificate, or no connection. A 404 is a page that moved. */
function controlFailed({ reason, phase, facts }: ObservationOf<'http'>): boolean {
  if ((facts.status ?? 0) >= 500 || CERTIFICATE_BROKEN.has(reason)) return true;
  return phase !== 'resolve' && CONNECTION_LOST.has(reason);
}

/** Somebody else's tunnel is seen through the edge: silence, and errors of the edge's own making, say nothing of the tunnel. */
function canaryFailed({ facts }: ObservationOf<'http'>): boolean {
  return (facts.status ?? 0) >= 500 && facts.generator !== 'vendor_internal';
}

/** Only a refusal proves that nobody listens; silence may be the process's, or the host's. */
function ofOrigin(observation: ObservationOf<'http'>): Answers {
  const { ok, reason, phase } = observation;
  if (ok) return { connect: 1, answer: 1 };
  if (phase === 'resolve') return { connect: -1, answer: -1 };
  if (phase !== 'connect') return { connect: 1, answer: 0 };
  return reason === 'connect_refused' || reason === 'connect_reset'
    ? { connect: 0, answer: -1 }
    : { connect: -1, answer: 0 };
}

function connected({ ok, reason, phase }: ObservationOf<'http'>): Outcome {
  if (ok) return 1;
  if (phase === 'resolve') return -1;
  return (phase === 'connect' || phase === 'tls') && CONNECTION_LOST.has(reason) ? 0 : 1;
}

/** A path the edge answers itself: an error or silence after the handshake is the edge's own. */
function edgeAnswer({ ok, reason, phase, facts }: ObservationOf<'http'>): Outcome {
  if (ok) return 1;
  if (phase === 'resolve' || phase === 'connect' || phase === 'tls') return -1;
  if (facts.generator === 'vendor_internal') return 0;
  if (facts.status !== null) return facts.status < 500 || facts.generator !== 'unknown' ? 1 : -1;
  return reason === 'timeout' ? 0 : -1;
}

/** Whether an answer to a user was an error of the edge's own making. */
function generatedElsewhere({ ok, facts }: ObservationOf<'http'>): Outcome {
  if (ok) return 1;
  if (facts.generator === 'vendor_internal') return 0;
  return facts.generator === null || facts.generator === 'unknown' || facts.generator === 'challenge' ? -1 : 1;
}

/** Whoever asks no list is served with a certificate that was taken back as with any other. */
function ofCertificate({ ok, facts: { checks } }: ObservationOf<'certificate'>, { role, named }: Context): Answers {
  const { time, hostname, trusted, completeChain, strong, notRevoked = null }: CertificateFacts['checks'] = checks;
  const stands: Answers = notRevoked === null ? {} : { stands: notRevoked ? 1 : 0 };
  if (ok) return { valid: 1, ...stands };
  if (time === null) return { valid: -1 };
  if (role === 'origin_certificate') return { valid: time && (hostname !== false || !named) ? 1 : 0 };
  return { valid: [time, hostname, trusted, completeChain, strong].includes(false) ? 0 : 1, ...stands };
}

/** Silence leaves the last word standing: what told of the power may hang on it. A test of the battery is no power cut. */
function ofPower({ reason, facts }: ObservationOf<'power'>): Answers {
  const { source, calibrating } = facts;
  if (source === 'line') return { works: 1 };
  if (source === 'battery') return { works: calibrating === true ? -1 : 0 };
  if (source === 'off') return { works: 0 };
  return SILENT_REASONS.has(reason) || reason === 'unreachable' ? {} : { works: -1 };
}

type Tunnel = ObservationOf<'cloudflared'> | ObservationOf<'tailscale' | 'wireguard' | 'ngrok' | 'frp'>;

function ofTunnel({ reason, facts }: Tunnel): Answers {
  if (facts.state === 'absent') return { alive: 0, ready: -1 };
  if (facts.state === 'idle') return { alive: 1, ready: -1 };
  if (facts.state !== null) return { alive: 1, ready: facts.state === 'ready' ? 1 : 0 };
  // Only a refusal proves that nobody is there; silence may be the host's.
  return { alive: reason === 'connect_refused' ? 0 : -1, ready: -1 };
}
