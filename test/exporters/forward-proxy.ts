// A forward proxy on loopback: passes tunnels and plain requests on, tells what it was asked, and may want credentials.
import nodeHttp from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { started } from './local-server.ts';
import type { Issued } from './test-ca.ts';

export interface ForwardProxyServer {
  port: number;
  /** Connections still open. */
  open(): number;
  /** Request lines, without the version. */
  asked: readonly string[];
  /** Headers of each request. */
  headers: readonly nodeHttp.IncomingHttpHeaders[];
}

interface Manners {
  /** What Proxy-Authorization must say. */
  credentials?: string;
  /** Speaks TLS with who asks it. */
  certificate?: Issued;
  /** Where names lead; loopback addresses lead to themselves. */
  hosts?: Readonly<Record<string, string>>;
}

export async function forwardProxy({
  credentials,
  certificate,
  hosts = {},
}: Manners = {}): Promise<ForwardProxyServer> {
  const asked: string[] = [];
  const headers: nodeHttp.IncomingHttpHeaders[] = [];
  const addressOf = (host: string): string => hosts[host] ?? host;
  const admits = (request: nodeHttp.IncomingMessage): boolean => {
    asked.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    return credentials === undefined || request.headers['proxy-authorization'] === credentials;
  };
  const pass: nodeHttp.RequestListener = (request, response) => {
    if (!admits(request)) {
      response.writeHead(407).end();
      return;
    }
    const url = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...kept } = request.headers;
    const onward = nodeHttp.request({
      host: addressOf(url.hostname),
      port: url.port,
      path: url.pathname,
      headers: kept,
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.writeHead(503, { 'x-squid-error': 'ERR_CONNECT_FAIL 111' }).end());
    onward.end();
  };
  const server = certificate === undefined ? nodeHttp.createServer(pass) : https.createServer(certificate, pass);
  server.on('connect', (request, socket) => {
    socket.on('error', () => socket.destroy());
    if (!admits(request)) {
      socket.end('HTTP/1.1 407 Who are you?\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${request.url}`);
    const onward = net.connect({ host: addressOf(hostname.replace(/^\[|\]$/g, '')), port: Number(port) });
    onward.on('error', () => socket.end('HTTP/1.1 502 X\r\nContent-Length: 0\r\n\r\n'));
    onward.on('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    socket.on('close', () => onward.destroy());
    // Only who reads learns that the other side is gone.
    onward.on('close', () => socket.resume());
  });
  return { ...(await started(server)), asked, headers };
}
