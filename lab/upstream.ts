// One request from a server of the lab to another, over a real connection: edge to origin, daemon to origin, app to cloud.
import http from 'node:http';
import https from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Asked } from './answer.ts';
import { onlyOutlet, type Site } from './site.ts';
import type { WorldService } from './world.ts';

export interface Upstream {
  address: string;
  /** Read at each request. */
  port: () => number;
  /** PEM of the authority to trust; null for plain HTTP. */
  trust: string | null;
  /** For a connection. */
  timeoutMs: number;
  /** For the answer, once connected; the same when left out. */
  answerMs?: number;
  /** Whether something between drops all that is sent; read at each request. */
  isShutOut?: () => boolean;
}

/** `timeout`: no connection; `slow`: one, and no answer on it. */
export type UpstreamFailure = 'refused' | 'timeout' | 'slow' | 'certificate' | 'broken';

export type UpstreamResult = { answer: Answer } | { failure: UpstreamFailure };

/** The way to a service's origin. `timeoutMs`: the patience of whoever goes it. */
export function toOrigin(
  { outlets, authority, damage }: Site,
  { name, origin, tunneled, hosted }: WorldService,
  timeoutMs: number,
): Upstream {
  const outlet = onlyOutlet(outlets, 'origin', name);
  // The tunnel's daemon asks from inside, and a host elsewhere is nothing the line leads to.
  const comesIn = !tunneled && hosted === undefined;
  return {
    address: outlet.address,
    port: () => outlet.port,
    trust: origin.tls ? authority.pem : null,
    timeoutMs,
    isShutOut: () => damage.strikes('origin_shut_out', name) || (comesIn && damage.strikes('uplink_oneway')),
  };
}

const HOP_BY_HOP = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding', 'date']);

export async function askUpstream(
  upstream: Upstream,
  asked: Pick<Asked, 'method' | 'path' | 'host'>,
): Promise<UpstreamResult> {
  if (upstream.isShutOut?.() !== true) return connectUpstream(upstream, asked);
  await delay(upstream.timeoutMs);
  return { failure: 'timeout' };
}

function connectUpstream(upstream: Upstream, asked: Pick<Asked, 'method' | 'path' | 'host'>): Promise<UpstreamResult> {
  const { address, trust, timeoutMs } = upstream;
  const shared = { host: address, port: upstream.port(), method: asked.method, path: asked.path, agent: false };
  const headers = { host: asked.host, connection: 'close' };
  return new Promise((resolve) => {
    const request =
      trust === null
        ? http.request({ ...shared, headers })
        : https.request({ ...shared, headers, servername: asked.host, ca: trust });
    let limit = setTimeout(() => finish({ failure: 'timeout' }), timeoutMs);
    const finish = (result: UpstreamResult): void => {
      clearTimeout(limit);
      resolve(result);
      request.destroy();
    };
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        clearTimeout(limit);
        limit = setTimeout(() => finish({ failure: 'slow' }), upstream.answerMs ?? timeoutMs);
      }),
    );
    request.on('error', (error: NodeJS.ErrnoException) => finish({ failure: failureOf(error.code ?? '') }));
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', () => finish({ failure: 'broken' }));
      response.on('end', () => finish({ answer: answerOf(response, Buffer.concat(chunks).toString('utf8')) }));
    });
    request.end();
  });
}

function failureOf(code: string): UpstreamFailure {
  if (code === 'ECONNREFUSED') return 'refused';
  return /^(CERT_|ERR_TLS_CERT|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)/.test(code) ? 'certificate' : 'broken';
}

function answerOf(response: http.IncomingMessage, body: string): Answer {
  const headers = Object.entries(response.headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || HOP_BY_HOP.has(name) ? [] : [[name, String(value)]],
  );
  return { status: response.statusCode ?? 502, headers: Object.fromEntries(headers), body };
}
