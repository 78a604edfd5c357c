// A bad input: the peer that gives it, the probe that meets it, and what it may come back with.
import type { Phase, Reason } from '../../../catalog/reasons.ts';
import type { Observation, ProbeKind } from '../../../exporters/observation.ts';
import type { Provoke } from '../outcomes/provoke.ts';

export interface HostileInput {
  kind: ProbeKind;
  provoke: Provoke;
  reasons: readonly Reason[];
  /** Where it must have ended, when it failed. */
  phase?: Phase | undefined;
  /** What else must hold of what came back. */
  holds?: ((observed: Observation) => void | Promise<void>) | undefined;
  /** The most that buffers may hold meanwhile, where that is less than for the others; bytes. */
  most?: number;
}

/** What an input is, in words, and the input. */
export type HostileInputs = Readonly<Record<string, HostileInput>>;

interface More {
  phase?: Phase;
  holds?: HostileInput['holds'];
}

/** Makes inputs that a probe of this kind meets. */
export const metBy =
  (kind: ProbeKind) =>
  (provoke: Provoke, reasons: Reason | readonly Reason[], more: More = {}): HostileInput => ({
    kind,
    provoke,
    reasons: [reasons].flat(),
    ...more,
  });
