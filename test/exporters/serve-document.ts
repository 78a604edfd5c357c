// A loopback web server that gives every path the same answer, for the kinds that fetch one document.
import type { OutgoingHttpHeaders } from 'node:http';
import { httpServer } from './local-server.ts';

export interface Served {
  status?: number;
  headers?: OutgoingHttpHeaders;
  body?: string | Buffer;
}

export interface DocumentServer {
  /** Base URL, with its slash. */
  base: string;
  /** Paths asked for so far. */
  asked: string[];
}

export async function serveDocument({ status = 200, headers = {}, body = '' }: Served): Promise<DocumentServer> {
  const asked: string[] = [];
  const { port } = await httpServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, headers).end(body);
  });
  return { base: `http://127.0.0.1:${port}/`, asked };
}
