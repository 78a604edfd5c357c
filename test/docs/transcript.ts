// Transcripts on a page: what was typed, and what was printed, held against what is printed now.
import type { Block } from './pages.ts';

export interface Step {
  /** What was typed behind `$`. */
  command: string;
  /** What was printed; a line of three dots stands for any lines. */
  printed: string;
}

/** The steps of the blocks of text, in the order of the page. */
export function stepsIn(blocks: readonly Block[]): Step[] {
  return blocks
    .filter(({ language }) => language === 'text')
    .flatMap(({ text }) => text.split(/^\$ /m).slice(1))
    .map((step) => {
      const [command = '', ...lines] = step.split('\n');
      return { command, printed: lines.join('\n') };
    });
}

/** Addresses, numbers, durations and where lines break differ from run to run, and are no part of what is said. */
function essence(text: string): string {
  return text
    .replace(/^(still looking|asking registries): .*$/gm, '')
    .replace(/(?<=[\w.]):\d+/g, '')
    .replace(/\d+(?:[.,:-]\d+)*/g, '#')
    .replace(/#(?: (?:s|min|h)\b)(?: # (?:s|min|h)\b)*/g, '#')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The first part of `printed` that `now` does not say in its turn; null when it says all of it. */
export function firstMissing(printed: string, now: string): string | null {
  const parts = printed.split(/^\.{3}$/m).map(essence);
  const said = essence(now);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = index === 0 ? (said.startsWith(part) ? 0 : -1) : said.indexOf(part, at);
    if (found < 0) return part;
    at = found + part.length;
  }
  const last = parts.at(-1) ?? '';
  return said.endsWith(last) ? null : `${last} at the end`;
}
