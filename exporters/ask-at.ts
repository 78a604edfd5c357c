// The frame of a probe that asks at one address: the name resolved, each phase timed, and every failure told with the phase it ended in.
import type { Reason } from '../catalog/reasons.ts';
import { Malformed } from './malformed.ts';
import type { Measurement } from './observation.ts';
import { type PhaseTimer, startPhases } from './phases.ts';
import { type ProbeContext, reasonOf } from './probe.ts';

interface Asked<F> {
  /** Name or address. */
  host: string;
  /** What is known of a place that told nothing. */
  nothing: F;
  /** What a failure of `ask` stands for; throws on what is a bug of ours. */
  reasonFor?: (error: unknown) => Reason;
}

interface Learned<F> {
  reason: Reason;
  facts: Partial<F>;
}

/** `ask` enters the phases it goes through; a failure is told with the one it was in. */
export async function askAt<F extends { address: string | null }>(
  { host, nothing, reasonFor = reasonOf }: Asked<F>,
  context: ProbeContext,
  ask: (address: string, timer: PhaseTimer) => Promise<Learned<F>>,
): Promise<Measurement<F>> {
  const timer = startPhases(context.clock);
  const ended = (reason: Reason, facts: F, flaw?: string): Measurement<F> => {
    timer.stop();
    const phase = reason === 'ok' ? null : timer.current();
    return { reason, phase, ...(flaw !== undefined && { flaw }), phases: timer.phases, facts };
  };
  let facts = nothing;
  try {
    timer.enter('resolve');
    const [address] = await context.resolver.resolve(host, 'last_good', context.signal);
    if (address === undefined) return ended('no_address', facts);
    facts = { ...facts, address };
    const learned = await ask(address, timer);
    return ended(learned.reason, { ...facts, ...learned.facts });
  } catch (error) {
    return ended(reasonFor(error), facts, error instanceof Malformed ? error.message : undefined);
  }
}
