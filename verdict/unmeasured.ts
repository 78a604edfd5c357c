// Rows under which nothing is known of the service itself: time under them is neither up nor down.
import type { Row } from './row.ts';
import { type RowId, TABLE } from './table.ts';

/** They speak of the measuring: the only rows besides the fine ones that do not ask for a failure that was seen. */
export const UNMEASURED_ROWS: readonly RowId[] = TABLE.filter(
  ({ party, when }: Row) => party !== 'none' && when.service !== 'bad',
).map(({ id }) => id);

export function isUnmeasured(row: string): boolean {
  return UNMEASURED_ROWS.some((id) => id === row);
}
