// What every request must pass, and what the server does not wait for.
import { once } from 'node:events';
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { createStatusApp, listen } from '../../status/server.ts';
import { SCENES } from './fake-monitor.ts';
import { ask, statusServers } from './status-harness.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

const start = statusServers();

describe('the gate', () => {
  it.each(['/', '/api/v1/verdicts', '/metrics', '/assets/page.css', '/nothing'])(
    'guards %s with headers',
    async (path) => {
      const { server } = await start();
      const { headers } = await ask(server, path);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY' });
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it.each(['PUT', 'PATCH', 'OPTIONS', 'TRACE'])('refuses %s', async (method) => {
    const { server } = await start();
    expect((await ask(server, '/', { method })).status).toBe(405);
  });

  it('refuses POST where nothing takes it, and answers HEAD without a body', async () => {
    const { server } = await start();
    expect((await ask(server, '/', { method: 'POST', headers: JSON_TYPE, body: '{}' })).status).toBe(405);
    expect(await ask(server, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    ['127.0.0.1:9815', 200],
    ['localhost:9815', 200],
    ['[::1]:9815', 200],
    ['192.168.1.5', 200],
    ['demarc:9815', 200],
    ['nas.lan', 200],
    ['status.example.org', 200],
    ['evil.example', 421],
    ['localhost.evil.example', 421],
    ['evil.example@localhost', 400],
  ])('asked as "%s" answers %d', async (host, status) => {
    const { server } = await start(SCENES.healthy, { hosts: ['status.example.org'] });
    expect((await ask(server, '/', { headers: { host } })).status).toBe(status);
  });

  it.each([
    ['a long address', `/${'a'.repeat(9_000)}`, 414],
    ['an endless header', `/${'a'.repeat(20_000)}`, 431],
    ['a broken escape', '/service/%zz', 400],
  ])('refuses %s', async (_, path, status) => {
    const { server } = await start();
    expect((await ask(server, path)).status).toBe(status);
  });

  it('serves no file outside its assets', async () => {
    const { server } = await start();
    for (const path of ['/assets/../server.ts', '/assets/..%2fserver.ts', '/assets/%2e%2e/server.ts', '/assets/']) {
      const { status, body } = await ask(server, path);
      expect([403, 404]).toContain(status);
      expect(body).not.toContain('createStatusApp');
    }
  });

  it('hangs up on a client that never finishes its headers', async () => {
    const { server } = await start();
    const socket = net.connect(server.port, server.host);
    const began = Date.now();
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ');
    socket.resume();
    await once(socket, 'close');
    expect(Date.now() - began).toBeLessThan(8_000);
  });

  it('drops connections beyond its bound', async () => {
    const { server } = await start();
    const sockets = Array.from({ length: 100 }, () => net.connect(server.port, server.host));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    await expect(ask(server, '/-/healthy')).rejects.toThrow();
    for (const socket of sockets) socket.destroy();
    await expect
      .poll(() =>
        ask(server, '/-/healthy').then(
          (answer) => answer.status,
          () => 0,
        ),
      )
      .toBe(200);
  });

  it('says so when its port is taken', async () => {
    const { server } = await start();
    const app = createStatusApp({
      monitor: () => {
        throw new Error('unused');
      },
      version: '',
      log: () => undefined,
    });
    await expect(listen(app, { host: server.host, port: server.port })).rejects.toThrow('EADDRINUSE');
  });
});
