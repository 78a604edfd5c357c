// Whether somebody between us and the internet answers in place of others: a portal that wants a log-in or a payment.
import type { State } from '../catalog/signals.ts';
import type { GuardSources } from './guard.ts';
import { composed, type Reading, tally } from './readings.ts';

/** One page may have moved; two of different operators have not done so at once. */
const OPERATORS_NEEDED = 2;

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
