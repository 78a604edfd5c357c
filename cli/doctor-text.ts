// The doctor's findings on a terminal: 80 columns, word first, colour second, what to do below each.
import { AREAS, type Finding, OUTCOMES, type Outcome, plural } from './doctor-finding.ts';
import { paint, print } from './terminal.ts';
import { wrap } from './wrap.ts';

const COLOURS = { ok: 'green', warning: 'yellow', problem: 'red', skipped: 'gray' } as const;

const OUTCOME_WIDTH = 9;
const CHECK_WIDTH = 12;

const LABELS: Readonly<Record<Outcome, string>> = { ok: 'ok', warning: 'warning', problem: 'problem', skipped: '-' };

export function findingLines({ outcome, check, text, fix }: Finding): string[] {
  const mark = LABELS[outcome].padEnd(OUTCOME_WIDTH);
  const [head = '', ...rest] = wrap(`  ${mark}${check.padEnd(CHECK_WIDTH)}`, text);
  const indent = ' '.repeat(2 + OUTCOME_WIDTH + CHECK_WIDTH);
  return [
    head.replace(mark, () => paint(COLOURS[outcome], mark)),
    ...rest,
    ...(fix === '' ? [] : wrap(`${indent}-> `, fix)),
  ];
}

export function printFindings(findings: readonly Finding[]): void {
  for (const area of AREAS) {
    const own = findings.filter((finding) => finding.area === area);
    if (own.length === 0) continue;
    print(paint('bold', area));
    for (const line of own.flatMap(findingLines)) print(line);
  }
  print();
  print(summaryOf(findings));
}

export function summaryOf(findings: readonly Finding[]): string {
  const count = (outcome: Outcome): number => findings.filter((finding) => finding.outcome === outcome).length;
  const [fine, warnings, problems, skipped] = OUTCOMES.map(count);
  const parts = [
    plural(problems ?? 0, 'problem'),
    plural(warnings ?? 0, 'warning'),
    `${fine} ok`,
    `${skipped} not looked at`,
  ];
  return parts.join(', ');
}
