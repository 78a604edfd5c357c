// Public resolvers asked who they are: which of them, in what words, how gently; and that nothing is judged by it.
import { describe, expect, it } from 'vitest';
import { nothingRead } from '../../exporters/dns/facts.ts';
import { PROBES } from '../../exporters/registry.ts';
import type { Target } from '../../exporters/target.ts';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN, planOf } from '../../map/plan.ts';
import { UserError } from '../../map/user-error.ts';
import { classify } from '../../signals/classify.ts';

function planned(map: string): Target[] {
  const { targets } = planOf(parseMap(`version: 1\nservices: {}\n${map}\n`, 'map', '/'), NOTHING_KNOWN);
  return targets.filter(({ labels }) => labels.role === 'interception');
}

describe('public resolvers', () => {
  it('are asked who they are where the map knows their words and they are asked in the clear', () => {
    const targets = planned(`publicResolvers:
  - { address: 192.0.2.1, operator: one, identity: '^res[0-9]+$' }
  - { address: 192.0.2.2, operator: two }
  - { address: 'tls://192.0.2.3#dns.example', operator: three, identity: x }`);
    expect(targets.map(({ id, settings, intervalMs, gapMs }) => [id, settings, intervalMs, gapMs])).toEqual([
      [
        'interception/one/192.0.2.1',
        { server: '192.0.2.1', name: 'id.server', type: 'TXT', class: 'CH', expect: { identity: '^res[0-9]+$' } },
        120_000,
        30_000,
      ],
    ]);
    for (const { kind, settings } of targets) expect(() => PROBES[kind].prepare('t', settings)).not.toThrow();
  });

  it('are those of the catalogue where the map names none', () => {
    const [quad9, cloudflare] = planned('').map(({ settings }) => settings);
    const wish = (settings: unknown) => (settings as { expect: { identity: string } }).expect.identity;
    expect('res860.qfra3.rrdns.pch.net').toMatch(new RegExp(wish(quad9)));
    expect('FRA').toMatch(new RegExp(wish(cloudflare)));
    expect('openwrt').not.toMatch(new RegExp(wish(cloudflare)));
  });

  it('are refused with words that are no pattern', () => {
    const map = "publicResolvers: [{ address: 192.0.2.1, operator: one, identity: '(a' }]";
    expect(() => planned(map)).toThrow(UserError);
  });

  it('accuse nobody by who answers', () => {
    const facts = { ...nothingRead('192.0.2.1:53'), rcode: 'NXDOMAIN', shape: 'nxdomain', identity: 'other' } as const;
    const outcome = { ok: false, reason: 'dns_intercepted', phase: 'check' } as const;
    const when = { startedAt: 0, durationMs: 5, phases: {} };
    const context = { role: 'interception', layer: null, named: false, troubled: false, declared: false } as const;
    expect(classify({ kind: 'dns', target: 't', ...outcome, ...when, facts }, context, false)).toEqual({});
  });
});
