// How the rest of the internet sees one prefix, as route collectors heard it.

export interface RoutingFacts {
  address: string | null;
  httpStatus: number | null;
  /** Autonomous systems the prefix is announced from; null without an answer. */
  origins: readonly number[] | null;
  /** How many of the collectors' peers see it, and how many there are. */
  seeing: number | null;
  peers: number | null;
  /** Of which moment that is, Unix milliseconds: collectors are read every eight hours. */
  asOf: number | null;
}
