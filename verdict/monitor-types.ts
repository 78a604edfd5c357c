// What the running whole shows to its readers: the page, the API, the CLI, the replays.
import type { Observation } from '../exporters/observation.ts';
import type { DemarcMap } from '../map/load.ts';
import type { Surroundings } from '../map/plan.ts';
import type { Plan } from '../map/plan-types.ts';
import type { Signal } from '../signals/signal.ts';
import type { VendorVerdict } from './vendor-verdict.ts';
import type { Verdict } from './verdict.ts';

export interface Monitor {
  plan(): Plan;
  /** One per service in the map's order, the built-in `uplink` last. Judged at this instant. */
  verdicts(): Verdict[];
  /** One per component of a vendor that is watched or used, in the map's order. Judged at this instant. */
  vendors(): VendorVerdict[];
  /** All signals at this instant. */
  signals(): Signal[];
  /** The newest observation of a target. */
  observation(target: string): Observation | undefined;
  /** The page for Prometheus, text exposition format in UTF-8. Whoever asks while one is made gets that one. */
  metrics(): Promise<Buffer>;
  /** Whether every target has been measured at least once since the start; a reload does not take that back. */
  ready(): boolean;
  /** Calls back after any verdict changed (row, party, or concurrent faults; of a vendor's component, its row); the result ends it. */
  onChange(listener: (verdicts: Verdict[]) => void): () => void;
  stop(): Promise<void>;
}

/** The real one, whose map can be replaced while it runs. Only who started it may. */
export interface RunningMonitor extends Monitor {
  /**
   * Goes on with another map. Targets that are asked the same as before keep their history; counters go on.
   * When it throws, everything is as it was.
   */
  replace(map: DemarcMap, around: Surroundings): void;
  /** Notes that the newest map could not be loaded, for the metrics. */
  refuse(): void;
  /** Counts a write to the state folder that the disk refused, for the metrics. */
  stateNotWritten(): void;
  /** Forgets what can be read again, for want of memory, and counts that for the metrics. */
  shedMemory(): void;
}
