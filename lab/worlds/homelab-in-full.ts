// The homelab with everything a map can name: what dashboards are shown with. No scenario plays in it.
import type { DaemonKind, World, WorldService } from '../world.ts';
import { HOMELAB } from './homelab.ts';

const MORE_OF: Readonly<Record<string, Partial<WorldService>>> = {
  blog: { watched: 5 },
  shop: { watched: 5, renews: true },
  orders: { tells: true, queues: true, calls: 60, signsIn: true },
};

/** By their own words; at Google's address a box on the way answers. */
const IDENTITIES: Readonly<Record<string, string>> = { quad9: 'res100.quad9.test', google: 'router.isp.test' };

/** Of ours, not behind any edge, and each carried home by a daemon of another kind. */
const CARRIED: readonly [name: string, at: number, daemon: DaemonKind][] = [
  ['files', 111, 'tailscale'],
  ['camera', 112, 'wireguard'],
  ['webhooks', 113, 'ngrok'],
  ['games', 114, 'frp'],
];

const carried = CARRIED.map(
  ([name, at, daemon]): WorldService => ({
    name,
    host: `${name}.market.test`,
    path: '/',
    zone: 'market.test',
    edge: null,
    tunneled: false,
    daemon,
    needs: null,
    origin: { at, tls: true, software: 'nginx' },
  }),
);

const hosts = Object.fromEntries(carried.map(({ host, origin }) => [host, [origin.at]]));

export const HOMELAB_IN_FULL: World = {
  ...HOMELAB,
  name: 'homelab-in-full',
  pings: true,
  publicResolvers: HOMELAB.publicResolvers.map((resolver) => {
    const identity = IDENTITIES[resolver.operator];
    return resolver.over === undefined && identity !== undefined ? { ...resolver, identity } : resolver;
  }),
  watcher: 70,
  bystanders: {
    collector: 71,
    identity: 72,
    acme: 73,
    prefixes: [
      { prefix: '192.0.2.0/24', owner: 'isp', origin: 64_496 },
      { prefix: '2001:db8::/32', owner: 'isp', origin: 64_496 },
      { prefix: '198.51.100.0/24', owner: 'cloudflare', origin: 64_500 },
    ],
  },
  zones: HOMELAB.zones.map((zone) =>
    zone.zone === 'market.test' ? { ...zone, hosts: { ...zone.hosts, ...hosts }, declared: true } : zone,
  ),
  services: [...HOMELAB.services.map((service) => ({ ...service, ...MORE_OF[service.name] })), ...carried],
};
