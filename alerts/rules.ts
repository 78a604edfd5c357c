// The one rule group: the verdict first, then the alerts about it, so that both always speak of the same instant.
import { alertRules } from './alerts.ts';
import { recordingRules } from './records.ts';
import type { RuleGroup } from './rule.ts';

export function ruleGroup(): RuleGroup {
  return { name: 'demarc', interval: '5s', rules: [...recordingRules(), ...alertRules()] };
}
