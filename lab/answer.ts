// HTTP in the lab: a server asks for an answer, as data, and writes it unless its place has fallen silent meanwhile.
import http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type { Socket } from 'node:net';
import tls, { createSecureContext, type SecureContext } from 'node:tls';
import type { Credentials } from './authority.ts';

export interface Asked {
  method: string;
  /** Path with query. */
  path: string;
  /** Host name of the Host header, lower case, without port. */
  host: string;
  client: string;
  /** The address the client came to. */
  address: string;
  /** Whether the client asks the edge to say who failed, as Azure lets one. */
  debugInfo?: boolean;
}

export interface Answer {
  status: number;
  /** Reason phrase, where it carries a meaning of its own; HTTP/2 has none. */
  reason?: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Instead of the body, for what is no text. */
  bytes?: Buffer;
}

/** What an endpoint says. Must not throw. */
export type Respond = (asked: Asked) => Answer | Promise<Answer>;

export interface HttpHandler {
  accept: (socket: Socket) => void;
  /** Shows other credentials from the next handshake on. */
  present(credentials: Credentials): void;
  /** The same for those only who ask for this host; null: what everybody is shown. */
  presentTo(host: string, credentials: Credentials | null): void;
}

/** `http2` is spoken to whoever offers it in the handshake. */
export type Versions = 'http1' | 'http2';

/** In either version. */
type Request = http.IncomingMessage | http2.Http2ServerRequest;
type Response = http.ServerResponse | http2.Http2ServerResponse;
type Listener = (request: Request, response: Response) => Promise<void>;

/** `silent` is asked just before writing, about the address the client came to. */
export function httpHandler(
  respond: Respond,
  silent: (address: string) => boolean,
  credentials: Credentials | null,
  versions: Versions = 'http1',
): HttpHandler {
  const ofHost = new Map<string, SecureContext>();
  const listener: Listener = async (request, response) => {
    request.resume();
    // A client that gives up a request of several ends that one alone, and says so here.
    request.on('error', () => undefined);
    const answer = await respond(askedOf(request));
    if (!silent(request.socket.localAddress ?? '')) write(response, answer);
  };
  const secured: tls.TlsOptions = {
    ...credentials,
    sessionTimeout: 1,
    SNICallback: (host, done) => done(null, ofHost.get(host)),
  };
  const server = credentials === null ? http.createServer(listener) : securedServer(versions, secured, listener);
  // Half a request, or a handshake given up, concerns nobody.
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return {
    accept: (socket) => server.emit('connection', socket),
    present(next) {
      if (server instanceof tls.Server) server.setSecureContext(next);
    },
    presentTo(host, next) {
      if (next === null) ofHost.delete(host);
      else ofHost.set(host, createSecureContext(next));
    },
  };
}

const securedServer = (versions: Versions, options: tls.TlsOptions, listener: Listener): tls.Server =>
  versions === 'http1'
    ? https.createServer(options, listener)
    : http2.createSecureServer({ ...options, allowHTTP1: true }, listener);

/** One request a connection, so that no connection outlives the state of the world it was made in. */
function write(response: Response, { status, reason, headers, body, bytes = Buffer.from(body) }: Answer): void {
  const all = { ...headers, 'content-length': String(bytes.length) };
  if (response instanceof http2.Http2ServerResponse) {
    const { stream } = response;
    stream.once('close', () => stream.session?.close());
    response.writeHead(status, all).end(bytes);
  } else {
    const last = { ...all, connection: 'close' };
    if (reason === undefined) response.writeHead(status, last).end(bytes);
    else response.writeHead(status, reason, last).end(bytes);
  }
}

function askedOf(request: Request): Asked {
  const { ':authority': authority = '', host: named = authority } = request.headers;
  const host = String(named).replace(/:\d+$/, '').toLowerCase();
  const debugInfo = request.headers['x-azure-debuginfo'] === '1';
  const address = request.socket.localAddress ?? '';
  const client = request.socket.remoteAddress ?? address;
  return { method: request.method ?? 'GET', path: request.url ?? '/', host, client, address, debugInfo };
}

export function page(title: string, text: string): string {
  return `<!DOCTYPE html>\n<html lang="en"><head><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>\n`;
}

export const json = (document: unknown): Answer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: `${JSON.stringify(document)}\n`,
});

export const NOT_FOUND: Answer = {
  status: 404,
  headers: { 'content-type': 'text/html' },
  body: page('404', 'Not found.'),
};
