// The recording rules: the verdict of every service, and what its code stands for.
// Info metrics are aggregated by the labels we name: what else a scrape adds (job, instance, cluster) breaks no join.
import { signalMetric } from '../catalog/metrics.ts';
import { TABLE } from '../verdict/table.ts';
import { tableExpression } from './promql.ts';
import type { RecordingRule } from './rule.ts';

/** Names of the recorded series. Labels: `site` and `service`; `info` and `lasting` also have what the row says. */
export const RECORDS = {
  services: 'site_service:demarc_service_info:max',
  failing: 'site_service:demarc_service_info:failing',
  early: 'site_service:demarc_verdict_early:code',
  code: 'site_service:demarc_verdict:code',
  info: 'site_service:demarc_verdict:info',
  unknown: 'site_service:demarc_verdict_unknown:bool',
  lasting: 'site_service:demarc_failure:seconds',
  failover: 'site_service_layer:demarc_failover_since:timestamp',
} as const;

/** What `RECORDS.info` says of a verdict besides whose it is. */
const ROW_LABELS = 'row, party, owner, cause, layer, confidence';

/** Bytes of the longest query that VictoriaMetrics takes unless it is told otherwise. */
export const LONGEST_QUERY = 16 * 1024;

/** The row that the second half of the table begins with: the whole of it is longer than the longest query. */
const MIDDLE = Math.ceil(TABLE.length / 2);

/** What the verdict is recorded by, in the order of evaluation. */
export function verdictRules(): RecordingRule[] {
  const starts = { all: RECORDS.services, failing: RECORDS.failing };
  const rest = tableExpression(TABLE.slice(MIDDLE), starts);
  return [
    { record: RECORDS.services, expr: 'max by (site, service) (demarc_service_info)' },
    {
      record: RECORDS.failing,
      expr: `${RECORDS.services} and on (site, service) (${signalMetric('service')} == 0)`,
    },
    { record: RECORDS.early, expr: tableExpression(TABLE.slice(0, MIDDLE), starts) },
    { record: RECORDS.code, expr: `${RECORDS.early}\nor on (site, service)\n${rest}` },
  ];
}

/** In the order they must be evaluated in: each reads those before it. */
export function recordingRules(): RecordingRule[] {
  return [
    ...verdictRules(),
    {
      record: RECORDS.info,
      expr: [
        `max by (site, service, ${ROW_LABELS}) (`,
        `  count_values by (site, service) ("code", ${RECORDS.code})`,
        `  * on (site, code) group_left (${ROW_LABELS})`,
        `  max by (site, code, ${ROW_LABELS}) (demarc_row_info)`,
        ')',
      ].join('\n'),
    },
    {
      record: RECORDS.unknown,
      expr: [
        `max by (site, service) (${RECORDS.info}{owner="unknown"})`,
        'or on (site, service)',
        `0 * ${RECORDS.code}`,
      ].join('\n'),
    },
    {
      // How long each verdict but `fine` has been lasting, at least 1, which also stands for not known.
      // Without those of services in maintenance: they are judged as ever, and told to nobody.
      record: RECORDS.lasting,
      expr: [
        '(',
        `  ${RECORDS.info}{owner!="none"}`,
        '    * on (site, service) group_left ()',
        '    clamp_min(round(time() - max by (site, service) (demarc_verdict_since_timestamp_seconds)), 1)',
        '  or on (site, service)',
        `  ${RECORDS.info}{owner!="none"}`,
        ') unless on (site, service) (demarc_maintenance == 1)',
      ].join('\n'),
    },
  ];
}
