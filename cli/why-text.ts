// The diagnosis on a terminal: 80 columns, symbols and words first, colour second.
import type { Layer } from '../catalog/layers.ts';
import { durationText, parseTime } from '../status/time-text.ts';
import type { Hop, Remaining, Why } from '../verdict/why.ts';
import { paint } from './terminal.ts';
import { wrap } from './wrap.ts';

const LAYER_WORDS: Readonly<Record<Layer, string>> = {
  lan: 'LAN',
  uplink: 'uplink',
  resolver: 'resolver',
  dns: 'DNS',
  endpoint: 'needs',
  edge: 'edge',
  certificate: 'certificate',
  tunnel: 'tunnel',
  host: 'host',
  origin: 'origin',
};

const MARKS: Readonly<Record<Hop['state'], string>> = { ok: 'ok', bad: 'BAD', unknown: '?', masked: 'hidden' };

const COLOURS = { ok: 'green', bad: 'red', unknown: 'yellow', masked: 'gray' } as const;

const STANDINGS: Readonly<Record<Remaining['standing'], string>> = {
  matched: '',
  also: ' (also true)',
  open: ' (neither proven nor excluded)',
};

const MARK_WIDTH = 7;
const LAYER_WIDTH = 12;

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines];
}

/** One fact is enough for what works; for what does not, only what is broken is news. */
function factsOf({ state, seen }: Hop): string {
  if (state === 'masked') return 'behind the broken link: nothing can be said';
  const telling = state === 'ok' ? seen.slice(0, 1) : seen.filter((one) => one.state === state);
  return [...new Set(telling.map(({ text }) => text))].join('; ');
}

function hopLines(hop: Hop): string[] {
  const mark = MARKS[hop.state].padEnd(MARK_WIDTH);
  const [head = '', ...rest] = wrap(`  ${mark}${LAYER_WORDS[hop.layer].padEnd(LAYER_WIDTH)}`, factsOf(hop));
  return [head.replace(mark, () => paint(COLOURS[hop.state], mark)), ...rest];
}

function remainingLines({ cause, party, standing, reasons }: Remaining): string[] {
  const whose = party === 'unknown' || party === 'none' ? '' : `, ${party === 'own' ? 'yours' : `the ${party}'s`}`;
  const [head = '', ...rest] = wrap('  - ', `${cause}${standing === 'matched' ? '' : whose}${STANDINGS[standing]}:`);
  return [head, ...rest, ...reasons.flatMap((reason) => wrap('    ', reason))];
}

function subtitle({ verdict }: Why, now: number): string {
  const since = parseTime(verdict.since);
  const when =
    since === null ? '' : `${verdict.party === 'none' ? 'for' : 'failing for'} ${durationText(now - since)}, `;
  return `${when}confidence ${verdict.confidence}, row ${verdict.row}`;
}

/** The whole answer, line by line. */
export function whyLines(why: Why, now: number): string[] {
  const { verdict, hops, ruledOut, hidden, remaining, settle, status } = why;
  const colour = status === 'fine' ? 'green' : verdict.party === 'unknown' ? 'yellow' : 'red';
  const excluded = ruledOut.flatMap(({ causes, by }) => wrap('  - ', `${causes.join(', ')}: ${by}`));
  const proven = status === 'failing' && settle.length === 0 && verdict.party !== 'unknown';
  return [
    ...wrap('', verdict.headline).map((line) => paint(['bold', colour], line)),
    paint('gray', subtitle(why, now)),
    ...(status === 'failing' && verdict.failover !== null ? [`Failover ready: ${verdict.failover}`] : []),
    ...section('Seen, hop by hop', hops.flatMap(hopLines)),
    ...section('Ruled out, and by what', excluded),
    ...section('Hidden until that is repaired', hidden.length === 0 ? [] : wrap('  ', `${hidden.join(', ')}.`)),
    ...section('What remains', remaining.flatMap(remainingLines)),
    ...section(
      'What would settle it',
      proven ? ['  Nothing more: it is proven.'] : settle.flatMap((text) => wrap('  - ', text)),
    ),
    ...section('What to do', status === 'fine' ? [] : wrap('  ', verdict.action)),
  ];
}
