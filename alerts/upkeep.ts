// The rule group of what nobody suffers from yet, and will. It reads what the exporter measures, and no record of the verdict.
import { signalMetric } from '../catalog/metrics.ts';
import { selfAnnotations } from './annotations.ts';
import { failoverNotReady } from './failover.ts';
import type { AlertRule, RuleGroup } from './rule.ts';

/** Nothing here is urgent, so nothing here is told before it has lasted, or taken back before it has ended for good. */
const LASTS = '5m';

/** Bridges a lost scrape, or a restart of the exporter. */
const RECENT = '2m';

/** Of its lifetime a certificate has left when whoever renews it by a program should have done so: they do it at a third. */
const OVERDUE_AT = 0.25;

/** No program renews what lives longer. */
const RENEWED_BY_PROGRAM_DAYS = 100;

/** Of its lifetime a certificate has left when a person must look. */
const ENDING_AT = 0.05;

/** Registrations last whole years, and registries do not say since when: so days, a twelfth of the shortest. */
const DOMAIN_DAYS = 30;

/** Four of the longest intervals a map may have. */
const SILENT_S = 1_200;

/** Secondaries ask for news by the zone's refresh, an hour at most where it matters, and are told of it at once. */
const SECONDARY_LAG = '30m';

const DAY_S = 86_400;

interface Care {
  alert: string;
  expr: string[];
  severity: 'critical' | 'warning' | 'info';
  labels?: Record<string, string>;
  summary: string;
  description: string;
}

function care({ alert, expr, severity, labels = {}, summary, description }: Care): AlertRule {
  return {
    alert,
    expr: expr.join('\n'),
    for: LASTS,
    keep_firing_for: LASTS,
    labels: { severity, owner: 'self', ...labels },
    annotations: selfAnnotations(alert, summary, description),
  };
}

const HERE = '{{ $labels.service }} at {{ $labels.site }}';

const recent = (selector: string): string => `last_over_time(${selector}[${RECENT}])`;

function redundancy(): AlertRule[] {
  const alert = 'DemarcRedundancyDegraded';
  const ready = `max by (site, service) (${recent('demarc_tunnel_ready_connections')})`;
  const servers = `max_over_time(probe_success{role="nameserver"}[${RECENT}])`;
  return [
    care({
      alert,
      // How many there should be is the daemon's business; how many there were is known.
      expr: [
        `${ready} > 0`,
        `and on (site, service) ${ready} < on (site, service) max by (site, service) (max_over_time(demarc_tunnel_ready_connections[1d]))`,
      ],
      severity: 'info',
      labels: { layer: 'tunnel' },
      summary: 'Part of what exists several times is gone.',
      description: `The tunnel of ${HERE} has {{ $value }} connections left, fewer than within the last day. It still works.`,
    }),
    care({
      alert,
      expr: [
        `count by (site, service) (${servers} == 0)`,
        `and on (site, service) count by (site, service) (${servers} == 1)`,
      ],
      severity: 'info',
      labels: { layer: 'dns' },
      summary: 'Part of what exists several times is gone.',
      description: `{{ $value }} of the name servers of ${HERE} do not serve its zone. The others still do.`,
    }),
  ];
}

/** Everything a user is shown is good, and yet something of yours is down. */
function hiddenOrigin(): AlertRule {
  return care({
    alert: 'DemarcCacheHidesOrigin',
    expr: [`max by (site, service) (${recent(signalMetric('origin_behind_cache'))}) == 0`],
    severity: 'warning',
    labels: { layer: 'origin' },
    summary: 'Users are served copies while the origin is down.',
    description: `The origin of ${HERE} fails when asked directly. A cache still has copies, until they run out.`,
  });
}

function drift(): AlertRule[] {
  return [
    care({
      alert: 'DemarcDnsDrift',
      // What they say, and whether they say anything: round robin and CDNs have no fingerprint.
      expr: [
        'count by (site, service) (',
        '  count by (site, service, shape) (',
        `    ${recent('demarc_dns_shape_info{role="nameserver",shape=~"answer|nodata|nxdomain"}')} == 1`,
        '  )',
        ') > 1',
        'or on (site, service) count by (site, service) (',
        `  count_values by (site, service) ("content", ${recent('demarc_dns_answer_fingerprint{role="nameserver"}')})`,
        ') > 1',
      ],
      severity: 'warning',
      summary: 'The name servers of a zone contradict each other.',
      description: `The name servers of ${HERE} give {{ $value }} different answers to the same question.`,
    }),
    care({
      alert: 'DemarcDnsUnexpected',
      expr: [
        'count by (site, service) (',
        `  ${recent('demarc_probe_failure_info{reason="dns_mismatch",role="nameserver"}')} == 1`,
        ')',
      ],
      severity: 'warning',
      labels: { layer: 'dns' },
      summary: 'A name points to something else than the map says.',
      description: `{{ $value }} of the name servers of ${HERE} give other records than the map expects.`,
    }),
  ];
}

function certificates(): AlertRule[] {
  const after = (roles: string): string => recent(`demarc_certificate_not_after_timestamp_seconds{role=~"${roles}"}`);
  const before = (roles: string): string => recent(`demarc_certificate_not_before_timestamp_seconds{role=~"${roles}"}`);
  const left = (roles: string): string =>
    `(max by (site, service, role) (${after(roles)}) - time()) / on (site, service, role)\n` +
    `  (max by (site, service, role) (${after(roles)}) - max by (site, service, role) (${before(roles)}) > 0)`;
  const roles = 'edge_certificate|origin_certificate|certificate';
  const lifetime = `max by (site, service, role) (${after(roles)}) - max by (site, service, role) (${before(roles)})`;
  return [
    care({
      alert: 'DemarcRenewalOverdue',
      expr: [
        `(${left(roles)}) < ${OVERDUE_AT} > ${ENDING_AT}`,
        `and on (site, service, role) (${lifetime} < ${RENEWED_BY_PROGRAM_DAYS * DAY_S})`,
      ],
      severity: 'warning',
      summary: 'A certificate should have been renewed by now.',
      description: `The {{ $labels.role }} of ${HERE} has {{ humanizePercentage $value }} of its lifetime left: its renewal does not work.`,
    }),
    care({
      alert: 'DemarcCertificateEnding',
      expr: [`(${left(roles)}) < ${ENDING_AT} > 0`],
      severity: 'critical',
      summary: 'A certificate ends soon.',
      description: `The {{ $labels.role }} of ${HERE} has {{ humanizePercentage $value }} of its lifetime left.`,
    }),
    care({
      alert: 'DemarcRevokedCertificate',
      expr: [`min by (site, service, role) (${recent('demarc_certificate_check{check="notRevoked"}')}) == 0`],
      severity: 'critical',
      labels: { layer: 'certificate' },
      summary: 'A certificate was taken back by its issuer.',
      description: `The {{ $labels.role }} of ${HERE} was taken back. Browsers that ask for that refuse it; others go on.`,
    }),
  ];
}

function domain(): AlertRule {
  return care({
    alert: 'DemarcDomainEnding',
    expr: [
      `max by (site, service, target) (last_over_time(demarc_domain_expiry_timestamp_seconds[${RECENT}])) - time()`,
      `  < ${DOMAIN_DAYS} * ${DAY_S}`,
      `or label_replace(max by (site, domain) (${recent('demarc_domain_declared_expiry_timestamp_seconds')}),`,
      `  "target", "registration/$1", "domain", "(.+)") - time() < ${DOMAIN_DAYS} * ${DAY_S}`,
    ],
    severity: 'warning',
    summary: 'The registration of a domain ends soon.',
    description:
      'The registration {{ $labels.target }} ends in {{ humanizeDuration $value }}, as {{ if $labels.domain }}the map says, since the registry tells no day{{ else }}the registry says{{ end }}.',
  });
}

/** Signers sign anew a week or more before the end: whoever has three days left does so no more. */
const SIGNATURES_DAYS = 3;

function signatures(): AlertRule {
  return care({
    alert: 'DemarcSignaturesEnding',
    // One secondary with an old copy of the zone is enough to fail some users, so the first end counts.
    expr: [
      `min by (site, service) (${recent('demarc_dns_signatures_end_timestamp_seconds{role="zone"}')}) - time()`,
      `  < ${SIGNATURES_DAYS} * ${DAY_S} > 0`,
    ],
    severity: 'critical',
    labels: { layer: 'dns' },
    summary: 'The DNSSEC signatures of a zone end soon.',
    description: `The first signatures of the zone of ${HERE} end in {{ humanizeDuration $value }}. Then validating resolvers will not find it.`,
  });
}

function serials(): AlertRule {
  return care({
    alert: 'DemarcSecondaryStale',
    expr: [
      'count by (site, service) (',
      `  count_values by (site, service) ("serial", ${recent('probe_dns_serial{role="zone"}')})`,
      ') > 1',
      // A zone that is edited all day always has two serials for a moment, and soon two others.
      `unless on (site, service) sum by (site, service) (changes(probe_dns_serial{role="zone"}[${SECONDARY_LAG}])) > 0`,
    ],
    severity: 'warning',
    labels: { layer: 'dns' },
    summary: 'A name server has an old copy of a zone.',
    description: `The name servers of ${HERE} show {{ $value }} different serials, and have done so for half an hour.`,
  });
}

/** Monitoring that stands still must not look like a quiet day either. */
function standstill(): AlertRule[] {
  const groups = '{rule_group=~".*;demarc(_[a-z]+)?"}';
  return [
    care({
      alert: 'DemarcProbeSilent',
      // The others are asked for hours apart.
      expr: [
        `time() - max by (site, target) (${recent('demarc_probe_last_run_timestamp_seconds{kind=~"tcp|dns|http|certificate|cloudflared"}')})`,
        `  > ${SILENT_S}`,
      ],
      severity: 'warning',
      summary: 'Something is not measured any more.',
      description: '{{ $labels.target }} at {{ $labels.site }} was last measured {{ humanizeDuration $value }} ago.',
    }),
    care({
      alert: 'DemarcRulesSlow',
      expr: [
        `max by (rule_group) (increase(prometheus_rule_group_iterations_missed_total${groups}[5m])) > 0`,
        'or on (rule_group)',
        `max by (rule_group) (${recent(`prometheus_rule_group_last_duration_seconds${groups}`)}) > on (rule_group)`,
        `  max by (rule_group) (${recent(`prometheus_rule_group_interval_seconds${groups}`)})`,
      ],
      severity: 'warning',
      summary: 'Rules of demarc take longer than their interval.',
      description: 'The group {{ $labels.rule_group }} does not keep up, so verdicts in Prometheus come late.',
    }),
    care({
      alert: 'DemarcMapRefused',
      expr: [`max by (site) (${recent('demarc_config_last_reload_successful')}) == 0`],
      severity: 'warning',
      summary: 'The newest map could not be loaded.',
      description:
        'The exporter at {{ $labels.site }} goes on with the map before. `demarc check` says what is wrong with the new one.',
    }),
  ];
}

export function upkeepRules(): AlertRule[] {
  return [
    failoverNotReady(),
    ...redundancy(),
    hiddenOrigin(),
    ...drift(),
    ...certificates(),
    domain(),
    signatures(),
    serials(),
    ...standstill(),
  ];
}

/** What is measured in days need not be asked for every five seconds. */
export function upkeepGroup(): RuleGroup {
  return { name: 'demarc_upkeep', interval: '30s', rules: upkeepRules() };
}
