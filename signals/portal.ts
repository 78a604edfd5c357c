// Whether somebody between us and the internet answers in place of others: a portal that wants a log-in or a payment.
import type { State } from '../catalog/signals.ts';
import type { GuardSources } from './guard.ts';
import type { Meter } from './meter.ts';
import { composed, type Reading, tally } from './readings.ts';

/** One page may have moved; two of different operators have not done so at once. */
const OPERATORS_NEEDED = 2;
const TURNS_FOR_A_SECOND_WORD = 2;

/** BAD when pages of two operators have other answers than ever, and none has its own. */
export function readPortal(sources: GuardSources): Reading {
  const { plan } = sources;
  const counted = tally(
    plan.portals.map(({ target }) => target),
    'works',
    sources,
  );
  const captured = plan.portals.filter((_, index) => counted.readings[index]?.state === 0);
  const operators = new Set(captured.map(({ operator }) => operator)).size;
  const state: State = counted.good > 0 ? 1 : operators >= OPERATORS_NEEDED ? 0 : -1;
  return composed(state, counted, state === 0 ? 'known pages have another answer' : 'known pages are themselves');
}

/**
 * Whether a page spoke so lately that it may yet turn out to be a portal's: these are asked gently, so that their second word
 * comes after the silence of the anchors is certain. A line that is cut lets no page speak, and so waits for nothing.
 */
export function isPortalInQuestion({ plan, timing, tracks, now }: GuardSources): boolean {
  return plan.portals.some(({ target }) => {
    const gapMs = plan.targets.find(({ id }) => id === target)?.gapMs ?? 0;
    const meter = tracks.meter(target, 'works');
    const turns = isHalfMet(meter) ? TURNS_FOR_A_SECOND_WORD : 1;
    return now() - spokeAt(meter) < turns * (gapMs + timing.timeoutMs);
  });
}

/** Whether it was another's once, and not yet twice. What is asked for next may get lost, so it is asked for again. */
export const isHalfMet = (meter: Meter | undefined): boolean => meter?.ring.at(-1) === 0 && meter.state !== 0;

/** When it was last itself, or first was not; never for one that was silent last. */
function spokeAt(meter: Meter | undefined): number {
  const { okSince = null, lastOk, badSince = null } = meter ?? {};
  return (okSince === null ? badSince : lastOk) ?? Number.NEGATIVE_INFINITY;
}
