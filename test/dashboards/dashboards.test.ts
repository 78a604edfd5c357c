// The shape Grafana demands and does not check: ids, places in the grid, queries, links, colours, and fresh files.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { STATUS_PAGE } from '../../alerts/alerts.ts';
import { ruleGroups } from '../../alerts/rules.ts';
import { METRICS } from '../../catalog/metrics.ts';
import { PARTIES } from '../../catalog/parties.ts';
import { projectFile } from '../../catalog/root.ts';
import { PARTY, verdictMappings } from '../../dashboards/colours.ts';
import { renderArtifacts } from '../../dashboards/generate.ts';
import type { Panel } from '../../dashboards/preview-model.ts';
import { UIDS } from '../../dashboards/uids.ts';
import { loadCatalogue } from '../../map/vendors.ts';
import { TABLE } from '../../verdict/table.ts';
import { expressionsOf, generated, labelsOf, metricsOf, nodesOf } from './reading.ts';

const PROVISIONED = generated('json');
/** What Prometheus says of its own work. Without the label `site`. */
const OF_PROMETHEUS = [
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'prometheus_rule_group_last_duration_seconds',
  'prometheus_rule_evaluation_failures_total',
];

const READABLE = new Set<string>([
  ...METRICS.keys(),
  ...ruleGroups().flatMap(({ rules }) => rules.flatMap((rule) => ('record' in rule ? rule.record : []))),
  ...OF_PROMETHEUS,
  'ALERTS',
  'demarc_signal_.+',
]);

/** Labels Prometheus adds, and those our queries make on their way. */
const MORE_LABELS = [
  ...['site', 'alertname', 'alertstate', 'job', 'instance', 'rule_group', '__name__'],
  ...['signal', 'state', 'operator', 'before', 'id', 'title', 'subtitle', 'mainstat', 'secondarystat', 'color'],
  ...['source', 'domain', 'ups', 'burst', 'door', 'view', 'prefix', 'server'],
];
/** What a link between dashboards hands on. */
const KEPT = ['__url_time_range', 'datasource:queryparam', 'site:queryparam']
  .map((name) => '$' + `{${name}}`)
  .join('&');

/** Metrics that no panel shows, since somebody else reads them. Infos are read by joins, and told of one measurement by `demarc probe`. */
const SHOWN_ELSEWHERE = {
  'by the rules, and told by alerts': [
    ...['demarc_dns_answer_fingerprint', 'demarc_maintenance', 'demarc_vendor_verdict_code'],
    ...['demarc_power_battery_low', 'demarc_power_battery_replace', 'demarc_vendor_verdict_since_timestamp_seconds'],
  ],
  'of one measurement, by `demarc probe`': [
    ...[
      'probe_http_version',
      'probe_http_redirects',
      'probe_http_ssl',
      'demarc_http_hop_duration_seconds',
      'probe_http_uncompressed_body_length',
    ],
    ...['probe_dns_query_succeeded', 'demarc_addresses', 'demarc_clock_delay_seconds', 'demarc_quic_v1_offered'],
    ...['demarc_certificate_fingerprints_distinct', 'demarc_domain_expiry_published', 'demarc_vendor_feed_ok'],
    ...['demarc_captive_portal', 'demarc_power_input_volts', 'demarc_dns_edns_supported'],
    ...['demarc_dns_case_kept', 'demarc_dns_unexpected_messages'],
    ...['demarc_dns_resent', 'demarc_dns_delegation_faults', 'demarc_certificate_chain_length'],
  ],
  'by dashboards made for blackbox_exporter': [
    ...['probe_dns_lookup_time_seconds', 'probe_ip_protocol', 'probe_http_content_length'],
    ...['probe_http_last_modified_timestamp_seconds'],
  ],
  'by dashboards made for whatever has a client library, and in the log': [
    ...['process_resident_memory_bytes', 'demarc_memory_shed_total'],
  ],
};

const EXPRESSIONS = PROVISIONED.flatMap(({ dashboard }) => expressionsOf(dashboard));

/** Panels in the bands of the grid they stand in, rows of the dashboard apart. */
function bandsOf(panels: readonly Panel[]): Map<number, Panel[]> {
  const bands = new Map<number, Panel[]>();
  for (const panel of panels) bands.set(panel.gridPos.y, [...(bands.get(panel.gridPos.y) ?? []), panel]);
  return bands;
}

it.each([...renderArtifacts()])('%s is committed as it is generated', (file, text) => {
  expect(readFileSync(projectFile(file), 'utf8')).toBe(text);
});

describe.each(PROVISIONED)('$file', ({ dashboard, text }) => {
  it('has a uid of its own that fits, and no id', () => {
    expect(dashboard.uid).toMatch(/^demarc-[a-z-]{1,33}$/);
    expect(PROVISIONED.map((other) => other.dashboard.uid)).toEqual(Object.values(UIDS));
    expect(new Set(PROVISIONED.map((other) => other.dashboard.title)).size).toBe(PROVISIONED.length);
    expect(dashboard.schemaVersion).toBe(41);
  });

  it('numbers its panels from 1, each once', () => {
    expect(dashboard.panels.map(({ id }) => id)).toEqual(dashboard.panels.map((_, index) => index + 1));
  });

  it('fills every band of the grid: 24 columns, one height, no overlap', () => {
    let next = 0;
    for (const [y, band] of bandsOf(dashboard.panels)) {
      expect(y, band[0]?.title).toBe(next);
      let x = 0;
      for (const { gridPos } of band) {
        expect(gridPos.x).toBe(x);
        x += gridPos.w;
      }
      expect(x, band[0]?.title).toBe(24);
      const heights = new Set(band.map(({ gridPos }) => gridPos.h));
      expect(heights.size, band[0]?.title).toBe(1);
      next = y + Math.max(...heights);
    }
  });

  it('gives each query of a panel a name of its own', () => {
    for (const { targets, title } of dashboard.panels) {
      const refs = targets.map(({ refId }) => refId);
      expect(
        refs.every((ref) => ref.length > 0),
        title,
      ).toBe(true);
      expect(new Set(refs).size, title).toBe(refs.length);
    }
  });

  it('is asked for what was chosen at the top, and for nothing it cannot choose', () => {
    const chosen = [...text.matchAll(/\$(site|service|vendor|slo)\b/g)].map(([, name]) => name ?? '');
    const variables = dashboard.templating.list.map(({ name }) => name);
    expect(variables.slice(0, 2)).toEqual(['datasource', 'site']);
    expect([...new Set(chosen)].sort()).toEqual(variables.slice(1).sort());
  });

  it('keeps titles short enough for the width of their panels', () => {
    for (const { title, gridPos } of dashboard.panels) expect(title.length, title).toBeLessThanOrEqual(gridPos.w * 6);
  });

  it('marks what changed, what failed, and what was deployed', () => {
    const marked = dashboard.annotations.list.map(({ name, enable }) => [name, enable]);
    expect(marked).toEqual(
      ['Verdict changes', 'Vendor incidents', 'Maps loaded', 'Deploys'].map((name) => [name, true]),
    );
    const target = { type: 'tags', tags: ['deploy'], limit: 100 };
    expect(dashboard.annotations.list.at(-1)).toMatchObject({ datasource: { uid: '-- Grafana --' }, target });
  });

  it('leaves nothing of the SDK behind', () => {
    expect(text).not.toMatch(/placement": "inControlsMenu|auto_min|auto_count|_implements|"# Title"/);
  });

  it('draws a missing value as no data, never as a state', () => {
    const mapped = dashboard.panels.filter(({ fieldConfig }) => fieldConfig?.defaults.mappings !== undefined);
    expect(mapped.length).toBeGreaterThan(1);
    for (const { fieldConfig, title } of mapped) {
      expect(JSON.stringify(fieldConfig?.defaults.mappings), title).toContain('"null+nan"');
    }
  });

  it('shows the newest value where it shows one', () => {
    for (const { type, options, title } of dashboard.panels) {
      if (type === 'stat' || type === 'bargauge')
        expect(JSON.stringify(options), title).toContain('"calcs":["lastNotNull"]');
    }
  });

  it('links only to its likes, to the live page, and to status pages of the catalogue', () => {
    const pages = [...loadCatalogue().values()].flatMap(({ status }) => status?.page ?? []);
    const urls = [...text.matchAll(/"url": "([^"]*)"|\]\((http[^)]+)\)/g)].map(
      ([, json, markdown]) => json ?? markdown ?? '',
    );
    const likes = Object.values(UIDS).map((uid) => `/d/${uid}?${KEPT}&var-`);
    for (const url of urls.filter((one) => one !== '')) {
      const known = [...likes, `${STATUS_PAGE}/service/`, ...pages].some((start) => url.startsWith(start));
      const runbook = url.startsWith(`${STATUS_PAGE}/runbooks/`) && url.slice(`${STATUS_PAGE}/runbooks/`.length);
      const rows: readonly string[] = ['$' + '{__value.raw}', ...TABLE.map(({ id }) => id)];
      expect(known || url === `${STATUS_PAGE}/` || (runbook !== false && rows.includes(runbook)), url).toBe(true);
    }
  });
});

it('shows every metric there is, or somebody else does', () => {
  const shown = new Set(EXPRESSIONS.flatMap(({ expr }) => metricsOf(expr)));
  const hidden = [...METRICS.keys()].filter((name) => !/^demarc_signal_|_info$/.test(name) && !shown.has(name));
  expect(hidden.sort()).toEqual(Object.values(SHOWN_ELSEWHERE).flat().sort());
});

describe.each(EXPRESSIONS)('$place', ({ expr }) => {
  it('is PromQL', () => {
    expect(nodesOf(expr).filter(({ broken }) => broken)).toEqual([]);
  });

  it('reads only what demarc exports or records', () => {
    for (const metric of metricsOf(expr)) expect(READABLE).toContain(metric);
  });

  it('asks for labels that the series have', () => {
    const known = new Set([...[...METRICS.values()].flatMap(({ labels }) => [...labels]), ...MORE_LABELS]);
    for (const label of labelsOf(expr)) expect(known).toContain(label);
  });

  it('is limited to the chosen site', () => {
    // Alerts about a lost exporter know no site, nor does the list of sites itself.
    if (expr.startsWith('ALERTS') || expr === 'demarc_service_info') return;
    for (const { text } of nodesOf(expr).filter(({ name }) => name === 'VectorSelector')) {
      if (!OF_PROMETHEUS.some((metric) => text.startsWith(metric))) expect(text).toContain('site="home"');
    }
  });
});

describe('colours', () => {
  it('has a text for every verdict, and says whose it is in words', () => {
    const [values] = verdictMappings();
    const options = values?.type === 'value' ? values.options : {};
    expect(new Set(Object.keys(options))).toEqual(new Set(TABLE.map(({ code }) => String(code))));
    expect(options[1]).toMatchObject({ text: 'OK', color: 'green' });
    expect(options[13]).toMatchObject({ text: 'VENDOR: edge failing', color: 'purple' });
    expect(options[4]).toMatchObject({ text: 'ISP: uplink down', color: 'blue' });
    expect(options[20]).toMatchObject({ text: 'YOU: origin process down', color: 'red' });
    expect(options[2]).toMatchObject({ color: 'text' });
  });

  it('keeps own, ISP, vendor, unknown and fine apart', () => {
    const colours = (['none', 'own', 'isp', 'vendor', 'unknown'] as const).map((party) => PARTY[party].colour);
    expect(new Set(colours).size).toBe(colours.length);
    expect(Object.keys(PARTY)).toEqual([...PARTIES]);
  });
});
