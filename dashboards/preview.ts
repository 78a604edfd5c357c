// A dashboard as a plain page with the live data of a Prometheus, to judge layout and colours by eye without a Grafana.
// It is a likeness: Grafana draws with its own fonts, spacing, legends and interaction.
import { ask, type Chosen } from './preview-ask.ts';
import { bars, graph, stats, table } from './preview-blocks.ts';
import { type Box, cells, lanes, timeseries } from './preview-charts.ts';
import { type Answered, linesOf, sheetOf } from './preview-frames.ts';
import { escaped, fromMarkdown } from './preview-html.ts';
import type { Dashboard, Panel } from './preview-model.ts';
import { PREVIEW_CSS } from './preview-style.ts';

export interface PreviewOptions {
  prometheus: string;
  chosen: Chosen;
  theme: 'light' | 'dark';
  /** Pixels. */
  width: number;
}

/** Of the grid: Grafana's cells are 30 pixels high with gaps of 8. */
const CELL = 38;
const GAP = 8;
const HEAD = 30;
const PADDING = 8;
const TOP = 56;

function drawn(panel: Panel, answered: readonly Answered[], chosen: Chosen, box: Box): string {
  const lines = linesOf(answered);
  switch (panel.type) {
    case 'stat':
      return stats(panel, lines, chosen, box);
    case 'bargauge':
      return bars(panel, lines, chosen);
    case 'timeseries':
      return timeseries(panel, lines, chosen, box);
    case 'state-timeline':
      return lanes(panel, lines, chosen, box);
    case 'status-history':
      return cells(panel, lines, chosen, box);
    case 'table':
      return table(panel, sheetOf(panel, answered), chosen);
    case 'nodeGraph':
      return graph(answered, box);
    case 'text':
      return `<div class="markdown">${fromMarkdown(String(panel.options?.content ?? ''))}</div>`;
    default:
      throw new Error(`no panel ${panel.type} in the preview`);
  }
}

/** A panel may ask for fewer points than others. */
function forPanel({ maxDataPoints }: Panel, chosen: Chosen): Chosen {
  const stepS = maxDataPoints === undefined ? 0 : Math.ceil((chosen.to - chosen.from) / maxDataPoints / 5) * 5;
  return { ...chosen, stepS: Math.max(chosen.stepS, stepS) };
}

async function block(panel: Panel, { prometheus, chosen: shown, width }: PreviewOptions): Promise<string> {
  const chosen = forPanel(panel, shown);
  const { x, y, w, h } = panel.gridPos;
  const column = width / 24;
  const place = `left:${x * column}px;top:${TOP + y * CELL}px;width:${w * column - GAP}px;height:${h * CELL - GAP}px`;
  if (panel.type === 'row') return `<h2 style="${place}">${escaped(panel.title)}</h2>`;
  const answered = await Promise.all(
    panel.targets.map(async (target): Promise<Answered> => ({ target, series: await ask(prometheus, target, chosen) })),
  );
  const box = { width: w * column - GAP - 2 * PADDING, height: h * CELL - GAP - HEAD - PADDING };
  const empty = panel.targets.length > 0 && answered.every(({ series }) => series.length === 0);
  const noValue = String(panel.fieldConfig?.defaults.noValue ?? 'No data');
  const body = empty ? `<div class="empty">${escaped(noValue)}</div>` : drawn(panel, answered, chosen, box);
  const hint = escaped(panel.description ?? '');
  return `<section style="${place}" data-empty="${empty}"><h3 title="${hint}">${escaped(panel.title)}</h3><div class="body">${body}</div></section>`;
}

/** Pixels of the whole page, whatever its width. */
export function heightOf({ panels }: Dashboard): number {
  return TOP + CELL * Math.max(...panels.map(({ gridPos }) => gridPos.y + gridPos.h));
}

/** Throws when Prometheus refuses a query, or a panel is of a kind the preview cannot draw. */
export async function renderPreview(dashboard: Dashboard, options: PreviewOptions): Promise<string> {
  const { panels, title, templating } = dashboard;
  // One after the other: this is for the eye, and should not strain the Prometheus it looks at.
  const blocks: string[] = [];
  for (const panel of panels) blocks.push(await block(panel, options));
  const { site, service, vendor, slo } = options.chosen;
  const chosen: Readonly<Record<string, string>> = { site, service, vendor, slo, datasource: 'Prometheus' };
  const variables = templating.list.map(({ name, label }) => {
    const value = chosen[name] ?? '';
    return `<span><label>${escaped(label ?? name)}</label> ${escaped(value === '.+' ? 'All' : value)}</span>`;
  });
  return `<!doctype html>
<html lang="en" data-theme="${options.theme}">
<head><meta charset="utf-8"><title>${escaped(title)}</title><style>${PREVIEW_CSS}</style></head>
<body style="width:${options.width}px;height:${heightOf(dashboard)}px">
<header><h1>${escaped(title)}</h1>${variables.join('')}</header>
${blocks.join('\n')}
</body>
</html>
`;
}
