// The proof behind a verdict, as tables: who exactly, what fires, which signals say so, which probes fail and why.
import type * as table from '@grafana/grafana-foundation-sdk/table';
import { STATUS_PAGE } from '../alerts/alerts.ts';
import { RECORDS } from '../alerts/records.ts';
import type { VendorLayer } from '../catalog/layers.ts';
import type { Guard, SignalName } from '../catalog/signals.ts';
import { BAD, NO_DATA, OK, partyMappings, UNKNOWN, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import { coloured, columns, linked, rows, sortedBy, tablePanel } from './panels.ts';
import { HERE, HERE_OR_SITE, ON_SITE } from './scope.ts';
import { serviceUrl, vendorUrl } from './uids.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder.
const VALUE = '${__value.raw}';

const RUNBOOK = linked('What to do', `${STATUS_PAGE}/runbooks/${VALUE}`);

const SERVICE_LINKS = [
  { title: 'The service in detail', url: serviceUrl(VALUE), targetBlank: false },
  { title: 'Live page', url: `${STATUS_PAGE}/service/${VALUE}`, targetBlank: true },
];

const RUNS_THE_LAYER = `max by (site, service, layer, vendor, component) (demarc_dependency_info{${ON_SITE}})`;

export function culpritsPanel(): table.PanelBuilder {
  const titled = {
    title: 'Who exactly',
    description:
      'The verdict in full, newest first. The vendor is whoever runs the layer, and is accused only in purple.',
    span: 14,
    height: 8,
  };
  const verdicts = `${RECORDS.info}{${HERE}}`;
  const named = [
    'max by (service, party, cause, vendor, component, confidence, row) (',
    `  ${verdicts} * on (site, service, layer) group_left (vendor, component) ${RUNS_THE_LAYER}`,
    `  or on (site, service) ${verdicts}`,
    ')',
  ].join('\n');
  const since = `max by (service) (demarc_verdict_since_timestamp_seconds{${HERE}}) * 1000`;
  const shown = columns({
    service: 'Service',
    party: 'Whose',
    cause: 'Cause',
    vendor: 'Vendor',
    component: 'Component',
    confidence: 'Confidence',
    'Value #since': 'Since',
    row: 'Runbook',
  });
  return tablePanel(titled)
    .withTarget(rows(named, 'verdict'))
    .withTarget(rows(since, 'since'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Since', 'falling')])
    .overrideByName('Whose', coloured(partyMappings()))
    .overrideByName('Since', [{ id: 'unit', value: 'dateTimeFromNow' }])
    .overrideByName('Service', [{ id: 'links', value: [...SERVICE_LINKS] }])
    .overrideByName('Vendor', linked('The vendor in detail', vendorUrl(VALUE)))
    .overrideByName('Runbook', RUNBOOK);
}

export function alertsPanel(): table.PanelBuilder {
  const titled = {
    title: 'Firing alerts',
    description: 'Alerts of demarc that fire now, before Alertmanager silences or groups any.',
    span: 10,
    height: 8,
  };
  const shown = columns({
    alertname: 'Alert',
    severity: 'Severity',
    owner: 'Who acts',
    service: 'Service',
    vendor: 'Vendor',
    row: 'Runbook',
  });
  return tablePanel(titled)
    .withTarget(rows('ALERTS{alertname=~"Demarc.*", alertstate="firing"}'))
    .transformations(shown)
    .overrideByName('Runbook', RUNBOOK);
}

/** Signals whose BAD is no finding, but whose job something is, where it runs, what explains what, and what to wait for. */
const NO_FINDING = [
  'resolver_own',
  'zone_own',
  'zone_signer_own',
  'edge_certificate_own',
  'beyond_uplink',
  'behind_uplink',
  'power_explains',
  'clock_explains',
  'settled',
  'elsewhere_heard',
  'recovering',
] as const satisfies readonly SignalName[];

/** And those with a place of their own: what vendors' components say, and the guards. */
const NO_EVIDENCE = [...NO_FINDING, 'vendor_.+', '.+_guard_.+'];

export function evidencePanel(span: number, height: number): table.PanelBuilder {
  const titled = {
    title: 'Evidence',
    description:
      'Every signal of the chosen services and of the site: first what is broken, last what nothing is known of.',
    span,
    height,
  };
  const all = `{__name__=~"demarc_signal_.+", __name__!~"demarc_signal_(${NO_EVIDENCE.join('|')})", ${HERE_OR_SITE}}`;
  const named = `label_replace(${all}, "signal", "$1", "__name__", "demarc_signal_(.+)")`;
  // -1, 1 and 0 become 0, 1 and 2, to be sorted by.
  const signals = `max by (service, signal) ((2 - ${named}) % 3)`;
  const states = valueMappings({ 0: UNKNOWN, 1: OK, 2: BAD });
  return tablePanel(titled)
    .withTarget(rows(signals))
    .transformations([
      ...columns({ service: 'Service', signal: 'Signal', Value: 'State' }),
      sortedBy('State', 'falling'),
    ])
    .overrideByName('State', coloured(states));
}

/** The three proofs that must stand before a vendor is named, by layer. */
export function guardsPanel(layers: readonly VendorLayer[], span: number, height: number): table.PanelBuilder {
  const titled = {
    title: 'What it takes to name a vendor',
    description:
      'While a service fails, all three must be YES for the layer accused: a clean uplink, other vendors that answer, a second witness that broke too.',
    span,
    height,
  };
  const asked = { uplink: 'Clean uplink', others: 'Others answer', witness: 'Witness broke too' } satisfies Record<
    Guard,
    string
  >;
  const named = Object.fromEntries(Object.entries(asked).map(([guard, title]) => [`Value #${guard}`, title]));
  const panel = tablePanel(titled).transformations([
    { id: 'merge', options: {} },
    ...columns({ service: 'Service', layer: 'Layer', ...named }),
    sortedBy('Witness broke too', 'falling'),
  ]);
  const states = valueMappings({ 1: { ...OK, text: 'YES' }, 0: { ...BAD, text: 'NO' }, [-1]: NO_DATA });
  for (const [guard, title] of Object.entries(asked)) {
    const all = `{__name__=~"${layers.map((layer) => `demarc_signal_${layer}_guard_${guard}`).join('|')}", ${HERE}}`;
    const layered = relabelled(all, 'layer', '$1', '__name__', `demarc_signal_(.+)_guard_${guard}`);
    const depends = `max by (site, service, layer) (demarc_dependency_info{${HERE}})`;
    const guards = `max by (site, service, layer) (${layered}) and on (site, service, layer) ${depends}`;
    panel.withTarget(rows(`max by (service, layer) (${guards})`, guard)).overrideByName(title, coloured(states));
  }
  return panel;
}

/** `scope`: matchers for the probes to show. */
export function failingProbesPanel(scope: string, span: number, height: number): table.PanelBuilder {
  const titled = {
    title: 'Failing probes',
    description:
      'What fails now, why, in which phase, and who wrote the error. The writer of an error is not its culprit.',
    span,
    height,
  };
  const failing = `demarc_probe_failure_info{${scope}} == 1`;
  const probes = `max by (target, kind, role, service, vendor, reason, phase) (${failing})`;
  const written = `demarc_http_error_generator_info{${scope}} == 1`;
  const writers = `max by (target, generator) (${written} and on (site, target) ${failing})`;
  const shown = columns({
    target: 'Probe',
    service: 'Service',
    role: 'Asked as',
    vendor: 'Vendor',
    reason: 'Reason',
    phase: 'Phase',
    generator: 'Written by',
  });
  return tablePanel(titled)
    .withTarget(rows(probes, 'probe'))
    .withTarget(rows(writers, 'writer'))
    .transformations([{ id: 'merge', options: {} }, ...shown, sortedBy('Service', 'falling')]);
}
