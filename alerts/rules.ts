// The rule groups. In the first stand the verdict and the alerts about it, so that both always speak of the same instant.
import { alertRules } from './alerts.ts';
import { minuteGroup } from './minutes.ts';
import { recordingRules } from './records.ts';
import type { RuleGroup } from './rule.ts';

export function ruleGroup(): RuleGroup {
  return { name: 'demarc', interval: '5s', rules: [...recordingRules(), ...alertRules()] };
}

/** All of them, as the rule file has them. */
export function ruleGroups(): RuleGroup[] {
  return [ruleGroup(), minuteGroup()];
}
