// What the simulated web servers say: edges, origins, and a cloud's endpoint. The pages are the lab's, word for word, and are
// read by the probe's own code, so that whoever cannot tell two of them apart there cannot do so here.
import { cacheStateOf } from '../../exporters/http/cache.ts';
import type { HttpFacts } from '../../exporters/http/facts.ts';
import { type ErrorClass, generatorOf } from '../../exporters/http/generator.ts';
import type { Target } from '../../exporters/target.ts';
import type { Answer } from '../../lab/answer.ts';
import type { EdgeContext } from '../../lab/edge.ts';
import { STAMP } from '../../lab/origins.ts';
import type { Outlet } from '../../lab/outlet.ts';
import { patienceAt } from '../../lab/patience.ts';
import { metAt } from '../../lab/scope.ts';
import { voiceOf } from '../../lab/voices.ts';
import { partId, type World, type WorldEdge, type WorldService } from '../../lab/world.ts';
import type { Random } from './chance.ts';
import type { Condition } from './condition.ts';
import type { Names } from './names.ts';

/** What is said, by kind; how it is worded is the speaker's. */
export const SAYINGS = [
  'page',
  'own_path',
  'internal',
  'middlebox',
  'overloaded',
  'tunnel_down',
  'refused',
  'timeout',
  'slow',
  'certificate',
  'bad_gateway',
  'application_error',
  'gone',
  'api_down',
  'platform_error',
  'platform_refusal',
  'copy',
  'challenge',
] as const;

export type Saying = (typeof SAYINGS)[number];

export interface Reply {
  saying: Saying;
  /** How long the servers took, the way there not counted. */
  ms: number;
}

export type ReplyFacts = Pick<HttpFacts, 'status' | 'generator' | 'vendorCode' | 'stamped' | 'cache'>;

export interface Replies {
  /** Whether what a service says of one of its parts, or of what it needs, is good. */
  isWell(part: Target): boolean;
  /** What whoever listens at `place` says to a request for this URL. */
  ask(place: Outlet, url: URL): Reply;
  /** How the probe of `target` reads it. */
  read(target: Target, place: Outlet, saying: Saying): ReplyFacts;
}

export interface RepliesOptions {
  world: World;
  places: readonly Outlet[];
  condition: Condition;
  names: Names;
  random: Random;
}

const QUICK_MS = 2;
const STAMPED = { [STAMP]: 'origin', 'content-type': 'text/html', server: 'nginx' };

/** Of the answers of a broken API platform, so many read like the client's fault (the lab's turns of six). */
const REFUSALS = 2 / 6;

export function createReplies({ world, places, condition, names, random }: RepliesOptions): Replies {
  const { edgeMs, daemonMs, lookUpMs, endpointMs } = patienceAt(1);
  const read = new Map<string, ReplyFacts>();
  const canaries = new Set(world.tunnel.canaries);
  const edgeOf = new Map<string, WorldEdge>(world.edges.map((edge) => [edge.vendor, edge]));
  const serviceAt = new Map(world.services.map((service) => [service.host, service]));
  const serviceNamed = new Map(world.services.map((service) => [service.name, service]));
  const originOf = new Map(places.filter(({ role }) => role === 'origin').map((place) => [place.owner, place]));
  const resolver = places.find(({ role }) => role === 'resolver');
  const metOf = new Map(world.endpoints.map((endpoint) => [endpoint.component, metAt(endpoint)]));
  const endpointAt = new Map(places.filter(({ role }) => role === 'endpoint').map((place) => [place.owner, place]));

  /** The endpoint of a vendor, asked by whoever reaches it. */
  function platform(component: string): Reply {
    const met = metOf.get(component);
    const slow = condition.strikes('endpoint_slow', component, met)
      ? condition.active('endpoint_slow', component, met)
      : undefined;
    const ms = QUICK_MS + (slow?.delayMs ?? 0);
    if (!condition.strikes('endpoint_5xx', component, met)) return { saying: 'page', ms };
    return { saying: random() < REFUSALS ? 'platform_refusal' : 'platform_error', ms };
  }

  const isPartDown = (service: string, parts: readonly string[]): boolean =>
    [service, ...parts.map((part) => partId(service, part))].some(
      (target) => condition.active('part_down', target) !== undefined,
    );

  /** The application itself, asked by whoever reaches it. */
  function application({ name, needs, parts = [] }: WorldService): Reply {
    const late = condition.strikes('origin_slow', name) ? (condition.active('origin_slow', name)?.delayMs ?? 0) : 0;
    if (condition.strikes('origin_5xx', name) || isPartDown(name, parts))
      return { saying: 'application_error', ms: late + QUICK_MS };
    const endpoint = world.endpoints.find(({ component }) => component === needs);
    if (endpoint === undefined) return { saying: 'page', ms: late + QUICK_MS };
    const deaf = resolver === undefined || condition.state(resolver) !== 'open';
    if (condition.strikes('resolver_failing')) return { saying: 'application_error', ms: late + QUICK_MS };
    const { answer, ms } = deaf ? { answer: 'silent', ms: lookUpMs } : names.recursive(endpoint.name);
    if (answer !== 'answer') return { saying: 'application_error', ms: late + ms };
    const place = endpointAt.get(endpoint.component);
    const reached = place !== undefined && condition.state(place) === 'open';
    const refused = (['account_refused', 'trust_outdated'] as const).some((kind) => condition.strikes(kind, name));
    const said = platform(endpoint.component);
    const inTime = reached && said.ms < endpointMs;
    const well = inTime && said.saying === 'page' && !refused;
    return { saying: well ? 'page' : 'application_error', ms: late + ms + (inTime ? said.ms : endpointMs) };
  }

  /** An origin as a proxy in front of it fares. */
  function behind(service: WorldService, connectMs: number, answerMs: number): Reply {
    const place = originOf.get(service.name);
    const state = place === undefined ? 'silent' : condition.state(place);
    if (state === 'closed') return { saying: 'refused', ms: QUICK_MS };
    const comesIn = !service.tunneled && service.hosted === undefined;
    const shutOut =
      condition.strikes('origin_shut_out', service.name) || (comesIn && condition.strikes('uplink_oneway'));
    if (state === 'silent' || shutOut) return { saying: 'timeout', ms: connectMs };
    const expired = service.origin.tls && condition.active('origin_certificate_expired', service.name) !== undefined;
    if (expired) return { saying: 'certificate', ms: QUICK_MS };
    const reply = application(service);
    return reply.ms > answerMs ? { saying: 'slow', ms: answerMs } : reply;
  }

  function throughTunnel(service: WorldService): Reply {
    if (!condition.tunnelUp()) return { saying: 'tunnel_down', ms: QUICK_MS };
    if (condition.strikes('tunnel_stalled')) return { saying: 'timeout', ms: edgeMs };
    const { saying, ms } = behind(service, daemonMs, 2 * edgeMs);
    if (ms > edgeMs) return { saying: 'slow', ms: edgeMs };
    const unreached = saying === 'refused' || saying === 'timeout';
    return { saying: unreached ? 'bad_gateway' : saying, ms };
  }

  /** In the order in which the lab's edge asks itself. */
  function edge(worldEdge: WorldEdge, { role, address }: Outlet, url: URL): Reply {
    const { vendor, controls } = worldEdge;
    const host = url.hostname;
    const met = { role, address, host };
    const service = serviceAt.get(host);
    const control = controls.findIndex((one) => one.host === host);
    const late = condition.strikes('edge_latency', vendor, met)
      ? (condition.active('edge_latency', vendor, met)?.delayMs ?? 0)
      : 0;
    const said = (saying: Saying): Reply => ({ saying, ms: late + QUICK_MS });
    if (service !== undefined && condition.strikes('middlebox_503', service.name, met)) return said('middlebox');
    if (voiceOf(worldEdge).own(contextAt(worldEdge, url.pathname)) !== null) return said('own_path');
    const own = service !== undefined && condition.strikes('edge_5xx_own', service.name, met);
    if (own || condition.strikes('edge_5xx', vendor, met)) return said('internal');
    if (condition.strikes('edge_overloaded', vendor, met)) return said('overloaded');
    const sites = condition.active('edge_5xx_sites', vendor, met);
    if (sites !== undefined && (service !== undefined || (control >= 0 && control / controls.length < sites.rate)))
      return said('internal');
    if (service !== undefined) {
      if (condition.strikes('edge_challenges', service.name, met)) return said('challenge');
      if (condition.active('edge_caches', service.name, met) !== undefined) return said('copy');
      const { saying, ms } = service.tunneled ? throughTunnel(service) : behind(service, edgeMs, edgeMs);
      return { saying, ms: ms + late };
    }
    if (canaries.has(host) && condition.active('tunnel_service_down') !== undefined) return said('tunnel_down');
    if (control === 0 && condition.strikes('control_5xx', vendor)) return said('api_down');
    return said(control === 0 && condition.active('control_rotten', vendor) !== undefined ? 'gone' : 'page');
  }

  return {
    isWell({ id, labels: { service, vendor } }) {
      const known = serviceNamed.get(service);
      if (vendor === '') return !isPartDown(service, [id.slice(id.lastIndexOf('/') + 1)]);
      return known !== undefined && application(known).saying === 'page';
    },
    ask(place, url) {
      if (place.side === 'internet' && condition.active('middlebox_for_all') !== undefined)
        return { saying: 'middlebox', ms: QUICK_MS };
      const worldEdge = edgeOf.get(place.owner);
      if (worldEdge !== undefined) return edge(worldEdge, place, url);
      if (place.role === 'endpoint') return platform(place.owner);
      const service = serviceNamed.get(place.owner);
      return service === undefined ? { saying: 'page', ms: QUICK_MS } : application(service);
    },
    read(target, place, saying) {
      const key = `${target.id} ${saying}`;
      const known = read.get(key);
      if (known !== undefined) return known;
      const facts = factsOf(target, wording(saying, place, world, asksWhoFailed(target)));
      read.set(key, facts);
      return facts;
    },
  };
}

function factsOf({ settings }: Target, { status, headers, body }: Answer): ReplyFacts {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const stamp = typeof settings.stamp === 'string' ? settings.stamp.toLowerCase() : undefined;
  const classes = (settings.errorClasses ?? []) as readonly ErrorClass[];
  const read = generatorOf({ status, headers: byName, body: Buffer.from(body) }, classes, stamp);
  return { status, ...read, stamped: stamp === undefined ? null : byName.has(stamp), cache: cacheStateOf(byName) };
}

/** As the edge that knows the question reads it. */
function asksWhoFailed({ settings: { headers } }: Target): boolean {
  return typeof headers === 'object' && headers !== null && 'x-azure-debuginfo' in headers;
}

function contextAt({ pop, city }: WorldEdge, path: string): EdgeContext {
  return { method: 'GET', path, host: 'host.test', client: '127.20.0.1', pop, city };
}

/** The answer as the speaker at `place` words it. */
function wording(saying: Saying, { role, owner }: Outlet, world: World, debugInfo: boolean): Answer {
  const plain = plainAnswer(saying);
  const speaker = world.edges.find(({ vendor }) => vendor === owner);
  if (speaker === undefined || (role !== 'edge' && role !== 'edge_control')) return plain;
  const voice = voiceOf(speaker);
  const context = { ...contextAt(speaker, '/'), debugInfo };
  switch (saying) {
    case 'own_path':
      return voice.own({ ...context, path: '/cdn-cgi/trace' }) ?? plain;
    case 'internal':
      return voice.internalError(context);
    case 'middlebox':
      return { ...voice.internalError(context), status: 503 };
    case 'overloaded':
      return voice.overloaded(context);
    case 'copy':
      return voice.copy(plain, context);
    case 'challenge':
      return voice.challenge(context);
    case 'tunnel_down':
      return voice.tunnelDown(context);
    case 'refused':
    case 'timeout':
    case 'slow':
    case 'certificate':
      return voice.originFailure(saying, context);
    default:
      return voice.originAnswer(plain, context);
  }
}

function plainAnswer(saying: Saying): Answer {
  switch (saying) {
    case 'page':
    case 'copy':
    case 'own_path':
      return { status: 200, headers: STAMPED, body: '<p>All is well here.</p>' };
    case 'application_error':
      return { status: 500, headers: STAMPED, body: '<h1>Internal Server Error</h1>' };
    case 'gone':
      return { status: 404, headers: {}, body: '<h1>Not found</h1>' };
    case 'bad_gateway':
      return { status: 502, headers: {}, body: '' };
    case 'platform_refusal':
      return { status: 403, headers: {}, body: '{"error":{"code":403}}' };
    default:
      return { status: 503, headers: {}, body: '<h1>Service Unavailable</h1>' };
  }
}
