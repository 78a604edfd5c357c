// What machines read and write: verdicts, signals, metrics, the stream, alerts.
import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import type { StatusServer } from '../../status/server.ts';
import type { Verdict } from '../../verdict/verdict.ts';
import { SCENES } from './fake-monitor.ts';
import { ask, statusServers } from './status-harness.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const start = statusServers();

describe('the API', () => {
  it('gives verdicts, one or all, and nothing unlisted', async () => {
    const secret = { ...SCENES.mixed.verdicts[0], token: 'hunter2' } as Verdict;
    const { server } = await start({ ...SCENES.mixed, verdicts: [secret, ...SCENES.mixed.verdicts.slice(1)] });
    const all = await ask(server, '/api/v1/verdicts');
    expect(JSON.parse(all.body)).toEqual({ verdicts: SCENES.mixed.verdicts });
    expect(all.headers['cache-control']).toBe('no-store');
    const one = await ask(server, '/api/v1/verdicts/photos');
    expect(JSON.parse(one.body)).toMatchObject({ service: 'photos', party: 'vendor', vendor: 'aws' });
    expect((await ask(server, '/api/v1/verdicts/nobody')).status).toBe(404);
  });

  it('gives signals with their times', async () => {
    const { server } = await start(SCENES.ownDown);
    const { body } = await ask(server, '/api/v1/signals');
    expect(JSON.parse(body).signals).toContainEqual({
      name: 'origin_connect',
      service: 'photos',
      state: 0,
      since: '2026-03-05T02:10:30.000Z',
      lastOk: '2026-03-05T02:10:15.000Z',
      lastBad: '2026-03-05T02:14:28.000Z',
      evidence: '192.168.1.20:8080 refused the connection after 1 ms.',
    });
  });

  it('gives what is said of vendors, all or one', async () => {
    const { server } = await start(SCENES.vendorDown);
    const { vendors } = JSON.parse((await ask(server, '/api/v1/vendors')).body);
    expect(vendors).toContainEqual(
      expect.objectContaining({
        vendor: 'cloudflare',
        component: 'edge',
        status: 'failing',
        usedBy: ['blog', 'wiki'],
        hits: ['blog', 'wiki'],
      }),
    );
    const one = JSON.parse((await ask(server, '/api/v1/vendors/aws')).body);
    expect(one.vendors.map(({ vendor }: { vendor: string }) => vendor)).toEqual(['aws']);
    expect((await ask(server, '/api/v1/vendors/nobody')).status).toBe(404);
  });

  it('sends the metrics as Prometheus reads them', async () => {
    const { server } = await start();
    const { headers, body } = await ask(server, '/metrics');
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
    expect(body).toContain('# TYPE demarc_verdict_code gauge\n');
  });

  it('is healthy while it lives, and ready once everything was measured', async () => {
    const { server, monitor } = await start(SCENES.notReady);
    expect((await ask(server, '/-/healthy')).status).toBe(200);
    expect((await ask(server, '/-/ready')).status).toBe(503);
    monitor.show(SCENES.healthy);
    expect((await ask(server, '/-/ready')).status).toBe(200);
  });

  it('answers 500 without telling why, and logs it', async () => {
    const { server, monitor, log } = await start();
    monitor.verdicts = () => {
      throw new Error('secret reason');
    };
    const { status, body } = await ask(server, '/api/v1/verdicts');
    expect(status).toBe(500);
    expect(body).not.toContain('secret');
    expect(log).toEqual([
      { event: 'request_failed', path: '/api/v1/verdicts', error: expect.stringContaining('secret reason') },
    ]);
  });
});

describe('the stream', () => {
  async function open(server: StatusServer) {
    const request = http.get(`${server.url}/api/v1/stream`, { agent: false });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    response.setEncoding('utf8');
    return response;
  }

  async function nextEvent(response: http.IncomingMessage): Promise<{ verdicts: Verdict[] }> {
    let text = '';
    while (!text.endsWith('\n\n')) text += ((await once(response, 'data')) as [string])[0];
    expect(text).toMatch(/^event: verdicts\ndata: /);
    return JSON.parse(text.slice(text.indexOf('data: ') + 6));
  }

  it('sends verdicts at connect and on every change, and forgets who left', async () => {
    const { server, monitor } = await start();
    const response = await open(server);
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect((await nextEvent(response)).verdicts).toEqual(SCENES.healthy.verdicts);
    monitor.show(SCENES.ownDown);
    expect((await nextEvent(response)).verdicts).toEqual(SCENES.ownDown.verdicts);
    response.destroy();
    await expect.poll(() => monitor.listeners()).toBe(0);
  });

  it('serves a bounded number of clients', async () => {
    const { server, monitor } = await start();
    const clients = await Promise.all(Array.from({ length: 32 }, () => open(server)));
    const refused = await open(server);
    expect(refused.statusCode).toBe(503);
    clients[0]?.destroy();
    await expect.poll(() => monitor.listeners()).toBe(31);
    expect((await open(server)).statusCode).toBe(200);
  });
});

describe('alerts', () => {
  const alertNamed = (alertname: string) => ({
    status: 'firing',
    labels: { alertname, service: 'blog' },
    annotations: { summary: `${alertname} says so` },
    startsAt: '2026-03-05T02:10:30Z',
    generatorURL: 'http://prometheus/',
  });

  const post = (server: StatusServer, body: string) =>
    ask(server, '/api/v1/alerts', { method: 'POST', headers: JSON_TYPE, body });

  it('takes the webhook, logs a line each, and shows the newest hundred', async () => {
    const { server, log } = await start();
    for (let i = 0; i < 3; i += 1) {
      const alerts = Array.from({ length: 40 }, (_, n) => alertNamed(`a${i}-${n}`));
      const { status } = await post(
        server,
        JSON.stringify({ version: '4', receiver: 'demarc', alerts, groupKey: 'x' }),
      );
      expect(status).toBe(202);
    }
    const { alerts } = JSON.parse((await ask(server, '/api/v1/alerts')).body);
    expect(alerts).toHaveLength(100);
    expect(alerts[0]).toMatchObject({ labels: { alertname: 'a2-0' }, receiver: 'demarc', status: 'firing' });
    expect(log).toHaveLength(120);
    expect(log[0]).toEqual({ event: 'alert', status: 'firing', alert: 'a0-0', service: 'blog', text: 'a0-0 says so' });
  });

  it.each([
    ['no JSON', '{"alerts": [', 400],
    ['no alerts', '{}', 400],
    ['another shape', '{"alerts": [{"status": "odd"}]}', 400],
    ['too much', JSON.stringify({ alerts: [], filler: 'x'.repeat(1_100_000) }), 413],
  ])('refuses %s', async (_, body, status) => {
    const { server } = await start();
    expect((await post(server, body)).status).toBe(status);
  });

  it('keeps no prototype, no control characters, no endless text', async () => {
    const { server } = await start();
    const labels = '{"__proto__": "x", "alertname": "a\\u0000b", "long": "' + 'y'.repeat(10_000) + '"}';
    await post(server, `{"alerts": [{"status": "firing", "labels": ${labels}}]}`);
    const [alert] = JSON.parse((await ask(server, '/api/v1/alerts')).body).alerts;
    expect(alert.labels.alertname).toBe('a\ufffdb');
    expect(alert.labels.long).toHaveLength(2_000);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
