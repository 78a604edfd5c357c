// The shapes of panel our dashboards are made of.
// Each call builds a new one, since a builder used twice is one panel drawn twice.
import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import * as common from '@grafana/grafana-foundation-sdk/common';
import {
  type DataTransformerConfig,
  type DynamicConfigValue,
  FieldColorBuilder,
  FieldColorModeId,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import * as nodegraph from '@grafana/grafana-foundation-sdk/nodegraph';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as statushistory from '@grafana/grafana-foundation-sdk/statushistory';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as text from '@grafana/grafana-foundation-sdk/text';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { BAD, NO_DATA, OK, valueMappings } from './colours.ts';

/** The data source chosen in the dashboard's first variable. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder.
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** What every panel says about itself. */
export interface Titled {
  title: string;
  description: string;
  /** Columns of 24, and rows of 30 pixels. */
  span: number;
  height: number;
}

/** Thresholds in rising order; the colour below the first is `base`. */
export function steps(base: string, ...above: [from: number, colour: string][]): ThresholdsConfigBuilder {
  const all = [{ value: null, color: base }, ...above.map(([value, color]) => ({ value, color }))];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(all);
}

/** One colour per step of the thresholds, which mappings may overrule. */
function byThreshold(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
}

function latest(): common.ReduceDataOptionsBuilder {
  return new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']);
}

/** A query over the time shown. */
export function overTime(expr: string, legend: string, refId = 'A'): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATASOURCE).expr(expr).legendFormat(legend).refId(refId).range();
}

/** A query about now. */
export function now(expr: string, legend: string, refId = 'A'): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATASOURCE).expr(expr).legendFormat(legend).refId(refId).instant();
}

/** A query about now, one line per series and one column per label. */
export function rows(expr: string, refId = 'A'): DataqueryBuilder {
  return now(expr, '', refId).format(PromQueryFormat.Table);
}

/** What every builder of panels that ask something can be told. */
interface Frame {
  title(title: string): this;
  description(description: string): this;
  datasource(ref: typeof DATASOURCE): this;
  span(columns: number): this;
  height(rows: number): this;
}

const framed = <Panel extends Frame>(panel: Panel, { title, description, span, height }: Titled): Panel =>
  panel.title(title).description(description).datasource(DATASOURCE).span(span).height(height);

/** A coloured box per series. Shows the series' name only if there are several. */
export function statPanel(titled: Titled, mappings: ValueMapping[], mode: 'named' | 'plain'): stat.PanelBuilder {
  return framed(new stat.PanelBuilder(), titled)
    .datasource(DATASOURCE)
    .mappings(mappings)
    .thresholds(steps(NO_DATA.colour))
    .colorScheme(byThreshold())
    .colorMode(common.BigValueColorMode.Background)
    .graphMode(common.BigValueGraphMode.None)
    .textMode(mode === 'named' ? common.BigValueTextMode.ValueAndName : common.BigValueTextMode.Value)
    .reduceOptions(latest())
    .noValue(NO_DATA.text);
}

/** A measured number per series, coloured by thresholds only. */
export function numberPanel(titled: Titled, unit: string, mode: 'named' | 'plain'): stat.PanelBuilder {
  return statPanel(titled, valueMappings({}), mode).unit(unit).colorMode(common.BigValueColorMode.Value);
}

/** One lane per series, one coloured stretch per state. A gap in the data is drawn as a gap. */
export function lanesPanel(titled: Titled, mappings: ValueMapping[]): statetimeline.PanelBuilder {
  return framed(new statetimeline.PanelBuilder(), titled)
    .datasource(DATASOURCE)
    .mappings(mappings)
    .thresholds(steps(NO_DATA.colour))
    .colorScheme(byThreshold())
    .mergeValues(true)
    .insertNulls(120_000)
    .showValue(common.VisibilityMode.Auto)
    .rowHeight(0.9)
    .lineWidth(0)
    .fillOpacity(80)
    .legend(new common.VizLegendOptionsBuilder().showLegend(false));
}

/** Lanes of HTTP status codes, which are their own words. */
export function codeLanes(titled: Titled): statetimeline.PanelBuilder {
  return lanesPanel(titled, valueMappings({})).thresholds(steps(OK.colour, [400, BAD.colour]));
}

/** One row of cells per series, a cell per step: for states that are read at many moments, but not at every one. */
export function cellsPanel(titled: Titled, mappings: ValueMapping[]): statushistory.PanelBuilder {
  return framed(new statushistory.PanelBuilder(), titled)
    .datasource(DATASOURCE)
    .mappings(mappings)
    .thresholds(steps(NO_DATA.colour))
    .colorScheme(byThreshold())
    .maxDataPoints(100)
    .showValue(common.VisibilityMode.Never)
    .rowHeight(0.9)
    .lineWidth(0)
    .fillOpacity(80)
    .legend(new common.VizLegendOptionsBuilder().showLegend(false));
}

/** A bar per series, longest value in words. */
export function barsPanel(titled: Titled, unit: string): bargauge.PanelBuilder {
  return framed(new bargauge.PanelBuilder(), titled)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Text)
    .colorScheme(byThreshold())
    .thresholds(steps(NO_DATA.colour))
    .reduceOptions(latest())
    .noValue(NO_DATA.text);
}

/** Lines over time, with a legend that tells the newest and the largest value. */
export function linesPanel(titled: Titled, unit: string): timeseries.PanelBuilder {
  return framed(new timeseries.PanelBuilder(), titled)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .lineWidth(1)
    .fillOpacity(5)
    .thresholds(steps(NO_DATA.colour))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassic))
    .legend(
      new common.VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(common.LegendDisplayMode.Table)
        .placement(common.LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    );
}

/** Amounts over time, piled up. */
export function pilesPanel(titled: Titled, unit: string): timeseries.PanelBuilder {
  return linesPanel(titled, unit)
    .drawStyle(common.GraphDrawStyle.Bars)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal).group('A'))
    .lineWidth(0)
    .fillOpacity(80);
}

/** Draws limits as dashed lines, and leaves the colours of the lines alone. */
export function thresholdLines(panel: timeseries.PanelBuilder, ...above: [number, string][]): timeseries.PanelBuilder {
  const dashed = new common.GraphThresholdsStyleConfigBuilder().mode(common.GraphThresholdsStyleMode.Dashed);
  return panel.thresholds(steps('transparent', ...above)).thresholdsStyle(dashed);
}

/** Boxes and arrows. Its two queries are called `nodes` and `edges`. */
export function nodeGraphPanel(titled: Titled): nodegraph.PanelBuilder {
  return framed(new nodegraph.PanelBuilder(), titled);
}

export function tablePanel(titled: Titled): table.PanelBuilder {
  return framed(new table.PanelBuilder(), titled)
    .datasource(DATASOURCE)
    .unit('none')
    .thresholds(steps(NO_DATA.colour))
    .cellHeight(common.TableCellHeight.Sm)
    .noValue('none');
}

export function textPanel(titled: Titled, content: string): text.PanelBuilder {
  return new text.PanelBuilder()
    .title(titled.title)
    .description(titled.description)
    .span(titled.span)
    .height(titled.height)
    .mode(text.TextMode.Markdown)
    .content(content);
}

/** Keeps these columns of a table, in this order and under these names. */
export function columns(named: Readonly<Record<string, string>>): DataTransformerConfig[] {
  const order = Object.keys(named);
  return [
    { id: 'filterFieldsByName', options: { include: { names: order } } },
    {
      id: 'organize',
      options: {
        excludeByName: {},
        indexByName: Object.fromEntries(order.map((name, index) => [name, index])),
        renameByName: named,
      },
    },
  ];
}

export function sortedBy(field: string, order: 'rising' | 'falling'): DataTransformerConfig {
  return { id: 'sortBy', options: { fields: {}, sort: [{ field, desc: order === 'falling' }] } };
}

/** Shows a column as text and colour. */
export function coloured(mappings: ValueMapping[]): DynamicConfigValue[] {
  return [
    { id: 'mappings', value: mappings },
    { id: 'custom.cellOptions', value: { type: common.TableCellDisplayMode.ColorText } },
  ];
}

/** Makes a column's values links. */
export function linked(title: string, url: string): DynamicConfigValue[] {
  return [{ id: 'links', value: [{ title, url, targetBlank: !url.startsWith('/') }] }];
}

/** Names a series' colour. */
export function painted(colour: string): DynamicConfigValue[] {
  return [{ id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: colour } }];
}
