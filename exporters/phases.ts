// How long each phase of a measurement took, and in which it ended.
import type { Phase } from '../catalog/reasons.ts';
import type { Clock } from './clock.ts';

export interface PhaseTimer {
  /** Ends the running phase and begins the next. */
  enter(phase: Phase): void;
  stop(): void;
  /** The phase running, or the one that ran last. */
  current(): Phase | null;
  phases: Partial<Record<Phase, number>>;
}

export function startPhases(clock: Clock): PhaseTimer {
  const phases: Partial<Record<Phase, number>> = {};
  let current: Phase | null = null;
  let running = false;
  let since = 0;
  const stop = (): void => {
    if (current !== null && running) phases[current] = (phases[current] ?? 0) + clock.monotonic() - since;
    running = false;
  };
  const enter = (phase: Phase): void => {
    stop();
    current = phase;
    running = true;
    since = clock.monotonic();
  };
  return { enter, stop, current: () => current, phases };
}
