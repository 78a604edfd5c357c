// A name that is said to lead outside, whose address is of the house: forged, until the map says otherwise; and again after that.
import { it, onTestFinished } from 'vitest';
import { parseMap } from '../../map/load.ts';
import { NOTHING_KNOWN } from '../../map/plan.ts';
import { until } from '../../replay/process.ts';
import { startMonitor } from '../../verdict/monitor.ts';
import { nameServer, pointing, reply } from '../exporters/fake-name-server.ts';
import { httpServer } from '../exporters/local-server.ts';

const HOST = 'blog.example.com';

it('a new map takes effect on what names may lead to, at once and back again', async () => {
  const resolver = await nameServer((asked) => reply(asked, { answers: pointing(asked, '127.0.0.1') }));
  const { port } = await httpServer((_, response) => void response.end('here'));
  const mapOf = (more: string) =>
    parseMap(
      `
version: 1
interval: 1s
timeout: 500ms
gateway: none
bursts: none
anchors: []
publicResolvers: []
watch: []
domains: { example.com: none }
resolver: { address: '${resolver.at}' }
vendors:
  acme: { title: Acme, operators: [acme], components: { edge: { title: edge, layer: edge, controls: [] } } }
services: { blog: { url: 'http://${HOST}:${port}/', edge: { vendor: acme } } }
${more}`,
      'demarc.yaml',
      '.',
    );
  const around = { ...NOTHING_KNOWN, resolvers: [resolver.at] };
  const monitor = startMonitor({ map: mapOf(''), around, version: '1.2.3', log: () => undefined });
  onTestFinished(() => monitor.stop());
  const seen = (reason: string) =>
    until(`${reason} at ${HOST}`, () => monitor.observation('service/blog')?.reason === reason, 20_000);

  await seen('dns_intercepted');
  monitor.replace(mapOf('splitHorizon: [example.com]'), around);
  await seen('ok');
  monitor.replace(mapOf('splitHorizon: [other.example.com]'), around);
  await seen('dns_intercepted');
});
