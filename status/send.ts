// Sends a page, compressed where the reader takes it: a map of thirty services repeats itself thirty times.
import { gzipSync } from 'node:zlib';
import type { Request, Response } from 'express';

/** Nothing secret stands on these pages beside what the reader sent, so their size gives nothing away. */
export function sendPage(request: Request, response: Response, markup: string, type = 'html'): void {
  response.vary('accept-encoding').type(type);
  if (!request.acceptsEncodings('gzip')) return void response.send(markup);
  response.set('content-encoding', 'gzip').send(gzipSync(markup));
}
