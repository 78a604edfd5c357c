// The frame all dashboards share: what can be chosen at the top, the links, and the marks on every graph.
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import { STATUS_PAGE } from '../alerts/alerts.ts';
import { marks } from './annotations.ts';
import { DATASOURCE } from './panels.ts';
import { HERE, ON_SITE } from './scope.ts';

const TAG = 'demarc';

/** What can be chosen besides data source and site. `oneService` is the variable `service` without a way to choose several. */
type Choice = 'service' | 'oneService' | 'vendor' | 'slo';

interface Story {
  uid: string;
  /** Stands behind `demarc / `. */
  title: string;
  description: string;
  choices: readonly Choice[];
  /** Start of the time shown first. */
  from: string;
}

type Variable = dashboard.DatasourceVariableBuilder | dashboard.QueryVariableBuilder | dashboard.CustomVariableBuilder;

function found(name: string, label: string, expr: string): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query: expr, refId: 'values', qryType: 1 })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .sort(dashboard.VariableSort.AlphabeticalAsc);
}

function several(variable: dashboard.QueryVariableBuilder): dashboard.QueryVariableBuilder {
  return variable
    .multi(true)
    .includeAll(true)
    .allValue('.+')
    .current({ selected: true, text: ['All'], value: ['$__all'] });
}

const services = (): dashboard.QueryVariableBuilder =>
  found('service', 'Service', `label_values(demarc_service_info{${ON_SITE}}, service)`);

const CHOICES: Readonly<Record<Choice, () => Variable>> = {
  service: () => several(services()),
  oneService: services,
  vendor: () => several(found('vendor', 'Vendor', `label_values(demarc_vendor_info{${ON_SITE}}, vendor)`)),
  slo: () =>
    new dashboard.CustomVariableBuilder('slo')
      .label('Objective, %')
      .values('99,99.5,99.9,99.95,99.99')
      .current({ selected: true, text: '99.9', value: '99.9' }),
};

function links(): dashboard.DashboardLinkBuilder[] {
  return [
    new dashboard.DashboardLinkBuilder('demarc')
      .type(dashboard.DashboardLinkType.Dashboards)
      .tags([TAG])
      .asDropdown(true)
      .includeVars(true)
      .keepTime(true),
    new dashboard.DashboardLinkBuilder('Live page')
      .type(dashboard.DashboardLinkType.Link)
      .url(`${STATUS_PAGE}/`)
      .icon('bolt')
      .tooltip('The page of the exporter itself: it works without Prometheus and without an uplink')
      .targetBlank(true),
  ];
}

/** A panel of any kind. */
type PanelBuilder = Parameters<dashboard.DashboardBuilder['withPanel']>[0];

/** Panels under a heading; null for those at the top, which need none. */
type Section = [heading: string | null, panels: readonly PanelBuilder[]];

export function board(story: Story, sections: readonly Section[]): dashboard.DashboardBuilder {
  const built = new dashboard.DashboardBuilder(`demarc / ${story.title}`)
    .uid(story.uid)
    .description(story.description)
    .tags([TAG])
    .readonly()
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: story.from, to: 'now' })
    .refresh('30s');
  built.withVariable(new dashboard.DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'));
  built.withVariable(found('site', 'Site', 'label_values(demarc_service_info, site)'));
  for (const choice of story.choices) built.withVariable(CHOICES[choice]());
  for (const link of links()) built.link(link);
  for (const mark of marks(story.choices.includes('service') ? HERE : ON_SITE)) built.annotation(mark);
  for (const [heading, panels] of sections) {
    if (heading !== null) built.withRow(new dashboard.RowBuilder(heading));
    for (const panel of panels) built.withPanel(panel);
  }
  return built;
}
