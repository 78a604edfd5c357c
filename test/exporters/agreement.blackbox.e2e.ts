// blackbox_exporter and demarc on the same servers: wherever both can look, they see the same.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import nodeHttp from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { samplesOf } from '../../exporters/metrics.ts';
import type { ProbeKind } from '../../exporters/observation.ts';
import { PROBES } from '../../exporters/registry.ts';
import { findTools } from '../../scripts/tools.mjs';
import { contextOf } from './contract.ts';
import { type Issued, LEAF_NAME, rootAuthority } from './test-ca.ts';

const TIMEOUT_MS = 1_500;

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-agreement-'));
const servers: net.Server[] = [];
const sockets = new Set<net.Socket>();
let blackbox: ChildProcess;
let blackboxPort = 0;
let authority = '';

/** Where each server listens; `closed` is a port nobody listens at. */
const ports: Record<string, number> = {};

async function listen(name: string, server: net.Server): Promise<void> {
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  servers.push(server);
  ports[name] = await listenAt(server);
}

async function listenAt(server: net.Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

const answers = (status: number, headers: Record<string, string> = {}) =>
  nodeHttp.createServer((_, response) => response.writeHead(status, headers).end('hello'));

const secured = (shown: Issued) =>
  tls.createServer(shown, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'));
  });

/** What servers that nobody maintains send, and what nobody should send. The body that both read is `ok`. */
const ODD: readonly [name: string, answer: string, success: number][] = [
  ['LF alone', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', 1],
  ['folded lines', 'HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 2\r\n\r\nok', 1],
  ['the same length twice', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok', 1],
  ['two answers', `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok${'HTTP/1.1 200 OK\r\n\r\n'}`, 1],
  ['padded chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2  \r\nok\r\n0 \r\n\r\n', 1],
  ['no length', 'HTTP/1.1 200 OK\r\n\r\nok', 1],
  ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok', 0],
  ['a space before the colon', 'HTTP/1.1 200 OK\r\nA : b\r\nContent-Length: 2\r\n\r\nok', 1],
  ['NUL', 'HTTP/1.1 200 OK\r\nA: \0\r\nContent-Length: 2\r\n\r\nok', 0],
  ['a length cut short', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok', 0],
  ['no size of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nok\r\n0\r\n\r\n', 0],
];

const sending = (answer: string) =>
  net.createServer((socket) => socket.once('data', () => socket.end(answer, 'latin1')));

beforeAll(async () => {
  const root = await rootAuthority();
  const stranger = await rootAuthority('Stranger');
  authority = root.cert;
  await listen('ok', answers(200, { 'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT', 'content-length': '5' }));
  await listen('missing', answers(404));
  await listen('broken', answers(500));
  await listen('moved', answers(301, { location: '/elsewhere' }));
  await listen('mute', net.createServer());
  await listen('good', secured(await root.issue()));
  // Whose issuer ends before it does.
  const brief = await root.below('Brief', { toDays: 5 });
  const under = await brief.issue({ toDays: 50 });
  await listen('brief', secured({ ...under, cert: under.cert + brief.cert }));
  await listen('expired', secured(await root.issue({ fromDays: -20, toDays: -1 })));
  await listen('elsewhere', secured(await root.issue({ names: [{ type: 'dns', value: 'elsewhere.test' }] })));
  await listen('stranger', secured(await stranger.issue()));
  for (const [name, answer] of ODD) await listen(name, sending(answer));
  const closed = net.createServer();
  ports.closed = await listenAt(closed);
  closed.close();
  await once(closed, 'close');
  await startBlackbox(root.cert);
}, 30_000);

afterAll(async () => {
  blackbox?.kill();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true });
});

async function startBlackbox(trusted: string): Promise<void> {
  const { paths, hint } = await findTools(['blackbox_exporter']);
  if (paths.blackbox_exporter === undefined) throw new Error(hint ?? 'blackbox_exporter not found');
  const trust = path.join(folder, 'ca.pem');
  writeFileSync(trust, trusted);
  const tlsConfig = { ca_file: trust, server_name: LEAF_NAME };
  const web = {
    preferred_ip_protocol: 'ip4',
    follow_redirects: false,
    valid_status_codes: [200],
    valid_http_versions: ['HTTP/1.1'],
    enable_http2: false,
    tls_config: tlsConfig,
  };
  const modules = {
    http: { prober: 'http', timeout: `${TIMEOUT_MS}ms`, http: web },
    http_body: {
      prober: 'http',
      timeout: `${TIMEOUT_MS}ms`,
      http: { ...web, fail_if_body_not_matches_regexp: ['goodbye'] },
    },
    tcp: { prober: 'tcp', timeout: `${TIMEOUT_MS}ms`, tcp: { preferred_ip_protocol: 'ip4' } },
    tls: {
      prober: 'tcp',
      timeout: `${TIMEOUT_MS}ms`,
      tcp: { preferred_ip_protocol: 'ip4', tls: true, tls_config: tlsConfig },
    },
  };
  // JSON is YAML.
  writeFileSync(path.join(folder, 'blackbox.yml'), JSON.stringify({ modules }));
  const free = net.createServer();
  blackboxPort = await listenAt(free);
  free.close();
  await once(free, 'close');
  blackbox = spawn(
    paths.blackbox_exporter,
    [`--config.file=${folder}/blackbox.yml`, `--web.listen-address=127.0.0.1:${blackboxPort}`],
    { stdio: 'ignore' },
  );
  for (let tries = 0; tries < 100; tries += 1) {
    const ready = await fetch(`http://127.0.0.1:${blackboxPort}/-/healthy`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await sleep(100);
  }
  throw new Error('blackbox_exporter does not answer');
}

type Figures = ReadonlyMap<string, number>;

async function theirs(module: string, target: string): Promise<Figures> {
  const query = new URLSearchParams({ module, target });
  const text = await (await fetch(`http://127.0.0.1:${blackboxPort}/probe?${query}`)).text();
  const pairs = text.split('\n').flatMap((line): [string, number][] => {
    const [, name, value] = /^(probe_\w+) (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, Number(value)]];
  });
  return new Map(pairs);
}

async function ours<K extends ProbeKind>(kind: K, settings: Record<string, unknown>): Promise<Figures> {
  const measure = PROBES[kind].prepare('t', settings);
  const observed = await measure(contextOf(AbortSignal.timeout(TIMEOUT_MS), { trust: [authority] }));
  return new Map(
    samplesOf(observed)
      .filter(({ labels }) => labels === undefined)
      .map(({ metric, value }) => [metric, value]),
  );
}

/** Figures that mean the same on both sides; an absent one must be absent, or the 0 that blackbox_exporter writes for nothing. */
const SAME = [
  ...['probe_success', 'probe_http_status_code', 'probe_http_version', 'probe_http_ssl', 'probe_ip_protocol'],
  'probe_http_last_modified_timestamp_seconds',
];

it.each<[name: string, module: string, scheme: string, success: number, settings?: Record<string, unknown>]>([
  ['ok', 'http', 'http', 1],
  ['ok', 'http_body', 'http', 0, { expect: { body: 'goodbye' } }],
  ['missing', 'http', 'http', 0],
  ['broken', 'http', 'http', 0],
  ['moved', 'http', 'http', 0],
  ['closed', 'http', 'http', 0],
  ['mute', 'http', 'http', 0],
  ['good', 'http', 'https', 1],
  ['expired', 'http', 'https', 0],
  ['elsewhere', 'http', 'https', 0],
  ['stranger', 'http', 'https', 0],
  ['good', 'http', 'http', 0],
  ['ok', 'http', 'https', 0],
])('HTTP to %s by %s over %s', async (name, module, scheme, success, settings = {}) => {
  const url = `${scheme}://127.0.0.1:${ports[name]}/`;
  const [ourFigures, theirFigures] = await Promise.all([
    ours('http', { url, ...(scheme === 'https' && { host: LEAF_NAME }), ...settings }),
    theirs(module, url),
  ]);
  expect(theirFigures.get('probe_success')).toBe(success);
  const answered = ourFigures.has('probe_http_status_code');
  for (const figure of answered ? SAME : ['probe_success', 'probe_http_status_code']) {
    expect(ourFigures.get(figure) ?? 0, figure).toBe(theirFigures.get(figure) ?? 0);
  }
  if (success === 0) return;
  for (const figure of ['probe_http_uncompressed_body_length', 'probe_http_content_length']) {
    expect(ourFigures.get(figure), figure).toBe(theirFigures.get(figure));
  }
});

it.each(ODD)('an answer with %s', async (name, _, success) => {
  const url = `http://127.0.0.1:${ports[name]}/`;
  const [ourFigures, theirFigures] = await Promise.all([ours('http', { url }), theirs('http', url)]);
  expect([ourFigures.get('probe_success'), theirFigures.get('probe_success')]).toEqual([success, success]);
});

it.each([
  ['ok', 1],
  ['mute', 1],
  ['closed', 0],
])('TCP to %s', async (name, success) => {
  const port = ports[name] ?? 0;
  const [ourFigures, theirFigures] = await Promise.all([
    ours('tcp', { host: '127.0.0.1', port }),
    theirs('tcp', `127.0.0.1:${port}`),
  ]);
  expect([ourFigures.get('probe_success'), theirFigures.get('probe_success')]).toEqual([success, success]);
});

it.each([
  ['good', 1],
  ['brief', 1],
  ['expired', 0],
  ['elsewhere', 0],
  ['stranger', 0],
  ['ok', 0],
  ['mute', 0],
  ['closed', 0],
])('TLS to %s', async (name, success) => {
  const port = ports[name] ?? 0;
  const [ourFigures, theirFigures] = await Promise.all([
    ours('certificate', { host: '127.0.0.1', port, serverName: LEAF_NAME }),
    theirs('tls', `127.0.0.1:${port}`),
  ]);
  expect([ourFigures.get('probe_success'), theirFigures.get('probe_success')]).toEqual([success, success]);
  // Of a certificate that is not valid blackbox_exporter says nothing; we say all that was seen.
  if (success === 0) return;
  const figure = 'probe_ssl_earliest_cert_expiry';
  expect(ourFigures.get(figure)).toBe(theirFigures.get(figure));
});
