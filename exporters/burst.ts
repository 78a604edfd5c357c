// What a burst of equal questions to one place teaches: how many came back, how long they took, and what is exported of that.
import type { Sample } from '../catalog/metrics.ts';

export interface BurstFacts {
  sent: number | null;
  received: number | null;
  /** Round trips. null when none came back. */
  rttMs: { min: number; mean: number; max: number } | null;
  /** Mean difference between one round trip and the next. null with less than two. */
  jitterMs: number | null;
}

export const NO_BURST: BurstFacts = { sent: null, received: null, rttMs: null, jitterMs: null };

/** `times`: the round trips known, in the order they were asked for, in milliseconds. */
export function summaryOf(times: readonly number[]): Pick<BurstFacts, 'rttMs' | 'jitterMs'> {
  const steps = times.slice(1).map((ms, index) => Math.abs(ms - (times[index] ?? ms)));
  return {
    rttMs: times.length === 0 ? null : { min: Math.min(...times), mean: meanOf(times), max: Math.max(...times) },
    jitterMs: steps.length === 0 ? null : meanOf(steps),
  };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export function burstSamples({ sent, received, rttMs, jitterMs }: BurstFacts): Sample[] {
  if (sent === null || received === null || sent === 0) return [];
  return [
    { metric: 'demarc_burst_loss_ratio', value: 1 - received / sent },
    ...(['min', 'mean', 'max'] as const).flatMap((stat): Sample[] =>
      rttMs === null ? [] : [{ metric: 'demarc_burst_rtt_seconds', value: rttMs[stat] / 1_000, labels: { stat } }],
    ),
    ...(jitterMs === null ? [] : [{ metric: 'demarc_burst_jitter_seconds' as const, value: jitterMs / 1_000 }]),
  ];
}
