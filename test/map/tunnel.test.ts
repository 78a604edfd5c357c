// Tunnels of every kind in the map: how each daemon is asked, who runs the far end, and what does not fit.
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { elementsOf } from '../../map/dependencies.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';

const KEY = `${'A'.repeat(43)}=`;

const load = (tunnel: string) =>
  parseMap(`version: 1\nservices: { blog: { url: 'https://blog.test/', tunnel: { ${tunnel} } } }\n`, 'map', tmpdir());

describe('a tunnel', () => {
  it.each<[string, string, object, string]>([
    ['kind: tailscale, peer: vps', 'tailscale', { socket: '/var/run/tailscale/tailscaled.sock', peer: 'vps' }, ''],
    [`kind: wireguard, interface: wg0, peer: '${KEY}'`, 'wireguard', { interface: 'wg0', peer: KEY }, ''],
    ['kind: ngrok, name: blog', 'ngrok', { url: 'http://127.0.0.1:4040', tunnel: 'blog' }, ''],
    ["kind: frp, api: 'http://127.0.0.1:7400', name: blog", 'frp', { url: 'http://127.0.0.1:7400', proxy: 'blog' }, ''],
    ["metrics: 'http://127.0.0.1:20241'", 'cloudflared', { url: 'http://127.0.0.1:20241' }, 'cloudflare'],
    ["metrics: 'http://127.0.0.1:20241', vendor: none", 'cloudflared', { url: 'http://127.0.0.1:20241' }, ''],
  ])('of { %s } is asked by %s', (text, kind, settings, vendor) => {
    const map = load(text);
    const { targets, services } = planOf(map, NOTHING_KNOWN);
    expect(targets.find(({ id }) => id === 'tunnel/blog')).toMatchObject({
      kind,
      settings,
      labels: { service: 'blog' },
    });
    expect(services[0]?.dependencies.map((use) => use.vendor)).toEqual(vendor === '' ? [] : [vendor]);
    expect(elementsOf(map).find((element) => element.kind === 'daemon')?.title).toMatch(
      new RegExp(`^${kind} at \\S+$`),
    );
  });

  it.each<[string, string]>([
    ['kind: wireguard', 'is needed for wireguard'],
    ["kind: ngrok, metrics: 'http://127.0.0.1:1'", 'is not for ngrok'],
    ["kind: frp, api: 'http://u:p@127.0.0.1:1', name: blog", 'must not hold credentials'],
    [
      "kind: frp, api: 'http://127.0.0.1:1', name: blog, auth: { kind: bearer, token: hunter2 }",
      'services.blog.tunnel',
    ],
    ['kind: tailscale, vendor: acme', 'unknown vendor acme'],
    ['kind: tailscale, program: tailscale status', 'must be the name of a program'],
  ])('of { %s } is refused', (text, message) => {
    expect(() => load(text)).toThrow(message);
  });
});
