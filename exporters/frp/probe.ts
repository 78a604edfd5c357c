// Asks frp whether one of its proxies runs: the client (frpc) at its admin page, or the server (frps) at its dashboard.
// Both are yours; only the machine the server stands on may be a vendor's. https://github.com/fatedier/frp
import { z } from 'zod';
import { readJson } from '../http/bounded-json.ts';
import { Auth } from '../http/credentials.ts';
import { fetchDocument } from '../http/document.ts';
import { HttpUrl } from '../http/url.ts';
import { inShape, Malformed } from '../malformed.ts';
import { defineProbe } from '../probe.ts';
import { type TunnelSaid, tunnelSaid, tunnelSamples, tunnelSilent } from '../tunnel-facts.ts';

const MAX_BYTES = 524_288;
const MOST_PROXIES = 1_000;

const Settings = z.strictObject({
  url: HttpUrl.describe('Base of the admin page of frpc, or of the dashboard of frps.'),
  side: z.enum(['client', 'server']).default('client').describe('Which of the two it is.'),
  proxy: z.string().min(1).max(128).describe('Name of the proxy that must run.'),
  type: z
    .enum(['http', 'https', 'tcp', 'udp', 'tcpmux', 'stcp', 'sudp', 'xtcp'])
    .default('http')
    .describe('Type of the proxy; only the server is asked by it.'),
  auth: Auth.optional().describe('Credentials for the page. One that cannot be read is a failure of ours, `local`.'),
});

type Settings = z.output<typeof Settings>;

const ListedProxy = z.object({ name: z.string(), status: z.string().max(64) });
const ListedProxies = z.array(ListedProxy).max(MOST_PROXIES);
/** By type. */
const OfClient = z.record(z.string(), ListedProxies).transform((byType) => Object.values(byType).flat());
const OfServer = z.object({ proxies: ListedProxies }).transform(({ proxies }) => proxies);

/** The words of frpc and frps; another word is no answer. */
const MEANING: ReadonlyMap<string, TunnelSaid> = new Map<string, TunnelSaid>([
  ['running', { state: 'ready', ailment: null }],
  ['online', { state: 'ready', ailment: null }],
  ['new', { state: 'not_ready', ailment: 'starting' }],
  ['wait start', { state: 'not_ready', ailment: 'starting' }],
  ['start error', { state: 'not_ready', ailment: 'start_error' }],
  ['check failed', { state: 'not_ready', ailment: 'check_failed' }],
  ['closed', { state: 'not_ready', ailment: 'closed' }],
  ['offline', { state: 'not_ready', ailment: 'offline' }],
]);

export const frp = defineProbe({
  kind: 'frp',
  settings: Settings,

  async measure(settings, context) {
    const path = settings.side === 'client' ? 'api/status' : `api/proxy/${settings.type}`;
    const base = settings.url.endsWith('/') ? settings.url : `${settings.url}/`;
    const got = await fetchDocument(new URL(path, base), MAX_BYTES, context, { auth: settings.auth });
    if (got.reason !== 'ok') return tunnelSilent(got.reason, got.phase, got.phases);
    return tunnelSaid(() => saidIn(got.body.toString('utf8'), settings), got.phases);
  },

  samples: tunnelSamples,
});

function saidIn(text: string, { side, proxy }: Settings): TunnelSaid {
  const proxies = inShape(side === 'client' ? OfClient : OfServer, readJson(text), `no list of proxies of a ${side}`);
  const found = proxies.find(({ name }) => name === proxy);
  if (found === undefined) return { state: 'not_ready', ailment: 'tunnel_absent' };
  const said = MEANING.get(found.status);
  if (said === undefined) throw new Malformed('a proxy in a state nobody knows');
  return said;
}
