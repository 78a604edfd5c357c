// What each check of alerts/conformance.ts means for a rule, in terms of PromQL's syntax tree.
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { parseDocument } from 'yaml';
import type { CheckName } from '../../alerts/conformance.ts';
import { LONGEST_QUERY } from '../../alerts/records.ts';
import type { AlertRule, Rule, RuleGroup } from '../../alerts/rule.ts';
import { ruleGroups } from '../../alerts/rules.ts';
import { OWNER_OF_PARTY } from '../../catalog/parties.ts';
import { projectFile } from '../../catalog/root.ts';

export const GROUPS = ruleGroups();
const COMMITTED = readFileSync(projectFile('alerts/demarc.rules.yml'), 'utf8');

type Node = ReturnType<(typeof parser)['parse']>['topNode'];

/** Every node of an expression, with its text. */
function nodesOf(expr: string): { name: string; text: string; node: Node; isError: boolean }[] {
  const found: ReturnType<typeof nodesOf> = [];
  parser.parse(expr).iterate({
    enter: ({ name, from, to, type, node }) => {
      found.push({ name, text: expr.slice(from, to), node, isError: type.isError });
    },
  });
  return found;
}

const textsOf = (expr: string, ...names: string[]): string[] =>
  nodesOf(expr).flatMap(({ name, text }) => (names.includes(name) ? [text] : []));

const labelsIn = (text: string): string[] =>
  text
    .replace(/[()\s]/g, '')
    .split(',')
    .filter((label) => label !== '');

const isAlert = (rule: Rule): rule is AlertRule => 'alert' in rule;

/** A problem of one rule or group, or null. */
type OfAlert = (alert: AlertRule) => string | null;
type OfRule = (rule: Rule, group: RuleGroup) => string | null;
type OfGroup = (group: RuleGroup) => string | null;

const unless = (isFine: boolean, what: string): string | null => (isFine ? null : what);

const ofAlerts =
  (check: OfAlert) =>
  (groups: readonly RuleGroup[], excused: ReadonlySet<string>): string[] =>
    groups.flatMap(({ rules }) =>
      rules.filter(isAlert).flatMap((rule) => {
        const problem = excused.has(rule.alert) ? null : check(rule);
        return problem === null ? [] : [`${rule.alert}: ${problem}`];
      }),
    );

const ofRules =
  (check: OfRule) =>
  (groups: readonly RuleGroup[], excused: ReadonlySet<string>): string[] =>
    groups.flatMap((group) =>
      group.rules.flatMap((rule) => {
        const problem = excused.has(group.name) ? null : check(rule, group);
        return problem === null ? [] : [`${isAlert(rule) ? rule.alert : rule.record}: ${problem}`];
      }),
    );

const ofGroups =
  (check: OfGroup) =>
  (groups: readonly RuleGroup[], excused: ReadonlySet<string>): string[] =>
    groups.flatMap((group) => {
      const problem = excused.has(group.name) ? null : check(group);
      return problem === null ? [] : [`${group.name}: ${problem}`];
    });

const DURATION = /^[1-9]\d*(s|m|h|d)$/;

const seconds = (text: string): number =>
  Number.parseInt(text, 10) * ({ s: 1, m: 60, h: 3_600, d: 86_400 }[text.at(-1) ?? ''] ?? Number.NaN);

/** Labels a side of a join certainly has lost: those its outermost aggregation does not name. */
function keptBy(side: Node | null, expr: string): string[] | null {
  const inner = side?.name === 'ParenExpr' ? side.firstChild : side;
  if (inner?.name !== 'AggregateExpr') return null;
  // What it counts becomes a label.
  const counted = /^count_values\b[^"]*"(\w+)"/.exec(expr.slice(inner.from, inner.to))?.[1];
  const modifier = inner.getChild('AggregateModifier');
  if (modifier === null) return inner.getChild('AggregateOp') === null ? null : [];
  const labels = modifier.getChild('GroupingLabels');
  const kept = labels === null ? [] : labelsIn(expr.slice(labels.from, labels.to));
  return counted === undefined ? kept : [...kept, counted];
}

function impossibleJoin(expr: string): string | null {
  for (const { name, node } of nodesOf(expr)) {
    const on = name === 'BinaryExpr' ? node.getChild('MatchingModifierClause')?.getChild('GroupingLabels') : null;
    if (!on) continue;
    const wanted = labelsIn(expr.slice(on.from, on.to));
    for (const side of [node.firstChild, node.lastChild]) {
      const kept = keptBy(side, expr);
      const lost = kept === null ? [] : wanted.filter((label) => !kept.includes(label));
      if (lost.length > 0) return `joins on ${lost.join()}, which is gone`;
    }
  }
  return null;
}

/** Stable in Prometheus 2.42. */
const FUNCTIONS = new Set(
  'abs absent absent_over_time avg_over_time ceil changes clamp clamp_max clamp_min count_over_time delta increase label_replace last_over_time max_over_time min_over_time present_over_time quantile_over_time rate resets round scalar sgn sum_over_time time timestamp vector'.split(
    ' ',
  ),
);

const AGGREGATIONS = new Set(['sum', 'min', 'max', 'avg', 'count', 'count_values', 'group', 'quantile']);

const recorded = (group: RuleGroup): string[] => group.rules.flatMap((rule) => ('record' in rule ? [rule.record] : []));

const duplicates = (keys: readonly string[]): string[] => keys.filter((key, index) => keys.indexOf(key) !== index);

const FIELDS = new Set([
  'name',
  'interval',
  'rules',
  'record',
  'alert',
  'expr',
  'for',
  'keep_firing_for',
  'labels',
  'annotations',
]);

/** The problems each check finds in these groups; an excused rule or group is not looked at. */
export const IMPLEMENTED: Record<CheckName, (groups: readonly RuleGroup[], excused: ReadonlySet<string>) => string[]> =
  {
    'alerts/annotation': ofAlerts(({ annotations: { summary, description, runbook_url } }) =>
      unless(
        [summary, description, runbook_url].every((text) => (text ?? '') !== ''),
        'lacks an annotation',
      ),
    ),
    'alerts/comparison': ofAlerts(({ expr }) =>
      unless(
        nodesOf(expr).some(({ name }) => ['Gtr', 'Gte', 'Lss', 'Lte', 'Eql', 'Neq', 'Unless', 'Absent'].includes(name)),
        'compares nothing',
      ),
    ),
    'alerts/for': ofAlerts(({ for: wait = '1s', keep_firing_for: hold = '1s' }) =>
      unless(DURATION.test(wait) && DURATION.test(hold), `${wait}, ${hold}`),
    ),
    'alerts/template': ofAlerts(({ labels, annotations }) => {
      const known = /^\$(labels|value|externalLabels|titles)\b/;
      const named = Object.values(annotations).flatMap((text) => text.match(/\$[a-z]\w*/gi) ?? []);
      const unknown = named.filter((name) => !known.test(name));
      if (Object.values(labels).some((value) => value.includes('{{'))) return 'has a templated label';
      return unless(unknown.length === 0, `names ${unknown.join()}`);
    }),
    'group/interval': ofGroups(({ interval }) => unless(seconds(interval) >= 1 && seconds(interval) <= 300, interval)),
    'promql/fragile': ofRules(({ expr }) =>
      unless(
        !nodesOf(expr).some(({ name }) =>
          ['Without', 'Topk', 'Bottomk', 'LimitK', 'LimitRatio', 'Ignoring'].includes(name),
        ),
        'depends on labels or an order that others decide',
      ),
    ),
    'promql/impossible': ofRules(({ expr }) => impossibleJoin(expr)),
    'promql/nan': ofRules(({ expr }) => {
      const divisors = nodesOf(expr)
        .filter(({ name, node }) => name === 'BinaryExpr' && node.getChild('Div') !== null)
        .map(({ node }) => expr.slice(node.lastChild?.from ?? 0, node.lastChild?.to ?? 0));
      return unless(
        divisors.every((divisor) => / > 0\s*\)$/.test(divisor) || /^[1-9]/.test(divisor)),
        `divides by ${divisors.join()}`,
      );
    }),
    'promql/rate': ofRules(({ expr }) => {
      const calls = textsOf(expr, 'FunctionCall').filter((call) => /^(rate|irate|increase)\b/.test(call));
      return unless(
        calls.every((call) => /_total\b/.test(call) && seconds(/\[(\w+)\]/.exec(call)?.[1] ?? '') >= 60),
        calls.join(),
      );
    }),
    'promql/regexp': ofRules(({ expr }) => {
      const patterns = [...expr.matchAll(/[=!]~"([^"]*)"/g)].map((match) => match[1] ?? '');
      return unless(
        patterns.every((pattern) => /[|.*+?]/.test(pattern) && !/^\^|\$$/.test(pattern)),
        patterns.join(),
      );
    }),
    'promql/syntax': ofRules(({ expr }) => unless(!nodesOf(expr).some(({ isError }) => isError), expr)),
    'rule/dependency': ofRules(({ expr }, group) => {
      const foreign = GROUPS.filter(({ name }) => name !== group.name).flatMap(recorded);
      const read = textsOf(expr, 'VectorSelector').map((selector) => selector.replace(/\{.*$/s, ''));
      const across = read.filter((name) => foreign.includes(name));
      return unless(across.length === 0, `reads ${across.join()}`);
    }),
    'rule/duplicate': (groups) =>
      duplicates(
        groups.flatMap(({ rules }) =>
          rules.map((rule) => JSON.stringify(isAlert(rule) ? [rule.alert, rule.labels] : rule.record)),
        ),
      ),
    'rule/label': ofAlerts(({ labels }) =>
      unless(['critical', 'warning', 'info', 'none'].includes(labels.severity ?? ''), `${labels.severity}`),
    ),
    'rule/name': ofRules((rule) =>
      isAlert(rule)
        ? unless(/^(Demarc[A-Z]|Watchdog$)/.test(rule.alert), rule.alert)
        : unless(/^[a-z_]+:[a-z_]+:[a-z]+$/.test(rule.record), rule.record),
    ),
    'rule/owner': ofAlerts(({ labels, expr }) => {
      const owners: readonly string[] = Object.values(OWNER_OF_PARTY);
      // Where the rule does not say it, the series it selects does.
      return unless(
        labels.owner === undefined ? expr.includes('demarc_verdict') : owners.includes(labels.owner),
        'nobody’s',
      );
    }),
    'yaml/parse': () => parseDocument(COMMITTED, { uniqueKeys: true }).errors.map(({ message }) => message),
    'alert-group-rule-count': ofGroups(({ rules }) => unless(rules.length <= 20, `${rules.length}`)),
    'alert-group-name-length': ofGroups(({ name }) => unless(name.length <= 40, name)),
    'alert-name-camelcase': ofAlerts(({ alert }) => unless(/^([A-Z][a-z]+)+$/.test(alert), alert)),
    'alert-name-length': ofAlerts(({ alert }) => unless(alert.length <= 40, alert)),
    'alert-severity-rule': ofAlerts(({ labels }) =>
      unless(['critical', 'warning', 'info'].includes(labels.severity ?? ''), `${labels.severity}`),
    ),
    'alert-description-missing-rule': ofAlerts(({ annotations }) =>
      unless(annotations.description !== undefined, 'none'),
    ),
    'alert-description-templating': ofAlerts(({ annotations }) =>
      unless(
        /\{\{.*\$(labels|value|externalLabels)/s.test(annotations.description ?? ''),
        annotations.description ?? '',
      ),
    ),
    'alert-summary-missing-rule': ofAlerts(({ annotations }) => unless(annotations.summary !== undefined, 'none')),
    'alert-summary-templating': ofAlerts(({ annotations }) =>
      unless(!annotations.summary?.includes('{{'), annotations.summary ?? ''),
    ),
    'alert-summary-style': ofAlerts(({ annotations }) =>
      unless(/^[A-Z].*\.$/.test(annotations.summary ?? ''), annotations.summary ?? ''),
    ),
    // Run by test/alerts/rules.promtool.test.ts; here only what it would find.
    'duplicate-rules': (groups) => duplicates(groups.flatMap(recorded)),
    functions: ofRules(({ expr }) => {
      const used = textsOf(expr, 'FunctionIdentifier').filter((name) => !FUNCTIONS.has(name));
      const aggregated = textsOf(expr, 'AggregateOp').filter((name) => !AGGREGATIONS.has(name));
      return unless(used.length + aggregated.length === 0, [...used, ...aggregated].join());
    }),
    modifiers: ofRules(({ expr }) => {
      const found = nodesOf(expr).filter(({ name }) => ['At', 'StepInvariantExpr', 'SubqueryExpr'].includes(name));
      const future = textsOf(expr, 'OffsetExpr').filter((text) => /offset\s*-/.test(text));
      return unless(found.length + future.length === 0, [...found.map(({ text }) => text), ...future].join());
    }),
    fields: (groups) =>
      groups.flatMap((group) =>
        [group, ...group.rules].flatMap((each) => Object.keys(each).filter((field) => !FIELDS.has(field))),
      ),
    lengths: ofRules(({ expr }) => unless(Buffer.byteLength(expr) <= LONGEST_QUERY, `${Buffer.byteLength(expr)}`)),
    names: ofRules((rule) => {
      const names = [
        ...Object.keys(isAlert(rule) ? rule.labels : {}),
        ...textsOf(rule.expr, 'LabelName', 'Identifier'),
      ];
      return unless(
        names.every((name) => /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(name)),
        names.join(),
      );
    }),
  };
