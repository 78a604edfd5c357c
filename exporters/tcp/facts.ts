// What a TCP connect teaches.

export interface TcpFacts {
  /** The address that was dialled, without port; null when the name had none. */
  address: string | null;
  /** `accepted`: handshake done. `refused`: the host is alive and said no. null: silence. */
  answer: 'accepted' | 'refused' | null;
}
