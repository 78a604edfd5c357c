// Follows redirects where the settings say so: a few, to named hosts, never from TLS to plain, never from outside to inside.
import net from 'node:net';
import { PHASES } from '../../catalog/reasons.ts';
import { type ProbeContext, ResolveError } from '../probe.ts';
import { shownUrl } from '../trace.ts';
import { type AuthorizedRequest, exchangeAuthorized } from './authorized.ts';
import { plainHost } from './connection.ts';
import type { Exchange } from './exchange.ts';
import { isPublic } from './reach.ts';
import type { Follow } from './request.ts';

/** The last exchange, with the phases of all. */
export interface Followed extends Exchange {
  redirects: number;
  /** What was asked last. */
  url: URL;
  /** Milliseconds of each exchange. */
  hops: number[];
}

const MOVED = new Set([301, 302, 303, 307, 308]);

/** A redirect that may not be followed ends it with `http_redirect` or `target_denied`. */
export async function follow(
  first: AuthorizedRequest,
  { most, hosts }: Follow,
  context: ProbeContext,
): Promise<Followed> {
  const seen = new Set([first.url.href]);
  const allowed = new Set([first.url.hostname, ...hosts].map(plainHost));
  let request = first;
  let here = context;
  const phases: Exchange['phases'] = {};
  const hops: number[] = [];
  for (let redirects = 0; ; redirects += 1) {
    const exchanged = await exchangeAuthorized(request, here);
    hops.push(addTo(phases, exchanged.phases));
    const done: Followed = { ...exchanged, phases, redirects, url: request.url, hops };
    const location = MOVED.has(done.answer?.status ?? 0) ? done.answer?.headers.get('location') : undefined;
    if (done.reason !== 'ok' || location === undefined) return done;
    const url = URL.canParse(location, request.url.href) ? new URL(location, request.url) : null;
    const refused = (reason: 'http_redirect' | 'target_denied'): Followed => {
      context.trace?.step(`not followed to ${url === null ? 'what is no URL' : shownUrl(url.href)}: ${reason}`);
      return { ...done, phase: 'check', reason };
    };
    if (url === null) return refused('http_redirect');
    url.hash = '';
    const downgrade = request.url.protocol === 'https:' && url.protocol !== 'https:';
    if (redirects === most || seen.has(url.href) || downgrade || !/^https?:$/.test(url.protocol)) {
      return refused('http_redirect');
    }
    const host = plainHost(url.hostname);
    // Whom a proxy asks is not known, and might well be outside.
    const outside = request.proxy !== undefined || isOutside(done.address);
    const leadsIn = net.isIP(host) !== 0 && outside && !isPublic(host);
    if (!allowed.has(host) || url.username !== '' || leadsIn) return refused('target_denied');
    seen.add(url.href);
    if (isOutside(done.address)) here = { ...context, resolver: onlyOutside(context) };
    request = url.origin === request.url.origin ? { ...request, url } : withoutCredentials(request, url);
  }
}

/** What was added, altogether. */
function addTo(sum: Exchange['phases'], phases: Exchange['phases']): number {
  let total = 0;
  for (const phase of PHASES) {
    const ms = phases[phase];
    if (ms === undefined) continue;
    sum[phase] = (sum[phase] ?? 0) + ms;
    total += ms;
  }
  return total;
}

const isOutside = (address: string | null): boolean => address !== null && isPublic(address);

function onlyOutside({ resolver }: ProbeContext): ProbeContext['resolver'] {
  return {
    async resolve(name, mode, signal) {
      const outside = (await resolver.resolve(name, mode, signal)).filter(isPublic);
      if (outside.length === 0) throw new ResolveError(name, 'target_denied');
      return outside;
    },
  };
}

const NONE_OF_OURS = { auth: undefined, clientCertificate: undefined, address: undefined, host: undefined };

/** Another scheme, host or port is another server: neither secrets nor the address of the first go there. */
function withoutCredentials({ headers = {}, ...request }: AuthorizedRequest, url: URL): AuthorizedRequest {
  const plain = Object.entries(headers).filter(([, value]) => typeof value === 'string');
  return { ...request, url, headers: Object.fromEntries(plain), ...NONE_OF_OURS };
}
