// The panels of the preview that show one moment: boxes, bars, tables and the graph of hops.
import type { Chosen } from './preview-ask.ts';
import type { Box } from './preview-charts.ts';
import { fieldOf, shownValue } from './preview-field.ts';
import type { Answered, Line, Sheet } from './preview-frames.ts';
import { css, escaped } from './preview-html.ts';
import type { Panel } from './preview-model.ts';

const STAT_GAP = 6;

/** A word in large letters wants a box that is wider than high. */
const STAT_WIDTH_PER_HEIGHT = 2;

/** Rows in which that many boxes are largest, much as Grafana arranges them. */
function rowsOf(count: number, { width, height }: Box): number {
  const widths = Array.from({ length: count }, (_, index) => {
    const rows = index + 1;
    return Math.min((STAT_WIDTH_PER_HEIGHT * height) / rows, width / Math.ceil(count / rows));
  });
  return 1 + widths.indexOf(Math.max(...widths));
}

/** Series are told apart by name only where there are several, unless the panel says otherwise. */
export function stats(panel: Panel, lines: readonly Line[], { to }: Chosen, box: Box): string {
  const named = panel.options?.textMode === 'value_and_name' || lines.length > 1;
  const filled = panel.options?.colorMode === 'background';
  const rows = rowsOf(lines.length, box);
  const columns = Math.ceil(lines.length / rows);
  const cell = { width: box.width / columns, height: (box.height - (rows - 1) * STAT_GAP) / rows };
  const boxes = lines.map((line) => {
    const { text, colour } = shownValue(fieldOf(panel, line.name), line.points.at(-1)?.[1], to);
    const style = filled
      ? `background:${css(colour)};color:#111`
      : `color:${css(colour === 'text' ? 'inherit' : colour)}`;
    const size = Math.max(12, Math.min(26, cell.height / 3, (1.35 * cell.width) / Math.max(text.length, 6)));
    const name = named ? `<small>${escaped(line.name)}</small>` : '';
    return `<div class="stat" style="${style}">${name}<strong style="font-size:${size.toFixed(0)}px">${escaped(text)}</strong></div>`;
  });
  return `<div class="stats" style="grid-template-columns:repeat(${columns},1fr);gap:${STAT_GAP}px">${boxes.join('')}</div>`;
}

export function bars(panel: Panel, lines: readonly Line[], { to }: Chosen): string {
  const values = lines.map(({ points }) => points.at(-1)?.[1] ?? 0);
  const largest = fieldOf(panel, '').max ?? Math.max(...values, 1e-9);
  const rows = lines.map((line, index) => {
    const field = fieldOf(panel, line.name);
    const value = values[index] ?? 0;
    const { text, colour } = shownValue(field, value, to);
    const width = Math.max(0.5, Math.min(100, (100 * value) / largest)).toFixed(1);
    const name = escaped(field.displayName ?? line.name);
    return `<div class="bar"><span title="${name}">${name}</span><div><b style="width:${width}%;background:${css(colour)}"></b></div><em>${escaped(text)}</em></div>`;
  });
  return rows.join('');
}

export function table(panel: Panel, { columns, rows }: Sheet, { to }: Chosen): string {
  const head = columns.map((column) => `<th>${escaped(column)}</th>`).join('');
  const body = rows.map((row) => {
    const cells = columns.map((column) => {
      const field = fieldOf(panel, column);
      const { text, colour } = shownValue(field, row[column], to);
      const paint =
        field['custom.cellOptions'] === undefined || colour === 'text' ? '' : ` style="color:${css(colour)}"`;
      return `<td${paint} title="${escaped(text)}">${escaped(text)}</td>`;
    });
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<table class="sheet"><tr>${head}</tr>${body.join('')}</table>`;
}

interface Node {
  id: string;
  column: number;
  labels: Readonly<Record<string, string>>;
}

/** Columns by the longest way from a node without a predecessor. */
function placed(nodes: readonly Line['labels'][], edges: readonly Line['labels'][]): Node[] {
  const columns = new Map<string, number>();
  const columnOf = (id: string): number => {
    const known = columns.get(id);
    if (known !== undefined) return known;
    columns.set(id, 0);
    const sources = edges.filter(({ target }) => target === id).map(({ source }) => source ?? '');
    const column = sources.length === 0 ? 0 : 1 + Math.max(...sources.map(columnOf));
    columns.set(id, column);
    return column;
  };
  return nodes.map((labels) => ({ id: labels.id ?? '', column: columnOf(labels.id ?? ''), labels }));
}

/** Throws for an edge without its nodes, as Grafana does. */
export function graph(answered: readonly Answered[], box: Box): string {
  const labelsOf = (refId: string): Line['labels'][] =>
    answered.filter(({ target }) => target.refId === refId).flatMap(({ series }) => series.map(({ labels }) => labels));
  const edges = labelsOf('edges');
  const nodes = placed(labelsOf('nodes'), edges);
  const columns = 1 + Math.max(0, ...nodes.map(({ column }) => column));
  const size = { width: Math.min(128, box.width / columns - 14), height: 54 };
  const at = new Map<string, { x: number; y: number }>();
  for (let column = 0; column < columns; column += 1) {
    const own = nodes.filter((node) => node.column === column).sort((a, b) => (a.id < b.id ? -1 : 1));
    own.forEach(({ id }, index) => {
      const x = ((column + 0.5) * box.width) / columns;
      at.set(id, { x, y: ((index + 0.5) * box.height) / own.length });
    });
  }
  const place = (id: string | undefined): { x: number; y: number } => {
    const found = at.get(id ?? '');
    if (found === undefined) throw new Error(`an edge to ${id}, which is no node`);
    return found;
  };
  const arrows = edges.map(({ source, target }) => {
    const [from, to] = [place(source), place(target)];
    return `<path class="edge" d="M${from.x + size.width / 2} ${from.y}L${to.x - size.width / 2} ${to.y}"/>`;
  });
  const boxes = nodes.map(({ id, labels }) => {
    const { x, y } = place(id);
    const lines = [
      ['name', labels.title ?? ''],
      ['', labels.mainstat ?? ''],
      ['quiet', [labels.subtitle, labels.secondarystat].filter((text) => text !== undefined && text !== '').join(', ')],
    ];
    const texts = lines.map(
      ([kind, text], index) =>
        `<text class="${kind}" x="${x}" y="${y - 12 + index * 15}" text-anchor="middle">${escaped(text ?? '')}</text>`,
    );
    const colour = css(labels.color ?? 'gray');
    return `<rect class="node" x="${x - size.width / 2}" y="${y - size.height / 2}" width="${size.width}" height="${size.height}" rx="6" stroke="${colour}"/>${texts.join('')}`;
  });
  return `<svg width="${box.width}" height="${box.height}">${arrows.join('')}${boxes.join('')}</svg>`;
}
