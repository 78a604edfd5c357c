// A day in the map on which a registration ends, beside what real RDAP servers tell: it stands in for them, and never against them.
import { expect, it, onTestFinished } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN } from '../../map/plan.ts';
import { until } from '../../replay/process.ts';
import { startMonitor } from '../../verdict/monitor.ts';
import { serveDocument } from '../exporters/serve-document.ts';

const registryOf = async (domain: string, expiry?: string): Promise<string> => {
  const events = expiry === undefined ? [] : [{ eventAction: 'expiration', eventDate: expiry }];
  const { base } = await serveDocument({
    body: JSON.stringify({ objectClassName: 'domain', ldhName: domain, events }),
  });
  return base;
};

it('a day in the map counts where the registry tells none, and is told to differ where it does', async () => {
  const map = parseMap(
    `
version: 1
interval: 1s
timeout: 500ms
gateway: none
bursts: none
anchors: []
publicResolvers: []
watch: []
domains:
  unasked.test: { rdap: none, expiresOn: 2026-01-31, parents: ['127.0.0.1:9'] }
  mute.test: { rdap: '${await registryOf('mute.test')}', expiresOn: 2099-05-01, parents: ['127.0.0.1:9'] }
  same.test: { rdap: '${await registryOf('same.test', '2099-05-01T22:30:00Z')}', expiresOn: 2099-05-01, parents: ['127.0.0.1:9'] }
  other.test: { rdap: '${await registryOf('other.test', '2098-01-01T00:00:00Z')}', expiresOn: 2099-05-01, parents: ['127.0.0.1:9'] }
services:
  unasked: { url: http://unasked.test:9/ }
  mute: { url: http://mute.test:9/ }
  same: { url: http://same.test:9/ }
  other: { url: http://other.test:9/ }
`,
    'demarc.yaml',
    '.',
  );
  const monitor = startMonitor({ map, around: NOTHING_KNOWN, version: '1.2.3', log: () => undefined });
  onTestFinished(() => monitor.stop());
  const domains = ['mute.test', 'same.test', 'other.test'];
  const isTold = (domain: string): boolean => monitor.observation(`registration/${domain}`)?.ok === true;
  await until('three registries have told', () => domains.every(isTold), 20_000);
  const page = String(await monitor.metrics());
  const declared = /demarc_domain_declared_expiry_timestamp_seconds\{domain="([^"]+)"[^}]*\} (\d+)/g;
  expect([...page.matchAll(declared)].map(([, domain, end]) => [domain, Number(end)])).toEqual([
    ['unasked.test', Date.UTC(2026, 0, 31) / 1000],
    ['mute.test', Date.UTC(2099, 4, 1) / 1000],
  ]);
  const agrees = /demarc_domain_agrees\{target="registration\/([^"]+)"[^}]*about="expiry"[^}]*\} ([01])/g;
  expect([...page.matchAll(agrees)].map(([, domain, same]) => [domain, same])).toEqual([
    ['same.test', '1'],
    ['other.test', '0'],
  ]);
  const current = monitor.signals().filter(({ name }) => name === 'registration_current');
  expect(Object.fromEntries(current.map(({ service, state, evidence }) => [service, [state, evidence]]))).toEqual({
    unasked: [0, 'until 2026-01-31, as the map says'],
    mute: [-1, 'registered, no end published, no status; until 2099-05-01, as the map says'],
    same: [1, 'registered, until 2099-05-01, no status'],
    other: [1, 'registered, until 2098-01-01, no status; but until 2099-05-01, as the map says'],
  });
});
