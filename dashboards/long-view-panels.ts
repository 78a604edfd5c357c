// What changes slowly: probes and vendors over hours, certificates over weeks, blame over a month, and who runs what.
import type * as bargauge from '@grafana/grafana-foundation-sdk/bargauge';
import type { DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import { PARTIES } from '../catalog/parties.ts';
import { BAD, OK, PARTY, UNKNOWN, valueMappings, vendorMappings } from './colours.ts';
import { DOWN, EVERY_S, samplesBy } from './downtime.ts';
import { barsPanel, columns, lanesPanel, now, overTime, painted, rows, sortedBy, steps, tablePanel } from './panels.ts';
import { HERE, HERE_OR_SITE, TITLES, vendorVerdicts } from './scope.ts';

export function probesPanel(): statetimeline.PanelBuilder {
  const titled = {
    title: 'Every probe of the service, over time',
    description: 'Which link broke first. Choose one service to keep it readable.',
    span: 12,
    height: 12,
  };
  const states = valueMappings({ 1: OK, 0: { ...BAD, text: 'FAILS' } });
  const probes = `min by (service, role, target) (probe_success{${HERE}})`;
  return lanesPanel(titled, states).perPage(20).withTarget(overTime(probes, '{{target}}'));
}

/** `scope`: matchers for the vendors to show. */
export function vendorsPanel(scope: string, span: number, height: number): statetimeline.PanelBuilder {
  const titled = {
    title: 'Vendors, over time',
    description:
      'The verdict about each component, from here, whether a service of yours is hit or not. Without a clean uplink nothing is known.',
    span,
    height,
  };
  return lanesPanel(titled, vendorMappings())
    .perPage(20)
    .withTarget(overTime(vendorVerdicts(scope), "{{vendor_title}}'s {{component_title}}"));
}

export function certificatesPanel(span: number, height: number): bargauge.PanelBuilder {
  const titled = {
    title: 'Certificates',
    description:
      'Share of its lifetime each certificate has left: a fixed number of days says nothing of short-lived ones.',
    span,
    height,
  };
  const end = `demarc_certificate_not_after_timestamp_seconds{${HERE_OR_SITE}}`;
  const start = `demarc_certificate_not_before_timestamp_seconds{${HERE_OR_SITE}}`;
  const left = `min by (target) ((${end} - time()) / (${end} - ${start}))`;
  return barsPanel(titled, 'percentunit')
    .max(1)
    .thresholds(steps(PARTY.own.colour, [1 / 6, UNKNOWN.colour], [1 / 3, OK.colour]))
    .withTarget(now(left, '{{target}}'));
}

/** Gives series named by their party its word and its colour. */
export function inPartyColours<B extends { overrideByName(name: string, properties: DynamicConfigValue[]): unknown }>(
  panel: B,
): B {
  for (const party of PARTIES) {
    const { text, colour } = PARTY[party];
    panel.overrideByName(party, [...painted(colour), { id: 'displayName', value: text }]);
  }
  return panel;
}

export function blamePanel(span: number, height: number): bargauge.PanelBuilder {
  const titled = {
    title: 'Who was to blame, last 30 days',
    description:
      'Time the chosen services were down, by whose fault it was. Services that were down together count each.',
    span,
    height,
  };
  const seconds = `sort_desc(${samplesBy('party', DOWN, '30d')} * ${EVERY_S})`;
  return inPartyColours(barsPanel(titled, 'dtdurations')).withTarget(now(seconds, '{{party}}'));
}

export function dependenciesPanel(span: number, height: number): table.PanelBuilder {
  const titled = {
    title: 'Who runs what',
    description: 'The map as Prometheus knows it: the vendor behind each layer of each service.',
    span,
    height,
  };
  const named = [
    'max by (service, layer, vendor_title, component_title) (',
    `  max by (site, service, layer, vendor, component) (demarc_dependency_info{${HERE}})`,
    `  * on (site, vendor, component) group_left (vendor_title, component_title) ${TITLES}`,
    ')',
  ].join('\n');
  const shown = columns({ service: 'Service', layer: 'Layer', vendor_title: 'Vendor', component_title: 'Component' });
  return tablePanel(titled)
    .withTarget(rows(named))
    .transformations([...shown, sortedBy('Service', 'rising')]);
}
