// The checks of pint and mixtool, and what other engines need, as tests of ours by the linters' own names. docs/conformance.md lists them.
import { describe, expect, it } from 'vitest';
import { CHECKS, type Check, type CheckName } from '../../alerts/conformance.ts';
import type { AlertRule, Rule, RuleGroup } from '../../alerts/rule.ts';
import { GROUPS, IMPLEMENTED } from './conformance-checks.ts';

const excusedBy = (check: Check): ReadonlySet<string> => new Set(Object.keys(check.excused ?? {}));

describe.each(CHECKS as readonly (Check & { name: CheckName })[])('$tool $name', (check) => {
  it('finds nothing', () => {
    expect(IMPLEMENTED[check.name](GROUPS, excusedBy(check))).toEqual([]);
  });

  if (check.excused !== undefined)
    it.each(Object.keys(check.excused))('would find %s, which is why it is excused', (name) => {
      const others = new Set([...excusedBy(check)].filter((other) => other !== name));
      expect(IMPLEMENTED[check.name](GROUPS, others)).not.toEqual([]);
    });
});

/** One rule that each check must find, so that none of them passes because it looks at nothing. */
const GOOD: AlertRule = {
  alert: 'DemarcExample',
  expr: 'max by (site) (up) > 0',
  labels: { severity: 'info', owner: 'self' },
  annotations: { summary: 'It is.', description: 'At {{ $labels.site }}.', runbook_url: 'http://127.0.0.1/' },
};

const withExpr = (expr: string): Rule[] => [{ ...GOOD, expr }];
const withLabels = (labels: Record<string, string>): Rule[] => [{ ...GOOD, labels: { ...GOOD.labels, ...labels } }];
const withText = (annotations: Record<string, string>): Rule[] => [
  { ...GOOD, annotations: { ...GOOD.annotations, ...annotations } },
];

function without(annotation: string): Rule[] {
  const left = Object.entries(GOOD.annotations).filter(([name]) => name !== annotation);
  return [{ ...GOOD, annotations: Object.fromEntries(left) }];
}

const LONG = `Demarc${'Long'.repeat(10)}`;

const BAD: Record<Exclude<CheckName, 'yaml/parse'>, RuleGroup | Rule[]> = {
  'alerts/annotation': without('runbook_url'),
  'alerts/comparison': withExpr('up'),
  'alerts/for': [{ ...GOOD, for: '0s' }],
  'alerts/template': withLabels({ value: '{{ $value }}' }),
  'group/interval': { name: 'slow', interval: '10m', rules: [GOOD] },
  'promql/fragile': withExpr('topk(3, up) > 0'),
  'promql/impossible': withExpr('up > on (site, service) max by (site) (up)'),
  'promql/nan': withExpr('up / sum(up) > 1'),
  'promql/rate': withExpr('rate(up[5m]) > 0'),
  'promql/regexp': withExpr('up{job=~"demarc"} > 0'),
  'promql/syntax': withExpr('up > > 0'),
  'rule/dependency': withExpr('site_service:demarc_verdict:code > 1'),
  'rule/duplicate': [GOOD, GOOD],
  'rule/label': withLabels({ severity: 'page' }),
  'rule/name': [{ ...GOOD, alert: 'Example' }],
  'rule/owner': withLabels({ owner: 'somebody' }),
  'alert-group-rule-count': Array.from({ length: 21 }, () => GOOD),
  'alert-group-name-length': { name: LONG, interval: '5s', rules: [GOOD] },
  'alert-name-camelcase': [{ ...GOOD, alert: 'Demarc_example' }],
  'alert-name-length': [{ ...GOOD, alert: LONG }],
  'alert-severity-rule': withLabels({ severity: 'none' }),
  'alert-description-missing-rule': without('description'),
  'alert-description-templating': withText({ description: 'Something.' }),
  'alert-summary-missing-rule': without('summary'),
  'alert-summary-templating': withText({ summary: 'At {{ $labels.site }}.' }),
  'alert-summary-style': withText({ summary: 'it is' }),
  'duplicate-rules': [
    { record: 'a:b:c', expr: 'up' },
    { record: 'a:b:c', expr: 'up' },
  ],
  functions: withExpr('double_exponential_smoothing(up[5m], 0.5, 0.5) > 0'),
  modifiers: withExpr('up @ 3 > 0'),
  fields: { ...{ name: 'young', interval: '5s', rules: [GOOD] }, ...{ query_offset: '1m' } },
  lengths: withExpr(`up > ${'1'.repeat(16 * 1024)}`),
  names: withLabels({ 'a.b': 'c' }),
};

it.each(Object.entries(BAD))('%s finds what it is for', (name, bad) => {
  const group = Array.isArray(bad) ? { name: 'example', interval: '5s', rules: bad } : bad;
  expect(IMPLEMENTED[name as CheckName]([group], new Set())).not.toEqual([]);
  const good = { name: 'example', interval: '5s', rules: [GOOD] };
  expect(IMPLEMENTED[name as CheckName]([good], new Set())).toEqual([]);
});
