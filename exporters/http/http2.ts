// One request by HTTP/2 on a TLS connection whose server chose it; one stream, no push, everything bounded.
import nodeHttp2 from 'node:http2';
import type tls from 'node:tls';
import { HungUp } from '../socket-bytes.ts';
import {
  type Answer,
  complete,
  faultOfEncoding,
  faultOfHead,
  type Listener,
  MAX_HEADER_BYTES,
  MAX_HEADER_FIELDS,
  MAX_INFORMATIONAL,
  type Outgoing,
} from './answer.ts';
import { bodyOfAtMost } from './body.ts';
import { Refusal } from './refusal.ts';

/** Room for some fields too many, so that it is we who name the fault. */
const MAX_PAIRS = MAX_HEADER_FIELDS + 28;

const OPTIONS: nodeHttp2.SecureClientSessionOptions = {
  settings: { enablePush: false, maxHeaderListSize: MAX_HEADER_BYTES, initialWindowSize: 65_535 },
  maxHeaderListPairs: MAX_PAIRS,
  maxSessionMemory: 1,
};

/** Rejects with a {@link Refusal}, or with Node's own error. Leaves nothing of the session behind. */
export async function converse2(
  socket: tls.TLSSocket,
  request: Outgoing,
  listener: Listener,
  signal: AbortSignal,
): Promise<void> {
  const session = nodeHttp2.connect(`https://${request.authority}`, { ...OPTIONS, createConnection: () => socket });
  // Who waits for the stream is told there.
  session.on('error', () => undefined);
  // From the start: a connection that breaks closes the session before anybody is told why.
  const gone = new Promise<void>((resolve) => void session.once('close', resolve));
  try {
    await Promise.race([alertOf(socket), conversation(session, request, listener, signal)]);
  } finally {
    session.destroy();
    socket.destroy();
    await gone;
  }
}

/** Rejects with an alert that comes after the handshake: nobody tells the session. */
const alertOf = (socket: tls.TLSSocket): Promise<never> =>
  new Promise((_resolve, reject) => void socket.once('error', reject));

function conversation(
  session: nodeHttp2.ClientHttp2Session,
  request: Outgoing,
  { onPhase, onHead }: Listener,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let informational = 0;
    let head: Answer | null = null;
    const stream = session.request(
      { ':method': request.method, ':path': request.path, ':authority': request.authority, ...request.headers },
      { endStream: request.body === undefined, signal },
    );
    const refuse = (refusal: Refusal): void => {
      reject(refusal);
      stream.destroy();
    };
    session.once('error', reject);
    stream.on('error', (error) => reject(causeOf(error, signal)));
    if (request.body !== undefined) stream.end(request.body);
    if (stream.pending) stream.once('ready', () => onPhase('processing'));
    else onPhase('processing');
    stream.on('headers', () => {
      informational += 1;
      if (informational > MAX_INFORMATIONAL) refuse(new Refusal('http_protocol', 'too many informational answers'));
    });
    stream.on('response', (fields) => {
      head = headOf(fields);
      const malformed = faultOfHead(head);
      if (malformed !== null) return refuse(malformed);
      onHead(head);
      const encoded = faultOfEncoding(head, request);
      if (encoded !== null) return refuse(encoded);
      onPhase('transfer');
      receive(stream, head, request).then(resolve, (error: Error) => reject(causeOf(error, signal)));
    });
    // Closed in good order without an answer, or amid one: as good as hung up. Whoever knows better has spoken by then.
    stream.on('close', () => setImmediate(reject, new HungUp()));
    // What is never read is never closed.
    stream.resume();
  });
}

/** Reads the body into the answer, up to the limit, and stops there. */
function receive(stream: nodeHttp2.ClientHttp2Stream, answer: Answer, request: Outgoing): Promise<void> {
  const body = bodyOfAtMost(request.maxBodyBytes);
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      try {
        complete(answer, body.bytes(), request);
        resolve();
      } catch (error) {
        reject(error);
      }
      stream.destroy();
    };
    stream.on('data', (bytes: Buffer) => {
      body.take({ bytes, at: 0 });
      answer.bodyBytes = body.length();
      if (body.full()) finish();
    });
    stream.on('end', () => {
      if (stream.aborted) reject(new Refusal('http_protocol', 'ended before its length'));
      else finish();
    });
    stream.on('error', reject);
  });
}

/** Node may tell of a stream cancelled by us instead of why we did. */
function causeOf(error: Error, signal: AbortSignal): Error {
  return signal.aborted && error.name !== 'AbortError' ? Object.assign(error, { name: 'AbortError' }) : error;
}

function headOf(fields: nodeHttp2.IncomingHttpHeaders & nodeHttp2.IncomingHttpStatusHeader): Answer {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith(':') || value === undefined) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : String(value));
  }
  return { status: fields[':status'] ?? 0, httpVersion: '2', headers, body: null, bodyBytes: 0 };
}
