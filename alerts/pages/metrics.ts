// docs/metrics.md: every metric, signal and recorded series there is.
import { type MetricFact, TARGET_LABELS } from '../../catalog/metric-fact.ts';
import { METRICS, type MetricName, signalMetric } from '../../catalog/metrics.ts';
import { PHASES, REASONS, SILENT_REASONS } from '../../catalog/reasons.ts';
import { SIGNALS } from '../../catalog/signals.ts';
import { RECORDS, recordingRules } from '../records.ts';
import { vantageRecords } from '../vantages.ts';
import { VENDOR_RECORDS, vendorRecordingRules } from '../vendor-records.ts';
import { fenced, page, table } from './markdown.ts';

const code = (text: string): string => `\`${text}\``;

const isSignal = (name: string): boolean => name.startsWith('demarc_signal_');

/** Labels in short: those every series of a target has are named once, above the tables. */
function labelsText(labels: readonly string[]): string {
  const perTarget = TARGET_LABELS.every((label) => labels.includes(label));
  const own = perTarget ? labels.slice(TARGET_LABELS.length) : labels;
  return [...(perTarget ? ['*target*'] : []), ...own.map(code)].join(', ');
}

function metricTable(wanted: (name: MetricName) => boolean): string {
  const found = [...METRICS].filter(([name]) => wanted(name));
  return table(
    ['name', 'type', 'labels', 'meaning'],
    found.map(([name, { type, labels, help }]: [MetricName, MetricFact]) => [
      code(name),
      type,
      labelsText(labels),
      help,
    ]),
  );
}

function signalTable(): string {
  return table(
    ['metric', 'about', 'layer', 'seen', 'meaning'],
    [...SIGNALS].map(([name, { subject, layer, via, help }]) => [
      code(signalMetric(name)),
      subject,
      layer ?? '',
      { lan: 'at home', uplink: 'over the uplink', self: 'from itself' }[via],
      help,
    ]),
  );
}

/** What is said of records whose expression nobody wants to read here. */
const SUMMARIES: ReadonlyMap<string, string> = new Map([
  [
    RECORDS.early,
    'What the first half of the [table](verdicts.md) says; some engines take no query as long as the whole.',
  ],
  [RECORDS.code, 'The verdict, as the number of its row: what the first half of the table says, or else the second.'],
  [
    VENDOR_RECORDS.code,
    'The verdict, as the number of its row: the whole [table about vendors](vendors.md) as one expression.',
  ],
]);

const recordSection = ({ record, expr }: { record: string; expr: string }): string =>
  `### ${record}\n\n${SUMMARIES.get(record) ?? fenced('promql', expr)}`;

export function metricsPage(): string {
  const targets = TARGET_LABELS.map(code).join(', ');
  return page(
    `# Metrics

Served at \`/metrics\`. Every series has the label \`site\`. *target* stands for ${targets}; a label that does not apply is
empty. Label values come from the map and from closed lists, never from a peer.`,
    "## blackbox_exporter's names\n\nSame name, same meaning.",
    metricTable((name) => name.startsWith('probe_')),
    "## demarc's own",
    metricTable((name) => !name.startsWith('probe_') && !isSignal(name)),
    `## Signals

1 is OK, 0 is BAD, -1 is UNKNOWN. They are debounced: BAD means confirmed, and UNKNOWN means that nothing recent is known.
What is seen at home stays valid while the uplink is down.`,
    signalTable(),
    `### Of vendors\n\nWhat they mean for a verdict: [vendors](vendors.md).`,
    metricTable((name) => name.startsWith('demarc_signal_vendor_')),
    '## Recorded by the rules\n\nIn this order, in the group `demarc`, every 5 seconds. Labels: `site` and `service`.',
    ...recordingRules().map(recordSection),
    '## Recorded about vendors\n\nIn the group `demarc_vendors`, every 5 seconds. Labels: `site`, `vendor` and `component`.',
    ...vendorRecordingRules().map(recordSection),
    '## Recorded across sites\n\nIn the group `demarc_vantages`, every 15 seconds: [vantages](vantages.md).',
    ...vantageRecords().map(recordSection),
    `## Reasons

Values of the label \`reason\`: ${REASONS.map(code).join(', ')}.

Those that are the absence of an answer, which a starved prober may not use: ${[...SILENT_REASONS].map(code).join(', ')}.

Values of the label \`phase\`: ${PHASES.map(code).join(', ')}.`,
  );
}
