// The tunnel of a service: which daemon carries it, where that daemon is asked, and who runs the far end.
import { z } from 'zod';
import { Auth } from '../exporters/http/credentials.ts';
import { PROGRAM } from '../exporters/run-program.ts';
import { USUAL_SOCKET } from '../exporters/tailscale/probe.ts';
import { Name, Url } from './schema-words.ts';
import type { Targets } from './targets.ts';

const TUNNEL_KINDS = ['cloudflared', 'tailscale', 'wireguard', 'ngrok', 'frp'] as const;

type TunnelKind = (typeof TUNNEL_KINDS)[number];

/** Keys of each kind, besides those all have; what is not optional must be there. */
const KEYS: Readonly<Record<TunnelKind, { needs: readonly string[]; takes: readonly string[] }>> = {
  cloudflared: { needs: ['metrics'], takes: [] },
  tailscale: { needs: [], takes: ['socket', 'program', 'peer'] },
  wireguard: { needs: ['interface'], takes: ['program', 'peer'] },
  ngrok: { needs: [], takes: ['api', 'name'] },
  frp: { needs: ['api', 'name'], takes: ['auth'] },
};

const ALWAYS = ['kind', 'vendor', 'component'];

/** Where a daemon is asked unless the map says otherwise. */
const USUAL_AGENT = 'http://127.0.0.1:4040';

export const Tunnel = z
  .strictObject({
    kind: z.enum(TUNNEL_KINDS).default('cloudflared').describe('Which daemon it is.'),
    vendor: z
      .union([z.literal('none'), Name])
      .optional()
      .describe(
        'Who runs the far end, as described under `vendors`; `none`: you do. Left out: cloudflare for cloudflared, and nobody else is ever named for the other kinds.',
      ),
    component: Name.default('tunnel').describe('Which component of the vendor it is.'),
    metrics: Url.optional().describe('cloudflared: where the daemon serves `/ready` and `/metrics`.'),
    api: Url.optional().describe(
      "ngrok: the agent's API, http://127.0.0.1:4040 unless told otherwise. frp: the admin page of frpc.",
    ),
    name: z
      .string()
      .min(1)
      .max(128)
      .optional()
      .describe('ngrok: the tunnel that must be there. frp: the proxy that must run.'),
    auth: Auth.optional().describe('frp: credentials for the admin page.'),
    socket: z
      .string()
      .regex(/^(\/[\w.@+-]+)+$/, 'must be an absolute path')
      .max(100)
      .optional()
      .describe(
        "tailscale: where the daemon's LocalAPI listens, /var/run/tailscale/tailscaled.sock unless told otherwise.",
      ),
    program: z
      .string()
      .regex(PROGRAM, 'must be the name of a program or its absolute path')
      .optional()
      .describe(
        'wireguard: `wg`, or what calls it with the rights it needs. tailscale: a program to run instead of the socket.',
      ),
    interface: z
      .string()
      .regex(/^[A-Za-z0-9_=+.-]{1,15}$/, 'must be the name of an interface')
      .optional()
      .describe('wireguard: the interface, such as wg0.'),
    peer: z
      .string()
      .min(1)
      .max(253)
      .optional()
      .describe('wireguard: public key of the far end. tailscale: a machine of the tailnet that must be online.'),
  })
  .superRefine((tunnel, context) => {
    const { needs, takes } = KEYS[tunnel.kind];
    const given = Object.entries(tunnel).flatMap(([key, value]) => (value === undefined ? [] : [key]));
    for (const key of given.filter((one) => ![...ALWAYS, ...needs, ...takes].includes(one)))
      context.addIssue({ code: 'custom', path: [key], message: `is not for ${tunnel.kind}` });
    for (const key of needs.filter((one) => !given.includes(one)))
      context.addIssue({ code: 'custom', path: [key], message: `is needed for ${tunnel.kind}` });
  })
  .describe('The tunnel daemon that carries requests home.');

export type Tunnel = z.output<typeof Tunnel>;

/** Who runs the far end, as a component of a vendor; undefined when you do. */
export function farEndOf(tunnel: Tunnel | undefined): { vendor: string; component: string } | undefined {
  if (tunnel === undefined || tunnel.vendor === 'none') return undefined;
  const vendor = tunnel.vendor ?? (tunnel.kind === 'cloudflared' ? 'cloudflare' : undefined);
  return vendor === undefined ? undefined : { vendor, component: tunnel.component };
}

/** Where the daemon is asked, as people would say it. */
export function daemonPlace({ kind, metrics, api, socket, interface: device }: Tunnel): string {
  const url = metrics ?? api;
  if (url !== undefined) return new URL(url).host;
  return device ?? socket ?? (kind === 'ngrok' ? new URL(USUAL_AGENT).host : USUAL_SOCKET);
}

/** The target that asks the daemon. */
export function bindTunnel(service: string, tunnel: Tunnel, targets: Targets): string {
  const { kind, metrics, api, name, auth, socket, program, interface: device, peer } = tunnel;
  const settings = {
    cloudflared: { url: metrics },
    tailscale: { socket: socket ?? USUAL_SOCKET, program, peer },
    wireguard: { interface: device, program, peer },
    ngrok: { url: api ?? USUAL_AGENT, tunnel: name },
    frp: { url: api, proxy: name, auth },
  } as const satisfies Record<TunnelKind, Record<string, unknown>>;
  return targets.add('tunnel', service, kind, settings[kind], { service });
}
