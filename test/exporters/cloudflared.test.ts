// The cloudflared probe: what a real daemon said, and what everything else that may answer on its port says.
import { readFileSync } from 'node:fs';
import type http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { Phase, Reason } from '../../catalog/reasons.ts';
import { cloudflared } from '../../exporters/cloudflared/probe.ts';
import { readSeries } from '../../exporters/cloudflared/prometheus-text.ts';
import type { ObservationOf } from '../../exporters/observation.ts';
import { contextOf, overHttp, probeContract } from './contract.ts';
import { httpServer } from './local-server.ts';

const DEADLINE_MS = 600;

const fixture = (name: string): string =>
  readFileSync(new URL(`./fixtures/cloudflared-${name}`, import.meta.url), 'utf8');

const READY = JSON.stringify({ status: 200, readyConnections: 4, connectorId: '835ab9d9-4513-4091-b892-4f00a10f4d1a' });

// No connected daemon can be had on loopback; its series are as cloudflared's source registers them.
const METRICS = `# TYPE build_info gauge
build_info{goversion="go1.27.3",revision="2026-08-20",type="",version="2026.8.1"} 1
cloudflared_tunnel_ha_connections 4
# TYPE cloudflared_tunnel_tunnel_register_fail counter
cloudflared_tunnel_tunnel_register_fail{error="server_error",rpcName="registerConnection"} 3
cloudflared_tunnel_tunnel_register_fail{error="dup_edge_conn",rpcName="registerConnection"} 1
cloudflared_tunnel_tunnel_register_success{rpcName="registerConnection"} 9
quic_client_smoothed_rtt{conn_index="0"} 0
quic_client_smoothed_rtt{conn_index="1"} 14
quic_client_smoothed_rtt{conn_index="2"} 11.5
`;

interface Said {
  status?: number;
  ready?: string;
  metrics?: string | 'mute' | 'broken';
}

/** A daemon that says what it is told to; every other path is 404. */
function daemon({ status = 200, ready = READY, metrics = METRICS }: Said): http.RequestListener {
  return ({ url }, response) => {
    if (url === '/ready') return response.writeHead(status).end(ready);
    if (url !== '/metrics') return response.writeHead(404).end();
    if (metrics === 'mute') return;
    if (metrics === 'broken') return response.socket?.resetAndDestroy();
    return response.end(metrics);
  };
}

async function measure(said: Said, deadlineMs = DEADLINE_MS): Promise<ObservationOf<'cloudflared'>> {
  const server = await httpServer(daemon(said));
  const start = performance.now();
  const url = `http://127.0.0.1:${server.port}`;
  const observed = await cloudflared.prepare('t', { url })(contextOf(AbortSignal.timeout(deadlineMs)));
  expect(performance.now() - start).toBeLessThan(deadlineMs + 500);
  await expect.poll(server.open, { timeout: 2000, interval: 10 }).toBe(0);
  return observed;
}

describe('a daemon', () => {
  it('that is connected', async () => {
    const observed = await measure({});
    expect(observed).toMatchObject({ ok: true, reason: 'ok', phase: null });
    expect(observed.facts).toEqual({
      state: 'ready',
      readyConnections: 4,
      registerFailures: 4,
      version: '2026.8.1',
      smoothedRttMs: 11.5,
    });
    expect(cloudflared.samples(observed)).toEqual([
      { metric: 'demarc_tunnel_ready_connections', value: 4 },
      { metric: 'demarc_tunnel_register_failures', value: 4 },
    ]);
  });

  it('that is not, in its own words: its ha_connections of 1 says nothing', async () => {
    const metrics = fixture('metrics-disconnected.txt');
    expect(metrics).toContain('cloudflared_tunnel_ha_connections 1');
    const observed = await measure({ status: 503, ready: fixture('ready-disconnected.json'), metrics });
    expect(observed).toMatchObject({ ok: false, reason: 'tunnel_not_ready', phase: 'check' });
    expect(observed.facts).toEqual({
      state: 'not_ready',
      readyConnections: 0,
      registerFailures: null,
      version: 'DEV',
      smoothedRttMs: null,
    });
    expect(cloudflared.samples(observed)).toEqual([{ metric: 'demarc_tunnel_ready_connections', value: 0 }]);
  });

  it('that says 200 with no connection is not ready', async () => {
    const observed = await measure({ ready: '{"status":200,"readyConnections":0,"connectorId":"x"}' });
    expect(observed).toMatchObject({ reason: 'tunnel_not_ready', facts: { state: 'not_ready', readyConnections: 0 } });
  });

  it('of a version that does not tell which connector it is, is read all the same', async () => {
    const observed = await measure({ ready: '{"status":200,"readyConnections":4}' });
    expect(observed).toMatchObject({ reason: 'ok', facts: { state: 'ready', readyConnections: 4 } });
  });

  it.each<[string, Said]>([
    ['nothing', { metrics: 'mute' }],
    ['a reset', { metrics: 'broken' }],
    ['no metrics', { metrics: '<html>' }],
    ['megabytes', { metrics: `${'# filler\n'.repeat(200_000)}${METRICS}` }],
  ])('that is connected stays so when /metrics gives %s', async (_, said) => {
    const observed = await measure(said);
    expect(observed).toMatchObject({
      reason: 'ok',
      facts: { readyConnections: 4, registerFailures: null, version: null },
    });
    expect(cloudflared.samples(observed)).toHaveLength(1);
  });

  it('does not look slow because its /metrics is', async () => {
    const observed = await measure({ metrics: 'mute' }, 4000);
    expect(observed.reason).toBe('ok');
    expect(observed.durationMs).toBeLessThan(2000);
  });
});

describe('something else on its port', () => {
  it.each<[string, Said, Reason, Phase]>([
    ['a page', { ready: '<!doctype html><title>Login</title>' }, 'answer_malformed', 'check'],
    ['a page with 503', { status: 503, ready: '<h1>Service Unavailable</h1>' }, 'answer_malformed', 'check'],
    ['another status', { status: 404, ready: READY }, 'answer_malformed', 'check'],
    ['a status that contradicts its JSON', { status: 503, ready: READY }, 'answer_malformed', 'check'],
    ['nothing in its body', { ready: '' }, 'answer_malformed', 'check'],
    ['other JSON', { ready: '{"status":"ok"}' }, 'answer_malformed', 'check'],
    ['JSON that is no object', { ready: 'null' }, 'answer_malformed', 'check'],
    ['fewer than no connections', { ready: READY.replace('4', '-4') }, 'answer_malformed', 'check'],
    ['half a connection', { ready: READY.replace(':4,', ':0.5,') }, 'answer_malformed', 'check'],
    ['megabytes of JSON', { ready: `${'['.repeat(2_000_000)}` }, 'answer_malformed', 'check'],
    [
      'names of the prototype',
      { ready: '{"__proto__":{"status":200,"readyConnections":4,"connectorId":"x"}}' },
      'answer_malformed',
      'check',
    ],
  ])('that answers with %s', async (_, said, reason, phase) => {
    const observed = await measure(said);
    expect(observed).toMatchObject({ reason, phase, facts: { state: null, readyConnections: null } });
    expect(cloudflared.samples(observed)).toEqual([]);
  });

  it('keeps the path of its base', async () => {
    const server = await httpServer(({ url }, response) => response.end(url === '/tunnel/ready' ? READY : ''));
    const url = `http://127.0.0.1:${server.port}/tunnel`;
    const observed = await cloudflared.prepare('t', { url })(contextOf(AbortSignal.timeout(DEADLINE_MS)));
    expect(observed.reason).toBe('ok');
  });
});

describe('the text format', () => {
  const read = (text: string) => readSeries(`${text}\n`, new Set(['a', 'a_b']));
  const one = (labels: Record<string, string>, value: number, name = 'a') => [
    { name, labels: new Map(Object.entries(labels)), value },
  ];

  it.each<[string, ReturnType<typeof read>]>([
    ['a 1', one({}, 1)],
    ['a -1.5e3 1700000000', one({}, -1500)],
    ['a{x="1",y="2",} 3', one({ x: '1', y: '2' }, 3)],
    ['a{x="1", y="2"}3', one({ x: '1', y: '2' }, 3)],
    ['a{x = "1"} 1', []],
    ['a{} 1', one({}, 1)],
    ['a{x="q\\"\\\\\\n} 9"} 4', one({ x: 'q"\\\n} 9' }, 4)],
    ['a{__proto__="x"} 1', [{ name: 'a', labels: new Map([['__proto__', 'x']]), value: 1 }]],
    ['a_b 2\r\nab 3\nb 4', one({}, 2, 'a_b')],
    ['a NaN', []],
    ['a +Inf', []],
    ['a 0x10', []],
    ['a 1e400', []],
    ['a', []],
    ['a{x="1" 3', []],
    ['a{x="1', []],
    ['a{x} 1', []],
    ['a{{{{ 1', []],
    ['# a 1', []],
    [`a{x="${'y'.repeat(5000)}"} 1`, []],
    ['\0\x1b[2J', []],
  ])('%j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('passes over a line that was cut off', () => {
    expect(readSeries('a 1\na 12', new Set(['a']))).toEqual(one({}, 1));
  });

  it('stops after a thousand series', () => {
    expect(read('a 1\n'.repeat(5000))).toHaveLength(1000);
  });
});

const HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n';

probeContract('cloudflared', {
  ...overHttp('answer_malformed'),
  probe: cloudflared,
  settingsFor: (port, host) => ({ url: `http://${host}:${port}` }),
  opening: HEAD,
});
