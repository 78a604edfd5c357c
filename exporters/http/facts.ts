// What one HTTP exchange teaches. Bodies never leave the probe: only the judgements made on them do.

import type { Reason } from '../../catalog/reasons.ts';
import type { CacheState } from './cache.ts';

/** Who wrote an error. The writer is not the culprit: a vendor reporting a dead origin is `vendor_says_origin`. */
export const GENERATORS = [
  'origin',
  'vendor_internal',
  'vendor_says_origin',
  'own_edge_code',
  'daemon',
  'challenge',
  'middlebox',
  'unknown',
] as const;

export type Generator = (typeof GENERATORS)[number];

export interface HttpFacts {
  /** The address connected to, a proxy's where there is one; null when none was had. */
  address: string | null;
  status: number | null;
  /** Set for every answer with status 400 and above, and for challenges; null otherwise. */
  generator: Generator | null;
  /** The vendor's own error code, e.g. `1033` or `ERR_NGROK_3200`; at most 32 characters of [A-Za-z0-9_-]. */
  vendorCode: string | null;
  /** The edge location that answered, as the vendor names it (e.g. an IATA code); at most 16 characters. */
  pop: string | null;
  httpVersion: string | null;
  /** Whether the origin's own stamp header was on the answer; null when no stamp is configured. */
  stamped: boolean | null;
  bodyBytes: number | null;
  /** Wall time of the server's Date header, Unix milliseconds. */
  serverDate: number | null;
  /** Seconds of the Age header. */
  age: number | null;
  /** What the nearest cache says of the answer; null when none says anything. */
  cache?: CacheState | null;
  /** What Content-Length says; absent when it says nothing. */
  contentLength?: number;
  /** What Last-Modified says, Unix milliseconds; absent when it says nothing. */
  lastModified?: number;
  /** Redirects followed, and milliseconds of each exchange; absent where none may be. */
  redirects?: number;
  hops?: readonly number[];
  /** With `addresses: each`: the outcome at every address. */
  each?: readonly { address: string; reason: Reason }[];
  /** With a proxy: the status of its own answer; null when it gave none. */
  proxyStatus?: number | null;
  tls: boolean;
  /** Version of TLS and cipher suite the handshake agreed on; absent without one. */
  protocol?: string;
  cipher?: string;
  /** End of the served certificate, and of the first of its chain that ends; Unix milliseconds. */
  certificateNotAfter: number | null;
  chainNotAfter?: number | null;
}
