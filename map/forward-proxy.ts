// The forward proxy of a network, said once: which web requests of the map go through it, and which go directly.
import net from 'node:net';
import { z } from 'zod';
import { plainHost } from '../exporters/http/connection.ts';
import { ForwardProxy } from '../exporters/http/forward-proxy.ts';
import { networkOf } from '../exporters/network.ts';
import type { ProbeKind } from '../exporters/observation.ts';
import type { Target } from '../exporters/target.ts';
import { isNear, isWithin } from './alert-path.ts';
import type { ProxiedTarget, ProxyBinding } from './plan-types.ts';
import { hostOf, portOf } from './url-parts.ts';

interface Exception {
  host: string;
  /** Null: whichever. */
  port: number | null;
}

/** `[2001:db8::1]:8080`, `host:8080`, or either without its port; a network has none. */
const EXCEPTION = /^(\[[0-9a-f:]+\]|[^:/\s[\]]+)(?::(\d{1,5}))?$/i;

/** As in NO_PROXY; null for what is nothing of the kind. */
function exceptionIn(text: string): Exception | null {
  if (networkOf(text) !== null || net.isIP(text) !== 0) return { host: text, port: null };
  const [, host, port] = EXCEPTION.exec(text) ?? [];
  if (host === undefined || Number(port ?? 1) > 65_535) return null;
  return { host: plainHost(host.replace(/^\*?\./, '')), port: port === undefined ? null : Number(port) };
}

const OwnedProxy = ForwardProxy.extend({
  owner: z
    .enum(['self', 'other'])
    .default('self')
    .describe('Whose failure its failure is: `self`, of you or your network, or of somebody else.'),
});

type OwnedProxy = z.output<typeof OwnedProxy>;

/** What one service says of its way out. */
export const ProxyChoice = z
  .union([z.literal('none'), OwnedProxy])
  .optional()
  .describe(
    'Forward proxy of its own that the request goes through; `none`: it is asked directly. Left out: as `proxy` of the map says.',
  );

type ProxyChoice = z.output<typeof ProxyChoice>;

export const SiteProxy = OwnedProxy.extend({
  except: z
    .array(z.string().refine((text) => exceptionIn(text) !== null, 'must be a name, an address or a network'))
    .max(64)
    .default([])
    .describe(
      'What is asked directly, as in NO_PROXY: names with all below them, addresses, networks; names and addresses with a port where only that is meant. What stays in the house always is.',
    ),
})
  .optional()
  .describe(
    'Forward proxy that all goes through which is asked for by HTTP and leaves the house: services, controls, APIs, registries, status pages. What fails at it is held against nobody behind it.',
  );

type SiteProxy = z.output<typeof SiteProxy>;

/** Kinds that ask a server by HTTP, and the setting that says where it is. */
const SERVER_OF = {
  http: 'url',
  api: 'url',
  custom: 'url',
  outside: 'url',
  routing: 'url',
  status: 'url',
  registration: 'server',
  identity: 'issuer',
  acme: 'directory',
} as const satisfies Partial<Record<ProbeKind, string>>;

const goesByHttp = (kind: ProbeKind): kind is keyof typeof SERVER_OF => kind in SERVER_OF;

const Choosing = z.object({ proxy: ProxyChoice });

/** What a request to `url` goes through; null: nothing. */
function proxyFor(url: string, chosen: ProxyChoice, site: SiteProxy): OwnedProxy | null {
  if (chosen === 'none') return null;
  if (chosen !== undefined) return chosen;
  const direct = site === undefined || isNear(hostOf(url)) || site.except.some((one) => isMeant(url, one));
  return direct ? null : site;
}

function isMeant(url: string, text: string): boolean {
  const exception = exceptionIn(text);
  const host = hostOf(url);
  if (exception === null || (exception.port !== null && exception.port !== portOf(url))) return false;
  const network = networkOf(exception.host);
  if (network === null) return isWithin(host, exception.host);
  const within = new net.BlockList();
  within.addSubnet(network.address, network.bits, network.family);
  return net.isIP(host) !== 0 && within.check(host, net.isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

/** As a request to `url` takes it, without whose it is; undefined: it is asked directly. */
export function wayTo(url: string, site: SiteProxy, chosen?: ProxyChoice): ForwardProxy | undefined {
  const proxy = proxyFor(url, chosen, site);
  return proxy === null ? undefined : ForwardProxy.strip().parse(proxy);
}

/** The settings of a target as its probe takes them: with the way out it has, and without whose that is. */
export function withWayOut(kind: ProbeKind, settings: Record<string, unknown>, site: SiteProxy): typeof settings {
  const server = goesByHttp(kind) ? settings[SERVER_OF[kind]] : undefined;
  if (typeof server !== 'string') return settings;
  return { ...withTokenWay(settings, site), proxy: wayTo(server, site, Choosing.parse(settings).proxy) };
}

const ForToken = z.looseObject({
  auth: z.looseObject({ kind: z.literal('oauth2'), tokenUrl: z.string(), proxy: ForwardProxy.optional() }),
});

/** A token is had by a way of its own: its endpoint may be elsewhere than whoever takes it. */
function withTokenWay(settings: Record<string, unknown>, site: SiteProxy): typeof settings {
  const { second } = settings;
  const inner = typeof second === 'object' ? { second: withTokenWay({ ...second }, site) } : {};
  const parsed = ForToken.safeParse(settings);
  if (!parsed.success) return { ...settings, ...inner };
  const { auth } = parsed.data;
  const proxy = auth.proxy ?? wayTo(auth.tokenUrl, site);
  return { ...settings, ...inner, auth: { ...auth, ...(proxy && { proxy }) } };
}

/** The proxy people's requests to `url` go through, as far as it can be judged. */
export function bindProxy(url: string, chosen: ProxyChoice, site: SiteProxy): ProxyBinding | null {
  const proxy = proxyFor(url, chosen, site);
  return proxy === null ? null : { url: proxy.url, own: proxy.owner === 'self', near: isNear(hostOf(proxy.url)) };
}

const Passing = z.object({ proxy: z.object({ url: z.string() }) });

/** Of the forward proxy a planned target of any kind is asked through; null: none. */
export const wayOutOf = ({ settings }: Pick<Target, 'settings'>): string | null =>
  Passing.safeParse(settings).data?.proxy.url ?? null;

/** The same for those by which the proxy is judged; null: none, or it is judged by others. */
export const proxyUrlOf = (target: Pick<Target, 'kind' | 'settings'>): string | null =>
  target.kind === 'http' ? wayOutOf(target) : null;

/**
 * What is asked through each proxy, by its URL: what gets through to nobody is told from one server that is gone. All ways to a
 * service count as one server, for they may lead to one machine.
 */
export function proxiedOf(targets: readonly Target[]): ReadonlyMap<string, readonly ProxiedTarget[]> {
  const hostAsked = ({ settings }: Target): string => hostOf(String(settings.url));
  const served = new Map(
    targets.filter(({ labels }) => labels.role === 'service').map((one) => [one.labels.service, hostAsked(one)]),
  );
  const proxied = new Map<string, ProxiedTarget[]>();
  for (const target of targets) {
    const proxy = proxyUrlOf(target);
    if (proxy === null) continue;
    const one = { target: target.id, host: served.get(target.labels.service) ?? hostAsked(target) };
    proxied.set(proxy, [...(proxied.get(proxy) ?? []), one]);
  }
  return proxied;
}
