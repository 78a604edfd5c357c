// A DNS question over HTTPS (RFC 8484) on a TLS connection that stands: HTTP/2 where the server speaks it, else HTTP/1.1.
// One request, no redirects, and no more of the answer than a DNS message may be long.
import nodeHttp from 'node:http';
import http2 from 'node:http2';
import type { Readable } from 'node:stream';
import type tls from 'node:tls';
import type { Reason } from '../../catalog/reasons.ts';

export const HTTPS_METHODS = ['POST', 'GET'] as const;

/** What to offer in the handshake. */
export const HTTPS_PROTOCOLS = ['h2', 'http/1.1'] as const;

export interface HttpsRequest {
  method: (typeof HTTPS_METHODS)[number];
  /** Host and port, as in a URL. */
  authority: string;
  path: string;
  message: Buffer;
}

const MEDIA_TYPE = 'application/dns-message';
const MAX_MESSAGE_BYTES = 65_535;
const MAX_HEADER_BYTES = 16_384;

/** The message that comes back, or why there is none; errors of the connection are thrown. */
export function overHttps(socket: tls.TLSSocket, request: HttpsRequest, signal: AbortSignal): Promise<Buffer | Reason> {
  return socket.alpnProtocol === 'h2' ? overHttp2(socket, request, signal) : overHttp1(socket, request, signal);
}

const target = ({ method, path, message }: HttpsRequest): string =>
  method === 'POST' ? path : `${path}${path.includes('?') ? '&' : '?'}dns=${message.toString('base64url')}`;

const headersOf = ({ method, message }: HttpsRequest): Record<string, string> => ({
  accept: MEDIA_TYPE,
  ...(method === 'POST' && { 'content-type': MEDIA_TYPE, 'content-length': String(message.length) }),
});

function overHttp2(socket: tls.TLSSocket, request: HttpsRequest, signal: AbortSignal): Promise<Buffer | Reason> {
  const session = http2.connect(`https://${request.authority}`, {
    createConnection: () => socket,
    settings: { enablePush: false, maxHeaderListSize: MAX_HEADER_BYTES },
  });
  return new Promise<Buffer | Reason>((resolve, reject) => {
    session.on('error', reject);
    const stream = session.request(
      { ':method': request.method, ':path': target(request), ...headersOf(request) },
      { signal },
    );
    stream.on('error', reject);
    // Comes last; with nothing before it, there was no answer.
    stream.on('close', () => resolve('connect_reset'));
    stream.on('response', (headers) => {
      read(headers[':status'] ?? 0, headers['content-type'], stream).then(resolve, reject);
    });
    stream.end(request.method === 'POST' ? request.message : undefined);
  }).finally(() => session.destroy());
}

function overHttp1(socket: tls.TLSSocket, request: HttpsRequest, signal: AbortSignal): Promise<Buffer | Reason> {
  return new Promise((resolve, reject) => {
    const outgoing = nodeHttp.request({
      method: request.method,
      path: target(request),
      headers: { host: request.authority, ...headersOf(request) },
      createConnection: () => socket,
      maxHeaderSize: MAX_HEADER_BYTES,
      signal,
    });
    outgoing.on('error', reject);
    outgoing.on('upgrade', () => resolve('http_protocol'));
    outgoing.on('response', (incoming) => {
      read(incoming.statusCode ?? 0, incoming.headers['content-type'], incoming).then(resolve, reject);
    });
    outgoing.end(request.method === 'POST' ? request.message : undefined);
  });
}

/** A page of somebody on the way is no DNS message, whatever its status says. */
async function read(status: number, mediaType: string | undefined, body: Readable): Promise<Buffer | Reason> {
  if (status < 200 || status > 299) return 'http_status';
  if (mediaType?.split(';')[0]?.trim().toLowerCase() !== MEDIA_TYPE) return 'dns_malformed';
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_MESSAGE_BYTES) return 'http_too_large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
