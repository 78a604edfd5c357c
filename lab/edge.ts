// A CDN edge: what all vendors do with a request. How each of them words it stands in voices.ts.
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Asked } from './answer.ts';
import type { Damage } from './damage.ts';
import { askUpstream, type Upstream, type UpstreamFailure } from './upstream.ts';
import type { WorldEdge } from './world.ts';

export interface EdgeSite {
  host: string;
  /** Service of the world; null for other people's. */
  service: string | null;
  /** Where requests go; null for a page the edge serves from its cache. */
  upstream: Upstream | null;
  /** Whether the tunnel that carries the host has a connection; null when none is involved. */
  tunnelUp: (() => boolean) | null;
  /** Index of this host among the vendor's controls; null for everybody else. */
  control: number | null;
}

/** Where and for whom an edge speaks. */
export interface EdgeContext extends Omit<Asked, 'address'> {
  pop: string;
  city: string;
}

/** How a vendor words things. */
export interface EdgeVoice {
  /** What the edge answers itself, on every host; null to go on. */
  own(context: EdgeContext): Answer | null;
  unknownHost(context: EdgeContext): Answer;
  internalError(context: EdgeContext): Answer;
  /** Its own failure to pass requests on, which looks much like an origin's. */
  overloaded(context: EdgeContext): Answer;
  tunnelDown(context: EdgeContext): Answer;
  originFailure(failure: UpstreamFailure, context: EdgeContext): Answer;
  originAnswer(answer: Answer, context: EdgeContext): Answer;
  /** A copy of such an answer, kept from before. */
  copy(answer: Answer, context: EdgeContext): Answer;
  /** What whoever looks like a robot is shown. */
  challenge(context: EdgeContext): Answer;
}

const CACHED: Answer = {
  status: 200,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<!DOCTYPE html>\n<title>Fine</title>\n<p>All is well here.</p>\n',
};

const GONE: Answer = {
  status: 404,
  headers: { 'content-type': 'text/html; charset=utf-8' },
  body: '<h1>Not found</h1>\n',
};

/** An API that fails while all that is served goes on. */
const API_DOWN: Answer = {
  status: 503,
  headers: { 'content-type': 'application/json' },
  body: '{"success":false,"errors":[{"code":10000,"message":"Internal error"}],"result":null}\n',
};

/** Where it is asked: at the address of its customers, or at one that others use. */
export type EdgeRole = 'edge' | 'edge_control';

/** The edge of one vendor, for the hosts it serves. */
export function edge(
  { vendor, pop, city, controls }: WorldEdge,
  voice: EdgeVoice,
  sites: readonly EdgeSite[],
  damage: Damage,
): (asked: Asked, role: EdgeRole) => Promise<Answer> {
  const byHost = new Map(sites.map((site) => [site.host, site]));
  const copies = new Map<string, Answer>();

  /** Whether a site is among those hit: yours always, of the others the first. */
  const among = ({ control, service }: EdgeSite): boolean =>
    service !== null || (control !== null && control / controls.length < damage.share('edge_5xx_sites', vendor));

  function cached({ control }: EdgeSite, context: EdgeContext): Answer {
    if (control === 0 && damage.strikes('control_5xx', vendor)) return voice.originAnswer(API_DOWN, context);
    const rotten = control === 0 && damage.active('control_rotten', vendor);
    return voice.originAnswer(rotten ? GONE : CACHED, context);
  }

  return async (asked, role) => {
    const context = { ...asked, pop, city };
    const met = { role, address: asked.address, host: asked.host };
    const site = byHost.get(asked.host);
    if (damage.strikes('middlebox_503', site?.service ?? '', met))
      return { ...voice.internalError(context), status: 503 };
    const late = damage.delayMs('edge_latency', vendor, met);
    if (late > 0) await delay(late);
    const own = voice.own(context);
    if (own !== null) return own;
    const alone = damage.strikes('edge_5xx_own', site?.service ?? '', met);
    if (alone || damage.strikes('edge_5xx', vendor, met)) return voice.internalError(context);
    if (damage.strikes('edge_overloaded', vendor, met)) return voice.overloaded(context);
    if (site === undefined) return voice.unknownHost(context);
    if (damage.active('edge_5xx_sites', vendor, met) && among(site)) return voice.internalError(context);
    if (site.tunnelUp?.() === false) return voice.tunnelDown(context);
    if (site.upstream === null) return cached(site, context);
    if (damage.strikes('edge_challenges', site.service ?? '', met)) return voice.challenge(context);
    const copy = damage.active('edge_caches', site.service ?? '', met) ? copies.get(site.host) : undefined;
    if (copy !== undefined) return voice.copy(copy, context);
    const result = await askUpstream(site.upstream, asked);
    if ('failure' in result) return voice.originFailure(result.failure, context);
    if (result.answer.status === 200) copies.set(site.host, result.answer);
    return voice.originAnswer(result.answer, context);
  };
}
