// Whatever daemon carries a tunnel, it proves the same signals, and the rows about tunnels judge it alike.
import { describe, expect, it } from 'vitest';
import { type BenchWorld, benchWorld, type Failure, MAP, START } from './bench-world.ts';

const KINDS = [
  'kind: tailscale',
  'kind: wireguard, interface: wg0',
  'kind: ngrok',
  "kind: frp, api: 'http://127.0.0.1:7400', name: blog",
  "kind: cloudflared, metrics: 'http://127.0.0.1:20241'",
];

/** The far end is a vendor with two canaries, others' hosts behind the same service. */
const mapWith = (tunnel: string): string =>
  MAP.replace(
    '    edge: { vendor: cloudflare }\n',
    `    tunnel: { ${tunnel}, vendor: acme, component: carry }\n`,
  ).replace(
    'vendors:\n',
    `vendors:
  acme:
    title: Acme
    operators: [acme]
    components:
      carry:
        title: tunnel service
        layer: tunnel
        ports: [{ host: 127.3.0.1, port: 7844 }]
        controls:
          - { kind: http, url: 'https://one.acme.test/', source: test, checked: never }
          - { kind: http, url: 'https://two.acme.test/', source: test, checked: never }
`,
  );

function worldWith(tunnel: string): BenchWorld {
  const world = benchWorld(undefined, START, mapWith(tunnel));
  for (let rounds = 0; rounds < 4; rounds += 1) {
    world.round();
    world.wait(15);
  }
  return world;
}

function troubled(world: BenchWorld, broken: Readonly<Record<string, Failure>>, rounds = 12) {
  for (const [target, failure] of Object.entries(broken)) world.broken.set(target, failure);
  for (let round = 0; round < rounds; round += 1) {
    world.round();
    world.wait(3);
  }
  return world.verdict();
}

describe.each(KINDS)('a tunnel of %s', (tunnel) => {
  it('is fine', () => {
    const world = worldWith(tunnel);
    expect(world.verdict().row).toBe('fine');
    expect(['tunnel_daemon', 'tunnel_ready', 'tunnel_edge'].map((name) => world.state(name as 'tunnel_ready'))).toEqual(
      [1, 1, 1],
    );
  });

  it('is yours when its daemon is gone', () => {
    const broken = { 'service/blog': 'origin_502', 'tunnel/blog': 'refused' } as const;
    expect(troubled(worldWith(tunnel), broken)).toMatchObject({ party: 'own', row: 'tunnel_daemon_dead' });
  });

  it('is the vendor’s when others are not carried either', () => {
    const broken = { 'service/blog': 'origin_502', 'tunnel/blog': 'not_ready', 'control/acme': 'origin_502' } as const;
    const verdict = troubled(worldWith(tunnel), broken);
    expect(verdict).toMatchObject({ party: 'vendor', vendor: 'acme', component: 'carry', row: 'tunnel_service_down' });
  });

  it('is nobody’s in particular when others are carried, or when its ports are silent', () => {
    const broken = { 'service/blog': 'origin_502', 'tunnel/blog': 'not_ready' } as const;
    expect(troubled(worldWith(tunnel), broken)).toMatchObject({ party: 'unknown', row: 'tunnel_suspected' });
    const blocked = { ...broken, 'tunnel_edge/acme': 'silent' } as const;
    expect(troubled(worldWith(tunnel), blocked)).toMatchObject({ party: 'unknown', row: 'tunnel_blocked' });
  });
});
