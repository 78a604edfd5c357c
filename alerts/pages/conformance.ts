// docs/conformance.md: which checks of others the rules pass, and from which they are excused.
import { CHECKS, type Check } from '../conformance.ts';
import { allAlerts, ruleGroups } from '../rules.ts';
import { page, table } from './markdown.ts';

const excuses = ({ excused = {} }: Check): string =>
  Object.entries(excused)
    .map(([name, why]) => `not \`${name}\`: ${why}`)
    .join('; ');

export function conformancePage(): string {
  const groups = ruleGroups();
  const rules = groups.reduce((sum, group) => sum + group.rules.length, 0);
  return page(
    '# Conformance',
    `\`alerts/demarc.rules.yml\` has ${rules} rules in ${groups.length} groups, ${allAlerts().length} of them alerts. Every line below is a test of ` +
      '`test/alerts/conformance.test.ts` by its name, run over every rule. The linters themselves are not run: what they ask is asked here again.',
    table(
      ['linter', 'check', 'asks', 'excused'],
      (CHECKS as readonly Check[]).map((check) => [check.tool, `\`${check.name}\``, check.asks, excuses(check)]),
    ),
    '## What is not checked',
    "pint's checks that ask a running Prometheus (`promql/series`, `promql/counter`, `labels/conflict`, `query/cost` and their kin) are covered otherwise: " +
      'a test allows only metrics of [the catalogue](metrics.md), and replays run the rules on a real Prometheus. `promql/aggregate`, `promql/selector`, `rule/for`, ' +
      '`rule/reject` and `rule/report` ask for nothing until somebody configures them.',
    '## Engines',
    'The floor is Prometheus 2.42, the first with `keep_firing_for`. Mimir and Thanos evaluate rules with the engine of Prometheus, so what is stable there is ' +
      'known to them; neither was run here. vmalert was: [how it differs](rule-engines.md).',
  );
}
