// Whom each target asks, so that few ask the same at once: told for every kind that goes by the network.
import { describe, expect, it } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { collectTargets } from '../../map/targets.ts';

const MAP = `
version: 1
services:
  shop: { url: 'https://shop.example.org/' }
`;

function hostOf(
  kind: 'http' | 'dns' | 'tcp' | 'registration' | 'wireguard',
  settings: Record<string, unknown>,
): unknown {
  const targets = collectTargets(parseMap(MAP, 'demarc.yaml', '.'));
  targets.add('anchor', 'one', kind, settings);
  return targets.all()[0]?.host;
}

describe('whom a target asks', () => {
  it.each([
    ['http', { url: 'https://shop.example.org:8443/a' }, 'shop.example.org'],
    ['http', { url: 'https://shop.example.org/', address: '192.0.2.7' }, '192.0.2.7'],
    ['http', { url: 'http://[2001:db8::7]:8080/' }, '2001:db8::7'],
    ['tcp', { host: '192.0.2.1', port: 443 }, '192.0.2.1'],
    ['dns', { server: '192.0.2.53:53', name: 'example.org' }, '192.0.2.53'],
    ['dns', { server: '[2001:db8::53]:5353', name: 'example.org' }, '2001:db8::53'],
    ['dns', { server: 'tls://192.0.2.53#dns.example', name: 'example.org' }, '192.0.2.53'],
    ['registration', { server: 'https://rdap.example/v1/', domain: 'example.org' }, 'rdap.example'],
    ['registration', { domain: 'example.org' }, undefined],
    ['wireguard', { program: 'wg' }, undefined],
  ] as const)('of kind %s and %j is %s', (kind, settings, host) => expect(hostOf(kind, settings)).toBe(host));
});
