// The HTTP server: the page, the JSON, the metrics, and the doors for Alertmanager and the demo. Bounded everywhere.

import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import { projectFile } from '../catalog/root.ts';
import type { Public } from '../map/public.ts';
import type { Problem } from '../map/user-error.ts';
import type { Monitor } from '../verdict/monitor-types.ts';
import { alertInbox } from './alert-inbox.ts';
import { type Demo, demoRoutes } from './demo.ts';
import { type Games, gameRoutes } from './games.ts';
import { boundedRequest, knownHosts, refuse, sameOrigin, secureHeaders } from './gate.ts';
import type { Journal } from './journal.ts';
import type { Log } from './log.ts';
import { type Maintenance, NO_MAINTENANCE } from './maintenance.ts';
import { notFound, pageRoutes } from './page-routes.ts';
import { publicRoutes } from './public-routes.ts';
import { streamVerdicts } from './stream.ts';
import { signalsView, vendorsView, verdictsView, verdictView, windowView } from './views.ts';

const BOUNDS = {
  headersTimeoutMs: 5_000,
  requestTimeoutMs: 10_000,
  /** Longer than most are apart who scrape: whoever must connect anew cannot, when this process has no file descriptors left. */
  keepAliveTimeoutMs: 20_000,
  idleTimeoutMs: 60_000,
  checkIntervalMs: 1_000,
  maxConnections: 100,
  maxHeaderBytes: 16_384,
} as const;

export interface StatusAppOptions {
  /** Asked for every request. */
  monitor: () => Monitor;
  /** What was said since the start; null while it is not kept yet. */
  journal?: () => Pick<Journal, 'recent' | 'history' | 'writeErrors' | 'refusal'> | null;
  /** Loads the map anew and gives what is wrong with it; without it there is no such route. */
  reload?: () => Promise<readonly Problem[]>;
  /** Controls of the simulated world; without them there are no such routes. */
  demo?: Demo;
  /** Scenarios to watch; without them there are no such pages. */
  games?: Games;
  /** Which services are in maintenance. */
  maintenance?: Maintenance;
  /** What strangers may see; null while the map says nothing of it. */
  publicView?: () => Public | null;
  version: string;
  log: Log;
  /** Public names it is reached by. Addresses, single-label names and private domains always work. */
  hosts?: readonly string[];
  now?: () => number;
}

/** Errors of the request itself, as express and its parsers mark them; everything else is our bug. */
function statusOf(error: unknown): number {
  if (typeof error !== 'object' || error === null || !('status' in error)) return 500;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}

/** What is planned, this far ahead. */
const PLANNED_MS = 14 * 86_400_000;

function apiRoutes(options: StatusAppOptions): express.Router {
  const { monitor, journal = () => null, maintenance = NO_MAINTENANCE, log, now = Date.now } = options;
  const router = express.Router();
  router.get(
    '/verdicts',
    (_request, response) => void response.json(verdictsView(monitor().verdicts(), maintenance.present())),
  );
  router.get('/verdicts/:service', (request, response) => {
    const verdict = monitor()
      .verdicts()
      .find((candidate) => candidate.service === request.params.service);
    if (verdict === undefined) return refuse(response, 404, 'no such service');
    response.json(verdictView(verdict, maintenance.present()));
  });
  router.get('/vendors', (_request, response) => void response.json(vendorsView(monitor().vendors())));
  router.get('/vendors/:vendor', (request, response) => {
    const components = monitor()
      .vendors()
      .filter(({ vendor }) => vendor === request.params.vendor);
    if (components.length === 0) return refuse(response, 404, 'no such vendor');
    response.json(vendorsView(components));
  });
  router.get('/maintenance', (_request, response) => {
    response.json({ windows: maintenance.within(PLANNED_MS).map(windowView) });
  });
  router.get('/signals', (_request, response) => void response.json(signalsView(monitor().signals())));
  router.get('/journal', (_request, response) => {
    response.json({ entries: journal()?.recent() ?? [], writeErrors: journal()?.writeErrors() ?? 0 });
  });
  router.get('/stream', streamVerdicts(monitor));
  router.use('/alerts', alertInbox(log, now));
  return router;
}

function machineRoutes({ monitor, reload }: StatusAppOptions): express.Router {
  const router = express.Router();
  router.get('/metrics', async (_request, response) => {
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await monitor().metrics());
  });
  if (reload !== undefined) {
    router.post('/-/reload', sameOrigin, async (_request, response) => {
      const problems = await reload();
      const lines = problems.map(({ place, what, hint }) => `${place}: ${what}, ${hint}\n`).join('');
      response
        .status(problems.length === 0 ? 200 : 500)
        .type('text')
        .send(problems.length === 0 ? 'reloaded\n' : `${lines}the old map goes on\n`);
    });
  }
  router.get('/-/healthy', (_request, response) => void response.type('text').send('healthy\n'));
  router.get('/-/ready', (_request, response) => {
    const ready = monitor().ready();
    response
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'not ready: first round still running\n');
  });
  return router;
}

export function createStatusApp(options: StatusAppOptions): express.Express {
  const { demo, games, log, hosts = [] } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.use(secureHeaders, boundedRequest, knownHosts(hosts));
  app.use('/public', publicRoutes(options));
  app.use(pageRoutes(options), machineRoutes(options));
  app.use('/api/v1', apiRoutes(options));
  if (demo !== undefined) app.use('/demo/faults', demoRoutes(demo, log));
  if (games !== undefined) app.use('/games', gameRoutes(games, log));
  app.use(
    '/assets',
    express.static(projectFile('status/assets'), { index: false, redirect: false, cacheControl: false }),
  );

  app.use((request: Request, response: Response) => {
    if (request.method === 'GET' || request.method === 'HEAD') return notFound(response);
    response.set('allow', 'GET, HEAD');
    refuse(response, 405);
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    const status = statusOf(error);
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (status === 500) log({ event: 'request_failed', path: request.path, error: text });
    if (response.headersSent) return next(error);
    refuse(response, status);
  });
  return app;
}

export interface StatusServer {
  /** Where it really listens; `port` matters when 0 was asked for. */
  host: string;
  port: number;
  url: string;
  /** Ends open streams too. */
  close(): Promise<void>;
}

/** Listens; rejects with the system's error when the address is taken or not ours. */
export async function listen(
  app: express.Express,
  { host, port }: { host: string; port: number },
): Promise<StatusServer> {
  const server = http.createServer(
    {
      headersTimeout: BOUNDS.headersTimeoutMs,
      requestTimeout: BOUNDS.requestTimeoutMs,
      keepAliveTimeout: BOUNDS.keepAliveTimeoutMs,
      connectionsCheckingInterval: BOUNDS.checkIntervalMs,
      maxHeaderSize: BOUNDS.maxHeaderBytes,
    },
    app,
  );
  server.maxConnections = BOUNDS.maxConnections;
  server.setTimeout(BOUNDS.idleTimeoutMs);
  server.listen(port, host);
  await once(server, 'listening'); // rejects on 'error'
  const { address, port: actual, family } = server.address() as AddressInfo;
  return {
    host: address,
    port: actual,
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
