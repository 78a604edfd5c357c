// What every version of HTTP shares once a connection stands: the request to send, the answer to read, and their bounds.
import type { Phase } from '../../catalog/reasons.ts';
import { unpacked } from './decode.ts';
import { Refusal } from './refusal.ts';

export const MAX_HEADER_BYTES = 16_384;
export const MAX_HEADER_FIELDS = 100;
export const MAX_INFORMATIONAL = 8;

export type Method = 'GET' | 'HEAD' | 'POST';

/** One request as it goes out. */
export interface Outgoing {
  method: Method;
  /** Host with the port, when it is not the scheme's own. */
  authority: string;
  secure: boolean;
  /** With the query. */
  path: string;
  /** By name in lower case; neither host nor anything that frames the message. */
  headers: Readonly<Record<string, string>>;
  /** Sent with a POST; ASCII. */
  body?: string | undefined;
  maxBodyBytes: number;
  /** Whether a packed body was asked for. */
  unpack: boolean;
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

/** What is wrong with a head, before a byte of its body is read. */
export function faultOfHead({ headers, status }: Answer): Refusal | null {
  if (headers.size > MAX_HEADER_FIELDS) return new Refusal('http_too_large', 'too many headers');
  if (status < 200 || status > 599) return new Refusal('http_protocol', 'no such status');
  return null;
}

/** What was not asked for is never unpacked: a few bytes can stand for gigabytes. */
export function faultOfEncoding(answer: Answer, { unpack }: Outgoing): Refusal | null {
  const transfer = answer.headers.get('transfer-encoding')?.trim().toLowerCase() ?? 'identity';
  const plain = (unpack || encodingOf(answer) === null) && ['', 'identity', 'chunked'].includes(transfer);
  return plain ? null : new Refusal('http_protocol', 'encoding not asked for');
}

/** null: as it is. */
function encodingOf({ headers }: Answer): string | null {
  const content = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  return content === '' || content === 'identity' ? null : content;
}

/** Puts the body into its answer. Throws a {@link Refusal} for one that cannot, or must not, be unpacked. */
export function complete(answer: Answer, received: Buffer, { method, maxBodyBytes }: Outgoing): void {
  if (method === 'HEAD') return;
  answer.body = received;
  const encoding = encodingOf(answer);
  if (encoding === null || received.length === 0) return;
  if (received.length >= maxBodyBytes) throw new Refusal('http_too_large', 'packed, and still too much');
  answer.body = unpacked(received, encoding, maxBodyBytes);
  answer.bodyBytes = answer.body.length;
}
