// What a server answers to a version of QUIC that nobody has.

export interface QuicFacts {
  address: string | null;
  /** Size of the datagram that was sent; without the headers of UDP and IP. */
  bytes: number;
  /** Whether the server offers version 1 (RFC 9000). null without an answer. */
  offersVersion1: boolean | null;
}
