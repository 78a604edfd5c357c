// The words verdicts are told in, against which the claims of a scenario somebody wrote are held.
import type { Vocabulary } from '../lab/scenario-claims.ts';
import { TABLE } from '../verdict/table.ts';
import { VENDOR_TABLE } from '../verdict/vendor-table.ts';

export const VOCABULARY: Vocabulary = {
  rows: TABLE.map(({ id }) => id),
  causes: TABLE.map(({ cause }) => cause),
  vendorRows: VENDOR_TABLE.map(({ id }) => id),
};
