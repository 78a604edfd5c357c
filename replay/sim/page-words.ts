// How the accuracy page writes numbers and tables.
import { upperBound } from './statistics.ts';

export const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;
export const ratio = (part: number, whole: number): string => (whole === 0 ? '–' : percent(part / whole));
export const seconds = (ms: number | null): string => (ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`);
export const number = (value: number): string => value.toLocaleString('en-US');

export type Cell = string | number;

/** `words`: how many columns from the left hold words; the others hold numbers. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[], words = 1): string {
  const line = (cells: readonly Cell[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, index) => (index < words ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** `0 of 10,000 (below 0.03 %)`. */
export function rare(hits: number, whole: number, digits = 2): string {
  return `${number(hits)} of ${number(whole)} (95 %: below ${percent(upperBound(hits, whole), digits)})`;
}
