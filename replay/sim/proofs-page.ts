// The part of the accuracy page that samples nothing of the world: do the two engines agree, and does what must always hold?
import type { Agreement } from '../agreement/engines.ts';
import type { InvariantReport } from '../agreement/invariants.ts';
import { number, rare, table } from './page-words.ts';

export interface Proofs {
  states: Agreement;
  scenarios: Agreement;
  invariants: InvariantReport;
}

export function proofs({ states, scenarios, invariants }: Proofs): string[] {
  return [
    '## Two engines, one table',
    '',
    'What the table says in process, and what the same table says as rules that promtool evaluates: on random states of all',
    'signals, most of them made to nearly fit a row, and on all scenarios of the lab, as the simulator plays them, for every',
    'service at every evaluation, 5 s apart.',
    '',
    table(
      ['compared', 'how many', 'equal', 'different'],
      [
        ['states', ...counts(states)],
        ['sequences of verdicts, by scenario', ...counts(scenarios)],
      ],
    ),
    '',
    '## What always holds',
    '',
    'Whatever the signals say: nobody else is accused unless the guard of the layer is proven, on a line that is not down; what was',
    'not seen to fail is not called broken, nor fine what was not seen to work; and a signal forgotten makes nobody guilty. Tried',
    `on ${number(invariants.states)} random states, in ${number(invariants.accusing)} of which somebody else was accused.`,
    '',
    table(['what', 'states'], [['an invariant broken', rare(invariants.broken.length, invariants.states, 4)]]),
    '',
  ];
}

const counts = ({ compared, apart }: Agreement): string[] => [compared, compared - apart, apart].map(number);
