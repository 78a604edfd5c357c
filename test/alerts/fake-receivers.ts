// Stand-ins for what messages are sent to: they keep every request as it came, and answer as the real ones document it.
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { rootAuthority } from '../exporters/test-ca.ts';

export interface Received {
  method: string;
  path: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export interface FakeServer {
  url: string;
  port: number;
  received: Received[];
  stop(): Promise<void>;
}

/** What the real ones answer, by the start of the path; anything else is answered with an empty 200. */
const ANSWERS: readonly (readonly [start: string, status: number, body: string])[] = [
  ['/bot', 200, '{"ok":true,"result":{"message_id":1,"date":1,"chat":{"id":-100,"type":"group"},"text":"x"}}'],
  ['/1/messages.json', 200, '{"status":1,"request":"x"}'],
  ['/v2/enqueue', 202, '{"status":"success","message":"Event processed","dedup_key":"x"}'],
  ['/services/', 200, 'ok'],
  ['/api/webhooks/', 204, ''],
];

async function receive(received: Received[], request: http.IncomingMessage, response: http.ServerResponse) {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const { method = '', url: path = '', headers } = request;
  received.push({ method, path, headers, body: Buffer.concat(chunks).toString() });
  const [, status, body] = ANSWERS.find(([start]) => path.startsWith(start)) ?? ['', 200, ''];
  response.writeHead(status, body.startsWith('{') ? { 'content-type': 'application/json' } : {}).end(body);
}

async function listening(server: net.Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function closed(server: net.Server): Promise<void> {
  server.close();
  await once(server, 'close');
}

/** An HTTP server that takes everything. */
export async function fakeHttp(wantedPort = 0): Promise<FakeServer> {
  const received: Received[] = [];
  const server = http.createServer((request, response) => void receive(received, request, response));
  const port = await listening(server, wantedPort);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    async stop() {
      server.closeAllConnections();
      await closed(server);
    },
  };
}

/** A proxy that leads to one TLS server of ours, whichever host was asked for; `ca` is whom to trust for `name`. */
export async function fakeBehindProxy(name: string): Promise<FakeServer & { ca: string; asked: string[] }> {
  const authority = await rootAuthority();
  const { key, cert } = await authority.issue({ names: [{ type: 'dns', value: name }], subject: name });
  const received: Received[] = [];
  const asked: string[] = [];
  const inner = http.createServer((request, response) => void receive(received, request, response));
  const proxy = http.createServer().on('connect', (request, socket: net.Socket) => {
    asked.push(request.url ?? '');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    const secured = new tls.TLSSocket(socket, { isServer: true, key, cert, ALPNProtocols: ['http/1.1'] });
    secured.on('error', () => socket.destroy());
    inner.emit('connection', secured);
  });
  const port = await listening(proxy, 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    asked,
    ca: authority.cert,
    async stop() {
      inner.closeAllConnections();
      proxy.closeAllConnections();
      await closed(proxy);
    },
  };
}

export interface Mail {
  login: string;
  from: string;
  to: string;
  data: string;
}

/** An SMTP server without TLS that lets anybody in and keeps what it is given. */
export async function fakeSmtp(): Promise<{ port: number; mails: Mail[]; stop(): Promise<void> }> {
  const mails: Mail[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    let mail: Mail = { login: '', from: '', to: '', data: '' };
    let inData = false;
    let rest = '';
    const reply = (text: string): void => void socket.write(`${text}\r\n`);
    const take = (line: string): void => {
      if (inData && line === '.') {
        inData = false;
        mails.push(mail);
        mail = { ...mail, data: '' };
        reply('250 kept');
      } else if (inData) mail.data += `${line}\n`;
      else if (/^(EHLO|HELO)/i.test(line)) socket.write('250-fake\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n');
      else if (line.startsWith('AUTH PLAIN ')) {
        mail.login = Buffer.from(line.slice('AUTH PLAIN '.length), 'base64').toString();
        reply('235 welcome');
      } else if (line.startsWith('MAIL FROM:')) {
        mail.from = line.slice('MAIL FROM:'.length);
        reply('250 ok');
      } else if (line.startsWith('RCPT TO:')) {
        mail.to = line.slice('RCPT TO:'.length);
        reply('250 ok');
      } else if (line === 'DATA') {
        inData = true;
        reply('354 go on');
      } else reply(line === 'QUIT' ? '221 bye' : '250 ok');
    };
    reply('220 fake');
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) take(line);
    });
  });
  const port = await listening(server, 0);
  return {
    port,
    mails,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await closed(server);
    },
  };
}
