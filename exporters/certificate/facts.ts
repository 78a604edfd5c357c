// What a served certificate says of itself. Every check stands alone, since one fault must not hide another.
import type { Reason } from '../../catalog/reasons.ts';
import type { ChainOddity } from './chain.ts';

/** Each check: true passed, false failed, null or absent: could not be made, or was not asked for. */
export interface CertificateChecks {
  time: boolean | null;
  hostname: boolean | null;
  trusted: boolean | null;
  completeChain: boolean | null;
  /** Whether keys and signatures of the chain are of a strength to rely on. */
  strong?: boolean | null;
  /** Whether the issuer has not taken it back, by what was stapled or by its list. */
  notRevoked?: boolean | null;
  /** Whether a valid answer was stapled. A certificate that insists on one must have it. */
  stapled?: boolean | null;
}

export interface CertificateFacts {
  address: string | null;
  /** Unix milliseconds. */
  notBefore: number | null;
  notAfter: number | null;
  checks: CertificateChecks;
  /** Lower-case hex SHA-256 of the leaf, no colons. */
  fingerprint: string | null;
  /** Issuer common name, control characters removed, at most 64 characters. */
  issuer: string | null;
  /** Certificates as served, those included that nobody needs. */
  chainLength: number | null;
  /** What is odd about them; none of it is a fault. */
  oddities?: readonly ChainOddity[];
  /** End of the first of them that ends, Unix milliseconds. */
  chainNotAfter?: number | null;
  /** Version of TLS, and cipher suite. */
  protocol: string | null;
  cipher?: string;
  /** With `addresses: each`: the outcome at every address. */
  each?: readonly AddressOutcome[];
}

export interface AddressOutcome {
  address: string | null;
  reason: Reason;
  fingerprint: string | null;
}
