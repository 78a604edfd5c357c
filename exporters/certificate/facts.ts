// What a served certificate says of itself. Every check stands alone, since one fault must not hide another.

export interface CertificateFacts {
  address: string | null;
  /** Unix milliseconds. */
  notBefore: number | null;
  notAfter: number | null;
  /** Each check: true passed, false failed, null could not be evaluated. */
  checks: { time: boolean | null; hostname: boolean | null; trusted: boolean | null; completeChain: boolean | null };
  /** Lower-case hex SHA-256 of the leaf, no colons. */
  fingerprint: string | null;
  /** Issuer common name, control characters removed, at most 64 characters. */
  issuer: string | null;
  chainLength: number | null;
  protocol: string | null;
}
