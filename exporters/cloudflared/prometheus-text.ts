// Reads a few metrics out of the Prometheus text format. Lines it does not want or understand are passed over.

/** Longest line worth reading; series of daemons are far shorter. */
const MAX_LINE = 4_096;
const MAX_SERIES = 1_000;

export interface Series {
  name: string;
  labels: ReadonlyMap<string, string>;
  value: number;
}

export function readSeries(text: string, wanted: ReadonlySet<string>): Series[] {
  const found: Series[] = [];
  let start = 0;
  while (found.length < MAX_SERIES) {
    const end = text.indexOf('\n', start);
    // A line without its end was cut off, and its number may have been too.
    if (end === -1) break;
    if (end - start <= MAX_LINE) {
      const series = readLine(text.slice(start, end).trim(), wanted);
      if (series !== null) found.push(series);
    }
    start = end + 1;
  }
  return found;
}

function readLine(line: string, wanted: ReadonlySet<string>): Series | null {
  const name = /^[A-Za-z_:][A-Za-z0-9_:]*/.exec(line)?.[0] ?? '';
  if (!wanted.has(name)) return null;
  const labelled =
    line[name.length] === '{' ? readLabels(line, name.length + 1) : { labels: new Map(), end: name.length };
  if (labelled === null) return null;
  // After the value there may be a timestamp.
  const [text = ''] = line.slice(labelled.end).trim().split(/\s+/, 1);
  const value = numberOf(text);
  return value === null ? null : { name, labels: labelled.labels, value };
}

function numberOf(text: string): number | null {
  // Number() alone would also read '' as 0, and 0x10; and what is too large for it is no measurement.
  const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

interface Labelled {
  labels: Map<string, string>;
  /** Where the line goes on. */
  end: number;
}

function readLabels(line: string, start: number): Labelled | null {
  const labels = new Map<string, string>();
  let at = start;
  while (line[at] !== '}') {
    const equals = line.indexOf('=', at);
    if (equals === -1 || line[equals + 1] !== '"') return null;
    const quoted = readQuoted(line, equals + 2);
    if (quoted === null) return null;
    labels.set(line.slice(at, equals).trim(), quoted.text);
    at = quoted.end;
    while (line[at] === ',' || line[at] === ' ') at += 1;
  }
  return { labels, end: at + 1 };
}

function readQuoted(line: string, start: number): { text: string; end: number } | null {
  let text = '';
  for (let at = start; at < line.length; at += 1) {
    const char = line[at];
    if (char === '"') return { text, end: at + 1 };
    if (char !== '\\') {
      text += char;
      continue;
    }
    at += 1;
    text += line[at] === 'n' ? '\n' : (line[at] ?? '');
  }
  return null;
}
