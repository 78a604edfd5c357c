// The generated head of every runbook, and the refreshing of it around what people have written below.
import { conjunctsOf } from '../verdict/conjuncts.ts';
import type { Row } from '../verdict/row.ts';
import { TABLE } from '../verdict/table.ts';
import { STATUS_PAGE } from './links.ts';
import type { AlertRule } from './rule.ts';
import { allAlerts } from './rules.ts';
import { vantageAlerts } from './vantages.ts';
import { conditionText, guardText, PARTY_WORDS, spoken, titleOf } from './words.ts';

const BEGIN = '<!-- generated -->';
const END = '<!-- /generated -->';

/** A page of this folder: one for every row an alert can carry, and one for every alert about demarc itself. */
export interface Runbook {
  id: string;
  /** Null when the page is about demarc itself. */
  row: Row | null;
  /** Markdown between the markers. */
  frame: string;
}

/** Sections a person writes, in this order. The fourth depends on who has to act. */
export function headingsOf({ row }: Runbook): string[] {
  const whose = row?.party === 'isp' ? 'What to tell the ISP' : 'What to tell the vendor';
  const acting = row === null || row.party === 'own' || row.party === 'unknown' ? 'Mitigation' : whose;
  return ['Meaning', 'Impact', 'Diagnosis', acting, 'What the naive reading gets wrong'];
}

/** Where the Markdown of a runbook lies, from the root of the project. */
export function runbookFile(id: string): string {
  return `alerts/runbooks/${id}.md`;
}

/** Head of the page about one row, without the markers. */
export function rowFrame(row: Row): string {
  const conditions = conjunctsOf(row);
  const guard = guardText(row);
  const layer = row.layer === null ? '' : `, layer \`${row.layer}\``;
  const said =
    conditions.length === 0
      ? ['demarc says so when no other row of the [table](../../docs/verdicts.md) holds.']
      : [
          'demarc says so only while all of this holds, and no row above it in the [table](../../docs/verdicts.md):',
          '',
          ...conditions.map((condition) => `- ${conditionText(condition)}`),
        ];
  return [
    `# ${titleOf(row)}`,
    '',
    `**${PARTY_WORDS[row.party]}.** Confidence ${row.confidence}. Row \`${row.id}\`, number ${row.code}${layer}.`,
    '',
    spoken(row.because),
    '',
    `**First:** ${row.action}`,
    '',
    ...said,
    ...(guard === null ? [] : ['', guard]),
    '',
    `**Taught by:** ${row.seen}.`,
  ].join('\n');
}

const ruleFile = (name: string): string =>
  vantageAlerts().some(({ alert }) => alert === name) ? 'alerts/demarc.vantages.rules.yml' : 'alerts/demarc.rules.yml';

function alertFrame({ alert, labels, annotations, for: wait }: AlertRule): string {
  return [
    `# ${alert}`,
    '',
    `**${annotations.summary}** Severity ${labels.severity}, owner \`${labels.owner}\`.`,
    '',
    `The alert fires ${wait === undefined ? 'at once' : `after ${wait}`}; its expression is in \`${ruleFile(alert)}\`.`,
  ].join('\n');
}

const LINK = `${STATUS_PAGE}/runbooks/`;

function selfRunbooks(): Runbook[] {
  const rows = new Set<string>(TABLE.map(({ id }) => id));
  // Rules of one name share a page, which speaks of the first.
  const pages = new Map<string, Runbook>();
  for (const rule of allAlerts()) {
    const id = (rule.annotations.runbook_url ?? '').slice(LINK.length);
    if (!/^[a-z_]+$/.test(id) || rows.has(id) || pages.has(id)) continue;
    pages.set(id, { id, row: null, frame: alertFrame(rule) });
  }
  return [...pages.values()];
}

/** Every runbook there must be, in the table's order. */
export function runbooks(): Runbook[] {
  const ofRows = TABLE.filter(({ party }) => party !== 'none').map(
    (row): Runbook => ({ id: row.id, row, frame: rowFrame(row) }),
  );
  return [...ofRows, ...selfRunbooks()];
}

/** The whole page: a fresh frame, and below it what `present` has there, or the headings still to be filled. */
export function refreshed(runbook: Runbook, present: string | null): string {
  const below = present === null ? null : present.slice(present.indexOf(END) + END.length);
  const written =
    below ??
    `\n\n${headingsOf(runbook)
      .map((heading) => `## ${heading}`)
      .join('\n\n')}\n`;
  return `${BEGIN}\n${runbook.frame}\n${END}${written}`;
}
