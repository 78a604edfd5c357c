// Ports outside: whom the plan asks, over what, how gently, and nobody that the map did not want asked.
import { describe, expect, it } from 'vitest';
import type { Target } from '../../exporters/target.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';

function planned(map: string): Target[] {
  const { targets } = planOf(parseMap(`version: 1\n${map}\n`, 'map', '/'), NOTHING_KNOWN);
  return targets.filter(({ id }) => id.startsWith('egress/') || id.includes('/quic-'));
}

const idsOf = (targets: readonly Target[]): string[] => targets.map(({ id }) => id);

describe('ports outside', () => {
  it('are asked over what is spoken there, and QUIC in full size too', () => {
    const targets = planned(`egress:
  - { host: 192.0.2.1, port: 853, operator: one }
  - { host: 192.0.2.2, port: 443, over: quic, operator: two }
services: {}`);
    expect(targets.map(({ id, kind, settings }) => [id, kind, settings])).toEqual([
      ['egress/tcp-853/one/192.0.2.1', 'tcp', { host: '192.0.2.1', port: 853 }],
      ['egress/quic-443/two/192.0.2.2', 'quic', { host: '192.0.2.2', port: 443 }],
      ['path_mtu/two/quic-192.0.2.2', 'quic', { host: '192.0.2.2', port: 443, bytes: 1_472 }],
    ]);
    for (const { intervalMs, gapMs } of targets) expect([intervalMs, gapMs]).toEqual([120_000, 30_000]);
  });

  it('have at least two operators for each way, unless the map says otherwise', () => {
    const operators = new Map<string, Set<string>>();
    for (const [, door = '', operator = ''] of idsOf(planned('services: {}')).map((id) => id.split('/'))) {
      if (/^(tcp|quic)-\d+$/.test(door)) operators.set(door, (operators.get(door) ?? new Set()).add(operator));
    }
    expect([...operators.keys()].sort()).toEqual(['quic-443', 'tcp-853']);
    for (const known of operators.values()) expect(known.size).toBeGreaterThanOrEqual(2);
  });

  it('of the catalogue are left alone where the map names its own anchors', () => {
    expect(planned('anchors: []\nservices: {}')).toEqual([]);
  });

  it('include those that the daemon of a tunnel dials over QUIC', () => {
    const tunnel = '{ vendor: cloudflare, kind: cloudflared, metrics: "http://127.0.0.1:1/" }';
    const targets = planned(`anchors: []\nservices: { blog: { url: "https://blog.test/", tunnel: ${tunnel} } }`);
    expect(idsOf(targets)).toEqual([
      'egress/quic-7844/cloudflare/region1.v2.argotunnel.com',
      'egress/quic-7844/cloudflare/region2.v2.argotunnel.com',
    ]);
  });
});
