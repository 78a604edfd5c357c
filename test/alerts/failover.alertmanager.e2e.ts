// From the alert to the moved service: a real Alertmanager with the configuration of a map, the example scripts of docs/, and
// the lab, whose zone is changed through a stand-in for the API of PowerDNS that checks what PowerDNS documents.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { type AddressInfo, isIPv4 } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { projectFile } from '../../catalog/root.ts';
import type { Lab } from '../../lab/lab.ts';
import { startLab } from '../../lab/start.ts';
import { freePort, until } from '../../replay/process.ts';
import { resolve, resolverAddress, visitorOf } from '../lab/visitor.ts';
import { hurry, type RunningAlertmanager, type SentAlert, startAlertmanager } from './alertmanager-run.ts';
import { type FakeServer, fakeHttp } from './fake-receivers.ts';

const HOST = 'blog.home.test';

const EXAMPLES = projectFile('docs/examples/failover');

/** https://doc.powerdns.com/authoritative/http-api/zone.html#patch--servers-server_id-zones-zone_id */
const Patch = z.strictObject({
  rrsets: z
    .array(
      z.strictObject({
        name: z.string().endsWith('.'),
        type: z.literal('A'),
        ttl: z.int().positive(),
        changetype: z.literal('REPLACE'),
        records: z
          .array(z.strictObject({ content: z.string().refine((text) => isIPv4(text)), disabled: z.boolean() }))
          .min(1),
      }),
    )
    .min(1),
});

let folder: string;
let lab: Lab;
let powerdns: http.Server;
let alertmanager: RunningAlertmanager;
let listener: ChildProcess;
/** Gets the same as the listener, to look at. */
let watcher: FakeServer;
let direct: { url: string; address: string };
let first: string[];
const changes: string[] = [];

/** Takes the request as PowerDNS documents it, and changes the lab's zone. */
async function patchZone(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  if (request.headers['x-api-key'] !== 'dns-key') return void response.writeHead(401).end();
  if (request.method !== 'PATCH' || request.url !== '/api/v1/servers/localhost/zones/home.test.')
    return void response.writeHead(404).end();
  const parsed = Patch.safeParse(JSON.parse(body));
  if (!parsed.success) return void response.writeHead(422).end(parsed.error.message);
  for (const { name, records } of parsed.data.rrsets) {
    const addresses = records.map(({ content }) => content);
    lab.repoint(name.replace(/\.$/, ''), addresses);
    changes.push(`${name} ${addresses.join(' ')}`);
  }
  response.writeHead(204).end();
}

const now = async (): Promise<string[]> => {
  const found = await resolve(resolverAddress(visitorOf(lab).map), HOST);
  return Array.isArray(found) ? [...found].sort() : [];
};

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'demarc-failover-'));
  lab = await startLab();
  first = await now();
  const url = new URL(visitorOf(lab).service('blog').failover?.url ?? '');
  direct = { url: url.href, address: url.hostname };
  powerdns = http.createServer((request, response) => void patchZone(request, response)).listen(0, '127.0.0.1');
  await once(powerdns, 'listening');
  const port = await freePort();
  for (const [name, text] of [
    ['token', 'failover-token\n'],
    ['dns-key', 'dns-key\n'],
  ] as const)
    await writeFile(path.join(folder, name), text);
  listener = spawn(process.execPath, [path.join(EXAMPLES, 'listener.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      ...{ PORT: String(port), TOKEN_FILE: path.join(folder, 'token') },
      COMMAND: path.join(EXAMPLES, 'tunnel-to-direct.sh'),
      DNS_API: `http://127.0.0.1:${(powerdns.address() as AddressInfo).port}/api/v1/servers/localhost`,
      ...{ DNS_KEY_FILE: path.join(folder, 'dns-key'), DNS_ZONE: 'home.test', DNS_NAME: HOST },
      ...{ FIRST: first.join(' '), SECOND: direct.address, DIRECT_URL: direct.url },
      ...{ OPEN_DIRECT: `touch ${folder}/open`, CLOSE_DIRECT: `rm ${folder}/open` },
    },
  });
  await once(listener.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  watcher = await fakeHttp();
  alertmanager = await startAlertmanager({
    map: `
version: 1
services: { blog: { url: 'https://${HOST}/', failover: { url: '${direct.url}', host: ${HOST} } } }
notify: { failover: { url: 'http://127.0.0.1:${port}/', tokenFile: FOLDER/secrets/failover } }
`,
    secrets: { 'secrets/failover': 'failover-token\n' },
    change(config) {
      hurry(config, 1);
      const receiver = config.receivers.find(({ name }) => name === 'failover');
      const [program] = receiver?.webhook_configs ?? [];
      if (receiver !== undefined && program !== undefined)
        receiver.webhook_configs = [program, { ...program, url: `${watcher.url}/copy` }];
    },
  });
}, 60_000);

afterAll(async () => {
  listener?.kill();
  await alertmanager?.stop();
  await watcher?.stop();
  powerdns?.close();
  await lab?.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const advised = (ready: string, change: Partial<SentAlert> = {}): SentAlert => ({
  labels: {
    ...{ alertname: 'DemarcFailoverAdvised', owner: 'vendor', severity: 'info', site: 'home', service: 'blog' },
    ...{ layer: 'edge', vendor: 'cloudflare', component: 'edge' },
  },
  annotations: { failover: ready, since: '1795255205' },
  ...change,
});

const told = (): Record<string, unknown>[] =>
  watcher.received.filter(({ path: at }) => at === '/copy').map(({ body }) => JSON.parse(body));

const isOpen = (): Promise<boolean> =>
  access(path.join(folder, 'open')).then(
    () => true,
    () => false,
  );

it('nothing is moved while the second path is not ready', async () => {
  const loft = { ...advised('').labels, site: 'loft' };
  await alertmanager.send([advised('no'), advised('unknown', { labels: loft })]);
  await until('both messages', () => told().length > 1, 20_000);
  const { headers, body } = watcher.received.find((one) => one.body.includes('"home"')) ?? { headers: {}, body: '' };
  expect(headers.authorization).toBe('Bearer failover-token');
  expect(headers['content-type']).toBe('application/json');
  expect(JSON.parse(body)).toEqual({
    ...{ version: 1, event: 'failover', site: 'home', service: 'blog', ready: false, vendor: 'cloudflare' },
    ...{ component: 'edge', layer: 'edge', since: 1_795_255_205 },
  });
  expect(told().find(({ site }) => site === 'loft')).toMatchObject({ ready: null });
  expect(changes).toEqual([]);
  expect(await now()).toEqual(first);
});

it('the service is moved once it is, and its users reach it there', async () => {
  await lab.inject({ kind: 'edge_5xx', target: 'cloudflare' });
  const { port } = new URL(direct.url);
  expect(await visitorOf(lab).visit(`http://${HOST}:${port}/`)).toEqual(expect.any(String));
  // A second service of the same name elsewhere makes a new group, as a repetition after minutes would.
  await alertmanager.send([advised('yes', { labels: { ...advised('yes').labels, site: 'cabin' } })]);
  await until('the change of the zone', () => changes.length > 0, 20_000);
  expect(changes).toEqual([`${HOST}. ${direct.address}`]);
  expect(await isOpen()).toBe(true);
  await until('the name to lead there', async () => (await now()).join() === direct.address, 30_000);
  expect(await visitorOf(lab).visit(`http://${HOST}:${port}/`)).toMatchObject({ status: 200 });
});

it('and is moved back when that is over, the name before the door', async () => {
  await lab.heal();
  const labels = { ...advised('yes').labels, site: 'cabin' };
  await alertmanager.send([advised('yes', { labels, endsAt: new Date(Date.now() - 100).toISOString() })]);
  await until('the change back', () => changes.length > 1, 20_000);
  expect(changes.at(-1)).toBe(`${HOST}. ${first.join(' ')}`);
  expect(told().at(-1)).toMatchObject({ event: 'over', site: 'cabin', service: 'blog' });
  await until('the direct way to be closed', async () => !(await isOpen()), 10_000);
  await until('the name to lead back', async () => (await now()).join() === first.join(), 30_000);
});
