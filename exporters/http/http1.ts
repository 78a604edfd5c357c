// One request by HTTP/1.1 on a connection that stands, and its answer.
import type net from 'node:net';
import { HungUp } from '../socket-bytes.ts';
import type { Listener, Outgoing } from './answer.ts';
import { answerReader } from './answer-reader.ts';
import { headToSend } from './send.ts';

/** Rejects with a {@link Refusal}, with Node's own error, or with what the socket was destroyed for. */
export function converse1(socket: net.Socket, request: Outgoing, listener: Listener): Promise<void> {
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (isWhole: () => boolean): void => {
      try {
        if (settled || !isWhole()) return;
        resolve();
      } catch (error) {
        reject(error);
      }
      settled = true;
    };
    // An alert that comes after the handshake is told before the end it brings, and closes nothing.
    socket.on('error', (error) =>
      settle(() => {
        throw error;
      }),
    );
    const fail = (): never => {
      throw socket.errored ?? new HungUp();
    };
    // Before we listened: nobody would tell us any more.
    if (socket.destroyed) return settle(fail);
    const reader = answerReader(request, listener);
    socket.on('data', (bytes: Buffer) => settle(() => reader.read(bytes)));
    socket.on('end', () => settle(reader.end));
    socket.on('close', () => settle(fail));
    socket.write(messageOf(request), 'latin1', (error) => {
      if (!error && !reader.begun()) listener.onPhase('processing');
    });
  });
}

function messageOf({ method, path, authority, headers, body }: Outgoing): string {
  const fields: Record<string, string> = { host: authority, ...headers, connection: 'close' };
  if (body === undefined) return headToSend(method, path, fields);
  return headToSend(method, path, { ...fields, 'content-length': String(body.length) }) + body;
}
