// The checks of other people's linters that this bundle holds itself to, by the names those linters give them. What each of them
// means for our rules is implemented in test/alerts/conformance.test.ts; a check without an implementation cannot be listed.

export interface Check {
  tool: 'pint' | 'mixtool' | 'promtool' | 'engines';
  name: string;
  /** What it asks of a rule. */
  asks: string;
  /** Rules or groups it is not asked of, and why. */
  excused?: Readonly<Record<string, string>>;
}

/** https://cloudflare.github.io/pint/, its checks that need no server; https://github.com/monitoring-mixins/mixtool; and our own. */
export const CHECKS = [
  { tool: 'pint', name: 'alerts/annotation', asks: 'An alert has a summary, a description and a link to its runbook.' },
  {
    tool: 'pint',
    name: 'alerts/comparison',
    asks: 'The expression of an alert compares, or asks for absence.',
    excused: { Watchdog: 'always fires, which is its purpose' },
  },
  { tool: 'pint', name: 'alerts/for', asks: 'A duration is valid, and not the default written out.' },
  { tool: 'pint', name: 'alerts/template', asks: 'No label is made of a value; templates name only what exists.' },
  { tool: 'pint', name: 'group/interval', asks: 'A group is evaluated at least every five minutes.' },
  {
    tool: 'pint',
    name: 'promql/fragile',
    asks: 'No sampling of series, and no aggregation that depends on labels others add.',
  },
  { tool: 'pint', name: 'promql/impossible', asks: 'No join on a label that an aggregation has removed.' },
  { tool: 'pint', name: 'promql/nan', asks: 'Nothing is divided by what may be zero.' },
  { tool: 'pint', name: 'promql/rate', asks: 'Rates and increases are of counters, over several scrapes.' },
  {
    tool: 'pint',
    name: 'promql/regexp',
    asks: 'No regular expression where a word would do, no anchors that are there anyway.',
  },
  { tool: 'pint', name: 'promql/syntax', asks: 'It is PromQL.' },
  {
    tool: 'pint',
    name: 'rule/dependency',
    asks: 'No rule reads what another group records.',
    excused: {
      demarc_minutes: 'sums up whole minutes of the verdict, which an evaluation more or less does not change',
      demarc_vendors:
        'leaves out vendors whose failure a service shows already; a few seconds late is early enough for that',
    },
  },
  {
    tool: 'pint',
    name: 'rule/duplicate',
    asks: 'No series is recorded twice, and no alert has the labels of another.',
  },
  { tool: 'pint', name: 'rule/label', asks: 'An alert says how bad it is, from a closed list.' },
  { tool: 'pint', name: 'rule/name', asks: 'Records are level:metric:operation, alerts begin with Demarc.' },
  { tool: 'pint', name: 'rule/owner', asks: 'An alert says whose it is.' },
  { tool: 'pint', name: 'yaml/parse', asks: 'The file is YAML without duplicate keys.' },
  {
    tool: 'mixtool',
    name: 'alert-group-rule-count',
    asks: 'A group has at most twenty rules.',
    excused: { demarc: 'has one more: alerts must be in the group of the verdict to be of the same instant' },
  },
  { tool: 'mixtool', name: 'alert-group-name-length', asks: 'The name of a group has at most forty letters.' },
  { tool: 'mixtool', name: 'alert-name-camelcase', asks: 'The name of an alert is in camel case.' },
  { tool: 'mixtool', name: 'alert-name-length', asks: 'The name of an alert has at most forty letters.' },
  {
    tool: 'mixtool',
    name: 'alert-severity-rule',
    asks: 'The severity is critical, warning or info.',
    excused: { Watchdog: 'is no failure; its severity is none, as elsewhere' },
  },
  { tool: 'mixtool', name: 'alert-description-missing-rule', asks: 'An alert has a description.' },
  { tool: 'mixtool', name: 'alert-description-templating', asks: 'The description names what the alert is about.' },
  { tool: 'mixtool', name: 'alert-summary-missing-rule', asks: 'An alert has a summary.' },
  { tool: 'mixtool', name: 'alert-summary-templating', asks: 'The summary is the same for all of one name.' },
  { tool: 'mixtool', name: 'alert-summary-style', asks: 'The summary is a sentence.' },
  { tool: 'promtool', name: 'duplicate-rules', asks: '`promtool check rules --lint=all --lint-fatal` passes.' },
  { tool: 'engines', name: 'functions', asks: 'Only functions and aggregations that were stable in Prometheus 2.42.' },
  { tool: 'engines', name: 'modifiers', asks: 'No `@`, no offset into the future, no subquery.' },
  { tool: 'engines', name: 'fields', asks: 'No field of a group or rule that is younger than `keep_firing_for`.' },
  { tool: 'engines', name: 'lengths', asks: 'No query is longer than the 16 KiB that VictoriaMetrics takes.' },
  { tool: 'engines', name: 'names', asks: 'Names of metrics and labels need no quotes.' },
] as const satisfies readonly Check[];

export type CheckName = (typeof CHECKS)[number]['name'];
