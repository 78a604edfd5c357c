// One request by HTTP/1.1 on a connection that stands; Node's parser reads, we bound what it lets through.
import nodeHttp from 'node:http';
import type net from 'node:net';
import {
  type Answer,
  faultOfEncoding,
  faultOfHead,
  type Listener,
  MAX_HEADER_BYTES,
  MAX_INFORMATIONAL,
  type Outgoing,
  receive,
} from './answer.ts';
import { Refusal } from './refusal.ts';

/** Rejects with a {@link Refusal}, with Node's own error, or with what the socket was destroyed for. */
export function converse1(socket: net.Socket, request: Outgoing, { onPhase, onHead }: Listener): Promise<void> {
  let processing = false;
  return new Promise((resolve, reject) => {
    const outgoing = nodeHttp.request({
      method: request.method,
      path: request.path,
      headers: { host: request.authority, ...request.headers, connection: 'close' },
      createConnection: () => socket,
      maxHeaderSize: MAX_HEADER_BYTES,
    });
    const refuse = (refusal: Refusal): void => {
      reject(refusal);
      outgoing.destroy();
    };
    let informational = 0;
    outgoing.on('error', (error) => reject(socket.errored ?? error));
    outgoing.on('finish', () => {
      if (!processing) onPhase('processing');
      processing = true;
    });
    outgoing.on('information', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) refuse(new Refusal('http_protocol', 'too many informational answers'));
    });
    outgoing.on('upgrade', () => refuse(new Refusal('http_protocol', 'upgrade not asked for')));
    outgoing.on('response', (incoming) => {
      processing = true;
      const answer = headOf(incoming);
      const malformed = faultOfHead(incoming.rawHeaders.length / 2, answer);
      if (malformed !== null) return refuse(malformed);
      onHead(answer);
      const encoded = faultOfEncoding(answer, request);
      if (encoded !== null) return refuse(encoded);
      onPhase('transfer');
      // An orderly end before the announced one is a lie about the length; a reset is the network's.
      const cutShort = (error: Error | null): Error | null =>
        error !== null && socket.readableEnded ? new Refusal('http_protocol', 'ended before its length') : error;
      receive(incoming, answer, request, cutShort).then(resolve, reject);
    });
    outgoing.end(request.body);
  });
}

function headOf(incoming: nodeHttp.IncomingMessage): Answer {
  const headers = new Map<string, string>();
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    const name = (incoming.rawHeaders[index] ?? '').toLowerCase();
    const value = incoming.rawHeaders[index + 1] ?? '';
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return { status: incoming.statusCode ?? 0, httpVersion: incoming.httpVersion, headers, body: null, bodyBytes: 0 };
}
