// The recording rules about vendors' components: the table about vendors compiled to PromQL, and what its codes stand for.
import { type MetricName, signalMetric, vendorSignalMetric } from '../catalog/metrics.ts';
import { type VendorConjunct, type VendorRow, vendorConjunctsOf } from '../verdict/vendor-row.ts';
import { VENDOR_TABLE } from '../verdict/vendor-table.ts';
import { FILTER_OF_DEMAND } from './promql.ts';
import { RECORDS } from './records.ts';
import type { RecordingRule } from './rule.ts';

/** Names of the recorded series. Labels: `site`, `vendor`, `component`; of `hit` also `service`, of the last two the row's. */
export const VENDOR_RECORDS = {
  components: 'site_vendor_component:demarc_vendor_info:max',
  hit: 'site_service_vendor_component:demarc_vendor_hit:bool',
  code: 'site_vendor_component:demarc_vendor_verdict:code',
  info: 'site_vendor_component:demarc_vendor_verdict:info',
  lasting: 'site_vendor_component:demarc_vendor_failure:seconds',
} as const;

const COMPONENT = 'site, vendor, component';

/** What `VENDOR_RECORDS.info` says of a verdict besides whom it is about. */
const ROW_LABELS = 'row, status, owner, cause, confidence';

function seriesOf(condition: VendorConjunct['condition']): { series: string | MetricName; on: string } {
  if (condition === 'uplink') return { series: signalMetric('uplink'), on: 'site' };
  if (condition === 'convicted') return { series: VENDOR_RECORDS.hit, on: COMPONENT };
  return { series: vendorSignalMetric(condition), on: COMPONENT };
}

/** `and on (site, vendor, component) (demarc_signal_vendor_path == 1)`. */
export function vendorFilterOf({ condition, demand }: VendorConjunct): string {
  const [operator, comparison] = FILTER_OF_DEMAND[demand];
  const { series, on } = seriesOf(condition);
  return `${operator} on (${on}) (${series} ${comparison})`;
}

/** One series per component the row holds for; its value is the row's code. Says nothing about the rows before it. */
export function vendorRowExpression(row: VendorRow): string {
  const lines = [VENDOR_RECORDS.components, ...vendorConjunctsOf(row).map(vendorFilterOf)];
  return [`${row.code} + 0 * (`, ...lines.map((line) => `  ${line}`), ')'].join('\n');
}

/** The whole table: exactly one series per component. `or` keeps what its left side has said, so the first row wins. */
export function vendorTableExpression(rows: readonly VendorRow[]): string {
  return rows.map((row) => `# ${row.id}\n${vendorRowExpression(row)}`).join(`\nor on (${COMPONENT})\n`);
}

/** In the order they must be evaluated in: each reads those before it, and the verdicts about services. */
export function vendorRecordingRules(): RecordingRule[] {
  return [
    { record: VENDOR_RECORDS.components, expr: `max by (${COMPONENT}) (demarc_vendor_info)` },
    {
      // Which verdicts about services name which component.
      record: VENDOR_RECORDS.hit,
      expr: [
        `max by (site, service, vendor, component) (`,
        `  max by (site, service, layer) (${RECORDS.info}{owner="vendor"})`,
        '  * on (site, service, layer) group_right ()',
        '  max by (site, service, layer, vendor, component) (demarc_dependency_info)',
        ')',
      ].join('\n'),
    },
    { record: VENDOR_RECORDS.code, expr: vendorTableExpression(VENDOR_TABLE) },
    {
      record: VENDOR_RECORDS.info,
      expr: [
        `max by (${COMPONENT}, ${ROW_LABELS}) (`,
        `  count_values by (${COMPONENT}) ("code", ${VENDOR_RECORDS.code})`,
        `  * on (site, code) group_left (${ROW_LABELS})`,
        `  max by (site, code, ${ROW_LABELS}) (demarc_vendor_row_info)`,
        ')',
      ].join('\n'),
    },
    {
      // How long an accused component has been in trouble, at least 1, which also stands for not known.
      record: VENDOR_RECORDS.lasting,
      expr: [
        `${VENDOR_RECORDS.info}{owner="vendor"}`,
        `  * on (${COMPONENT}) group_left ()`,
        `  clamp_min(round(time() - max by (${COMPONENT}) (demarc_vendor_verdict_since_timestamp_seconds)), 1)`,
        `or on (${COMPONENT})`,
        `${VENDOR_RECORDS.info}{owner="vendor"}`,
      ].join('\n'),
    },
  ];
}
