// The alerts: one name per kind of owner, and a few about demarc itself.
// Labels are written here or copied from a series; a measured value in one would make a new alert of every change.
import { OWNER_OF_PARTY } from '../catalog/parties.ts';
import { conjunctsOf } from '../verdict/conjuncts.ts';
import type { Row } from '../verdict/row.ts';
import { type RowId, TABLE } from '../verdict/table.ts';
import { failureAnnotations, type Owner, overAnnotations, selfAnnotations } from './annotations.ts';
import { STATUS_PAGE } from './links.ts';
import { RECORDS } from './records.ts';
import { type AlertRule, HOLD, type Severity } from './rule.ts';

export { STATUS_PAGE };

/** Nothing can be sent while the line is down, so it is told afterwards, for as long as messages may take to get through. */
export const TOLD_AFTER = '15m';

/** How long nobody may be found guilty before a human is told so. */
export const UNKNOWN_FOR = '10m';

/** How long data must be missing before somebody is told. */
export const MISSING_FOR = '30s';

/** Rows which say that nothing outside can be reached: what fails unexplained behind such a line is no news. */
export const OFFLINE_ROWS: readonly RowId[] = TABLE.filter((row) =>
  conjunctsOf(row).some(({ signal, demand }) => signal === 'uplink' && (demand === 'bad' || demand === 'not_ok')),
).map((row) => row.id);

/** Rows of owner unknown which are not a finding: too early to tell, or an alert of their own. */
export const NOT_A_FINDING: readonly RowId[] = ['confirming', 'recovering', 'no_result', 'data_missing'];

function offlineRowsOf(owner: Owner): RowId[] {
  const ids = TABLE.filter((row) => OWNER_OF_PARTY[row.party] === owner).map((row) => row.id);
  return ids.filter((id) => OFFLINE_ROWS.includes(id));
}

/** A matcher for the label `row`, without a regular expression where one row is all there is. */
function rowIs(ids: readonly RowId[]): string {
  return ids.length === 1 ? `row="${ids[0]}"` : `row=~"${ids.join('|')}"`;
}

function rowIsNot(ids: readonly RowId[]): string {
  return ids.length === 1 ? `row!="${ids[0]}"` : `row!~"${ids.join('|')}"`;
}

const ROWS: readonly Row[] = TABLE;

const SUBJECT = '{{ $labels.service }} at {{ $labels.site }}';

const rowsOf = (ids: readonly RowId[]): Row[] => ROWS.filter(({ id }) => ids.some((one) => one === id));

const rowsOwnedBy = (owner: Owner): Row[] => ROWS.filter(({ party }) => OWNER_OF_PARTY[party] === owner);

const rowsBut = (owner: Owner, ids: readonly RowId[]): Row[] =>
  rowsOwnedBy(owner).filter((row) => !rowsOf(ids).includes(row));

/** Rows during which nothing can be sent, for want of a line or of names. */
export const UNTELLABLE: readonly RowId[] = [
  ...OFFLINE_ROWS,
  ...TABLE.filter(({ id, party }) => party === 'isp' && !OFFLINE_ROWS.includes(id)).map(({ id }) => id),
];

/**
 * Failures of these rows, past a lost scrape, but not past the end: what would leave late must not say that it lasts still.
 * That is why `keep_firing_for` will not do.
 */
function untilFine(selector: string): string {
  return [
    `last_over_time(${RECORDS.lasting}{${selector}}[${HOLD}]) > 0`,
    `unless on (site, service) ${RECORDS.info}{owner="none"}`,
  ].join('\n');
}

function vendorFailure(): AlertRule {
  const failures = `${RECORDS.lasting}{owner="vendor"}`;
  return {
    alert: 'DemarcVendorFailure',
    // The second half keeps the alert when nothing is known about who runs the layer.
    expr: [
      '(',
      `  ${failures}`,
      '  * on (site, service, layer) group_left (vendor, component)',
      '  max by (site, service, layer, vendor, component) (demarc_dependency_info)',
      '  or on (site, service)',
      `  ${failures}`,
      ') > 0',
    ].join('\n'),
    keep_firing_for: HOLD,
    labels: { severity: 'warning' satisfies Severity, owner: 'vendor' satisfies Owner },
    annotations: failureAnnotations('vendor', rowsOwnedBy('vendor'), 'A vendor has failed.'),
  };
}

/** Two rules of one name, told apart by the label `layer`: what cannot be reported while it lasts is held longer. */
function ownFailures(): AlertRule[] {
  const offline = offlineRowsOf('self');
  const alert = 'DemarcOwnFailure';
  const labels = { severity: 'critical' satisfies Severity, owner: 'self' satisfies Owner };
  const summary = 'Something of your own has failed.';
  return [
    {
      alert,
      expr: `${RECORDS.lasting}{owner="self", ${rowIsNot(offline)}} > 0`,
      keep_firing_for: HOLD,
      labels,
      annotations: failureAnnotations('self', rowsBut('self', offline), summary),
    },
    {
      alert,
      expr: untilFine(`owner="self", ${rowIs(offline)}`),
      labels: { ...labels, layer: 'lan' },
      annotations: failureAnnotations('self', rowsOf(offline), summary),
    },
  ];
}

function ispFailure(): AlertRule {
  return {
    alert: 'DemarcIspFailure',
    expr: untilFine('owner="isp"'),
    labels: { severity: 'critical' satisfies Severity, owner: 'isp' satisfies Owner },
    annotations: failureAnnotations('isp', rowsOwnedBy('isp'), 'Your ISP has failed.'),
  };
}

/** Told after a while, except when the line is down: that is certain at once, only whose it is is not. */
function unknownFailures(): AlertRule[] {
  const offline = offlineRowsOf('unknown');
  const alert = 'DemarcUnknownFailure';
  const labels = { severity: 'warning' satisfies Severity, owner: 'unknown' satisfies Owner };
  const summary = 'Something has failed, and nobody is proven guilty.';
  const silent = [...offline, ...NOT_A_FINDING];
  return [
    {
      alert,
      // Not `for`: on a lossy line the row, and with it the alert's labels, changes before any `for` would end.
      expr: [
        `${RECORDS.lasting}{owner="unknown", ${rowIsNot(silent)}} > 0`,
        `and on (site, service) (min_over_time(${RECORDS.unknown}[${UNKNOWN_FOR}]) > 0)`,
        `and on (site, service) (${RECORDS.unknown} offset ${UNKNOWN_FOR} > 0)`,
      ].join('\n'),
      keep_firing_for: HOLD,
      labels,
      annotations: failureAnnotations('unknown', rowsBut('unknown', silent), summary),
    },
    {
      alert,
      expr: untilFine(`owner="unknown", ${rowIs(offline)}`),
      labels: { ...labels, severity: 'critical' satisfies Severity, layer: 'uplink' },
      annotations: failureAnnotations('unknown', rowsOf(offline), summary),
    },
  ];
}

/** An alert of its own, because Prometheus tells Alertmanager at once of a new one, of a changed one after a minute. */
function outageOver(): AlertRule {
  const lasted = `${RECORDS.lasting}{${rowIs(UNTELLABLE)}}`;
  return {
    alert: 'DemarcOutageOver',
    // Its owner is the one of the row.
    expr: [`last_over_time(${lasted}[${TOLD_AFTER}]) > 0`, `and on (site, service) ${RECORDS.info}{owner="none"}`].join(
      '\n',
    ),
    labels: { severity: 'info' satisfies Severity },
    annotations: overAnnotations('An outage that could not be reported is over.'),
  };
}

/** Monitoring that is gone must never look like a quiet day. */
function blindness(): AlertRule[] {
  return [
    {
      alert: 'DemarcProberDown',
      expr: 'up{job=~"demarc.*"} == 0 or on () absent(demarc_service_info)',
      // A restart of the exporter is no news; alerts that fire already are held longer than this.
      for: '1m',
      keep_firing_for: HOLD,
      labels: { severity: 'critical' satisfies Severity, owner: 'self' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcProberDown',
        'The demarc exporter cannot be scraped, so nothing is judged.',
        'No metrics from {{ or $labels.instance "any demarc exporter" }}: does it run, and is the scrape job right?',
      ),
    },
    {
      alert: 'DemarcDataMissing',
      // Its second half: a verdict without its names would fire no other alert.
      expr: [
        `${RECORDS.info}{row="data_missing"} > 0`,
        'or on (site, service)',
        `(${RECORDS.code} > 0 unless on (site, service) ${RECORDS.info})`,
      ].join('\n'),
      // After a lost scrape, series of a remote site come back one by one.
      for: MISSING_FOR,
      keep_firing_for: HOLD,
      labels: { severity: 'warning' satisfies Severity, owner: 'unknown' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcDataMissing',
        'Monitoring data of a service is missing.',
        `There is no verdict about ${SUBJECT}: {{ or $labels.cause "demarc_row_info is missing" }}.`,
      ),
    },
  ];
}

function selfChecks(): AlertRule[] {
  return [
    {
      alert: 'DemarcEnginesDisagree',
      expr: `max by (site, service) (demarc_verdict_code) != on (site, service) ${RECORDS.code}`,
      for: '1m',
      keep_firing_for: HOLD,
      labels: { severity: 'warning' satisfies Severity, owner: 'none' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcEnginesDisagree',
        'The exporter and the rules judge differently.',
        `About ${SUBJECT} the exporter says code {{ $value }} and the rules do not: are both of one version?`,
      ),
    },
    {
      alert: 'DemarcRulesFailing',
      expr: 'max by (rule_group) (increase(prometheus_rule_evaluation_failures_total{rule_group=~".*;demarc(_[a-z]+)?"}[5m])) > 0',
      keep_firing_for: HOLD,
      labels: { severity: 'critical' satisfies Severity, owner: 'self' satisfies Owner },
      annotations: selfAnnotations(
        'DemarcRulesFailing',
        'Rules of demarc cannot be evaluated.',
        "The group {{ $labels.rule_group }} fails: read Prometheus' page of rules. Until then recoveries may be false.",
      ),
    },
    {
      alert: 'Watchdog',
      expr: 'vector(1)',
      labels: { severity: 'none' satisfies Severity, owner: 'none' satisfies Owner },
      annotations: selfAnnotations(
        'Watchdog',
        'The way from the rules to the receiver works.',
        'Always fires. Send it to a heartbeat outside: when it stops, {{ or $externalLabels.site "the site" }} is dark.',
      ),
    },
  ];
}

export function alertRules(): AlertRule[] {
  return [
    vendorFailure(),
    ...ownFailures(),
    ispFailure(),
    ...unknownFailures(),
    outageOver(),
    ...blindness(),
    ...selfChecks(),
  ];
}
