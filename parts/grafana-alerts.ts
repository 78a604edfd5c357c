// The alerts as rules that Grafana evaluates itself, for those who have no Alertmanager. The recording rules stay in Prometheus:
// they are what an alert reads.
import { toYaml } from '../alerts/generate.ts';
import type { AlertRule } from '../alerts/rule.ts';
import { siteAlerts } from '../alerts/rules.ts';
import { NAME } from './kubernetes.ts';
import type { Part } from './part.ts';

/** As compose/grafana/provisioning names it. */
const DATA_SOURCE = 'demarc-prometheus';

/** Seconds that an instant query may look back. */
const LOOK_BACK_S = 600;

/** Grafana evaluates nothing more often. */
const INTERVAL = '10s';

/** Grafana's templates cannot query, have no external labels, and their $value is a text. */
const PROMETHEUS_ONLY = /\bquery\b|\$value|\$externalLabels|\bor \$labels/;

function expression(refId: string, model: Record<string, unknown>) {
  return {
    refId,
    queryType: String(model.type),
    relativeTimeRange: { from: 0, to: 0 },
    datasourceUid: '__expr__',
    model: { refId, ...model },
  };
}

/** A series is an alert, whatever its value: that is what Prometheus means, and Grafana has to be told. */
function data(expr: string) {
  return [
    {
      refId: 'query',
      relativeTimeRange: { from: LOOK_BACK_S, to: 0 },
      datasourceUid: DATA_SOURCE,
      model: { refId: 'query', expr, instant: true, range: false },
    },
    expression('is_there', { type: 'math', expression: 'is_number($query) || is_nan($query) || is_inf($query)' }),
    expression('threshold', {
      type: 'threshold',
      expression: 'is_there',
      conditions: [{ evaluator: { type: 'gt', params: [0] } }],
    }),
  ];
}

function annotations({ annotations, labels }: AlertRule): Record<string, string> {
  const plain = Object.entries(annotations).filter(([, text]) => !PROMETHEUS_ONLY.test(text));
  const named = 'row' in labels || annotations.runbook_url?.includes('$labels.row') === true;
  const description = named ? { description: '{{ $labels.service }} at {{ $labels.site }}: {{ $labels.cause }}.' } : {};
  return { ...description, ...Object.fromEntries(plain) };
}

/** Rules of one name are told apart by their label `layer` or `about`. */
function titleOf({ alert, labels }: AlertRule): string {
  const part = labels.layer ?? labels.about;
  return part === undefined ? alert : `${alert} (${part})`;
}

function toGrafana(rule: AlertRule) {
  const title = titleOf(rule);
  return {
    uid: title
      .replaceAll(/(?<=[a-z])(?=[A-Z])| /g, '-')
      .replaceAll(/[()]/g, '')
      .toLowerCase(),
    title,
    condition: 'threshold',
    data: data(rule.expr),
    noDataState: 'OK',
    execErrState: 'Error',
    for: rule.for ?? '0s',
    ...(rule.keep_firing_for === undefined ? {} : { keepFiringFor: rule.keep_firing_for }),
    missing_series_evals_to_resolve: 1,
    annotations: annotations(rule),
    labels: rule.labels,
    isPaused: false,
  };
}

export const grafanaAlerts: Part = {
  about: 'the alerts, as Grafana-managed alert rules in a provisioning file',
  files() {
    const group = { orgId: 1, name: NAME, folder: NAME, interval: INTERVAL, rules: siteAlerts().map(toGrafana) };
    const text = toYaml(
      { apiVersion: 1, groups: [group] },
      'Goes into /etc/grafana/provisioning/alerting. The recording rules of demarc.rules.yml must run in the Prometheus of',
      `the data source with the uid ${DATA_SOURCE}: give yours that uid, or replace it here. Use these alerts or those of`,
      'demarc.rules.yml, not both, or everything is told twice.',
      'Grafana cannot query in a message: since when, and what users get, is on the page of the runbook.',
    );
    return new Map([['grafana-alerts.yaml', text]]);
  },
};
