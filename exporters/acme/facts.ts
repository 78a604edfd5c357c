// What a certificate authority's ACME directory offers.

export interface AcmeFacts {
  address: string | null;
  httpStatus: number | null;
  /** Whether new accounts need one at the authority first; null when it does not say. */
  externalAccount: boolean | null;
  /** Whether it offers renewal information (RFC 9773). */
  renewalInfo: boolean | null;
}
