// The stream outlives the monitor it began with, and keeps quiet lines open.
import { once } from 'node:events';
import http from 'node:http';
import express from 'express';
import { expect, it } from 'vitest';
import { listen } from '../../status/server.ts';
import { streamVerdicts } from '../../status/stream.ts';
import { fakeMonitor, SCENES } from './fake-monitor.ts';

it('follows a replaced monitor within a heartbeat', async () => {
  const [before, after] = [fakeMonitor(SCENES.healthy), fakeMonitor(SCENES.ownDown)];
  let current = before;
  const app = express();
  app.get(
    '/',
    streamVerdicts(() => current, 30),
  );
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const request = http.get(server.url, { agent: false });
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });

  await expect.poll(() => text).toContain(': still here\n\n');
  current = after;
  await expect.poll(() => text).toContain('photos is down');
  expect([before.listeners(), after.listeners()]).toEqual([0, 1]);
  await server.close();
  await expect.poll(() => after.listeners()).toBe(0);
});
