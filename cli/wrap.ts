// Folds text into lines of at most 80 columns, with a hanging indent. Colour goes on afterwards, so widths stay true.

const COLUMNS = 80;

/** `first` starts the first line, blanks of the same width the others. A word that is too long stays whole. */
export function wrap(first: string, text: string, columns = COLUMNS): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = ' '.repeat(first.length);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line.trimEnd()];
}
