// One GET over a unix socket: a fresh connection, a bounded body, one deadline. For daemons that speak HTTP to their own machine.
import { existsSync } from 'node:fs';
import nodeHttp from 'node:http';
import path from 'node:path';
import type { Phase, Reason } from '../catalog/reasons.ts';
import { type ProbeContext, reasonOf } from './probe.ts';

const MAX_HEADER_BYTES = 16_384;

export interface UnixAnswer {
  /** ok: status 200, and the body is here. */
  reason: Reason;
  phase: Phase | null;
  phases: Partial<Record<Phase, number>>;
  body: Buffer;
}

const NOTHING = Buffer.alloc(0);

/** `host`: the name some daemons want to be called by. */
export async function getOverUnix(
  socketPath: string,
  request: { path: string; host: string; maxBytes: number },
  { signal, clock, trace }: ProbeContext,
): Promise<UnixAnswer> {
  const start = clock.monotonic();
  const ended = (reason: Reason, phase: Phase | null, body: Buffer = NOTHING): UnixAnswer => {
    trace?.step(`GET ${request.path} at ${socketPath}`, [
      reason === 'ok' ? `200, ${body.length} bytes` : `ended with ${reason}`,
    ]);
    return { reason, phase, phases: { request: clock.monotonic() - start }, body };
  };
  try {
    const { status, body } = await converse(socketPath, request, signal);
    if (status !== 200) return ended('http_status', 'check');
    return body === null ? ended('http_too_large', 'transfer') : ended('ok', null, body);
  } catch (error) {
    return ended(reasonAt(error, socketPath), 'connect');
  }
}

/** The folder without the socket is a daemon that is gone; without the folder, this is not the place to look. */
function reasonAt(error: unknown, socketPath: string): Reason {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  if (!missing) return reasonOf(error);
  return existsSync(path.dirname(socketPath)) ? 'connect_refused' : 'local';
}

/** `body` null: there was more of it than allowed. */
function converse(
  socketPath: string,
  { path: page, host, maxBytes }: { path: string; host: string; maxBytes: number },
  signal: AbortSignal,
): Promise<{ status: number; body: Buffer | null }> {
  return new Promise((resolve, reject) => {
    const headers = { Host: host, 'User-Agent': 'demarc', Connection: 'close' };
    const request = nodeHttp.request({
      socketPath,
      path: page,
      headers,
      agent: false,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      const finish = (body: Buffer | null): void => {
        resolve({ status: response.statusCode ?? 0, body });
        request.destroy();
      };
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        bytes += chunk.length;
        if (bytes > maxBytes) finish(null);
      });
      response.on('end', () => finish(Buffer.concat(chunks)));
    });
    request.end();
  });
}
