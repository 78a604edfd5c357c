// What the scheduler is told to probe. Why, and for whom, is the map's knowledge; of the labels only the vendor is read.
import type { ProbeKind } from './observation.ts';

/** Labels of a target's series. Values come from the map and closed lists only; absent ones are empty. */
export interface TargetLabels {
  role: string;
  service: string;
  vendor: string;
  component: string;
}

export interface Target {
  /** Unique in the plan, stable across restarts, [a-z0-9_.:/@-]; also the label `target`. */
  id: string;
  kind: ProbeKind;
  settings: Readonly<Record<string, unknown>>;
  /** Whom it asks, a name or an address: few ask the same at once. Absent: nobody, or this machine's own programs. */
  host?: string;
  intervalMs: number;
  timeoutMs: number;
  /**
   * Least time between two measurements, whoever asks for one. What is asked gently has one, and an interval of its own that
   * is not the map's. Absent: none.
   */
  gapMs?: number;
  labels: TargetLabels;
}
