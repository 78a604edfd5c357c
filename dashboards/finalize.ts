// What the SDK leaves undone, and the variant of a dashboard that is imported by hand.
// Each step answers a measured gap of version 0.0.21; with another version, read the diff of the committed JSON.
import type { Dashboard, DashboardBuilder, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';

/** The oldest schema our panels need; an older Grafana skips its migrations for newer numbers. */
const SCHEMA_VERSION = 41;

/** The oldest Grafana that writes this schema. */
const GRAFANA = '11.6.0';

const INPUT = 'DS_PROMETHEUS';

/** A dashboard as Grafana provisions it from a file. */
export function finalize(builder: DashboardBuilder): Dashboard {
  // The SDK gives out its live objects, some shared and some holding functions: JSON cuts both.
  const dashboard = JSON.parse(JSON.stringify(builder.build())) as Dashboard;
  const panels = dashboard.panels ?? [];
  numberPanels(panels);
  // Else links and annotations hide in a menu.
  const dataLinks = panels.flatMap((panel) =>
    'fieldConfig' in panel ? (panel.fieldConfig?.defaults.links ?? []) : [],
  );
  for (const link of [...(dashboard.links ?? []), ...dataLinks]) delete link.placement;
  for (const annotation of dashboard.annotations.list ?? []) delete annotation.placement;
  for (const variable of dashboard.templating.list ?? []) {
    // Meant for interval variables, of which we have none.
    delete variable.auto;
    delete variable.auto_min;
    delete variable.auto_count;
  }
  return { ...dashboard, id: null, schemaVersion: SCHEMA_VERSION };
}

/** Ids from 1 in reading order: links to a panel and alert annotations need them. */
function numberPanels(panels: (Panel | RowPanel)[]): void {
  panels.forEach((panel, index) => {
    panel.id = index + 1;
  });
}

interface Requirement {
  type: 'grafana' | 'datasource' | 'panel';
  id: string;
  name: string;
  version: string;
}

interface ImportableDashboard extends Dashboard {
  __inputs: { name: string; label: string; description: string; type: string; pluginId: string; pluginName: string }[];
  __elements: Record<string, never>;
  __requires: Requirement[];
}

/**
 * The same dashboard for `Dashboards > Import`: asks for a data source once and makes it the variable's value,
 * so that it can still be switched. Grafana replaces `${DS_PROMETHEUS}` and leaves every other placeholder alone.
 */
export function importable(dashboard: Dashboard): ImportableDashboard {
  const chosen = { selected: true, text: `\${${INPUT}}`, value: `\${${INPUT}}` };
  const list = (dashboard.templating.list ?? []).map((variable) =>
    variable.type === 'datasource' ? { ...variable, current: chosen } : variable,
  );
  const kinds = [...new Set((dashboard.panels ?? []).map(({ type }) => type))].filter((type) => type !== 'row').sort();
  return {
    __inputs: [
      {
        name: INPUT,
        label: 'Prometheus',
        description: 'The Prometheus that scrapes the demarc exporter and evaluates its rules.',
        type: 'datasource',
        pluginId: 'prometheus',
        pluginName: 'Prometheus',
      },
    ],
    __elements: {},
    __requires: [
      { type: 'grafana', id: 'grafana', name: 'Grafana', version: GRAFANA },
      { type: 'datasource', id: 'prometheus', name: 'Prometheus', version: '1.0.0' },
      ...kinds.map((id): Requirement => ({ type: 'panel', id, name: id, version: '' })),
    ],
    ...dashboard,
    editable: true,
    templating: { ...dashboard.templating, list },
  };
}
