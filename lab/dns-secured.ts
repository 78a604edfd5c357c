// A DNS server that nobody on the way can read: over TLS (RFC 7858) or HTTPS (RFC 8484). What it answers is its owner's business.
import http2 from 'node:http2';
import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Credentials } from './authority.ts';
import { type DnsServerFacts, type RespondTo, responder, serveStream } from './dns-server.ts';
import { newOutlet, type Outlet, openTogether } from './outlet.ts';

const MEDIA_TYPE = 'application/dns-message';
const PATH = '/dns-query';
const MAX_MESSAGE_BYTES = 65_535;

type Accept = (socket: Socket) => void;

export async function startSecuredDnsServer(
  { recursive, answer, ...place }: DnsServerFacts,
  over: 'tls' | 'https',
  credentials: Credentials,
): Promise<Outlet> {
  const respond = responder(recursive, answer);
  const accept: Accept = over === 'tls' ? overTls(respond, credentials, () => outlet) : overHttps(respond, credentials);
  const outlet = newOutlet({ ...place, accept });
  await openTogether([outlet]);
  return outlet;
}

function overTls(respond: RespondTo, credentials: Credentials, outlet: () => Outlet): Accept {
  const server = tls.createServer(credentials, (socket) => {
    socket.on('error', () => socket.destroy());
    serveStream(socket, respond, outlet());
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return (socket) => server.emit('connection', socket);
}

function overHttps(respond: RespondTo, credentials: Credentials): Accept {
  const listener = async (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): Promise<void> => {
    const question = await questionOf(request);
    const reply = typeof question === 'number' ? null : await respond(question);
    if (response.writableEnded || request.destroyed) return;
    if (reply === null) response.writeHead(typeof question === 'number' ? question : 400).end();
    else response.writeHead(200, { 'content-type': MEDIA_TYPE, 'content-length': reply.length }).end(reply);
  };
  const server = http2.createSecureServer({ ...credentials, allowHTTP1: true }, listener);
  server.on('sessionError', () => undefined);
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return (socket) => server.emit('connection', socket);
}

/** The DNS message of a request, or the status that refuses it. */
async function questionOf(request: http2.Http2ServerRequest): Promise<Buffer | number> {
  const { pathname, searchParams } = new URL(request.url, 'https://lab.test');
  if (pathname !== PATH) return 404;
  if (request.method === 'GET') {
    const encoded = searchParams.get('dns');
    return encoded === null ? 400 : Buffer.from(encoded, 'base64url');
  }
  if (request.method !== 'POST') return 405;
  if (request.headers['content-type'] !== MEDIA_TYPE) return 415;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_MESSAGE_BYTES) return 413;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
