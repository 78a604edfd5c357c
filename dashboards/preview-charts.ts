// The panels of the preview that draw time: lines, piles, lanes and cells. Plain SVG and boxes, without a script.
import type { Chosen } from './preview-ask.ts';
import { fieldOf, shownValue, withUnit } from './preview-field.ts';
import type { Line } from './preview-frames.ts';
import { classic, css, escaped } from './preview-html.ts';
import type { Panel } from './preview-model.ts';

export interface Box {
  width: number;
  height: number;
}

const AXIS_WIDTH = 66;
const AXIS_HEIGHT = 18;
const LEGEND_ROW = 17;

function clock(at: number): string {
  return new Date(at * 1000).toISOString().slice(11, 16);
}

function moments({ from, to }: Chosen, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + ((to - from) * (index + 0.5)) / count);
}

/** A round number at or above. */
function roundUp(value: number): number {
  if (value <= 0) return 1;
  const size = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * size >= value) ?? 10) * size;
}

interface Drawn {
  line: Line;
  title: string;
  colour: string;
}

function drawnOf(panel: Panel, lines: readonly Line[]): Drawn[] {
  return lines.map((line, index) => {
    const { color, displayName } = fieldOf(panel, line.name);
    const fixed = color?.mode === 'fixed' ? color.fixedColor : undefined;
    return { line, title: displayName ?? line.name, colour: fixed === undefined ? classic(index) : css(fixed) };
  });
}

function legend(panel: Panel, drawn: readonly Drawn[], nowS: number): string {
  const rows = drawn.map(({ line, title, colour }) => {
    const field = fieldOf(panel, line.name);
    const values = line.points.map(([, value]) => value);
    const last = withUnit(values.at(-1) ?? Number.NaN, field, nowS);
    const largest = withUnit(Math.max(...values), field, nowS);
    return `<tr><td><i style="background:${colour}"></i>${escaped(title)}</td><td>${last}</td><td>${largest}</td></tr>`;
  });
  return `<table class="legend"><tr><th>Name</th><th>Last</th><th>Max</th></tr>${rows.join('')}</table>`;
}

/** Sums of the lines below, by moment, for lines piled on each other. */
function piled(drawn: readonly Drawn[]): { drawn: Drawn; bars: [at: number, base: number, top: number][] }[] {
  const sums = new Map<number, number>();
  return drawn.map((one) => ({
    drawn: one,
    bars: one.line.points.map(([at, value]) => {
      const base = sums.get(at) ?? 0;
      sums.set(at, base + value);
      return [at, base, base + value];
    }),
  }));
}

/** A line breaks where more than two steps are missing. */
function pathOf(
  points: Line['points'],
  x: (at: number) => number,
  y: (value: number) => number,
  stepS: number,
): string {
  let last = Number.NEGATIVE_INFINITY;
  return points
    .map(([at, value]) => {
      const command = at - last > 2 * stepS ? 'M' : 'L';
      last = at;
      return `${command}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    })
    .join('');
}

export function timeseries(panel: Panel, lines: readonly Line[], chosen: Chosen, box: Box): string {
  const drawn = drawnOf(panel, lines);
  const legendHeight = Math.min((lines.length + 1) * LEGEND_ROW, box.height * 0.42);
  const height = box.height - legendHeight - AXIS_HEIGHT;
  const width = box.width - AXIS_WIDTH;
  const defaults = fieldOf(panel, '');
  const stacked = JSON.stringify(panel.fieldConfig?.defaults.custom ?? {}).includes('"mode":"normal"');
  const piles = stacked ? piled(drawn) : [];
  const tops = stacked
    ? piles.flatMap(({ bars }) => bars.map(([, , top]) => top))
    : lines.flatMap(({ points }) => points.map(([, value]) => value));
  const ceiling = roundUp(Math.max(...tops.filter(Number.isFinite), 0));
  const x = (at: number): number => AXIS_WIDTH + ((at - chosen.from) / (chosen.to - chosen.from)) * width;
  const y = (value: number): number => 6 + (height - 6) * (1 - value / ceiling);
  const grid = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const text = withUnit(share * ceiling, { unit: defaults.unit, decimals: undefined }, chosen.to);
    const at = y(share * ceiling).toFixed(1);
    return `<path class="grid" d="M${AXIS_WIDTH} ${at}H${box.width}"/><text x="${AXIS_WIDTH - 6}" y="${Number(at) + 3}" text-anchor="end">${text}</text>`;
  });
  const times = moments(chosen, 6).map(
    (at) => `<text x="${x(at).toFixed(1)}" y="${height + 14}" text-anchor="middle">${clock(at)}</text>`,
  );
  const barWidth = Math.max(1, (width * chosen.stepS) / (chosen.to - chosen.from) - 1).toFixed(1);
  const bars = piles.flatMap(({ drawn: { colour }, bars: all }) =>
    all.map(([at, base, top]) => {
      const size = (y(base) - y(top)).toFixed(1);
      return `<rect x="${x(at).toFixed(1)}" y="${y(top).toFixed(1)}" width="${barWidth}" height="${size}" fill="${colour}" fill-opacity=".85"/>`;
    }),
  );
  const paths = stacked
    ? []
    : drawn.map(
        ({ line, colour }) => `<path class="line" stroke="${colour}" d="${pathOf(line.points, x, y, chosen.stepS)}"/>`,
      );
  const limits = defaults.thresholds.steps.flatMap(({ value, color }) =>
    value === null || value > ceiling || !JSON.stringify(panel.fieldConfig).includes('"dashed"')
      ? []
      : [`<path class="limit" stroke="${css(color)}" d="M${AXIS_WIDTH} ${y(value).toFixed(1)}H${box.width}"/>`],
  );
  const parts = [...grid, ...times, ...bars, ...paths, ...limits].join('');
  return `<svg width="${box.width}" height="${height + AXIS_HEIGHT}">${parts}</svg><div class="legend-box" style="height:${legendHeight}px">${legend(panel, drawn, chosen.to)}</div>`;
}

/** Neighbouring points of the same text are one stretch; a gap ends it. */
function stretches(points: Line['points'], same: (a: number, b: number) => boolean, stepS: number) {
  const found: { from: number; to: number; value: number }[] = [];
  for (const [at, value] of points) {
    const last = found.at(-1);
    if (last !== undefined && at - last.to <= stepS && same(last.value, value)) last.to = at + stepS;
    else found.push({ from: at, to: at + stepS, value });
  }
  return found;
}

const LANES_SHOWN = 20;

function laneRows(panel: Panel, lines: readonly Line[], chosen: Chosen, box: Box, merged: boolean): string {
  const shown = lines.slice(0, merged ? LANES_SHOWN : lines.length);
  const height = Math.min(64, (box.height - AXIS_HEIGHT) / Math.max(1, shown.length));
  const labelWidth = Math.min(300, 12 + 6.5 * Math.max(...shown.map(({ name }) => name.length)));
  const percent = (at: number): number => (100 * (at - chosen.from)) / (chosen.to - chosen.from);
  const rows = shown.map((line) => {
    const field = fieldOf(panel, line.name);
    const same = (a: number, b: number): boolean =>
      merged && shownValue(field, a, 0).text === shownValue(field, b, 0).text;
    const parts = stretches(line.points, same, chosen.stepS).map(({ from, to, value }) => {
      const { text, colour } = shownValue(field, value, chosen.to);
      const [left, right] = [Math.max(0, percent(from)), Math.min(100, percent(to))];
      const place = `left:${left.toFixed(2)}%;width:${(right - left).toFixed(2)}%;background:${css(colour)}`;
      return `<b class="${merged ? '' : 'cell'}" style="${place}">${merged && right - left > 4 && height > 12 ? escaped(text) : ''}</b>`;
    });
    return `<div class="lane" style="height:${height}px"><span style="flex-basis:${labelWidth}px" title="${escaped(line.name)}">${escaped(line.name)}</span><div>${parts.join('')}</div></div>`;
  });
  const times = moments(chosen, 6).map((at) => `<u>${clock(at)}</u>`);
  return `${rows.join('')}<div class="lane times"><span style="flex-basis:${labelWidth}px"></span><div>${times.join('')}</div></div>`;
}

export function lanes(panel: Panel, lines: readonly Line[], chosen: Chosen, box: Box): string {
  return laneRows(panel, lines, chosen, box, true);
}

export function cells(panel: Panel, lines: readonly Line[], chosen: Chosen, box: Box): string {
  return laneRows(panel, lines, chosen, box, false);
}
