// What a time server teaches about our own clock.

export interface ClockFacts {
  address: string | null;
  /** How far the server is ahead of our clock; negative when behind. True to half of `delayMs`. */
  offsetMs: number | null;
  /** Round trip without the time the server took. */
  delayMs: number | null;
  /** 1: has a reference clock of its own. Up to 15; null without a usable answer. */
  stratum: number | null;
  /** Why the server would not serve us: its kiss code, when it is one of these. */
  refusal: 'DENY' | 'RSTR' | 'RATE' | 'other' | null;
}
