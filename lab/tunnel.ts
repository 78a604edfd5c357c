// The tunnel daemon: what cloudflared says at /ready and /metrics, and the requests it carries home.
// Whether it may hold connections follows from the faults; it notices a change a moment later, as the real one does.
import { randomUUID } from 'node:crypto';
import type { Answer, Asked, Respond } from './answer.ts';
import { askUpstream, type Upstream } from './upstream.ts';

export interface Tunnel {
  /** Established connections to the edge. */
  connections(): number;
  /**
   * Told after every change of the world. `alive`: the process runs; `connectable`: the edge would take it;
   * `refused`: the edge is reached and says no.
   */
  update(alive: boolean, connectable: boolean, refused: boolean): void;
  /** /ready, /metrics and the like. */
  metrics: Respond;
  /** Requests as they come down the tunnel. */
  ingress: Respond;
  stop(): void;
}

/** Connections a healthy daemon keeps, over two regions. */
const FULL = 4;

const TEXT = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' };

interface Counters {
  requests: number;
  requestErrors: number;
  registerFailures: number;
  registrations: number;
}

/** `routes`: host to origin. `noticeMs`: until a change of the world is noticed. */
export function startTunnel(routes: ReadonlyMap<string, Upstream>, noticeMs: number): Tunnel {
  const counters: Counters = { requests: 0, requestErrors: 0, registerFailures: 0, registrations: FULL };
  const connectorId = randomUUID();
  let connections = FULL;
  let goal = FULL;
  let isRefused = false;
  let notice: NodeJS.Timeout | undefined;
  const reach = (): void => {
    if (goal > connections) counters.registrations += goal;
    connections = goal;
  };
  return {
    connections: () => connections,
    update(alive, connectable, refused) {
      isRefused = refused;
      if (!alive) connections = 0;
      const next = alive && connectable ? FULL : 0;
      if (next === goal) return;
      goal = next;
      clearTimeout(notice);
      notice = setTimeout(reach, noticeMs);
      notice.unref();
    },
    metrics({ path }) {
      if (path === '/ready') return readiness(connections, connectorId);
      if (path === '/healthcheck') return { status: 200, headers: TEXT, body: 'OK\n' };
      if (path !== '/metrics') return { status: 404, headers: TEXT, body: '404 page not found\n' };
      // It tries again and again; how often between two looks is nobody's business.
      if (isRefused && connections === 0) counters.registerFailures += 1;
      return { status: 200, headers: TEXT, body: exposition(counters) };
    },
    ingress: (asked) => carry(asked, routes, counters),
    stop: () => clearTimeout(notice),
  };
}

function readiness(connections: number, connectorId: string): Answer {
  const status = connections > 0 ? 200 : 503;
  const body = JSON.stringify({ status, readyConnections: connections, connectorId });
  return { status, headers: { 'content-type': 'application/json' }, body: `${body}\n` };
}

async function carry(asked: Asked, routes: ReadonlyMap<string, Upstream>, counters: Counters): Promise<Answer> {
  counters.requests += 1;
  const route = routes.get(asked.host);
  if (route === undefined) return { status: 404, headers: {}, body: '' };
  const result = await askUpstream(route, asked);
  if ('answer' in result) return result.answer;
  counters.requestErrors += 1;
  return { status: 502, headers: {}, body: '' };
}

/** The families a real daemon shows whose values mean something here. ha_connections counts loops, not connections. */
function exposition({ requests, requestErrors, registerFailures, registrations }: Counters): string {
  const families: [
    name: string,
    type: 'gauge' | 'counter',
    help: string,
    samples: readonly [labels: string, value: number][],
  ][] = [
    [
      'build_info',
      'gauge',
      'Build and version information',
      [['{goversion="go1.27.3",revision="lab",type="",version="2026.8.1"}', 1]],
    ],
    ['cloudflared_tunnel_ha_connections', 'gauge', 'Number of active ha connections', [['', FULL]]],
    ['cloudflared_tunnel_request_errors', 'counter', 'Count of error proxying to origin', [['', requestErrors]]],
    [
      'cloudflared_tunnel_total_requests',
      'counter',
      'Amount of requests proxied through all the tunnels',
      [['', requests]],
    ],
    [
      'cloudflared_tunnel_tunnel_register_fail',
      'counter',
      'Count of tunnel registration errors by type',
      registerFailures === 0 ? [] : [['{error="server_error",rpcName="registerConnection"}', registerFailures]],
    ],
    [
      'cloudflared_tunnel_tunnel_register_success',
      'counter',
      'Count of successful tunnel registrations',
      [['{rpcName="registerConnection"}', registrations]],
    ],
    [
      'quic_client_smoothed_rtt',
      'gauge',
      'Calculated smoothed RTT measured on a connection in millisec',
      Array.from({ length: FULL }, (_, index): [string, number] => [`{conn_index="${index}"}`, 12 + index]),
    ],
  ];
  return families
    .map(([name, type, help, samples]) => {
      const lines = samples.map(([labels, value]) => `${name}${labels} ${value}`);
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines].join('\n');
    })
    .join('\n')
    .concat('\n');
}
