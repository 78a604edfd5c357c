// Looks for a cloudflared on this machine: whether one answers, and which names it says it carries to where.
import { z } from 'zod';
import { exchange } from '../exporters/http/exchange.ts';
import { PROBES } from '../exporters/registry.ts';
import { type LookOptions, lookContext } from './draft-look.ts';

export interface Daemon {
  /** Where it serves its metrics. */
  url: string;
  connections: number;
  /** From its own configuration; empty when it gives none away. */
  routes: { host: string; origin: string }[];
}

/** Where cloudflared listens unless told otherwise: the first of these that is free. */
export const DAEMON_URLS: readonly string[] = [20241, 20242, 20243, 20244, 20245].map(
  (port) => `http://127.0.0.1:${port}`,
);

const LOOK_MS = 2_000;
const MAX_CONFIG_BYTES = 262_144;

/** `/config` of the metrics server, as far as it is of use. https://github.com/cloudflare/cloudflared, metrics/metrics.go */
const Config = z.object({
  config: z.object({
    ingress: z.array(z.object({ hostname: z.string().optional(), service: z.string() })),
  }),
});

export async function findDaemons(urls: readonly string[], options: LookOptions): Promise<Daemon[]> {
  const found = await Promise.all(urls.map((url) => lookFor(url, options)));
  return found.filter((daemon) => daemon !== null);
}

async function lookFor(url: string, options: LookOptions): Promise<Daemon | null> {
  const deadline = new AbortController();
  const cancel = options.clock.after(LOOK_MS, () => deadline.abort());
  try {
    const context = lookContext(options, deadline.signal);
    const { facts } = await PROBES.cloudflared.prepare('look', { url })(context);
    if (facts.state === null) return null;
    const asked = { url: new URL('/config', url), method: 'GET', resolve: 'fresh', tlsVerify: true } as const;
    const { answer } = await exchange({ ...asked, maxBodyBytes: MAX_CONFIG_BYTES }, context);
    const text = answer?.status === 200 ? (answer.body?.toString('utf8') ?? '') : '';
    return { url, connections: facts.readyConnections ?? 0, routes: routesIn(text) };
  } finally {
    cancel();
  }
}

/** Names that lead to a web server; wildcards and the catch-all say nothing about one name. */
function routesIn(text: string): Daemon['routes'] {
  const parsed = Config.safeParse(parseJson(text));
  if (!parsed.success) return [];
  return parsed.data.config.ingress.flatMap(({ hostname, service }) =>
    hostname !== undefined && /^[a-z0-9.-]+$/i.test(hostname) && /^https?:\/\//.test(service) && URL.canParse(service)
      ? [{ host: hostname.toLowerCase(), origin: new URL(service).href }]
      : [],
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
