// Verdicts as server-sent events: all of them at connect and after every change, with a heartbeat in between.
import type { RequestHandler, Response } from 'express';
import type { Monitor } from '../verdict/monitor-types.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { refuse } from './gate.ts';
import { verdictsView } from './views.ts';

const MAX_CLIENTS = 32;
const HEARTBEAT_MS = 15_000;
/** A client this far behind does not read; it is cut off instead of remembered. */
const MAX_UNREAD_BYTES = 1_048_576;

function send(response: Response, text: string): void {
  if (response.writableLength > MAX_UNREAD_BYTES) response.destroy();
  else response.write(text);
}

function sendVerdicts(response: Response, verdicts: readonly Verdict[]): void {
  send(response, `event: verdicts\ndata: ${JSON.stringify(verdictsView(verdicts))}\n\n`);
}

/** For a bounded number of clients. When the monitor is replaced, they follow within a heartbeat. */
export function streamVerdicts(monitor: () => Monitor, heartbeatMs = HEARTBEAT_MS): RequestHandler {
  const clients = new Set<Response>();
  return (request, response) => {
    if (clients.size >= MAX_CLIENTS) {
      response.set('retry-after', '30');
      return refuse(response, 503, 'too many streams');
    }
    response.set({ 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' });
    if (request.method === 'HEAD') return void response.end();
    clients.add(response);

    let watched = monitor();
    let unsubscribe = watched.onChange((verdicts) => sendVerdicts(response, verdicts));
    sendVerdicts(response, watched.verdicts());
    const heartbeat = setInterval(() => {
      send(response, ': still here\n\n');
      if (monitor() === watched) return;
      unsubscribe();
      watched = monitor();
      unsubscribe = watched.onChange((verdicts) => sendVerdicts(response, verdicts));
      sendVerdicts(response, watched.verdicts());
    }, heartbeatMs);

    response.on('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      clients.delete(response);
    });
  };
}
