// Which series a measurement gives, by kind and outcome: what is not known is absent, and never a number made up.
import tls from 'node:tls';
import { expect, it } from 'vitest';
import { samplesOf } from '../../exporters/metrics.ts';
import type { ObservationOf, ProbeKind } from '../../exporters/observation.ts';
import { PROBES } from '../../exporters/registry.ts';
import { contextOf } from './contract.ts';
import { httpServer, started } from './local-server.ts';
import { good, middle, root, withChain } from './measure-certificate.ts';
import { LEAF_NAME } from './test-ca.ts';

async function measure<K extends ProbeKind>(kind: K, settings: Record<string, unknown>): Promise<ObservationOf<K>> {
  return PROBES[kind].prepare('t', settings)(contextOf(AbortSignal.timeout(5_000), { trust: [root.cert] }));
}

/** Name and own labels, without the three that every kind has. */
function namesOf<K extends ProbeKind>(observation: ObservationOf<K>): string[] {
  const all = samplesOf(observation).map(({ metric, labels = {} }) => [metric, ...Object.values(labels)].join(' '));
  expect(all.slice(0, 3)).toEqual([
    'probe_success',
    'probe_duration_seconds',
    'demarc_probe_last_run_timestamp_seconds',
  ]);
  return all.slice(3);
}

const phases = (...names: string[]): string[] => names.map((name) => `probe_http_duration_seconds ${name}`);
const ANSWERED = ['probe_http_status_code', 'probe_http_version', 'probe_http_uncompressed_body_length'];
const CERTIFICATE = [
  'demarc_certificate_not_before_timestamp_seconds',
  'demarc_certificate_not_after_timestamp_seconds',
  'probe_ssl_earliest_cert_expiry',
  ...['time', 'hostname', 'trusted', 'completeChain', 'strong'].map((check) => `demarc_certificate_check ${check}`),
];

/** A port where nobody listens. */
async function closedPort(): Promise<number> {
  const server = tls.createServer();
  const { port } = await started(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

it('http', async () => {
  const web = await httpServer((request, response) => response.writeHead(request.url === '/' ? 200 : 500).end('x'));
  const url = `http://127.0.0.1:${web.port}/`;
  const talk = ['probe_http_ssl', ...phases('connect', 'request', 'processing', 'transfer'), ...ANSWERED];
  expect(namesOf(await measure('http', { url }))).toEqual(talk);
  const failed = ['demarc_probe_failure_info http_status check', ...talk, 'demarc_http_error_generator_info unknown'];
  expect(namesOf(await measure('http', { url: `${url}x` }))).toEqual(failed);
  const refused = { url: `http://127.0.0.1:${await closedPort()}/` };
  expect(namesOf(await measure('http', refused))).toEqual([
    'demarc_probe_failure_info connect_refused connect',
    'probe_http_ssl',
    ...phases('connect'),
  ]);
});

it('certificate', async () => {
  const shown = await started(tls.createServer(withChain(good, middle.cert)));
  const late = await started(tls.createServer(withChain(await middle.issue({ toDays: -1 }), middle.cert)));
  const asked = { host: '127.0.0.1', serverName: LEAF_NAME };
  expect(namesOf(await measure('certificate', { ...asked, port: shown.port }))).toEqual(CERTIFICATE);
  expect(namesOf(await measure('certificate', { ...asked, port: late.port }))).toEqual([
    'demarc_probe_failure_info tls_expired check',
    ...CERTIFICATE,
  ]);
  expect(namesOf(await measure('certificate', { ...asked, port: await closedPort() }))).toEqual([
    'demarc_probe_failure_info connect_refused connect',
  ]);
});

it('tcp', async () => {
  const open = await httpServer(() => undefined);
  expect(namesOf(await measure('tcp', { host: '127.0.0.1', port: open.port }))).toEqual([]);
  expect(namesOf(await measure('tcp', { host: '127.0.0.1', port: await closedPort() }))).toEqual([
    'demarc_probe_failure_info connect_refused connect',
  ]);
});
