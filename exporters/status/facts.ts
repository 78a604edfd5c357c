// What a vendor's status page says of itself. Advisory by contract: pages lag by minutes to hours and some never turn red.

/** From good to bad; the position is the value of demarc_vendor_status. */
export const FEED_STATES = ['operational', 'maintenance', 'degraded', 'partial', 'major'] as const;

export type FeedState = (typeof FEED_STATES)[number];

export interface FeedIncident {
  /** As the feed has it, with all but [A-Za-z0-9._:/-] percent-encoded; at most 128 characters. */
  id: string;
  /** null: the feed does not say, or says it in a word that is not known. */
  impact: FeedState | null;
  /** When it began, Unix milliseconds. */
  startedAt: number | null;
  /** When the page first told of it. */
  createdAt: number | null;
}

export interface StatusFacts {
  address: string | null;
  httpStatus: number | null;
  /** null: the feed does not say, or says it in a word that is not known. */
  overall: FeedState | null;
  /**
   * Those asked for, by the name they were asked for with. Feeds that list events alone call what no event names
   * operational, so a name nobody knows is operational there; feeds that list components make it null.
   */
  components: { name: string; state: FeedState | null }[];
  /** Not known to be over, newest first; at most 50. */
  incidents: FeedIncident[];
  /** How many are open, kept or not; null for feeds that do not tell open from over. */
  openIncidents: number | null;
  /** State words that are on no list. */
  unknownWords: number;
}
