// The answer: one box per service, the state of what every judgement rests on, and the answer over time.

import { DashboardLinkBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import { RECORDS } from '../alerts/records.ts';
import { signalMetric } from '../catalog/metrics.ts';
import { type SignalName, signalFact } from '../catalog/signals.ts';
import { PARTY, type Shown, signalMappings, UNKNOWN, valueMappings, verdictMappings } from './colours.ts';
import { lanesPanel, now, overTime, statPanel, steps } from './panels.ts';
import { HERE, ON_SITE } from './scope.ts';
import { overviewUrl, serviceUrl } from './uids.ts';

const VERDICTS = `${RECORDS.code}{${HERE}}`;

/** The service a box is about. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder.
const THIS_SERVICE = '${__field.labels.service}';

export function headlinePanel(): stat.PanelBuilder {
  const titled = {
    title: 'Is it me or them?',
    description:
      'The verdict about each service at this moment. Green: fine. Red: yours. Blue: your ISP. Purple: a vendor.',
    span: 24,
    height: 5,
  };
  const links = [
    new DashboardLinkBuilder('This service in detail').url(serviceUrl(THIS_SERVICE)),
    new DashboardLinkBuilder('Only this service').url(overviewUrl(THIS_SERVICE)),
  ];
  return statPanel(titled, verdictMappings(), 'named').withTarget(now(VERDICTS, '{{service}}')).dataLinks(links);
}

function healthPanel(title: string, signal: SignalName, bad: Shown, span: number): stat.PanelBuilder {
  const titled = { title, description: signalFact(signal).help, span, height: 3 };
  const worst = `min by (site) (${signalMetric(signal)}{${ON_SITE}})`;
  return statPanel(titled, signalMappings(bad), 'plain').withTarget(now(worst, title));
}

/** What every verdict rests on: a strip of five. */
export function healthPanels(): stat.PanelBuilder[] {
  const down = (party: 'own' | 'isp', text: string): Shown => ({ ...PARTY[party], text });
  return [
    healthPanel('LAN', 'gateway', down('own', 'GATEWAY SILENT'), 5),
    healthPanel('Uplink', 'uplink', down('isp', 'DOWN'), 5),
    healthPanel('Resolver', 'resolver', down('own', 'DOWN'), 5),
    healthPanel('Prober', 'prober', down('own', 'STARVED'), 5),
    judgesPanel(4, 3),
  ];
}

/** The exporter and Prometheus judge by the same table, so a difference is a bug, or two versions. */
export function judgesPanel(span: number, height: number): stat.PanelBuilder {
  const titled = {
    title: 'Both judges',
    description: 'For how many services the exporter and the rules of Prometheus disagree.',
    span,
    height,
  };
  const differing = [
    'count(',
    `  max by (site, service) (demarc_verdict_code{${ON_SITE}})`,
    `  != on (site, service) ${RECORDS.code}{${ON_SITE}}`,
    ')',
    `or 0 * count(${RECORDS.code}{${ON_SITE}})`,
  ].join('\n');
  const agree = valueMappings({ 0: { text: 'AGREE', colour: PARTY.none.colour } });
  const panel = statPanel(titled, agree, 'plain').withTarget(now(differing, 'differing'));
  return panel.unit('none').thresholds(steps(PARTY.none.colour, [1, UNKNOWN.colour]));
}

export function historyPanel(height: number): statetimeline.PanelBuilder {
  const titled = {
    title: 'Whose fault, over time',
    description: 'One lane per service. A gap means that nothing was judged, which is not the same as fine.',
    span: 24,
    height,
  };
  return lanesPanel(titled, verdictMappings()).withTarget(overTime(VERDICTS, '{{service}}'));
}
