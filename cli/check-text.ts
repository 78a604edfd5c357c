// The dependency report on a terminal: 80 columns, words first, colour second.
import type { VerdictsOn } from '../map/controls.ts';
import type { Element } from '../map/dependencies.ts';
import type { DependencyReport, VendorVerdicts } from '../map/dependency-report.ts';
import { paint } from './terminal.ts';
import { wrap } from './wrap.ts';

/** More are in the JSON. */
const MOST_ELEMENTS = 12;

const NAMED: Readonly<Record<Element['blames'], string>> = {
  none: 'nobody',
  own: 'you',
  isp: 'your ISP',
  vendor: 'the vendor',
  registrar: 'the registrar',
  registry: 'the registry',
  ca: 'the CA',
  unknown: 'nobody',
};

const COLOURS = { on: 'green', thin: 'yellow', off: 'red' } as const satisfies Record<VerdictsOn, string>;

const WORD_WIDTH = 6;

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

export function reportLines(report: DependencyReport): string[] {
  return [
    ...section('Single points of failure, the one that takes down most first', elementLines(report)),
    ...section(
      'Looks like several, falls as one',
      report.sharedFate.flatMap(({ text }) => wrap('  - ', text)),
    ),
    ...section('Vendor verdicts', report.vendorVerdicts.flatMap(verdictLines)),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', paint('bold', title), ...lines];
}

function elementLines({ elements, services }: DependencyReport): string[] {
  const shown = elements.slice(0, MOST_ELEMENTS);
  const left = elements.length - shown.length;
  return [
    ...shown.flatMap((element, index) => {
      // What happens is told once: the second DNS zone goes like the first.
      const told = shown.slice(0, index).some(({ happens }) => happens === element.happens);
      return oneElement(element, services.length, told);
    }),
    ...(left === 0 ? [] : [`  and ${left} more: --json tells all`]),
  ];
}

function oneElement(
  { title, services, secondPaths, happens, blames, because }: Element,
  all: number,
  told: boolean,
): string[] {
  const count = `${services.length} of ${all}`;
  const named = blames === 'vendor' && title.includes("'s ") ? title.split("'s ")[0] : NAMED[blames];
  const [head = '', ...more] = wrap(`  ${count.padEnd(9)}`, `${title}: ${services.join(', ')}`);
  return [
    head.replace(count, () => paint(['bold', services.length === all ? 'red' : 'yellow'], count)),
    ...more,
    ...(told ? [] : wrap('           ', happens)),
    ...(secondPaths.length === 0
      ? []
      : wrap('           ', `A second path leads past it for ${secondPaths.join(', ')}.`)),
    ...wrap('           ', `demarc names ${named}: ${because}.`),
  ];
}

function verdictLines({ title, verdicts, count, because, services }: VendorVerdicts): string[] {
  const mark = verdicts.padEnd(WORD_WIDTH);
  const why =
    verdicts === 'off'
      ? `vendor verdicts off for ${title}: ${because}`
      : `${title}: ${because || plural(count, 'control')}`;
  const [head = '', ...rest] = wrap(`  ${mark}`, `${why} (${services.join(', ')})`);
  return [head.replace(mark, () => paint(COLOURS[verdicts], mark)), ...rest];
}
