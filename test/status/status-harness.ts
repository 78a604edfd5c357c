// A real status server on a free port of loopback, over a fake monitor, and plain requests to it.
import http from 'node:http';
import { afterEach } from 'vitest';
import type { JournalEntry } from '../../status/journal-entry.ts';
import type { LogEvent } from '../../status/log.ts';
import { createStatusApp, listen, type StatusAppOptions, type StatusServer } from '../../status/server.ts';
import { type FakeMonitor, fakeMonitor, SCENES } from './fake-monitor.ts';
import { NOW, type Scene } from './fake-scenes.ts';

export interface Harness {
  server: StatusServer;
  monitor: FakeMonitor;
  log: LogEvent[];
}

export async function start(
  scene: Scene = SCENES.healthy,
  more: Partial<StatusAppOptions> = {},
  port = 0,
): Promise<Harness> {
  const monitor = fakeMonitor(scene, more.now);
  const log: LogEvent[] = [];
  const app = createStatusApp({
    monitor: () => monitor,
    version: '1.2.3',
    log: (event) => void log.push(event),
    now: () => NOW,
    ...more,
  });
  return { server: await listen(app, { host: '127.0.0.1', port }), monitor, log };
}

/** Starts servers for the tests of one file, and closes each after its test. */
export function statusServers(): (...options: Parameters<typeof start>) => Promise<Harness> {
  const running: StatusServer[] = [];
  afterEach(async () => {
    await Promise.allSettled(running.splice(0).map((server) => server.close()));
  });
  return async (...options) => {
    const harness = await start(...options);
    running.push(harness.server);
    return harness;
  };
}

/** A journal that only remembers, as the server asks it. */
export function rememberedJournal(
  history: readonly JournalEntry[],
  refusal: string | null = null,
): NonNullable<StatusAppOptions['journal']> {
  return () => ({ recent: () => history, history: () => history, writeErrors: () => 0, refusal: () => refusal });
}

export interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** One request as it is given: no normalised path, any header, any method. */
export function ask(
  server: StatusServer,
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(
      { host: server.host, port: server.port, path, method, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(body);
  });
}
