// A name server of a test that is asked over TLS or HTTPS: real sockets, answers made by hand; and one measurement of it.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import type net from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import { dns } from '../../exporters/dns/probe.ts';
import { QUESTION } from './ask-dns.ts';
import { contextOf } from './contract.ts';
import type { Issued } from './test-ca.ts';

/** What reached it: the message, and for HTTPS how it came. */
export interface Request {
  message: Buffer;
  httpVersion?: string;
  method?: string;
  path?: string;
  headers?: Readonly<Record<string, string | string[] | undefined>>;
}

export interface HttpReply {
  status?: number;
  type?: string | null;
  body: Buffer;
}

export interface SecuredServer {
  /** `127.0.0.1:port` */
  at: string;
  asked: Request[];
  /** Server names of the handshakes. */
  names: (string | false | null)[];
}

export async function tlsNameServer(credentials: Issued, serve: (message: Buffer) => Buffer): Promise<SecuredServer> {
  const asked: Request[] = [];
  const names: SecuredServer['names'] = [];
  const server = tls.createServer(credentials, (socket) => {
    names.push(socket.servername);
    socket.on('error', () => socket.destroy());
    let received = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      asked.push({ message: received.subarray(2) });
      const reply = serve(received.subarray(2));
      const length = Buffer.alloc(2);
      length.writeUInt16BE(reply.length);
      socket.write(Buffer.concat([length, reply]));
    });
  });
  return { at: await listening(server), asked, names };
}

export async function httpsNameServer(
  credentials: Issued,
  serve: (message: Buffer) => HttpReply,
  protocol: 'h2' | 'http/1.1' = 'h2',
): Promise<SecuredServer> {
  const asked: Request[] = [];
  const listener = async (
    request: http2.Http2ServerRequest | IncomingMessage,
    response: http2.Http2ServerResponse | ServerResponse,
  ): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', httpVersion, headers, url: path = '/' } = request;
    const encoded = new URL(path, 'https://x.test').searchParams.get('dns') ?? '';
    const message = method === 'GET' ? Buffer.from(encoded, 'base64url') : Buffer.concat(chunks);
    asked.push({ message, httpVersion, method, path, headers });
    const { status = 200, type = 'application/dns-message', body } = serve(message);
    response.statusCode = status;
    if (type !== null) response.setHeader('content-type', type);
    response.end(body);
  };
  const server =
    protocol === 'h2' ? http2.createSecureServer(credentials, listener) : https.createServer(credentials, listener);
  return { at: await listening(server), asked, names: [] };
}

export function measureSecured(server: string, trust: string, settings: Record<string, unknown> = {}) {
  const measure = dns.prepare('t', { ...QUESTION, server, ...settings });
  return measure(contextOf(AbortSignal.timeout(5_000), { trust: [trust] }));
}

async function listening(server: net.Server): Promise<string> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (_: Error, socket: net.Socket) => socket.destroy());
  server.on('sessionError', () => undefined);
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}
