// The lab over HTTP, for the demo's buttons and for people with curl. Loopback only.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type NextFunction, type Request, type Response } from 'express';
import { UserError } from '../map/user-error.ts';
import type { ActiveFault, Lab } from './lab.ts';
import type { Outlet } from './outlet.ts';

/** What the API needs of a lab; `inject` takes input nobody has checked. */
interface ApiSource extends Pick<Lab, 'world' | 'offers' | 'faults' | 'heal'> {
  inject(input: unknown): Promise<ActiveFault>;
  outlets: readonly Outlet[];
}

export interface Api {
  url: string;
  stop(): Promise<void>;
}

export async function startApi(lab: ApiSource): Promise<Api> {
  const app = express();
  app.disable('x-powered-by');
  // Only JSON is read, so a page of another origin cannot post here without being asked first.
  app.use(express.json({ limit: '4kb', strict: false }));
  app.get('/faults', (_request, response) => {
    response.json(lab.faults());
  });
  app.post('/faults', async (request, response) => {
    response.status(201).json(await lab.inject(request.body));
  });
  app.delete('/faults', async (_request, response) => {
    await lab.heal();
    response.json(lab.faults());
  });
  app.delete('/faults/:id', async (request, response) => {
    const { id } = request.params;
    if (!lab.faults().some((fault) => fault.id === id)) {
      response.status(404).json({ error: `id: no active fault ${id}, GET /faults lists them` });
      return;
    }
    await lab.heal(id);
    response.json(lab.faults());
  });
  app.get('/world', (_request, response) => {
    const places = lab.outlets.map(({ role, owner, side, address, port, state }) => ({
      role,
      owner,
      side,
      address,
      port,
      state,
    }));
    response.json({ world: lab.world, faults: lab.faults(), offers: lab.offers, places });
  });
  app.use((request, response) => {
    response.status(404).json({ error: `${request.method} ${request.path}: no such thing, try GET /world` });
  });
  app.use(answerError);
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => stop(server) };
}

/** Express tells an error handler by its four parameters. */
function answerError(error: unknown, _request: Request, response: Response, _next: NextFunction): void {
  if (error instanceof UserError) {
    response.status(400).json({ error: error.message });
    return;
  }
  if (error instanceof SyntaxError || (error instanceof Error && 'type' in error)) {
    response.status(400).json({ error: `body: ${error.message}, send a JSON object such as {"kind":"uplink_cut"}` });
    return;
  }
  response.status(500).json({ error: `lab: ${String(error)}, this is a bug` });
}

async function stop(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  if (server.listening) await once(server, 'close');
}
