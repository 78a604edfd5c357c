// demarc about itself: is it on time, does it crash, what does it measure, and what do its scrapes and rules cost.
import type * as stat from '@grafana/grafana-foundation-sdk/stat';
import type * as table from '@grafana/grafana-foundation-sdk/table';
import type * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { ruleGroup } from '../alerts/rules.ts';
import { signalMetric } from '../catalog/metrics.ts';
import { OK, PARTY, signalMappings, valueMappings } from './colours.ts';
import { relabelled } from './hops.ts';
import {
  columns,
  linesPanel,
  now,
  numberPanel,
  overTime,
  pilesPanel,
  rows,
  statPanel,
  steps,
  tablePanel,
} from './panels.ts';
import { ON_SITE } from './scope.ts';
import { judgesPanel } from './verdict-panels.ts';

/** What Prometheus says of a scrape has no site: the exporter scraped by it tells. */
const OF_SITE = `and on (job, instance) demarc_build_info{${ON_SITE}}`;

const GROUP = '{rule_group=~".*;demarc"}';

/** Prometheus names a group by its file too, which is long and says nothing. */
function withoutFile(expr: string): string {
  return relabelled(expr, 'rule_group', '$1', 'rule_group', '.*;(.+)');
}

export function wellPanels(): stat.PanelBuilder[] {
  const about = (title: string, description: string, span: number) => ({ title, description, span, height: 4 });
  const prober = about('Prober', 'BAD: starved, so silence proves nothing.', 5);
  const map = about('Map', 'Whether the newest load of the map succeeded.', 5);
  const crashes = about('Crashes', 'Bugs of ours that ended a measurement without a result, in the time shown.', 5);
  const writes = about('Failed writes', 'Of the state file, in the time shown.', 4);
  const good = steps(OK.colour, [1, PARTY.own.colour]);
  const loaded = valueMappings({ 1: OK, 0: { text: 'REFUSED', colour: PARTY.own.colour } });
  return [
    statPanel(prober, signalMappings({ text: 'STARVED', colour: PARTY.own.colour }), 'plain').withTarget(
      now(`min by (site) (${signalMetric('prober')}{${ON_SITE}})`, 'prober'),
    ),
    statPanel(map, loaded, 'plain').withTarget(
      now(`min by (site) (demarc_config_last_reload_successful{${ON_SITE}})`, 'map'),
    ),
    numberPanel(crashes, 'none', 'plain')
      .thresholds(good)
      .withTarget(now(`sum(increase(demarc_probe_crashes_total{${ON_SITE}}[$__range]))`, 'crashes')),
    numberPanel(writes, 'none', 'plain')
      .thresholds(good)
      .withTarget(now(`sum(increase(demarc_state_write_errors_total{${ON_SITE}}[$__range]))`, 'writes')),
    judgesPanel(5, 4),
  ];
}

export function inFlightPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Measurements running',
    description: 'At the moment of each scrape. A plateau means that measurements queue.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 'none').withTarget(overTime(`max(demarc_probes_in_flight{${ON_SITE}})`, 'running'));
}

export function clockPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'How far our clock is off',
    description:
      'Against each time server. Off by more than 30 seconds, certificates and signatures are judged wrongly.',
    span: 24,
    height: 6,
  };
  const offset = relabelled(`demarc_clock_offset_seconds{${ON_SITE}}`, 'server', '$1', 'target', 'time/(.+)');
  return linesPanel(about, 's').withTarget(overTime(`max by (server) (abs(${offset}))`, '{{server}}'));
}

export function resultsPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Measurements per second, by kind',
    description: 'Sweeps of witnesses make it rise while something fails.',
    span: 12,
    height: 8,
  };
  const results = `sum by (kind) (rate(demarc_probe_results_total{${ON_SITE}}[$__rate_interval]))`;
  return linesPanel(about, 'none').withTarget(overTime(results, '{{kind}}'));
}

export function reasonsPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Failed measurements, by reason',
    description: 'What the world answered when it did not answer as expected.',
    span: 12,
    height: 8,
  };
  const failed = `sum by (kind, reason) (increase(demarc_probe_results_total{${ON_SITE}, reason!="ok"}[$__rate_interval]))`;
  return pilesPanel(about, 'none').withTarget(overTime(`${failed} > 0`, '{{kind}} {{reason}}'));
}

export function agePanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Oldest result, by kind',
    description:
      'Age of the newest result of the probe that waits longest. More than three intervals: the service counts as without data.',
    span: 12,
    height: 8,
  };
  const age = `max by (kind) (time() - demarc_probe_last_run_timestamp_seconds{${ON_SITE}})`;
  return linesPanel(about, 's').withTarget(overTime(age, '{{kind}}'));
}

export function crashesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Crashes, by kind',
    description: 'A crash is our bug and nobody’s outage: it yields no result.',
    span: 12,
    height: 8,
  };
  const crashes = `sum by (kind) (increase(demarc_probe_crashes_total{${ON_SITE}}[$__rate_interval]))`;
  return pilesPanel(about, 'none').withTarget(overTime(crashes, '{{kind}}'));
}

export function scrapesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Duration of scrapes',
    description: 'How long the exporter takes to tell everything.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 's').withTarget(overTime(`scrape_duration_seconds ${OF_SITE}`, '{{instance}}'));
}

export function rulesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Duration of the rules',
    description: `One evaluation of the group demarc. It must stay far below its interval of ${ruleGroup().interval}.`,
    span: 12,
    height: 8,
  };
  const took = `max by (rule_group) (${withoutFile(`prometheus_rule_group_last_duration_seconds${GROUP}`)})`;
  return linesPanel(about, 's').withTarget(overTime(took, '{{rule_group}}'));
}

export function seriesPanel(): timeseries.PanelBuilder {
  const about = {
    title: 'Series',
    description: 'Told by the exporter at each scrape.',
    span: 12,
    height: 8,
  };
  return linesPanel(about, 'none').withTarget(overTime(`scrape_samples_scraped ${OF_SITE}`, '{{instance}}'));
}

export function buildPanel(): table.PanelBuilder {
  const about = {
    title: 'Versions',
    description: 'Exporter and rules must be of one version to agree.',
    span: 12,
    height: 8,
  };
  const built = `max by (instance, version, node) (demarc_build_info{${ON_SITE}})`;
  const failed = `increase(prometheus_rule_evaluation_failures_total${GROUP}[$__range])`;
  const failures = `sum by (rule_group) (${withoutFile(failed)})`;
  const shown = columns({
    instance: 'Exporter',
    version: 'demarc',
    node: 'Node.js',
    rule_group: 'Rules',
    'Value #failures': 'Failed evaluations',
  });
  return tablePanel(about)
    .withTarget(rows(built, 'built'))
    .withTarget(rows(failures, 'failures'))
    .transformations([{ id: 'merge', options: {} }, ...shown]);
}
