// A signal: one three-valued statement about one subject at this instant, with what it rests on.
import type { SignalName, State } from '../catalog/signals.ts';

export interface Signal {
  name: SignalName;
  /** Service name; empty for a site signal. */
  service: string;
  state: State;
  /** Wall time in Unix ms since which the state holds; null while it has never been anything but UNKNOWN. */
  since: number | null;
  /** Wall time of the newest evidence for OK and for BAD. */
  lastOk: number | null;
  lastBad: number | null;
  /** One sentence of measured facts, safe to print; empty when there are none. */
  evidence: string;
}

/** What the table reads about one service: its own signals and the site's. */
export type States = Readonly<Partial<Record<SignalName, State>>>;
