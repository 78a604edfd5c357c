// What goes to grafana.com: the variant for import without what only makes sense at home, and the page that presents it there.
// grafana.com is told of a data source by `__inputs`, and shows the page beside the pictures.
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { STATUS_PAGE } from '../alerts/alerts.ts';
import { importable } from './finalize.ts';

const TAGS = ['prometheus', 'sre', 'homelab'];

/** A link in Markdown to the reader's own machine. */
const HOMEWARD = new RegExp(`\\[([^\\]]+)\\]\\(${STATUS_PAGE.replaceAll('.', '\\.')}[^)]*\\)`, 'g');

function leadsHome(value: unknown): boolean {
  const url: unknown = typeof value === 'object' && value !== null && 'url' in value ? value.url : undefined;
  return typeof url === 'string' && url.startsWith(STATUS_PAGE);
}

/** Drops links to the reader's own machine wherever they stand: they lead nowhere for a stranger. */
function withoutHome(_key: string, value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll(HOMEWARD, '$1');
  return Array.isArray(value) ? value.filter((item) => !leadsHome(item)) : value;
}

/** With the tags strangers search by. */
export function publishable(dashboard: Dashboard): ReturnType<typeof importable> {
  const abroad = JSON.parse(JSON.stringify(dashboard), withoutHome) as Dashboard;
  return importable({ ...abroad, tags: [...(abroad.tags ?? []), ...TAGS] });
}

interface Described {
  type: string;
  title?: string;
  description?: string;
}

/** One line per panel under the headings of the dashboard. */
function panelLines(panels: readonly Described[]): string[] {
  return panels.map(({ type, title, description }) =>
    type === 'row' ? `\n### ${title}\n` : `- **${title}**: ${description}`,
  );
}

/** The presentation of one dashboard, in Markdown. */
export function presentation({ title, description, panels }: Dashboard, name: string): string {
  const about = panelLines((panels ?? []) as Described[]);
  return `${[
    `# ${title}`,
    '',
    description,
    '',
    'Part of demarc, which answers one question during an outage, with evidence: *is it me or is it them, and who exactly?*',
    'Its exporter probes what your services depend on; one decision table, compiled to Prometheus rules, says whose the failure is.',
    '',
    '## What it needs',
    '',
    '- Grafana 11.6 or newer and a Prometheus that scrapes the demarc exporter every 5 s.',
    "- demarc's rules loaded in that Prometheus (`alerts/demarc.rules.yml`): verdicts and downtime are recorded series.",
    ...(name === 'prober-health' ? ['- A Prometheus that scrapes itself: some panels are about its rules.'] : []),
    '- The other dashboards of demarc, if its links are to lead somewhere; this one shows its own panels without them.',
    '',
    '## What it shows',
    '',
    ...about,
    '',
  ]
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')}`;
}
