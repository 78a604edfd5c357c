// The probes of tunnel daemons other than cloudflared: what each says in its documented shape, and what else may answer.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Reason } from '../../catalog/reasons.ts';
import { frp } from '../../exporters/frp/probe.ts';
import { ngrok } from '../../exporters/ngrok/probe.ts';
import { tailscale } from '../../exporters/tailscale/probe.ts';
import type { TunnelFacts } from '../../exporters/tunnel-facts.ts';
import { readDump } from '../../exporters/wireguard/dump.ts';
import { wireguard } from '../../exporters/wireguard/probe.ts';
import { describe as tell } from '../../signals/describe.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { answeringAtSocket, program, unixServer } from './local-daemons.ts';
import { httpServer } from './local-server.ts';
import { mangled, readOrRefused } from './mangled.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'demarc-tunnels-'));
afterAll(() => rmSync(folder, { recursive: true }));

const PATIENCE_MS = 3_000;
const patient = () => contextOf(AbortSignal.timeout(PATIENCE_MS));
const KEY = `${'A'.repeat(43)}=`;
const PRIVATE = `${'c4narY'.repeat(7)}x=`;

type Expected = [Reason, Partial<TunnelFacts>];

const seconds = (ago: number): number => Math.floor(Date.now() / 1000) - ago;

const dump = (handshake: number, keepalive: string, device = 'wg0'): string =>
  [
    [device, PRIVATE, KEY, '51820', 'off'].join('\t'),
    [device, KEY, PRIVATE, '192.0.2.7:51820', '10.0.0.0/24', handshake, 1_000, 2_000, keepalive].join('\t'),
    '',
  ].join('\n');

describe('wireguard', () => {
  it.each<[string, string, object, Expected]>([
    ['a fresh handshake', dump(seconds(30), '25'), {}, ['ok', { state: 'ready', ailment: null }]],
    ['an old one, with keepalives', dump(seconds(400), '25'), {}, ['tunnel_not_ready', { ailment: 'stale_handshake' }]],
    [
      'none ever, with keepalives',
      dump(0, '25'),
      {},
      ['tunnel_not_ready', { ailment: 'no_handshake', lastHandshake: null }],
    ],
    ['an old one, without keepalives', dump(seconds(4_000), 'off'), {}, ['ok', { state: 'idle' }]],
    [
      'another interface',
      dump(seconds(30), '25', 'wg1'),
      {},
      ['tunnel_not_ready', { state: 'absent', ailment: 'interface_absent' }],
    ],
    ['no interface', '', {}, ['tunnel_not_ready', { state: 'absent' }]],
    [
      'another peer',
      dump(seconds(30), '25'),
      { peer: `${'B'.repeat(43)}=` },
      ['tunnel_not_ready', { ailment: 'peer_absent' }],
    ],
    ['prose', 'Unable to access interface: Operation not permitted\n', {}, ['answer_malformed', { state: null }]],
  ])('%s', async (_, output, more, [reason, facts]) => {
    const file = program(output);
    const observed = await wireguard.prepare('t', { interface: 'wg0', program: file, ...more })(patient());
    expect(observed).toMatchObject({ reason, facts });
    expect(JSON.stringify([observed, wireguard.samples(observed), tell(observed)])).not.toContain('c4narY');
  });

  it.each<[string, () => string]>([
    ['ends with an error', () => program('nothing', 1)],
    ['is not there', () => path.join(folder, 'no-wg')],
  ])('a program that %s is no word about the tunnel', async (_, made) => {
    const observed = await wireguard.prepare('t', { interface: 'wg0', program: made() })(patient());
    expect(observed).toMatchObject({ reason: 'local', facts: { state: null } });
  });

  it('a program that hangs is ended at the deadline', async () => {
    const file = path.join(folder, 'wg-hangs');
    writeFileSync(file, '#!/bin/sh\nexec sleep 30\n');
    chmodSync(file, 0o755);
    const start = performance.now();
    const context = contextOf(AbortSignal.timeout(300));
    const observed = await wireguard.prepare('t', { interface: 'wg0', program: file })(context);
    expect(observed.reason).toBe('timeout');
    expect(performance.now() - start).toBeLessThan(5_000);
  });

  it.each(['-x', 'wg; id', '../wg', ''])('the program %j is refused', (name) => {
    expect(() => wireguard.prepare('t', { interface: 'wg0', program: name })).toThrow();
  });

  it('reads any dump, or refuses it, and keeps no secret', () => {
    fc.assert(
      fc.property(mangled(fc.constantFrom(dump(0, 'off'), dump(1_700_000_000, '25'))), (text) => {
        const read = readOrRefused(() => readDump(text));
        for (const peers of read?.values() ?? []) {
          for (const peer of peers) expect(Object.keys(peer)).toEqual(['publicKey', 'lastHandshake', 'keepalive']);
        }
      }),
    );
  });
});

const status = (more: object = {}): string =>
  JSON.stringify({
    Version: '1.90.1',
    BackendState: 'Running',
    AuthURL: 'https://login.tailscale.com/a/c4narY',
    Health: ['derp-timed-out'],
    Self: { HostName: 'nas', Online: true, KeyExpiry: '2030-01-02T03:04:05Z' },
    Peer: {
      'nodekey:1': { HostName: 'vps', DNSName: 'vps.tail.ts.net.', Online: true },
      'nodekey:2': { HostName: 'old', DNSName: 'old.tail.ts.net.', Online: false },
    },
    ...more,
  });

describe('tailscale', () => {
  it.each<[string, object, object, Expected]>([
    ['running', {}, {}, ['ok', { state: 'ready', warnings: 1, keyExpiry: Date.UTC(2030, 0, 2, 3, 4, 5) }]],
    [
      'cut off from its control plane, with data flowing',
      { Self: { Online: false } },
      {},
      ['ok', { state: 'ready', ailment: 'offline' }],
    ],
    [
      'logged out',
      { BackendState: 'NeedsLogin', Self: null, Peer: null, Health: null },
      {},
      ['tunnel_not_ready', { ailment: 'logged_out', warnings: 0 }],
    ],
    [
      'waiting to be approved',
      { BackendState: 'NeedsMachineAuth' },
      {},
      ['tunnel_not_ready', { ailment: 'machine_unapproved' }],
    ],
    ['stopped', { BackendState: 'Stopped' }, {}, ['tunnel_not_ready', { ailment: 'stopped' }]],
    [
      'with a key that ended',
      { Self: { Expired: true, KeyExpiry: '0001-01-01T00:00:00Z' } },
      {},
      ['tunnel_not_ready', { ailment: 'key_expired', keyExpiry: null }],
    ],
    ['with its peer', {}, { peer: 'VPS.tail.ts.net' }, ['ok', { state: 'ready' }]],
    ['with a peer that is away', {}, { peer: 'old' }, ['tunnel_not_ready', { ailment: 'peer_offline' }]],
    ['without that peer', {}, { peer: 'gone' }, ['tunnel_not_ready', { ailment: 'peer_absent' }]],
    ['of another age', { BackendState: 'Dreaming' }, {}, ['answer_malformed', { state: null }]],
  ])('a daemon %s', async (_, said, settings, [reason, facts]) => {
    const socket = await answeringAtSocket(status(said));
    const observed = await tailscale.prepare('t', { socket, ...settings })(patient());
    expect(observed).toMatchObject({ reason, facts });
    expect(JSON.stringify(observed)).not.toContain('c4narY');
    const file = program(status(said));
    const run = await tailscale.prepare('t', { socket: '/nowhere', program: file, ...settings })(patient());
    expect(run.facts).toEqual(observed.facts);
  });

  const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n';

  it.each<[string, () => Promise<string>, Reason]>([
    ['is mute', () => unixServer(() => undefined), 'timeout'],
    ['hangs up', () => unixServer((socket) => socket.end()), 'connect_reset'],
    ['speaks something else', () => unixServer((socket) => socket.end('220 hello\r\n\r\n')), 'http_protocol'],
    ['drips', () => unixServer((socket) => socket.once('data', () => socket.write(`${HEAD}x`))), 'timeout'],
    [
      'never ends',
      () => unixServer((socket) => socket.once('data', () => socket.write(HEAD + 'x'.repeat(6_000_000)))),
      'http_too_large',
    ],
    ['says no', () => answeringAtSocket('{}', 403), 'http_status'],
    ['says no JSON', () => answeringAtSocket('<html>'), 'answer_malformed'],
    ['is gone, its folder is there', async () => path.join(folder, 'gone.sock'), 'connect_refused'],
    ['was never here', async () => path.join(folder, 'nowhere', 'gone.sock'), 'local'],
  ])('a peer at the socket that %s', async (_, made, reason) => {
    const observed = await tailscale.prepare('t', { socket: await made() })(contextOf(AbortSignal.timeout(600)));
    expect(observed).toMatchObject({ reason, facts: { state: null } });
  });
});

const ONLINE = { status: 'online', agent_version: '3.20.0', session: { legs: [{ region: 'eu', latency: '12ms' }] } };
const BLOG = { tunnels: [{ name: 'blog', public_url: 'https://blog.ngrok.app', proto: 'https' }] };

function agent(told: object | number | null, tunnels: object | string): Promise<number> {
  return httpServer(({ url }, response) => {
    if (url === '/api/status' && typeof told === 'number') return response.writeHead(told).end();
    if (url === '/api/status' && told !== null) return response.end(JSON.stringify(told));
    if (url === '/api/tunnels') return response.end(typeof tunnels === 'string' ? tunnels : JSON.stringify(tunnels));
    return response.writeHead(404).end();
  }).then(({ port }) => port);
}

describe('ngrok', () => {
  it.each<[string, object | number | null, object | string, Expected]>([
    ['online', ONLINE, BLOG, ['ok', { state: 'ready', connections: 1 }]],
    ['of a version without a status', null, BLOG, ['ok', { state: 'ready', connections: null }]],
    ['that reconnects', { status: 'reconnecting' }, BLOG, ['tunnel_not_ready', { ailment: 'offline', connections: 0 }]],
    ['without that tunnel', ONLINE, { tunnels: [] }, ['tunnel_not_ready', { ailment: 'tunnel_absent' }]],
    ['that is something else', ONLINE, '<html>', ['answer_malformed', { state: null }]],
    ['whose status is something else', ['online'], BLOG, ['answer_malformed', { state: null }]],
    ['that cannot tell its status', 500, BLOG, ['http_status', { state: null }]],
  ])('an agent %s', async (_, told, tunnels, [reason, facts]) => {
    const url = `http://127.0.0.1:${await agent(told, tunnels)}`;
    expect(await ngrok.prepare('t', { url, tunnel: 'blog' })(patient())).toMatchObject({ reason, facts });
  });
});

it('an ngrok agent that says its tunnels, and then nothing, is none that is ready', async () => {
  const { port } = await httpServer(({ url }, response) => {
    if (url === '/api/tunnels') response.end(JSON.stringify(BLOG));
  });
  const context = contextOf(AbortSignal.timeout(400));
  const observed = await ngrok.prepare('t', { url: `http://127.0.0.1:${port}` })(context);
  expect(observed).toMatchObject({ reason: 'timeout', phase: 'processing', facts: { state: null } });
});

describe('frp', () => {
  it('tells what is wrong with an answer', async () => {
    const { port } = await httpServer((_, response) => response.end(JSON.stringify(client('dancing'))));
    const observed = await frp.prepare('t', { url: `http://127.0.0.1:${port}`, proxy: 'blog' })(patient());
    expect(observed).toMatchObject({ reason: 'answer_malformed', flaw: 'a proxy in a state nobody knows' });
  });

  const client = (word: string) => ({ http: [{ name: 'blog', type: 'http', status: word, err: '' }], tcp: [] });

  it.each<[string, string, object, Expected]>([
    ['running', 'client', client('running'), ['ok', { state: 'ready' }]],
    ['not started', 'client', client('start error'), ['tunnel_not_ready', { ailment: 'start_error' }]],
    ['held back by its own check', 'client', client('check failed'), ['tunnel_not_ready', { ailment: 'check_failed' }]],
    ['not there', 'client', { tcp: [] }, ['tunnel_not_ready', { ailment: 'tunnel_absent' }]],
    ['in a state nobody knows', 'client', client('dancing'), ['answer_malformed', { state: null }]],
    ['online', 'server', { proxies: [{ name: 'blog', status: 'online' }] }, ['ok', { state: 'ready' }]],
    [
      'offline',
      'server',
      { proxies: [{ name: 'blog', status: 'offline' }] },
      ['tunnel_not_ready', { ailment: 'offline' }],
    ],
  ])('a proxy %s, by the %s', async (_, side, said, [reason, facts]) => {
    let asked: (string | undefined)[] = [];
    const password = path.join(folder, 'password');
    writeFileSync(password, 'c4narY\n');
    const { port } = await httpServer(({ url, headers }, response) => {
      asked = [url, headers.authorization];
      response.end(JSON.stringify(said));
    });
    const auth = { kind: 'basic', user: 'admin', password: { file: password } };
    const observed = await frp.prepare('t', { url: `http://127.0.0.1:${port}`, proxy: 'blog', side, auth })(patient());
    expect(observed).toMatchObject({ reason, facts });
    expect(asked).toEqual([
      side === 'client' ? '/api/status' : '/api/proxy/http',
      `Basic ${Buffer.from('admin:c4narY').toString('base64')}`,
    ]);
    expect(JSON.stringify([observed, tell(observed)])).not.toContain('c4narY');
  });
});

probeContract('ngrok', {
  ...overHttp(),
  probe: ngrok,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}` }),
});

probeContract('frp', {
  ...overHttp(),
  probe: frp,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}`, proxy: 'blog' }),
});
