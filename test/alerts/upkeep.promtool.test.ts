// Alerts about what nobody suffers from yet. Each one: fires, does not fire, keeps firing, survives a lost scrape and a restart
// of the exporter, and ends when its series is gone for good.
import { describe, expect, it } from 'vitest';
import { upkeepGroup, upkeepRules } from '../../alerts/upkeep.ts';
import type { ExpressionTest, Series } from '../../replay/agreement/promtool.ts';
import { expectTimeline, firingExactly, series } from './timeline.ts';

type Labels = Record<string, string>;

const SITE = { site: 'home', job: 'demarc', instance: 'home:9815' };
const SERVICE = { ...SITE, service: 'blog' };
const at = (role: string, target: string): Labels => ({ ...SERVICE, role, target, kind: 'dns' });
const GROUP = { job: 'prometheus', rule_group: '/etc/prometheus/demarc.rules.yml;demarc' };

const DAY = 86_400;

/** One value over the whole time. `x` stands for how long, in scrapes. */
type Values = (x: number) => string;

const constantly =
  (value: number): Values =>
  (x) =>
    `${value}x${x - 1}`;

/** The series of a case while it holds, and while all is well; both have the same names and labels. */
interface Case {
  alert: string;
  /** Labels of the alert besides its name. */
  labels: Labels;
  bad: [metric: string, labels: Labels, values: Values][];
  good: [metric: string, labels: Labels, values: Values][];
  /** What looks like it and is not. */
  innocent?: Record<string, [metric: string, labels: Labels, values: Values][]>;
}

const certificate = (fromDays: number, toDays: number, role = 'edge_certificate'): Case['bad'] => [
  ['demarc_certificate_not_before_timestamp_seconds', at(role, role), constantly(fromDays * DAY)],
  ['demarc_certificate_not_after_timestamp_seconds', at(role, role), constantly(toDays * DAY)],
];

const servers = (...up: number[]): Case['bad'] =>
  up.map((value, index) => ['probe_success', at('nameserver', `ns${index}`), constantly(value)]);

const shapes = (...said: string[]): Case['bad'] =>
  said.map((shape, index) => ['demarc_dns_shape_info', { ...at('nameserver', `ns${index}`), shape }, constantly(1)]);

const fingerprints = (...of: number[]): Case['bad'] =>
  of.map((value, index) => ['demarc_dns_answer_fingerprint', at('nameserver', `ns${index}`), constantly(value)]);

const failure = (reason: string): Labels => ({ ...at('nameserver', 'ns1'), reason, phase: 'check' });

const tunnel = (ready: Values): Case['bad'] => [['demarc_tunnel_ready_connections', at('tunnel', 'tunnel'), ready]];

const one = (metric: string, labels: Labels, value: number): Case['bad'] => [[metric, labels, constantly(value)]];

const SIGNED = 'demarc_dns_signatures_end_timestamp_seconds';
const SERIAL = 'probe_dns_serial';
const DECLARED_END = 'demarc_domain_declared_expiry_timestamp_seconds';

const signed = (days: number, server = 'ns1'): Case['bad'] => one(SIGNED, at('zone', server), days * DAY);
const serial = (value: number, server: string): Case['bad'] => one(SERIAL, at('zone', server), value);

const RUN = 'demarc_probe_last_run_timestamp_seconds';

const own = { severity: 'warning', owner: 'self' };
const about = { site: 'home', service: 'blog' };

const HIDDEN = 'demarc_signal_origin_behind_cache';
const CHECK = 'demarc_certificate_check';
const standing = { ...about, role: 'edge_certificate', target: 'blog', check: 'notRevoked' };

const CASES: Case[] = [
  {
    alert: 'DemarcCacheHidesOrigin',
    labels: { ...about, ...own, layer: 'origin' },
    bad: one(HIDDEN, about, 0),
    good: one(HIDDEN, about, 1),
    innocent: { 'an origin nobody asks': one(HIDDEN, about, -1) },
  },
  {
    alert: 'DemarcRevokedCertificate',
    labels: { ...about, role: 'edge_certificate', severity: 'critical', owner: 'self', layer: 'certificate' },
    bad: one(CHECK, standing, 0),
    good: one(CHECK, standing, 1),
    innocent: { 'a certificate that has ended': one(CHECK, { ...standing, check: 'time' }, 0) },
  },
  {
    alert: 'DemarcRedundancyDegraded',
    labels: { ...about, severity: 'info', owner: 'self', layer: 'tunnel' },
    bad: tunnel((x) => `4x2 2x${x - 4}`),
    good: tunnel(constantly(4)),
    innocent: {
      'a tunnel that never had more': tunnel(constantly(2)),
      'a tunnel without any': tunnel((x) => `4x2 0x${x - 4}`),
    },
  },
  {
    alert: 'DemarcRedundancyDegraded',
    labels: { ...about, severity: 'info', owner: 'self', layer: 'dns' },
    bad: servers(1, 1, 0, 1),
    good: servers(1, 1, 1, 1),
    innocent: {
      'all of them gone': servers(0, 0),
      'one that fails now and then': [
        ['probe_success', at('nameserver', 'a'), (x) => '0 1 '.repeat(x / 2).trim()],
        ...servers(1),
      ],
    },
  },
  {
    alert: 'DemarcDnsDrift',
    labels: { ...about, ...own },
    bad: shapes('answer', 'answer', 'nxdomain'),
    good: shapes('answer', 'answer', 'answer'),
    innocent: { 'a server without an answer': shapes('answer', 'error') },
  },
  {
    alert: 'DemarcDnsDrift',
    labels: { ...about, ...own },
    bad: fingerprints(11, 11, 281_474_976_710_655),
    good: fingerprints(11, 11, 11),
    innocent: { 'one server with records, one without a fingerprint': fingerprints(11) },
  },
  {
    alert: 'DemarcDnsUnexpected',
    labels: { ...about, ...own, layer: 'dns' },
    bad: [['demarc_probe_failure_info', failure('dns_mismatch'), constantly(1)]],
    good: [['demarc_probe_failure_info', failure('dns_mismatch'), constantly(0)]],
    innocent: { 'a silent server': [['demarc_probe_failure_info', failure('dns_timeout'), constantly(1)]] },
  },
  {
    alert: 'DemarcRenewalOverdue',
    labels: { ...about, ...own, role: 'edge_certificate' },
    bad: certificate(-80, 10),
    good: certificate(-10, 80),
    innocent: {
      'a third left': certificate(-60, 30),
      'a year renewed by hand': certificate(-290, 75),
      'an expired one, which is an outage': certificate(-91, -1),
    },
  },
  {
    alert: 'DemarcCertificateEnding',
    labels: { ...about, severity: 'critical', owner: 'self', role: 'origin_certificate' },
    bad: certificate(-360, 5, 'origin_certificate'),
    good: certificate(-10, 355, 'origin_certificate'),
    innocent: { 'a tenth left': certificate(-330, 35, 'origin_certificate') },
  },
  {
    alert: 'DemarcDomainEnding',
    labels: { site: 'home', service: 'blog', target: 'registration/example.com', ...own },
    bad: one('demarc_domain_expiry_timestamp_seconds', at('registration', 'registration/example.com'), 20 * DAY),
    good: one('demarc_domain_expiry_timestamp_seconds', at('registration', 'registration/example.com'), 200 * DAY),
  },
  {
    alert: 'DemarcDomainEnding',
    labels: { site: 'home', domain: 'example.de', target: 'registration/example.de', ...own },
    bad: one(DECLARED_END, { ...SITE, domain: 'example.de' }, 20 * DAY),
    good: one(DECLARED_END, { ...SITE, domain: 'example.de' }, 200 * DAY),
  },
  {
    alert: 'DemarcSignaturesEnding',
    labels: { ...about, severity: 'critical', owner: 'self', layer: 'dns' },
    bad: [...signed(2, 'ns1'), ...signed(9, 'ns2')],
    good: [...signed(9, 'ns1'), ...signed(9, 'ns2')],
    innocent: {
      'four days left': signed(4),
      'ended, which is an outage': signed(-1),
      'another role': one(SIGNED, at('nameserver', 'ns1'), 2 * DAY),
    },
  },
  {
    alert: 'DemarcSecondaryStale',
    labels: { ...about, ...own, layer: 'dns' },
    bad: [...serial(7, 'ns1'), ...serial(8, 'ns2'), ...serial(8, 'ns3')],
    good: [...serial(8, 'ns1'), ...serial(8, 'ns2'), ...serial(8, 'ns3')],
    innocent: {
      'a single server': serial(7, 'ns1'),
      'a zone that has just changed': [
        ...serial(7, 'ns1'),
        [SERIAL, at('zone', 'ns2'), (x) => `7x${Math.floor(x / 2) - 1} 8x${x - Math.floor(x / 2) - 1}`],
      ],
    },
  },
  {
    alert: 'DemarcProbeSilent',
    labels: { site: 'home', target: 'origin/blog', ...own },
    bad: one(RUN, at('origin', 'origin/blog'), -1_300),
    good: one(RUN, at('origin', 'origin/blog'), 5_000),
    innocent: {
      'a registry, asked for hours apart': one(RUN, { ...at('registration', 'r'), kind: 'registration' }, -5_000),
    },
  },
  {
    alert: 'DemarcRulesSlow',
    labels: { rule_group: GROUP.rule_group, ...own },
    bad: [
      ['prometheus_rule_group_last_duration_seconds', GROUP, constantly(7)],
      ['prometheus_rule_group_interval_seconds', GROUP, constantly(5)],
    ],
    good: [
      ['prometheus_rule_group_last_duration_seconds', GROUP, constantly(0.1)],
      ['prometheus_rule_group_interval_seconds', GROUP, constantly(5)],
    ],
    innocent: {
      'another group': [
        ['prometheus_rule_group_last_duration_seconds', { ...GROUP, rule_group: 'a;node' }, constantly(7)],
        ['prometheus_rule_group_interval_seconds', { ...GROUP, rule_group: 'a;node' }, constantly(5)],
      ],
    },
  },
  {
    alert: 'DemarcMapRefused',
    labels: { site: 'home', ...own },
    bad: one('demarc_config_last_reload_successful', SITE, 0),
    good: one('demarc_config_last_reload_successful', SITE, 1),
  },
];

const PER_MINUTE = 12;

type Part = 'bad' | 'good' | 'gap';

/** The case over time: what holds for how many minutes, one after the other; in a gap there is nothing, and an end was marked. */
function over(one: Case, ...parts: [Part, minutes: number][]): Series[] {
  return one.bad.map(([metric, labels, bad], index) => {
    const good = one.good[index]?.[2] ?? constantly(1);
    const values = parts.map(([part, minutes]) => {
      const x = minutes * PER_MINUTE;
      return part === 'gap' ? `stale _x${x - 1}` : (part === 'bad' ? bad : good)(x);
    });
    // What says a good thing in another series has that series' labels; its values are all that differs here.
    return series(metric, labels, values.join(' '));
  });
}

const firing = (time: string, { alert, labels }: Case): ExpressionTest =>
  firingExactly(time, [{ alertname: alert, ...labels }]);

const expectUpkeep = (input: Series[], tests: ExpressionTest[]): Promise<void> =>
  expectTimeline(upkeepGroup(), input, tests);

const nameOf = ({ alert, labels }: Case): string =>
  [alert, labels.layer].filter((part) => part !== undefined).join(' of ');

describe.each(CASES.map((one) => ({ name: nameOf(one), one })))('$name', ({ one }) => {
  // Shapes are told apart by a label: where they differ, the bad and the good have series of their own.
  const gone = (): Series[] =>
    one.alert === 'DemarcDnsDrift'
      ? over({ ...one, good: one.bad.map(([m, l]) => [m, l, () => 'stale']) }, ['bad', 20], ['gap', 20])
      : over(one, ['bad', 20], ['good', 20]);

  it('comes after five minutes, and not before', async () => {
    await expectUpkeep(over(one, ['bad', 12]), [firingExactly('4m', []), firing('6m', one)]);
  });

  it('goes some minutes after the end, and not at once', async () => {
    await expectUpkeep(gone(), [firing('21m', one), firing('24m', one), firingExactly('35m', [])]);
  });

  it('does not come while all is well', async () => {
    const input = one.good.map(([metric, labels, values]) => series(metric, labels, values(240)));
    await expectUpkeep(input, [firingExactly('10m', []), firingExactly('20m', [])]);
  });

  it('outlives a lost scrape, before it fires and after', async () => {
    // Lost when the rules are next evaluated, so that they must make do without.
    const lost = over(one, ['bad', 12]).map(({ series: name, values }) => ({
      series: name,
      values: values.replace(/(\S+)x(\d+)$/, (_, value, n) => `${value}x29 stale ${value}x28 stale ${value}x${n - 60}`),
    }));
    await expectUpkeep(lost, [firing('6m', one), firing('10m', one)]);
  });

  it('outlives a restart of the exporter', async () => {
    await expectUpkeep(over(one, ['bad', 8], ['gap', 1], ['bad', 8]), [
      firing('8m30s', one),
      firing('9m30s', one),
      firing('15m', one),
    ]);
  });

  it('ends when its series is gone for good', async () => {
    await expectUpkeep(over(one, ['bad', 12], ['gap', 20]), [firing('11m', one), firingExactly('30m', [])]);
  });

  it.each(Object.entries(one.innocent ?? {}))('does not come for %s', async (_, input) => {
    await expectUpkeep(
      input.map(([metric, labels, values]) => series(metric, labels, values(240))),
      [firingExactly('8m', []), firingExactly('18m', [])],
    );
  });
});

it('every alert of the group is tested, here or with failover', () => {
  const tested = [...CASES.map(({ alert }) => alert), 'DemarcFailoverNotReady'];
  expect([...new Set(upkeepRules().map(({ alert }) => alert))].sort()).toEqual([...new Set(tested)].sort());
});
