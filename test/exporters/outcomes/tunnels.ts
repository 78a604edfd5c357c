// What provokes each outcome of a look at a tunnel's daemon.

import { answeringAtSocket, program, temporaryFolder, unixServer } from '../local-daemons.ts';
import { httpServer } from '../local-server.ts';
import { type Outcomes, ofDocuments, type Provoke, SHORT_MS, served } from './provoke.ts';

const KEY = `${'A'.repeat(43)}=`;

const dump = (interfaceName: string): string => {
  const seconds = Math.floor(Date.now() / 1_000) - 30;
  const peer = [interfaceName, KEY, '(none)', '192.0.2.7:51820', '10.0.0.0/24', seconds, 1_000, 2_000, '25'];
  return `${[interfaceName, KEY, KEY, '51820', 'off'].join('\t')}\n${peer.join('\t')}\n`;
};

const wg =
  (run: () => string): Provoke =>
  async () => ({ settings: { interface: 'wg0', program: run() } });

export const WIREGUARD = {
  ok: wg(() => program(dump('wg0'))),
  tunnel_not_ready: wg(() => program(dump('wg1'))),
  answer_malformed: wg(() => program('Operation not permitted\n')),
  local: wg(() => program('', 1)),
} satisfies Outcomes;

const tailscaled =
  (socket: () => Promise<string>, deadlineMs = 2_000): Provoke =>
  async () => ({ settings: { socket: await socket() }, deadlineMs });

const backend = (state: string): string =>
  JSON.stringify({ BackendState: state, Health: ['derp'], Self: { Online: true, KeyExpiry: '2030-01-02T03:04:05Z' } });

export const TAILSCALE = {
  ok: tailscaled(() => answeringAtSocket(backend('Running'))),
  tunnel_not_ready: tailscaled(() => answeringAtSocket(backend('NeedsLogin'))),
  timeout: tailscaled(() => unixServer(() => undefined), SHORT_MS),
  connect_refused: tailscaled(async () => `${temporaryFolder()}/gone.sock`),
  connect_reset: tailscaled(() => unixServer((socket) => socket.end())),
  local: tailscaled(async () => '/nowhere/gone.sock'),
  http_status: tailscaled(() => answeringAtSocket('{}', 403)),
  http_protocol: tailscaled(() => unixServer((socket) => socket.end('220 hello\r\n\r\n'))),
  answer_malformed: tailscaled(() => answeringAtSocket('<html>')),
} satisfies Outcomes;

/** A daemon with a page for each of these paths. */
const pages =
  (
    bodies: Readonly<Record<string, unknown>>,
    settingsAt: (base: string) => Record<string, unknown>,
    status = 200,
  ): Provoke =>
  async () => {
    const { port } = await httpServer(({ url = '' }, response) => {
      const body = bodies[url];
      if (body === undefined) response.writeHead(404).end();
      else response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    return { settings: settingsAt(`http://127.0.0.1:${port}`) };
  };

const agent = (base: string) => ({ url: base });
const TUNNELS = { tunnels: [{ name: 'blog', public_url: 'https://blog.ngrok.app' }] };

export const NGROK = {
  ...ofDocuments(agent),
  ok: pages({ '/api/tunnels': TUNNELS, '/api/status': { status: 'online', session: { legs: [{}] } } }, agent),
  tunnel_not_ready: pages({ '/api/tunnels': TUNNELS, '/api/status': { status: 'reconnecting' } }, agent),
} satisfies Outcomes;

const proxy = (base: string) => ({ url: base, proxy: 'blog' });
const secured = (base: string) => ({
  ...proxy(base),
  auth: { kind: 'basic', user: 'admin', password: { file: '/nowhere/password' } },
});
const proxies = (status: string) => ({ http: [{ name: 'blog', status }] });

export const FRP = {
  ...ofDocuments(proxy),
  ok: served(proxies('running'), proxy),
  tunnel_not_ready: served(proxies('start error'), proxy),
  local: served(proxies('running'), secured),
} satisfies Outcomes;

const ready = (status: number, readyConnections: number) => ({ status, readyConnections, connectorId: 'x' });
const METRICS = 'build_info{version="2026.8.1"} 1\ncloudflared_tunnel_tunnel_register_fail{error="x"} 3\n';
const { http_status: _status, http_redirect: _redirect, http_too_large: _size, ...LISTENING } = ofDocuments(agent);

/** Its /ready says how it is with any status, so that a strange one is a strange answer. */
export const CLOUDFLARED = {
  ...LISTENING,
  ok: pages({ '/ready': ready(200, 4), '/metrics': METRICS }, agent),
  tunnel_not_ready: pages({ '/ready': ready(503, 0) }, agent, 503),
} satisfies Outcomes;
