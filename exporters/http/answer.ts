// What every version of HTTP shares once a connection stands: the request to send, the answer to read, and their bounds.
import type { Readable } from 'node:stream';
import type { Phase, Reason } from '../../catalog/reasons.ts';

export const MAX_HEADER_BYTES = 16_384;
export const MAX_HEADER_FIELDS = 100;
/** Node bounds their bytes, but not how many there are. */
export const MAX_INFORMATIONAL = 8;

/** One request as it goes out. */
export interface Outgoing {
  method: 'GET' | 'HEAD';
  /** Host with the port, when it is not the scheme's own. */
  authority: string;
  secure: boolean;
  /** With the query. */
  path: string;
  /** By name in lower case; neither host nor anything that frames the message. */
  headers: Readonly<Record<string, string>>;
  maxBodyBytes: number;
}

export interface Answer {
  status: number;
  httpVersion: string;
  /** By name in lower case; repeated ones joined with a comma. */
  headers: ReadonlyMap<string, string>;
  /** The first bytes of it; null when there was none to read, or it did not come whole. */
  body: Buffer | null;
  bodyBytes: number;
}

/** What a conversation tells while it goes on. */
export interface Listener {
  /** It has come so far. */
  onPhase(phase: Phase): void;
  /** The head is there; its body is filled in later. */
  onHead(answer: Answer): void;
}

/** Our own refusal of what the peer did. */
export class Refusal extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, why: string) {
    super(why);
    this.name = 'Refusal';
    this.reason = reason;
  }
}

/** What is wrong with a head, before a byte of its body is read. */
export function faultOfHead(fields: number, answer: Answer): Refusal | null {
  if (fields > MAX_HEADER_FIELDS) return new Refusal('http_too_large', 'too many headers');
  if (answer.status < 200 || answer.status > 599) return new Refusal('http_protocol', 'no such status');
  return null;
}

/** Nothing is ever unpacked: a few bytes can stand for gigabytes, and we asked for none of it. */
export function faultOfEncoding({ headers }: Answer): Refusal | null {
  const content = headers.get('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const transfer = headers.get('transfer-encoding')?.trim().toLowerCase() ?? 'identity';
  const plain = ['', 'identity'].includes(content) && ['', 'identity', 'chunked'].includes(transfer);
  return plain ? null : new Refusal('http_protocol', 'encoding not asked for');
}

/**
 * Reads the body into the answer, up to the limit, and stops there: what lies behind it is nobody's business, and may have no
 * end. `cutShort` says why an end or an error is no proper end; null when it is one.
 */
export function receive(
  incoming: Readable,
  answer: Answer,
  { method, maxBodyBytes }: Outgoing,
  cutShort: (error: Error | null) => Error | null,
): Promise<void> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      answer.body = method === 'HEAD' ? null : Buffer.concat(chunks).subarray(0, maxBodyBytes);
      resolve();
      incoming.destroy();
    };
    const end = (error: Error | null): void => {
      const fault = cutShort(error);
      if (fault === null) finish();
      else reject(fault);
    };
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      answer.bodyBytes = Math.min(answer.bodyBytes + chunk.length, maxBodyBytes);
      if (answer.bodyBytes === maxBodyBytes) finish();
    });
    incoming.on('end', () => end(null));
    incoming.on('error', end);
  });
}
