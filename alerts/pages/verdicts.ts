// docs/verdicts.md: the decision table, whole and in order.
import { conjunctsOf } from '../../verdict/conjuncts.ts';
import type { Row } from '../../verdict/row.ts';
import { TABLE } from '../../verdict/table.ts';
import { conditionText, guardText, PARTY_WORDS, spoken, titleOf } from '../words.ts';
import { page, table } from './markdown.ts';

const INTRODUCTION = `# Verdicts

Everything demarc can say. One table, read from the top; **the first row that holds is the verdict**. The exporter reads
it in process, and \`alerts/demarc.rules.yml\` is the same table compiled to PromQL. Nothing else judges.

A condition asks for the state of a signal: OK, BAD or UNKNOWN. A missing series is UNKNOWN. \`is OK\` and \`is BAD\` demand
proof. \`is not OK\` and \`is not BAD\` accept its absence too, so only rows that name nobody else may use them.`;

const GUARD = `## The guard

A row that names somebody else cannot be written without three further proofs, added by the compiler:

1. **uplink**: since the failure began your line was clean, as seen by anchors the accused does not run;
2. **others**: since the failure began another vendor answered over the same line;
3. **witness**: a second target of the accused, not yours, worked before and broke within 24 hours of your failure.

Where one is missing, a row further down says "suspected", and its party is unknown.`;

const ORDER = `## The order

First what would make every measurement doubtful: no data, a dead LAN, a dead line, a dead resolver. Then the path of a
request: DNS, what the service needs, edge, certificate, tunnel, host, origin. Then the reasons to wait: recovering,
starved, confirming, uplink unproven. Then the suspicions, and last what nothing explains. So what is proven wins over
what is suspected, and the first broken link wins over what it breaks behind it.

Numbers never change and are never used again; they say nothing of the order.`;

function rowLine(row: Row, index: number): string[] {
  const link = row.party === 'none' ? `\`${row.id}\`` : `[\`${row.id}\`](#${row.id})`;
  return [String(index + 1), link, String(row.code), row.party, row.confidence, titleOf(row)];
}

function rowSection(row: Row): string {
  const conditions = conjunctsOf(row).map((conjunct) => `- ${conditionText(conjunct)}`);
  const guard = guardText(row);
  const more = row.party === 'none' ? '' : ` [Runbook](../alerts/runbooks/${row.id}.md).`;
  return [
    `### ${row.id}`,
    `${titleOf(row)}. **${PARTY_WORDS[row.party]}** (\`${row.party}\`), confidence ${row.confidence}, number ${row.code}.${more}`,
    conditions.length === 0 ? 'Holds whenever no row above does.' : conditions.join('\n'),
    ...(guard === null ? [] : [guard]),
    `**Because:** ${spoken(row.because)}`,
    `**What to do:** ${row.action}`,
    `**Taught by:** ${row.seen}.`,
  ].join('\n\n');
}

export function verdictsPage(rows: readonly Row[] = TABLE): string {
  const overview = table(['#', 'row', 'number', 'party', 'confidence', 'cause'], rows.map(rowLine));
  return page(INTRODUCTION, overview, GUARD, ORDER, '## Row by row', ...rows.map(rowSection));
}
