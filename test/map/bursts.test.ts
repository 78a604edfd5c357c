// Where bursts go: to resolvers asked in the clear, as gently as the map says, and by ping only where the map says so.
import { describe, expect, it } from 'vitest';
import type { Target } from '../../exporters/target.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';

const MAP = `
version: 1
gateway: { address: 192.168.1.1 }
resolver: { address: 192.168.1.1 }
publicResolvers:
  - { address: 192.0.2.53, operator: one }
  - { address: "tls://192.0.2.54#dns.test", operator: two }
anchors:
  - { address: 192.0.2.1, operator: one }
  - { address: 192.0.2.2, operator: one }
  - { address: "2001:db8::1", operator: two }
  - { address: 192.0.2.4, operator: three }
services: {}
`;

function planned(bursts: string): Target[] {
  const { targets } = planOf(parseMap(`${MAP}${bursts}\n`, 'map', '/'), NOTHING_KNOWN);
  return targets.filter(({ labels: { role } }) => role === 'burst' || role === 'path_mtu');
}

describe('bursts', () => {
  it('go to your resolver and to others that are asked in the clear, once a minute', () => {
    const targets = planned('');
    expect(targets.map(({ id, kind }) => [id, kind])).toEqual([
      ['burst/own/192.168.1.1', 'train'],
      ['burst/one/192.0.2.53', 'train'],
    ]);
    for (const { intervalMs, gapMs } of targets) expect([intervalMs, gapMs]).toEqual([60_000, 10_000]);
  });

  it('of pings go to the router and one anchor of each operator, and there in full size too', () => {
    const pings = planned('bursts: { ping: true, interval: 5m }').filter(({ kind }) => kind === 'ping');
    expect(pings.map(({ id, settings: { bytes } }) => [id, bytes])).toEqual([
      ['burst/gateway/ping-192.168.1.1', undefined],
      ['burst/one/ping-192.0.2.1', undefined],
      ['burst/two/ping-2001:db8::1', undefined],
      ['burst/three/ping-192.0.2.4', undefined],
      ['path_mtu/one/192.0.2.1', 1_472],
      ['path_mtu/two/2001:db8::1', 1_452],
      ['path_mtu/three/192.0.2.4', 1_472],
    ]);
    for (const { intervalMs } of pings) expect(intervalMs).toBe(300_000);
  });

  it('can be left out', () => {
    expect(planned('bursts: none')).toEqual([]);
  });

  it('more often than is gentle are refused', () => {
    expect(() => planned('bursts: { interval: 1s }')).toThrow(/10s/);
  });
});
