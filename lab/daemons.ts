// Daemons other than cloudflared that carry requests home, each telling of itself as the real one does: two at a page of their
// own, one at a socket, one through a program. Without the line they run on and are not connected.
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import type { z } from 'zod';
import type { Tunnel } from '../map/tunnel.ts';
import { json, NOT_FOUND, type Respond } from './answer.ts';
import type { Damage } from './damage.ts';
import { OFFLINE_FAULTS } from './elsewhere.ts';
import type { Outlet } from './outlet.ts';
import { addHttp, onlyOutlet, type Site } from './site.ts';
import type { DaemonKind, World, WorldService } from './world.ts';

type TunnelInput = z.input<typeof Tunnel>;

const INTERFACE = 'wg0';
const MONTH_MS = 30 * 86_400_000;
/** A new handshake is due after so long (whitepaper, section 6.1: Rekey-After-Time). */
const REKEY_S = 120;

const isOffline = ({ active }: Damage): boolean => OFFLINE_FAULTS.some((kind) => active(kind));

const carriedBy = ({ services }: World, kind: DaemonKind): WorldService[] =>
  services.filter(({ daemon }) => daemon === kind);

/** Those that tell at a page: ngrok's agent and frp's client. */
export async function buildAgents(site: Site): Promise<void> {
  const { world, damage } = site;
  const pages = { ngrok: ngrokAgent, frp: frpClient } as const;
  for (const kind of ['ngrok', 'frp'] as const) {
    for (const service of carriedBy(world, kind)) {
      const place = { role: 'agent', owner: service.name, side: 'lan', at: [service.origin.at] } as const;
      await addHttp(site, place, pages[kind](service, damage), null);
    }
  }
}

/** https://ngrok.com/docs/agent/api */
function ngrokAgent({ name, host }: WorldService, damage: Damage): Respond {
  return ({ path: asked }) => {
    const offline = isOffline(damage);
    const tunnel = { name, public_url: `https://${host}`, proto: 'https' };
    if (asked === '/api/tunnels') return json({ tunnels: offline ? [] : [tunnel], uri: asked });
    if (asked !== '/api/status') return NOT_FOUND;
    const legs = offline ? [] : [{ region: 'eu', latency: '12ms' }];
    return json({ status: offline ? 'reconnecting' : 'online', session: { legs } });
  };
}

/** The admin page of frpc. */
function frpClient({ name, host }: WorldService, damage: Damage): Respond {
  return ({ path: asked }) => {
    if (asked !== '/api/status') return NOT_FOUND;
    const offline = isOffline(damage);
    const proxy = { name, type: 'http', local_addr: '127.0.0.1:80', plugin: '', remote_addr: host };
    return json({
      http: [{ ...proxy, status: offline ? 'start error' : 'running', err: offline ? 'i/o timeout' : '' }],
    });
  };
}

const socketIn = (folder: string): string => path.join(folder, 'tailscaled.sock');
const programIn = (folder: string): string => path.join(folder, 'wg');

/** Those that tell on this machine only, in `folder`: Tailscale's daemon at its socket, WireGuard through `wg`. */
export async function startDaemons(world: World, folder: string, damage: Damage): Promise<{ stop(): Promise<void> }> {
  if (carriedBy(world, 'wireguard').length > 0) await writeFile(programIn(folder), WG, { mode: 0o755 });
  if (carriedBy(world, 'tailscale').length === 0) return { stop: async () => undefined };
  const server = http.createServer((_request, response) => {
    const { status, headers, body } = json(tailnetStatus(isOffline(damage)));
    response.writeHead(status, { ...headers, connection: 'close' }).end(body);
  });
  server.listen(socketIn(folder));
  await once(server, 'listening');
  return {
    async stop() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

/** Data flows on without the control plane; the daemon says that it misses it. */
const tailnetStatus = (offline: boolean): object => ({
  BackendState: 'Running',
  Health: offline ? ['not connected to the home DERP region'] : [],
  Self: { Online: !offline, KeyExpiry: new Date(Date.now() + 2 * MONTH_MS).toISOString() },
  Peer: null,
});

const key = (byte: number): string => Buffer.alloc(32, byte).toString('base64');

/** Writes what `wg show all dump` does. */
const WG = `#!/bin/sh
now=$(date +%s)
printf '${INTERFACE}\\t${key(1)}\\t${key(2)}\\t51820\\toff\\n'
printf '${INTERFACE}\\t${key(3)}\\t(none)\\t198.51.100.7:51820\\t10.9.0.2/32\\t%s\\t1024\\t2048\\t25\\n' $((now - now % ${REKEY_S}))
`;

/** The tunnel of a service as its map names it. */
export function tunnelInput(
  { name, daemon }: WorldService,
  outlets: readonly Outlet[],
  folder: string,
): TunnelInput | null {
  const api = (): string => {
    const { address, port } = onlyOutlet(outlets, 'agent', name);
    return `http://${address}:${port}`;
  };
  switch (daemon) {
    case 'tailscale':
      return { kind: 'tailscale', socket: socketIn(folder) };
    case 'wireguard':
      return { kind: 'wireguard', interface: INTERFACE, program: programIn(folder) };
    case 'ngrok':
    case 'frp':
      return { kind: daemon, api: api(), name };
    default:
      return null;
  }
}
