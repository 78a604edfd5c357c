// Proposals from what a reverse proxy says of itself: Traefik's API of routers and services, Caddy's admin API.
import { z } from 'zod';
import { each, nameFrom, type Proposal, plain, type Refusal, type Sighted } from './discover.ts';

export const TraefikRouters = each(
  z.looseObject({
    name: z.string(),
    rule: z.string(),
    service: z.string(),
    status: z.string().optional(),
    provider: z.string().optional(),
    tls: z.looseObject({}).optional(),
  }),
);

export const TraefikServices = each(
  z.looseObject({
    name: z.string(),
    loadBalancer: z.looseObject({ servers: each(z.looseObject({ url: z.string() })).default([]) }).optional(),
  }),
);

interface Traefik {
  routers: z.output<typeof TraefikRouters>;
  services: z.output<typeof TraefikServices>;
}

/** The arguments of every `Host(...)` or the like of a rule; none when the rule denies or matches by an expression. */
function argumentsOf(rule: string, matcher: string): string[] {
  const calls = rule.matchAll(new RegExp(`\\b${matcher}\\(([^)]*)\\)`, 'g'));
  return [...calls].flatMap(([, list = '']) => [...list.matchAll(/[`"]([^`"]+)[`"]/g)].map(([, one = '']) => one));
}

function readRouter(router: Traefik['routers'][number], services: Traefik['services']): (Proposal | Refusal)[] {
  const { name, rule, service, status, provider, tls } = router;
  const what = `Traefik's router ${plain(name)}`;
  if (provider === 'internal') return [];
  if (status !== undefined && status !== 'enabled') return [{ what, why: `it is ${plain(status)}` }];
  const hosts = argumentsOf(rule, 'Host');
  if (hosts.length === 0) return [{ what, why: `its rule ${plain(rule)} names no host` }];
  // A service without a provider is of the router's own.
  const full = service.includes('@') ? service : `${service}@${provider ?? name.split('@')[1] ?? ''}`;
  const [server] = services.find((one) => one.name === full)?.loadBalancer?.servers ?? [];
  const [path = '/'] = [...argumentsOf(rule, 'Path'), ...argumentsOf(rule, 'PathPrefix')];
  return hosts.map((host) => ({
    name: nameFrom(host),
    service: {
      url: `${tls === undefined ? 'http' : 'https'}://${host}${path}`,
      ...(server === undefined ? {} : { origin: { url: new URL(path, baseOf(server.url)).href, host } }),
    },
    reasons: [server === undefined ? what : `${what}, in front of ${plain(server.url)}`],
  }));
}

/** A server's URL that is none is left to the check of the map to refuse. */
const baseOf = (url: string): string => (URL.canParse(url) ? url : `http://${encodeURIComponent(url.slice(0, 100))}`);

export function proposedByTraefik({ routers, services }: Traefik): Sighted {
  return sorted(routers.flatMap((router) => readRouter(router, services)));
}

const Match = z.looseObject({ host: z.array(z.string()).default([]), path: z.array(z.string()).default([]) });

const Handler = z.looseObject({
  handler: z.string().default(''),
  upstreams: each(z.looseObject({ dial: z.string() })).optional(),
  get routes() {
    return each(Route).optional();
  },
});

const Route: z.ZodType<CaddyRoute> = z.looseObject({
  match: each(Match).default([]),
  get handle() {
    return each(Handler).default([]);
  },
});

interface CaddyHandler {
  handler: string;
  upstreams?: { dial: string }[] | undefined;
  routes?: CaddyRoute[] | undefined;
}

interface CaddyRoute {
  match: { host: string[]; path: string[] }[];
  handle: CaddyHandler[];
}

/** `GET /config/` of the admin API; null when nothing is configured. */
export const CaddyConfig = z
  .looseObject({
    apps: z
      .looseObject({
        http: z
          .looseObject({
            servers: z.record(
              z.string(),
              z.looseObject({ listen: z.array(z.string()).default([]), routes: each(Route).default([]) }),
            ),
          })
          .optional(),
      })
      .default({}),
  })
  .nullable();

/** The first upstream that a route leads to. */
function upstreamOf({ handle }: CaddyRoute): string | undefined {
  for (const { upstreams = [], routes = [] } of handle) {
    const found = upstreams[0]?.dial ?? routes.map(upstreamOf).find((dial) => dial !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readRoute(route: CaddyRoute, server: string, secure: boolean): (Proposal | Refusal)[] {
  const dial = upstreamOf(route);
  const hosts = [...new Set(route.match.flatMap(({ host }) => host))];
  return hosts.map((host) => {
    const what = `Caddy's server ${plain(server)}, host ${plain(host)}`;
    if (host.includes('*') || host.includes('{'))
      return { what, why: 'it is for many names; name those that matter yourself' };
    return {
      name: nameFrom(host),
      service: {
        url: `${secure ? 'https' : 'http'}://${host}/`,
        ...(dial === undefined ? {} : { origin: { url: `http://${dial}/`, host } }),
      },
      reasons: [dial === undefined ? what : `${what}, in front of ${plain(dial)}`],
    };
  });
}

export function proposedByCaddy(config: z.output<typeof CaddyConfig>): Sighted {
  const servers = Object.entries(config?.apps.http?.servers ?? {});
  return sorted(
    servers.flatMap(([name, { listen, routes }]) => {
      const secure = !listen.every((at) => at.endsWith(':80'));
      return routes.flatMap((route) => readRoute(route, name, secure));
    }),
  );
}

const sorted = (seen: readonly (Proposal | Refusal)[]): Sighted => ({
  proposals: seen.filter((one) => 'service' in one),
  refusals: seen.filter((one) => 'why' in one),
});
