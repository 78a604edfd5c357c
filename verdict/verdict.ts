// The answer, as everything that shows it reads it.
import type { Layer } from '../catalog/layers.ts';
import type { Confidence, Party } from '../catalog/parties.ts';
import type { State } from '../catalog/signals.ts';

/** One line of evidence: which signal, what it says, and the measured facts behind it. */
export interface Evidence {
  signal: string;
  state: 'ok' | 'bad' | 'unknown';
  text: string;
}

/** States as evidence words them. */
export const STATE_WORD = { 1: 'ok', 0: 'bad', [-1]: 'unknown' } as const satisfies Record<State, Evidence['state']>;

/** A fault besides the primary one, seen on evidence the primary does not touch. */
export interface Concurrent {
  row: string;
  party: Party;
  cause: string;
  sentence: string;
}

/** What every verdict says, whomever it is about. */
export interface Judgement {
  site: string;
  party: Party;
  /** Short noun phrase, e.g. "edge failing". */
  cause: string;
  /** Stable id of the table's row, and its stable number. */
  row: string;
  code: number;
  confidence: Confidence;
  /** "blog is down, and it is Cloudflare's edge, not you." */
  headline: string;
  /** What the table says: measured facts only. */
  because: string;
  /** RFC 3339: when the present state began; null when unknown. */
  since: string | null;
  evidence: Evidence[];
  action: string;
}

export interface Verdict extends Judgement {
  service: string;
  /** Id of the accused vendor and its component; null unless party is a vendor, or a suspicion is about one. */
  vendor: string | null;
  component: string | null;
  concurrent: Concurrent[];
  /** Whether the second path the map names for the service works; null where it names none. */
  failover: 'yes' | 'no' | 'unknown' | null;
  /** Layers nothing can be said about, since their evidence runs through the broken one. */
  masked: Layer[];
}
