// The diagnosis on a terminal: 80 columns, symbols and words first, colour second.
import { durationText, parseTime } from '../status/time-text.ts';
import type { Hop, Why } from '../verdict/why.ts';
import { type WhyItem, type WhySection, whySections } from '../verdict/why-sections.ts';
import { paint } from './terminal.ts';
import { wrap } from './wrap.ts';

const MARKS: Readonly<Record<Hop['state'], string>> = { ok: 'ok', bad: 'BAD', unknown: '?', masked: 'hidden' };

const COLOURS = { ok: 'green', bad: 'red', unknown: 'yellow', masked: 'gray' } as const;

const MARK_WIDTH = 7;
const LAYER_WIDTH = 12;

function itemLines({ hop, text, under }: WhyItem, plain: boolean): string[] {
  if (hop === null) return [...wrap(plain ? '  ' : '  - ', text), ...under.flatMap((reason) => wrap('    ', reason))];
  const mark = MARKS[hop.state].padEnd(MARK_WIDTH);
  const [head = '', ...rest] = wrap(`  ${mark}${hop.word.padEnd(LAYER_WIDTH)}`, text);
  return [head.replace(mark, () => paint(COLOURS[hop.state], mark)), ...rest];
}

function sectionLines({ title, plain, items }: WhySection): string[] {
  return ['', paint('bold', title), ...items.flatMap((item) => itemLines(item, plain))];
}

function subtitle({ verdict }: Why, now: number): string {
  const since = parseTime(verdict.since);
  const when =
    since === null ? '' : `${verdict.party === 'none' ? 'for' : 'failing for'} ${durationText(now - since)}, `;
  return `${when}confidence ${verdict.confidence}, row ${verdict.row}`;
}

/** The whole answer, line by line. */
export function whyLines(why: Why, now: number): string[] {
  const { verdict, status } = why;
  const colour = status === 'fine' ? 'green' : verdict.party === 'unknown' ? 'yellow' : 'red';
  return [
    ...wrap('', verdict.headline).map((line) => paint(['bold', colour], line)),
    paint('gray', subtitle(why, now)),
    ...(status === 'failing' && verdict.failover !== null ? [`Failover ready: ${verdict.failover}`] : []),
    ...whySections(why).flatMap(sectionLines),
  ];
}
